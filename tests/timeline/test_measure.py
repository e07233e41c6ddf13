import pytest

from bot.runner.lane_events import LaneBorn, LaneEnded, LaneState, LoopBlocked
from bot.runner.model import Event, Finished, Outcome, Usage
from bot.timeline.layout import lay_out
from bot.timeline.model import Measure
from tests.timeline.streams import CAPTIONS, waiting


def measured(*events: Event, elapsed: float = 1.0) -> Measure:
    loop = waiting(0.0, 0, "event loop")
    whole = [loop, *events, Finished(Outcome.OK, elapsed)]
    return lay_out(whole, title="", captions=CAPTIONS).measure


def born(lane: int, parent: int = 0, at: float = 0.0) -> LaneBorn:
    return LaneBorn(at, lane, "task", "", f"task_{lane}", parent)


def test_waiting_for_a_sleeper_is_not_counted_again() -> None:
    measure = measured(
        born(1),
        LaneState(0.0, 1, "running"),
        born(2, 1),
        waiting(0.0, 1, "task task_2"),
        waiting(0.0, 2, "sleep", 1),
        LaneEnded(1.0, 2, "done"),
        LaneEnded(1.0, 1, "done"),
    )
    assert (measure.waits, measure.longest, measure.saved) == (1.0, 1.0, 0.0)


def test_a_timeout_that_nobody_sleeps_for_counts_once() -> None:
    measure = measured(
        born(1),
        LaneState(0.0, 1, "running"),
        born(2, 1),
        waiting(0.0, 1, "gather"),
        waiting(0.0, 2, "wait_for"),
        LaneEnded(0.5, 2, "failed", "TimeoutError"),
        LaneEnded(0.5, 1, "failed", "TimeoutError"),
        elapsed=0.5,
    )
    assert (measure.waits, measure.longest) == (0.5, 0.5)


def test_a_loop_without_tasks_waits_for_its_timers() -> None:
    measure = measured(elapsed=0.3)
    assert (measure.waits, measure.waited, measure.longest) == (0.3, 0.3, 0.3)


def test_a_pools_idle_thread_waits_for_nobody() -> None:
    idle = LaneBorn(0.0, 1, "thread", "pool", "", 0)
    main = LaneState(0.0, 0, "running")
    assert measured(main, idle, waiting(0.0, 1, "work")).waits == 0.0


@pytest.mark.parametrize("work", [0.2, 0.4, 5.0])
def test_work_after_overlapping_naps_is_no_waiting(work: float) -> None:
    """The share that overlapping saved is that of the waits, however fast the machine is."""
    naps: list[Event] = [born(1), *(born(lane, 1) for lane in (2, 3, 4)), waiting(0.0, 1, "gather")]
    naps += [waiting(0.0, lane, "sleep", 0.2) for lane in (2, 3, 4)]
    naps += [LaneEnded(0.2, lane, "done") for lane in (2, 3, 4)]
    naps += [
        LaneState(0.2, 1, "running"),
        LoopBlocked(0.2 + work, 1, 0.2),
        LaneEnded(0.2 + work, 1, "done"),
    ]
    measure = measured(*naps, elapsed=0.2 + work)
    assert measure.waits == pytest.approx(0.6)
    assert measure.waited == pytest.approx(0.2)
    assert measure.worked == pytest.approx(work)
    assert measure.blocked == pytest.approx(work)
    assert measure.overlapped == 0.0
    assert measure.saved == pytest.approx(2 / 3)


def test_work_beside_a_wait_is_told_apart() -> None:
    events: list[Event] = [
        LaneState(0.0, 0, "running"),
        LaneBorn(0.0, 1, "thread", "Thread-1", "nap", 0),
        waiting(0.0, 1, "sleep", 0.5),
        LaneEnded(0.5, 1, "done"),
    ]
    measure = measured(*events)
    assert (measure.waits, measure.waited, measure.worked, measure.overlapped) == (
        *(0.5, 0.5, 1.0, 0.5),
    )


def test_a_timer_that_is_late_for_no_lanes_doing_is_the_computers_fault() -> None:
    events: list[Event] = [
        born(1),
        waiting(0.0, 1, "sleep", 0.5),
        LaneState(0.8, 1, "running"),
        LaneEnded(0.8, 1, "done"),
    ]
    measure = measured(*events, elapsed=0.8)
    assert measure.waits == 0.5
    assert measure.starved == pytest.approx(0.3)


