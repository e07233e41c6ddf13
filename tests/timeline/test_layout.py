import itertools
import math
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.runner.lane_events import MAIN_LANE, LaneBorn, LaneEnded, LaneState, LoopBlocked, Wait
from bot.runner.model import Event, Finished, Line, Outcome, Started, Warned
from bot.text.visible import line
from bot.timeline.layout import lay_out, names_so_far
from bot.timeline.model import Lane, Timeline
from tests.timeline.streams import (
    CAPTIONS,
    NOTES,
    PROPERTY,
    Truth,
    forged,
    legal,
    many,
    recorded,
    waiting,
)


def timeline(events: list[Event], **options: float) -> Timeline:
    return lay_out(events, title="run", captions=CAPTIONS, **options)  # type: ignore[arg-type]  # now and max_lanes are both numbers


def lane(picture: Timeline, name: str) -> Lane:
    return next(lane for lane in picture.lanes if lane.name == name)


def whole(lane: Lane) -> bool:
    """Tell whether a lane's spans tile its life."""
    edges = [lane.start, *itertools.chain(*((s.start, s.end) for s in lane.spans)), lane.end]
    starts, ends = edges[::2], edges[1::2]
    return starts == ends and all(span.seconds > 0 for span in lane.spans)


@PROPERTY
@given(legal)
def test_any_run_is_laid_out_whole(truth: Truth) -> None:
    picture = timeline(truth.events, max_lanes=10_000)
    assert picture.warnings == ()
    assert len(picture.lanes) in {truth.lanes, truth.lanes - 1}  # main's lane may say nothing
    for row in picture.lanes:
        assert whole(row)
        assert math.isclose(sum(s.seconds for s in row.spans), row.end - row.start, abs_tol=1e-9)
        assert all(row.start <= mark.at <= row.end for mark in row.marks)
        assert 0 <= row.start <= row.end <= picture.end


@PROPERTY
@given(legal)
def test_every_printed_line_is_marked_in_order(truth: Truth) -> None:
    picture = timeline(truth.events, max_lanes=10_000)
    lines = [event for event in truth.events if isinstance(event, Line)]
    marks = sorted(
        ((mark.number, mark.at) for row in picture.lanes for mark in row.marks if mark.number),
    )
    assert [number for number, _ in marks] == list(range(1, len(lines) + 1))
    assert [at for _, at in marks] == [line.at for line in lines]


@PROPERTY
@given(legal)
def test_names_are_the_same_before_a_run_is_laid_out(truth: Truth) -> None:
    picture = timeline(truth.events, max_lanes=10_000)
    names = names_so_far(truth.events, CAPTIONS.main)
    assert {row.id: row.name for row in picture.lanes}.items() <= names.items()


@PROPERTY
@given(legal)
def test_names_are_unique_and_lanes_stand_under_their_parents(truth: Truth) -> None:
    picture = timeline(truth.events, max_lanes=10_000)
    names = [row.name for row in picture.lanes]
    assert len(set(names)) == len(names)
    assert picture.lanes[0].depth == 0
    for before, after in itertools.pairwise(picture.lanes):
        assert after.depth <= before.depth + 1


@PROPERTY
@given(legal)
def test_the_waits_are_what_was_slept(truth: Truth) -> None:
    measure = timeline(truth.events).measure
    assert math.isclose(measure.waits, truth.slept, abs_tol=1e-6)
    assert truth.deepest_sleep - 1e-6 <= measure.longest <= measure.elapsed + 1e-6
    assert 0.0 <= measure.saved <= 1.0


@PROPERTY
@given(legal, st.integers(1, 4))
def test_what_does_not_fit_is_counted(truth: Truth, room: int) -> None:
    everything = timeline(truth.events, max_lanes=10_000)
    picture = timeline(truth.events, max_lanes=room)
    assert len(picture.lanes) == min(room, len(everything.lanes))
    assert len(picture.lanes) + picture.hidden == len(everything.lanes)
    order = [row.name for row in everything.lanes]
    assert sorted((row.name for row in picture.lanes), key=order.index) == [
        row.name for row in picture.lanes
    ]


