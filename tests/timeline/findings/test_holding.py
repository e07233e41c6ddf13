"""What is blamed on computing is never more than the processor time that the run really had."""

from dataclasses import replace

import pytest

from bot.runner.lane_events import MAIN_LANE, LaneBorn, LaneEnded, LaneState, LoopBlocked, Wait
from bot.runner.model import Event, Finished, Outcome, Started, Usage
from bot.timeline.findings.find import find
from bot.timeline.findings.model import Finding

CODE = """\
import asyncio
async def hog():
    for _ in range(10):
        compute()
        await asyncio.sleep(0)
async def quick():
    print("here")
"""
STEP = 0.06
LOOP = LaneState(0.0, MAIN_LANE, "waiting", "event loop", wait=Wait("event loop"))


def two_hogs(cpu: float) -> list[Event]:
    """Two tasks whose ten steps take turns; each is ready while the other runs."""
    events: list[Event] = [Started(0.0, "3.13.0"), LOOP]
    events += [LaneBorn(0.0, lane, "task", "", "hog", MAIN_LANE) for lane in (1, 2)]
    for turn in range(20):
        at, runs, waits = turn * STEP, 1 + turn % 2, 2 - turn % 2
        events += [
            LaneState(at, waits, "ready", line=5, by=waits),
            LaneState(at, runs, "running", line=5),
        ]
    end = 20 * STEP
    events += [LaneEnded(end, 1, "done"), LaneEnded(end, 2, "done")]
    return [*events, Finished(Outcome.OK, end, Usage(cpu_seconds=cpu))]


def held(cpu: float, seconds: float = 0.3) -> list[Event]:
    """A task that holds the loop for one step."""
    return [
        Started(0.0, "3.13.0"),
        LOOP,
        LaneBorn(0.0, 1, "task", "", "hog", MAIN_LANE),
        LaneState(0.0, 1, "running", line=4),
        LoopBlocked(seconds, 1, 0.0, 4),
        LaneEnded(seconds, 1, "done"),
        Finished(Outcome.OK, seconds, Usage(cpu_seconds=cpu)),
    ]


def only(events: list[Event], kind: str) -> Finding | None:
    """The one finding of a kind, if there is one; there must be no other."""
    found = find(events, CODE)
    assert {one.kind for one in found} <= {kind}
    return found[0] if found else None


def test_who_computes_starves_the_others() -> None:
    found = only(two_hogs(cpu=1.2), "starved")
    assert found is not None
    assert found.seconds == pytest.approx(0.6)


def test_a_busy_host_stretches_computing_that_starves_others() -> None:
    found = only(two_hogs(cpu=0.5), "starved")
    assert found is not None
    assert found.seconds == pytest.approx(0.25), "not the 0.6 s that the host made of it"


@pytest.mark.parametrize("cpu", [0.01, 0.1, 0.25])
def test_what_a_busy_host_does_starves_nobody(cpu: float) -> None:
    assert only(two_hogs(cpu), "starved") is None


@pytest.mark.parametrize(("cpu", "told"), [(0.3, 0.3), (0.5, 0.3), (0.15, 0.15)])
def test_a_loop_is_held_for_as_long_as_was_computed(cpu: float, told: float) -> None:
    found = only(held(cpu), "blocked_loop")
    assert found is not None
    assert (found.what, found.line) == ("computing", 4)
    assert found.seconds == pytest.approx(told)


def test_a_run_that_was_cut_off_has_no_faults() -> None:
    *events, last = held(cpu=0.3)
    assert isinstance(last, Finished)
    assert only([*events, last], "blocked_loop") is not None
    assert find([*events, replace(last, outcome=Outcome.INTERRUPTED)], CODE) == ()


def test_code_that_had_no_processor_held_nothing() -> None:
    assert only(held(cpu=0.09), "blocked_loop") is None
