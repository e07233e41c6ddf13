"""A run as JSON to be stepped through: it says what the timeline says."""

import json

import pytest
from hypothesis import given

from bot.runner.lane_events import MAIN_LANE, LaneBorn, LaneEnded, LaneState, Wait
from bot.runner.model import Event, Finished, Line, Outcome, Started
from bot.timeline.layout import lay_out
from bot.timeline.model import Timeline
from bot.timeline.replay import CLOCK, KINDS, NONE, replay, replay_json
from tests.timeline.streams import CAPTIONS, NOTES, Truth, legal, recorded


def laid(truth: Truth) -> Timeline:
    return lay_out(truth.events, title="run", captions=CAPTIONS)


def micro(seconds: float) -> int:
    return round(seconds * 1e6)


@given(legal)
def test_every_span_and_line_is_there(truth: Truth) -> None:
    timeline = laid(truth)
    run = json.loads(replay_json(timeline))
    assert len(run["lanes"]) == len(timeline.lanes)
    for lane, told in zip(timeline.lanes, run["lanes"], strict=True):
        spans = [told["spans"][at : at + 8] for at in range(0, len(told["spans"]), 8)]
        assert [(KINDS[it[0]], it[1], it[2]) for it in spans] == [
            (span.kind, micro(span.start), micro(span.end)) for span in lane.spans
        ]
        assert [run["texts"][it[4]] if it[4] != NONE else "" for it in spans] == [
            span.on for span in lane.spans
        ]
        assert told["prints"][1::4] == [mark.number for mark in lane.marks if mark.kind == "line"]


@pytest.mark.parametrize("name", NOTES)
def test_a_record_is_small_and_one_line_of_ascii(name: str) -> None:
    events = recorded(name)
    text = replay_json(lay_out(events, title="한글 \u2028\n", captions=CAPTIONS))
    assert text.isascii()
    assert "\n" not in text
    assert len(text) < 4_000


def test_it_tells_who_woke_whom_and_when_a_timer_is_due() -> None:
    timed = Wait("sleep", seconds=3.0)
    events: list[Event] = [
        Started(),
        LaneBorn(0.0, 1, "task", "Task-1", "main", MAIN_LANE, 5),
        LaneBorn(0.0, 2, "task", "Task-2", "work", 1, 7),
        LaneState(0.1, 1, "running", line=6),
        LaneState(0.2, 1, "waiting", "task work", 7, wait=Wait("task", "work")),
        LaneState(0.2, 2, "running", line=2),
        LaneState(0.3, 2, "waiting", "sleep(3)", 3, wait=timed),
        LaneState(3.3, 2, "ready", line=3, by="clock"),
        LaneState(3.4, 2, "running", line=3),
        Line(3.45, "woken", "stdout", 2, 4),
        LaneEnded(3.5, 2, "done"),
        LaneState(3.5, 1, "ready", line=7, by=2, cancelled=True),
        LaneEnded(3.6, 1, "failed", "ValueError: no", 8),
        Finished(Outcome.OK, 3.6),
    ]
    run = replay(lay_out(events, title="two", captions=CAPTIONS))
    texts = run["texts"]
    main, work = (next(it for it in run["lanes"] if it["id"] == number) for number in (1, 2))
    assert (main["name"], main["parent"], main["line"]) == ("main", 0, 5)
    assert (work["parent"], work["line"], work["how"], work["error"]) == (1, 7, "done", NONE)
    assert texts[main["error"]] == "ValueError: no"
    spans = [work["spans"][at : at + 8] for at in range(0, len(work["spans"]), 8)]
    waits = KINDS.index("waiting")
    ready = KINDS.index("ready")
    assert [waits, 300_000, 3_300_000, 3, texts.index("sleep(3)"), NONE, 3_300_000, 0] in spans
    assert [ready, 3_300_000, 3_400_000, 3, NONE, CLOCK, NONE, 0] in spans
    assert main["spans"][-8:] == [ready, 3_500_000, 3_600_000, 7, NONE, 2, NONE, 1]
    assert work["prints"] == [3_450_000, 1, 4, texts.index("woken")]