@PROPERTY
@given(legal, st.floats(0, 1))
def test_a_run_under_way_is_laid_out_at_every_moment(truth: Truth, part: float) -> None:
    events = truth.events[: int(len(truth.events) * part)]
    now = max((event.at for event in events), default=0.0)
    picture = timeline(events, now=now)
    assert picture.running
    assert picture.end == now
    assert all(whole(row) for row in picture.lanes)


@settings(PROPERTY, max_examples=200)
@given(forged)
def test_forged_events_never_break_it(events: list[Event]) -> None:
    picture = timeline(events)
    assert math.isfinite(picture.end)
    assert picture.lanes
    assert len({row.name for row in picture.lanes}) == len(picture.lanes)
    for row in picture.lanes:
        assert whole(row)
        assert all(line(text) == text for text in (row.name, *(mark.text for mark in row.marks)))


@pytest.mark.parametrize("what", ["record-truncated", "record-malformed"])
def test_a_record_that_is_not_whole_says_so(
    what: Literal["record-truncated", "record-malformed"],
) -> None:
    picture = timeline([Warned(0.5, what), Finished(Outcome.OK, 1.0)])
    assert picture.warnings == (what,)


KILLED = Finished(Outcome.TIMEOUT, 15.0, limit="wall_seconds")


def locked_in_the_loop() -> list[Event]:
    """Return a run whose second task keeps the loop for ever, as with a thread's lock."""
    return [
        Started(0.0, "3.13.0"),
        waiting(0.0, 0, "event loop"),
        LaneBorn(0.0, 1, "task", "Task-1", "main", 0),
        LaneBorn(0.001, 2, "task", "Task-2", "bad", 1, line=8),
        LaneBorn(0.001, 3, "task", "Task-3", "bad", 1),
        waiting(0.001, 1, "gather"),
        LaneState(0.001, 2, "running"),
        waiting(0.001, 2, "sleep", 0.1),
        LaneState(0.002, 3, "running"),
    ]


def test_who_was_due_while_the_loop_was_held_starved_until_the_kill() -> None:
    picture = timeline([*locked_in_the_loop(), KILLED])
    sleeper, holder = lane(picture, "bad #1"), lane(picture, "bad #2")
    assert [(s.kind, s.start, s.end) for s in sleeper.spans] == [
        ("waiting", 0.001, pytest.approx(0.101)),
        ("ready", pytest.approx(0.101), 15.0),
    ]
    assert sleeper.spans[-1].by == "clock"
    assert [(s.kind, s.end) for s in holder.spans] == [("ready", 0.002), ("blocked", 15.0)]
    assert [s.kind for s in lane(picture, "main").spans] == ["ready", "waiting"]


def test_who_was_due_starves_while_it_is_under_way_too() -> None:
    sleeper = lane(timeline(locked_in_the_loop(), now=2.0), "bad #1")
    assert [s.kind for s in sleeper.spans] == ["waiting", "ready"]


def test_a_sleeper_of_another_thread_does_not_starve() -> None:
    events = [
        *locked_in_the_loop(),
        LaneBorn(0.002, 4, "thread", "Thread-1", "other", 0),
        waiting(0.002, 4, "event loop"),
        LaneBorn(0.002, 5, "task", "Task-9", "elsewhere", 4),
        waiting(0.003, 5, "sleep", 0.1),
        waiting(0.003, 4, "sleep", 0.1),
        KILLED,
    ]
    picture = timeline(events)
    for name in ("elsewhere", "other"):
        assert lane(picture, name).spans[-1].kind == "waiting"


