"""How a run ended, from all that is known of it. Pure."""

import math
import signal
from dataclasses import dataclass

from bot.runner.model import Failure, Finished, Limits, Outcome, Usage


@dataclass(frozen=True, slots=True)
class Death:
    """What the kernel says of a dead child."""

    status: int
    """As wait4(2) gives it."""
    cpu_seconds: float = 0.0
    peak_memory_bytes: int = 0
    too_many_threads: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the bot ended a run."""

    outcome: Outcome
    limit: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a scenario's own process said of its end. It may lie, about itself only."""

    elapsed: float
    failure: Failure | None = None


_CRASHES_OF_THE_STARVED = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS}
_NEARLY = 0.8
"""How much of its address space a process had in use, at least, if lack of it killed it."""


def conclude(
    limits: Limits,
    death: Death,
    usage: Usage,
    *,
    measured: float,
    stop: Stop | None = None,
    claim: Claim | None = None,
) -> Finished:
    """Return a run's last event.

    :param measured: seconds from the first instruction until the process was gone
    :param stop: why the bot ended it, if it did
    :param claim: how the scenario says it ended, if it did
    """
    why = stop or _kernels_stop(limits, death) or _own_end(death, claim)
    ended_itself = why.outcome in {Outcome.OK, Outcome.ERROR, Outcome.MEMORY}
    trusted = claim is not None and ended_itself and math.isfinite(claim.elapsed)
    elapsed = min(max(claim.elapsed, 0.0), measured) if trusted and claim else measured
    failure = claim.failure if claim is not None and ended_itself else None
    return Finished(why.outcome, elapsed, usage, failure, why.limit, why.detail)


def _kernels_stop(limits: Limits, death: Death) -> Stop | None:
    """Tell why the kernel or the fork server ended a process, if they did."""
    if death.too_many_threads:
        return Stop(Outcome.THREADS, "threads")
    number = death.status & 0x7F  # WTERMSIG
    if number == 0:
        return None
    name = _signal_name(number)
    spent = death.cpu_seconds >= limits.cpu_seconds * 0.95  # the kernel's own tick is coarse
    if spent and number in {signal.SIGXCPU, signal.SIGKILL}:
        return Stop(Outcome.CPU, "cpu_seconds", name)
    starved = death.peak_memory_bytes >= limits.memory_bytes * _NEARLY
    if starved and number in _CRASHES_OF_THE_STARVED:
        return Stop(Outcome.MEMORY, "memory_bytes", name)
    return Stop(Outcome.CRASHED, detail=name)


def _own_end(death: Death, claim: Claim | None) -> Stop:
    """Tell how a process that exited by itself ended."""
    failure = claim.failure if claim else None
    if failure is not None and failure.type == "MemoryError":
        return Stop(Outcome.MEMORY, "memory_bytes")
    status = death.status >> 8  # WEXITSTATUS
    if failure is not None or status != 0:
        return Stop(Outcome.ERROR, detail=f"exit status {status}")
    return Stop(Outcome.OK)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
