import pytest

from bot.runner.model import Event, Finished, LaneBorn, LaneEnded, LaneState, Outcome
from bot.timeline.layout import lay_out
from bot.timeline.model import Measure
from tests.timeline.streams import CAPTIONS


def measured(*events: Event, elapsed: float = 1.0) -> Measure:
    loop = LaneState(0.0, 0, "waiting", "event loop")
    whole = [loop, *events, Finished(Outcome.OK, elapsed)]
    return lay_out(whole, title="", captions=CAPTIONS).measure


def born(lane: int, parent: int = 0, at: float = 0.0) -> LaneBorn:
    return LaneBorn(at, lane, "task", "", f"task_{lane}", parent)


def test_waiting_for_a_sleeper_is_not_counted_again() -> None:
    measure = measured(
        born(1),
        LaneState(0.0, 1, "running"),
        born(2, 1),
        LaneState(0.0, 1, "waiting", "task task_2"),
        LaneState(0.0, 2, "waiting", "sleep(1)"),
        LaneEnded(1.0, 2, "done"),
        LaneEnded(1.0, 1, "done"),
    )
    assert (measure.waits, measure.longest, measure.saved) == (1.0, 1.0, 0.0)


def test_a_timeout_that_nobody_sleeps_for_counts_once() -> None:
    measure = measured(
        born(1),
        LaneState(0.0, 1, "running"),
        born(2, 1),
        LaneState(0.0, 1, "waiting", "gather"),
        LaneState(0.0, 2, "waiting", "wait_for"),
        LaneEnded(0.5, 2, "failed", "TimeoutError"),
        LaneEnded(0.5, 1, "failed", "TimeoutError"),
        elapsed=0.5,
    )
    assert (measure.waits, measure.longest) == (0.5, 0.5)


def test_a_loop_with_nothing_to_do_waits_for_nobody() -> None:
    assert measured().waits == 0.0


def test_the_chain_goes_through_whoever_wakes() -> None:
    """A consumer gets what a producer puts after a sleep of 0.4, and sleeps 0.3 itself."""
    measure = measured(
        born(1),
        born(2),
        LaneState(0.0, 1, "waiting", "Queue.get"),
        LaneState(0.0, 2, "waiting", "sleep(0.4)"),
        LaneState(0.4, 2, "running"),
        LaneEnded(0.41, 2, "done"),
        LaneState(0.41, 1, "ready"),
        LaneState(0.42, 1, "running"),
        LaneState(0.42, 1, "waiting", "sleep(0.3)"),
        LaneState(0.72, 1, "running"),
        LaneEnded(0.72, 1, "done"),
    )
    assert measure.waits == pytest.approx(0.7)
    assert measure.longest == pytest.approx(0.7)


def test_independent_sleeps_make_no_chain() -> None:
    sleepers: list[Event] = []
    for lane in range(1, 6):
        sleepers += [born(lane), LaneState(0.0, lane, "waiting", "sleep(1)")]
    sleepers += [LaneEnded(1.0, lane, "done") for lane in range(1, 6)]
    measure = measured(*sleepers)
    assert measure.waits == pytest.approx(5.0)
    assert measure.longest == pytest.approx(1.0)
    assert measure.saved == pytest.approx(0.8)


def test_a_child_goes_on_from_its_parents_chain() -> None:
    measure = measured(
        born(1),
        LaneState(0.0, 1, "waiting", "sleep(0.5)"),
        LaneState(0.5, 1, "running"),
        born(2, 1, 0.5),
        LaneEnded(0.5, 1, "done"),
        LaneState(0.5, 2, "waiting", "sleep(0.5)"),
        LaneEnded(1.0, 2, "done"),
    )
    assert measure.longest == pytest.approx(1.0)