def test_lines_and_causes_are_carried() -> None:
    events: list[Event] = [
        Started(0.0, "3.13.0"),
        LaneBorn(0.0, 1, "task", "Task-1", "job", 0, line=12),
        LaneState(0.1, 1, "running", line=3),
        LaneState(0.2, 1, "waiting", "sleep(1)", 4, wait=Wait("sleep", seconds=1.0)),
        LaneState(1.2, 1, "ready", "", 4, "clock"),
        LaneState(1.3, 1, "running", line=4),
        Line(1.35, "x", lane=1, line=5),
        LaneEnded(1.4, 1, "failed", "ValueError", line=6),
        Finished(Outcome.OK, 1.5),
    ]
    row = lane(timeline(events), "job")
    assert (row.parent, row.line) == (0, 12)
    assert [(s.kind, s.line, s.by) for s in row.spans] == [
        ("ready", None, None),
        ("running", 3, None),
        ("waiting", 4, None),
        ("ready", 4, "clock"),
        ("running", 4, "clock"),
    ]
    assert [(mark.kind, mark.line) for mark in row.marks] == [("line", 5), ("failed", 6)]


def test_a_run_without_events_has_its_main_lane() -> None:
    picture = timeline([])
    assert [row.name for row in picture.lanes] == ["main thread"]
    assert picture.end == 0.0


def test_events_a_little_after_the_measured_end_are_shown() -> None:
    picture = timeline([Line(1.05, "late"), Finished(Outcome.OK, 1.0)])
    assert (picture.end, picture.measure.elapsed, picture.warnings) == (1.05, 1.0, ())


def test_a_blocked_loop_is_red_and_the_sleeper_is_starved() -> None:
    events: list[Event] = [
        LaneBorn(0.0, 1, "task", "Task-1", "pulse", 0),
        LaneState(0.0, 1, "running"),
        waiting(0.1, 1, "sleep", 0.2),
        LaneBorn(0.1, 2, "task", "Task-2", "report", 0),
        LaneState(0.1, 2, "running"),
        LoopBlocked(0.9, 2, 0.1),
        LaneEnded(0.9, 2, "done"),
        LaneState(0.3, 1, "ready"),
        LaneState(0.9, 1, "running"),
        LaneEnded(1.0, 1, "done"),
        Finished(Outcome.OK, 1.0),
    ]
    picture = timeline(events)
    assert [(s.kind, s.start, s.end) for s in lane(picture, "report").spans] == [
        ("blocked", 0.1, 0.9)
    ]
    assert [(s.kind, s.start, s.end) for s in lane(picture, "pulse").spans] == [
        ("running", 0.0, 0.1),
        ("waiting", 0.1, 0.3),
        ("ready", 0.3, 0.9),
        ("running", 0.9, 1.0),
    ]


def holding() -> list[Event]:
    """A task that begins to run at 0.3 s and does not give the loop back."""
    return [
        Started(),
        LaneBorn(0.1, 1, "task", "Task-1", "hog", 0),
        LaneState(0.1, 1, "ready"),
        LaneState(0.3, 1, "running"),
    ]


@pytest.mark.parametrize("ends", [[], [Finished(Outcome.TIMEOUT, 1.0)]])
def test_a_loop_that_is_blocked_still_is_red_by_now(ends: list[Event]) -> None:
    picture = timeline([*holding(), *ends], now=1.0)
    spans = [(span.kind, span.start, span.end) for span in lane(picture, "hog").spans]
    assert spans == [("ready", 0.1, 0.3), ("blocked", 0.3, 1.0)]


def test_a_task_that_has_just_begun_to_run_blocks_nothing_yet() -> None:
    picture = timeline(holding(), now=0.35)
    assert [span.kind for span in lane(picture, "hog").spans] == ["ready", "running"]


def test_a_record_that_broke_off_blocks_nothing() -> None:
    picture = timeline([*holding(), Warned(0.3, "record-malformed"), Finished(Outcome.OK, 1.0)])
    assert [span.kind for span in lane(picture, "hog").spans] == ["ready", "running"]


