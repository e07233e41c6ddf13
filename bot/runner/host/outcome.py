"""How a run ended, from all that is known of it. Pure."""

import signal
from dataclasses import dataclass

from bot.runner.host.run_end import Ended
from bot.runner.model import Finished, Limits, Outcome, Usage


@dataclass(frozen=True, slots=True)
class Death:
    """What the kernel says of a dead child."""

    status: int
    """As wait4(2) gives it."""
    cpu_seconds: float = 0.0
    peak_memory_bytes: int = 0
    over: str = ""
    """The field of `Limits` for which the fork server or the kernel ended it, or ""."""
    detail: str = ""
    """What more there is to say of that."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the bot ended a run."""

    outcome: Outcome
    limit: str = ""
    detail: str = ""


_SPENT: dict[int, float] = {signal.SIGXCPU: 0.5, signal.SIGKILL: 0.9}
"""The share of its processor time that a process has used, at least, if the limit on it sent
this signal. The kernel holds the limit against ticks, which it samples, but reports what it
measures; and SIGKILL comes a second later than SIGXCPU."""
_OUTCOMES = {
    "wall_seconds": Outcome.TIMEOUT,
    "cpu_seconds": Outcome.CPU,
    "memory_bytes": Outcome.MEMORY,
    "threads": Outcome.THREADS,
    "output_bytes": Outcome.OUTPUT,
    "output_lines": Outcome.OUTPUT,
    "line_bytes": Outcome.OUTPUT,
    "events": Outcome.EVENTS,
}
"""How a run ends that goes past a field of `Limits`."""
_OUTLIVED_SECONDS = 0.25
"""How long a process may take to go after it said that its scenario is over. What is there longer
was not over."""
_CRASHES_OF_THE_STARVED = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS}
_NEARLY = 0.8
"""How much of its address space a process had in use, at least, if lack of it killed it."""


def past_limit(limit: str, detail: str = "") -> Stop:
    """Return why a run ends that went past a limit, named by its field of `Limits`."""
    return Stop(_OUTCOMES[limit], limit, detail)


def conclude(
    limits: Limits,
    death: Death,
    usage: Usage,
    *,
    measured: float,
    stop: Stop | None = None,
    ended: Ended | None = None,
) -> Finished:
    """Return a run's last event.

    :param measured: seconds from the first instruction until the process was gone
    :param stop: why the bot ended it, if it did
    :param ended: how it ended by its own account, which may lie about itself
    """
    why = stop or _kernels_stop(limits, death)
    if why is not None:
        return Finished(why.outcome, measured, usage, None, why.limit, why.detail)
    why = _own_end(death, ended)
    believed = ended is not None and measured - ended.at <= _OUTLIVED_SECONDS
    elapsed = min(ended.at, measured) if ended is not None and believed else measured
    failure = ended.failure if ended is not None else None
    return Finished(why.outcome, elapsed, usage, failure, why.limit, why.detail)


def _kernels_stop(limits: Limits, death: Death) -> Stop | None:
    """Tell why the kernel or the fork server ended a process, if they did."""
    if death.over:
        return past_limit(death.over, death.detail)
    number = death.status & 0x7F  # WTERMSIG
    if number == 0:
        spent = death.cpu_seconds > limits.cpu_seconds
        return past_limit("cpu_seconds") if spent else None
    name = _signal_name(number)
    enough = _SPENT.get(number)
    if enough is not None and death.cpu_seconds >= limits.cpu_seconds * enough:
        return past_limit("cpu_seconds", name)
    starved = death.peak_memory_bytes >= limits.memory_bytes * _NEARLY
    if starved and number in _CRASHES_OF_THE_STARVED:
        return past_limit("memory_bytes", name)
    return Stop(Outcome.CRASHED, detail=name)


def _own_end(death: Death, ended: Ended | None) -> Stop:
    """Tell how a process that exited by itself ended."""
    if ended is not None and ended.memory:
        return past_limit("memory_bytes")
    status = death.status >> 8  # WEXITSTATUS
    if status != 0 or (ended is not None and ended.failure is not None):
        return Stop(Outcome.ERROR, detail=f"exit status {status}")
    return Stop(Outcome.OK)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
