import itertools
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.runner.model import (
    MAIN_LANE,
    Event,
    Finished,
    LaneBorn,
    LaneEnded,
    LaneState,
    Line,
    LoopBlocked,
    Outcome,
    Started,
    Warned,
)
from bot.text.visible import is_shown
from bot.timeline.layout import lay_out
from bot.timeline.model import Lane, Timeline
from tests.timeline.streams import CAPTIONS, NOTES, PROPERTY, Truth, forged, legal, many, recorded


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
        assert is_shown(row.name)
        assert all(is_shown(mark.text) for mark in row.marks)


@PROPERTY
@given(legal, st.randoms())
def test_a_shuffled_record_is_doubted_or_harmless(truth: Truth, chance: random.Random) -> None:
    events = list(truth.events)
    chance.shuffle(events)
    assert all(whole(row) for row in timeline(events).lanes)


MALFORMED: dict[str, list[Event]] = {
    "an unknown lane": [LaneState(0.1, 7, "running")],
    "a line of an unknown lane": [Line(0.1, "x", lane=7)],
    "an end before a birth": [LaneEnded(0.1, 1, "done"), LaneBorn(0.2, 1, "task", "a", "a", 0)],
    "two births": [LaneBorn(0.1, 1, "task", "a", "a", 0), LaneBorn(0.2, 1, "task", "b", "b", 0)],
    "an unknown parent": [LaneBorn(0.1, 1, "task", "a", "a", 9)],
    "a life after the end": [
        LaneBorn(0.1, 1, "task", "a", "a", 0),
        LaneEnded(0.2, 1, "done"),
        LaneState(0.3, 1, "running"),
    ],
    "a clock that runs backwards": [
        LaneState(0.5, 0, "waiting", "x"),
        LaneState(0.1, 0, "running"),
    ],
    "no number": [LaneState(float("nan"), 0, "waiting", "x")],
    "the far future": [LaneState(1e9, 0, "waiting", "x")],
    "a negative time": [Line(-5.0, "x")],
}


@pytest.mark.parametrize("events", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_contradiction_gives_a_warning(events: list[Event]) -> None:
    picture = timeline([Started(), *events, Finished(Outcome.OK, 1.0)])
    assert picture.warnings == ("record-malformed",)
    assert picture.end == 1.0


def test_a_line_of_an_unknown_lane_is_not_lost() -> None:
    picture = timeline([Line(0.1, "who said that", lane=7), Finished(Outcome.OK, 1.0)])
    assert [mark.text for mark in lane(picture, "main thread").marks] == ["who said that"]


def test_a_truncated_record_says_so() -> None:
    picture = timeline([Warned(0.5, "record-truncated"), Finished(Outcome.OK, 1.0)])
    assert picture.warnings == ("record-truncated",)


def test_a_run_without_events_has_its_main_lane() -> None:
    picture = timeline([])
    assert [row.name for row in picture.lanes] == ["main thread"]
    assert picture.end == 0.0


def test_times_that_cannot_be_are_bounded() -> None:
    assert timeline([Finished(Outcome.OK, 1e300)]).end == 1e9
    assert timeline([Finished(Outcome.OK, float("inf"))]).end == 0.0


def test_events_a_little_after_the_measured_end_are_shown() -> None:
    picture = timeline([Line(1.05, "late"), Finished(Outcome.OK, 1.0)])
    assert (picture.end, picture.measure.elapsed, picture.warnings) == (1.05, 1.0, ())


def test_a_blocked_loop_is_red_and_the_sleeper_is_starved() -> None:
    events: list[Event] = [
        LaneBorn(0.0, 1, "task", "Task-1", "pulse", 0),
        LaneState(0.0, 1, "running"),
        LaneState(0.1, 1, "waiting", "sleep(0.2)"),
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
        LaneState(0.0, MAIN_LANE, "waiting", "event loop"),
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
        LaneState(0.0, MAIN_LANE, "waiting", "event loop"),
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
        LaneState(0.002, MAIN_LANE, "waiting", "event loop"),
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
