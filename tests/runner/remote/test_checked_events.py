"""A worker that lies about a run is not believed."""

import json
from collections.abc import Sequence

import pytest

from bot.runner.lane_events import LaneBorn, LaneEnded, LaneNamed, LaneState, LoopBlocked
from bot.runner.model import Event, Finished, Limits, Line, Outcome, Started
from bot.runner.remote.checked_events import CheckedEvents
from bot.runner.remote.messages import ProtocolError, encode_event
from bot.testing import gather_events

LIMITS = Limits(wall_seconds=10, output_lines=5, output_bytes=1_000, line_bytes=100, events=50)


def take(events: Sequence[Event], limits: Limits = LIMITS) -> list[Event]:
    checked = CheckedEvents(limits)
    return checked.take([json.loads(encode_event(event)) for event in events])


def test_a_real_run_passes() -> None:
    events = gather_events(["a"] * 6)
    assert take(events, Limits()) == list(events)


@pytest.mark.parametrize(
    "events",
    [
        [Started(), Started()],
        [Finished(Outcome.OK, 0.0), Started()],
        [Started(at=-1.0)],
        [Line(1e9, "in the far future")],
        [Finished(Outcome.OK, -3.0)],
        [Line(0.0, "by nobody", lane=7)],
        [LaneState(0.0, 7, "running")],
        [LaneEnded(0.0, 7, "done")],
        [LaneNamed(0.0, 7, "x")],
        [LoopBlocked(0.0, 7, 0.0)],
        [LaneBorn(0.0, 1, "task", "a", parent=9)],
        [LaneBorn(0.0, 1, "task", "a"), LaneBorn(0.0, 1, "task", "a")],
        [Line(0.0, "x")] * 200,
        [Line(0.0, "x" * 50_000)],
        [LaneState(0.0, 0, "running")] * 200,
    ],
    ids=lambda events: type(events[-1]).__name__,
)
def test_what_no_run_can_do_is_refused(events: list[Event]) -> None:
    with pytest.raises(ProtocolError):
        take(events)


def test_as_many_events_as_a_run_may_make_pass() -> None:
    events: list[Event] = [LaneBorn(0.0, 1, "task", "a"), *[LaneState(0.0, 1, "running")] * 50]
    assert take(events) == events