def test_a_lane_that_is_ready_while_none_runs_is_the_computers_fault() -> None:
    events: list[Event] = [
        born(1),
        waiting(0.0, 1, "sleep", 0.5),
        LaneState(0.5, 1, "ready"),
        LaneState(0.7, 1, "running"),
        LaneEnded(0.7, 1, "done"),
    ]
    assert measured(*events, elapsed=0.7).starved == pytest.approx(0.2)


def test_a_sleeper_that_a_lane_starves_is_no_fault_of_the_computer() -> None:
    events: list[Event] = [
        born(1),
        born(2),
        waiting(0.0, 1, "sleep", 0.5),
        LaneState(0.0, 2, "running"),
        LaneState(0.5, 1, "ready"),
        LaneEnded(0.9, 2, "done"),
        LaneState(0.9, 1, "running"),
        LaneEnded(0.9, 1, "done"),
    ]
    measure = measured(*events, elapsed=0.9)
    assert measure.starved == 0.0
    assert measure.worked == pytest.approx(0.9)


def test_code_that_got_no_processor_is_the_computers_fault() -> None:
    run: list[Event] = [
        LaneState(0.0, 0, "running"),
        Finished(Outcome.OK, 2.0, Usage(cpu_seconds=0.5)),
    ]
    assert lay_out(run, title="", captions=CAPTIONS).measure.starved == 1.5


def test_the_chain_goes_through_the_lane_that_is_known_to_have_woken() -> None:
    """Lane 2 wakes lane 1; lane 3, with the longer chain, only ran last."""
    measure = measured(
        born(1),
        born(2),
        born(3),
        waiting(0.0, 1, "Queue.get"),
        waiting(0.0, 2, "sleep", 0.1),
        waiting(0.0, 3, "sleep", 0.2),
        LaneState(0.2, 2, "running"),
        LaneState(0.2, 1, "ready", by=2),
        LaneEnded(0.21, 2, "done"),
        LaneState(0.21, 3, "running"),
        LaneEnded(0.22, 3, "done"),
        LaneState(0.22, 1, "running"),
        waiting(0.22, 1, "sleep", 0.5),
        LaneEnded(0.72, 1, "done"),
        elapsed=0.72,
    )
    assert measure.longest == pytest.approx(0.6)


def test_the_chain_goes_through_what_wakes() -> None:
    """A consumer gets what a producer puts after a sleep of 0.4, and sleeps 0.3 itself."""
    measure = measured(
        born(1),
        born(2),
        waiting(0.0, 1, "Queue.get"),
        waiting(0.0, 2, "sleep", 0.4),
        LaneState(0.4, 2, "running"),
        LaneEnded(0.41, 2, "done"),
        LaneState(0.41, 1, "ready"),
        LaneState(0.42, 1, "running"),
        waiting(0.42, 1, "sleep", 0.3),
        LaneState(0.72, 1, "running"),
        LaneEnded(0.72, 1, "done"),
        elapsed=0.72,
    )
    assert measure.waits == pytest.approx(0.7)
    assert measure.longest == pytest.approx(0.7)


def test_independent_sleeps_make_no_chain() -> None:
    sleepers: list[Event] = []
    for lane in range(1, 6):
        sleepers += [born(lane), waiting(0.0, lane, "sleep", 1)]
    sleepers += [LaneEnded(1.0, lane, "done") for lane in range(1, 6)]
    measure = measured(*sleepers)
    assert measure.waits == pytest.approx(5.0)
    assert measure.longest == pytest.approx(1.0)
    assert measure.saved == pytest.approx(0.8)


def test_a_child_goes_on_from_its_parents_chain() -> None:
    measure = measured(
        born(1),
        waiting(0.0, 1, "sleep", 0.5),
        LaneState(0.5, 1, "running"),
        born(2, 1, 0.5),
        LaneEnded(0.5, 1, "done"),
        waiting(0.5, 2, "sleep", 0.5),
        LaneEnded(1.0, 2, "done"),
    )
    assert measure.longest == pytest.approx(1.0)
