"""Waits that could have overlapped count as long as they were to be, however late a host is."""

import pytest

from bot.runner.lane_events import MAIN_LANE, LaneBorn, LaneEnded, LaneState, Wait
from bot.runner.model import Event, Finished, Outcome, Started
from bot.timeline.findings.find import find

CODE = """\
import asyncio
async def fetch(name):
    await asyncio.sleep({seconds})
async def main():
    await fetch("a")
    await fetch("b")
"""


def one_after_the_other(seconds: float, late: float) -> list[Event]:
    """A task that sleeps at two lines, each time for so much too long."""
    took = seconds + late
    events: list[Event] = [
        Started(0.0, "3.13.0"),
        LaneState(0.0, MAIN_LANE, "waiting", "event loop", wait=Wait("event loop")),
        LaneBorn(0.0, 1, "task", "", "main", MAIN_LANE),
    ]
    for turn, line in enumerate((5, 6)):
        wait = Wait("sleep", seconds=seconds, stack=(line, 3))
        events += [
            LaneState(turn * took, 1, "running", line=line),
            LaneState(turn * took, 1, "waiting", f"sleep({seconds})", 3, wait=wait),
        ]
    return [*events, LaneEnded(2 * took, 1, "done"), Finished(Outcome.OK, 2 * took)]


@pytest.mark.parametrize(("seconds", "late", "told"), [(0.3, 0.0, 0.6), (0.3, 0.2, 0.6)])
def test_two_waits_in_a_row_take_their_sum(seconds: float, late: float, told: float) -> None:
    (found,) = find(one_after_the_other(seconds, late), CODE.format(seconds=seconds))
    assert (found.kind, found.line) == ("sequential_awaits", 5)
    assert found.seconds == pytest.approx(told)


def test_brief_waits_that_a_busy_host_lengthens_are_brief() -> None:
    assert find(one_after_the_other(0.01, late=0.2), CODE.format(seconds=0.01)) == ()
