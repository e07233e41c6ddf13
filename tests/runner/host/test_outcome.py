"""How a run ended follows from what is known of it."""

import signal

import pytest

from bot.runner.host.outcome import Death, Stop, conclude, past_limit
from bot.runner.host.run_end import Ended
from bot.runner.model import NOT_THE_SCENARIOS, Failure, Limits, Outcome, Usage

LIMITS = Limits(cpu_seconds=2, memory_bytes=64 * 2**20)
FAILURE = Failure("ValueError", "no")


def ended(
    status: int = 0,
    *,
    cpu: float = 0.1,
    peak: int = 0,
    over: str = "",
    stop: Stop | None = None,
    said: Ended | None = None,
) -> tuple[Outcome, str, str]:
    death = Death(status, cpu, peak, over)
    finished = conclude(LIMITS, death, Usage(), measured=1.0, stop=stop, ended=said)
    return finished.outcome, finished.limit, finished.detail


@pytest.mark.parametrize("limit", Limits.model_fields)
def test_going_past_each_limit_has_an_outcome(limit: str) -> None:
    assert past_limit(limit).limit == limit
    assert past_limit(limit).outcome not in {Outcome.OK, Outcome.ERROR, *NOT_THE_SCENARIOS}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (ended(said=Ended(0.5)), (Outcome.OK, "", "")),
        (ended(), (Outcome.OK, "", "")),
        (ended(1 << 8, said=Ended(0.5, FAILURE)), (Outcome.ERROR, "", "exit status 1")),
        (ended(0, said=Ended(0.5, FAILURE)), (Outcome.ERROR, "", "exit status 0")),
        (ended(3 << 8, said=Ended(0.5)), (Outcome.ERROR, "", "exit status 3")),
        (
            ended(1 << 8, said=Ended(0.5, FAILURE, memory=True)),
            (Outcome.MEMORY, "memory_bytes", ""),
        ),
        (ended(signal.SIGSEGV), (Outcome.CRASHED, "", "SIGSEGV")),
        (ended(signal.SIGSEGV | 0x80), (Outcome.CRASHED, "", "SIGSEGV")),
        (ended(signal.SIGSEGV, peak=60 * 2**20), (Outcome.MEMORY, "memory_bytes", "SIGSEGV")),
        (ended(signal.SIGTERM, peak=60 * 2**20), (Outcome.CRASHED, "", "SIGTERM")),
        (ended(signal.SIGXCPU, cpu=2.0), (Outcome.CPU, "cpu_seconds", "SIGXCPU")),
        (ended(signal.SIGKILL, cpu=3.0), (Outcome.CPU, "cpu_seconds", "SIGKILL")),
        (ended(signal.SIGXCPU, cpu=0.1), (Outcome.CRASHED, "", "SIGXCPU")),
        (ended(signal.SIGKILL, over="threads"), (Outcome.THREADS, "threads", "")),
        (ended(signal.SIGKILL, over="cpu_seconds"), (Outcome.CPU, "cpu_seconds", "")),
        (ended(signal.SIGKILL, over="memory_bytes"), (Outcome.MEMORY, "memory_bytes", "")),
        (ended(signal.SIGKILL, over="wall_seconds"), (Outcome.TIMEOUT, "wall_seconds", "")),
        (ended(cpu=2.5, said=Ended(0.5)), (Outcome.CPU, "cpu_seconds", "")),
        (ended(40), (Outcome.CRASHED, "", "signal 40")),
        (
            ended(signal.SIGKILL, cpu=3.0, stop=Stop(Outcome.TIMEOUT, "wall_seconds")),
            (Outcome.TIMEOUT, "wall_seconds", ""),
        ),
        (
            ended(0, said=Ended(0.5), stop=Stop(Outcome.OUTPUT, "line_bytes")),
            (Outcome.OUTPUT, "line_bytes", ""),
        ),
    ],
)
def test_outcomes(found: tuple[Outcome, str, str], expected: tuple[Outcome, str, str]) -> None:
    assert found == expected


def test_a_run_that_ends_itself_takes_the_time_that_it_says_but_no_more_than_passed() -> None:
    def elapsed(said: Ended | None, stop: Stop | None = None) -> float:
        return conclude(LIMITS, Death(0), Usage(), measured=1.0, stop=stop, ended=said).elapsed

    assert elapsed(Ended(0.9)) == 0.9
    assert elapsed(Ended(1e9)) == 1.0
    assert elapsed(Ended(0.5)) == 1.0, "it was there for half a second more"
    assert elapsed(None) == 1.0
    assert elapsed(Ended(0.5), Stop(Outcome.TIMEOUT)) == 1.0


def test_a_failure_is_told_only_of_a_run_that_ended_itself() -> None:
    said = Ended(0.5, FAILURE)
    own = conclude(LIMITS, Death(1 << 8), Usage(), measured=1.0, ended=said)
    forced = conclude(
        LIMITS, Death(9), Usage(), measured=1.0, stop=Stop(Outcome.TIMEOUT), ended=said
    )
    assert (own.failure, forced.failure) == (FAILURE, None)