def test_only_the_held_part_of_a_span_is_blocked() -> None:
    events: list[Event] = [
        LaneBorn(0.0, 1, "task", "", "job", 0),
        LaneState(0.0, 1, "running"),
        LoopBlocked(0.4, 1, 0.2),
        LoopBlocked(0.5, 1, 0.3),
        LaneEnded(1.0, 1, "done"),
        Finished(Outcome.OK, 1.0),
    ]
    spans = lane(timeline(events), "job").spans
    assert [(s.kind, s.start, s.end) for s in spans] == [
        ("running", 0.0, 0.2),
        ("blocked", 0.2, 0.5),
        ("running", 0.5, 1.0),
    ]


def test_names_are_the_programs_own() -> None:
    births: list[Event] = [
        waiting(0.0, MAIN_LANE, "event loop"),
        LaneBorn(0.0, 1, "task", "Task-1", "main", 0),
        LaneBorn(0.0, 2, "task", "reader", "work", 1),
        LaneBorn(0.0, 3, "task", "Task-3", "main.<locals>.work", 1),
        LaneBorn(0.0, 4, "task", "Task-4", "work", 1),
        LaneBorn(0.0, 5, "task", "work #1", "work", 1),
        LaneBorn(0.0, 6, "thread", "Thread-6 (dig)", "dig", 1),
        LaneBorn(0.0, 7, "thread", "asyncio_0", "", 1),
        LaneState(0.0, 7, "running", "build"),
    ]
    names = [row.name for row in timeline([*births, Finished(Outcome.OK, 1.0)]).lanes]
    assert names == ["main", "reader", "work #2", "work #3", "work #1", "dig", "build"]


def test_hostile_names_are_harmless() -> None:
    events: list[Event] = [
        waiting(0.0, MAIN_LANE, "event loop"),
        LaneBorn(0.0, 1, "task", "\u202eevil\x00\x1b[31m\n" + "x" * 100_000, "", 0),
        Line(0.5, "\ud800\u2066\t말", lane=1),
        Finished(Outcome.OK, 1.0),
    ]
    row = timeline(events).lanes[0]
    assert row.name.startswith("\\u202eevil␀␛[31m x")
    assert len(row.name) <= 64
    assert row.marks[0].text == "\\ud800\\u2066 말"


def test_the_main_thread_is_shown_only_when_it_says_something() -> None:
    quiet: list[Event] = [
        LaneState(0.0, MAIN_LANE, "running"),
        LaneBorn(0.001, 1, "task", "", "job", 0),
        waiting(0.002, MAIN_LANE, "event loop"),
        Finished(Outcome.OK, 1.0),
    ]
    assert [row.name for row in timeline(quiet).lanes] == ["job"]
    assert [row.name for row in timeline([Line(0.0, "hi"), *quiet]).lanes] == ["main thread", "job"]
    worked = [*quiet[:3], LaneState(0.5, MAIN_LANE, "running"), quiet[3]]
    assert [row.name for row in timeline(worked).lanes] == ["main thread", "job"]


def test_two_hundred_lanes_keep_what_matters() -> None:
    picture = timeline(many(200, blocks=77))
    assert (len(picture.lanes), picture.hidden) == (24, 177)
    assert picture.lanes[0].name == "main"
    assert any(span.kind == "blocked" for row in picture.lanes for span in row.spans)
    assert picture.lanes[-1].name == "worker #200"


def test_a_deep_family_does_not_recurse() -> None:
    births: list[Event] = [
        LaneBorn(0.0, number, "task", "", "job", number - 1) for number in range(1, 5_000)
    ]
    picture = timeline([*births, Finished(Outcome.OK, 1.0)])
    assert picture.hidden == 5_000 - 24


@pytest.mark.parametrize("name", NOTES)
def test_the_notes_are_measured_right(name: str) -> None:
    measure = timeline(recorded(name)).measure
    overlapping = name in {"create_task", "gather", "thread"}
    assert measure.waits == pytest.approx(5.0, abs=0.05)
    assert measure.longest == pytest.approx(3.0 if overlapping else 5.0, abs=0.05)
    assert measure.elapsed == pytest.approx(3.0 if overlapping else 5.0, abs=0.1)
    assert round(measure.saved * 100) == (40 if overlapping else 0)
