"""The runner's vocabulary: what is asked of it, what it reports, and how a run may end.

Every `at` is in seconds since the scenario's first instruction, on the monotonic clock that the
guest's `time.perf_counter` and the parent's share. Every `line` is the scenario's own, counted from
1: of the innermost frame of its code; None where none took part. Guest events come from untrusted
code: their number, size and shape are checked, but their *content* is the scenario's own claim.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from bot.runner.lane_events import (
    MAIN_LANE,
    LaneBorn,
    LaneEnded,
    LaneNamed,
    LaneState,
    LoopBlocked,
)


class Outcome(StrEnum):
    """How a run ended. All but `REFUSED` and `INTERRUPTED` are the scenario's own doing."""

    OK = "ok"
    """It ran to its end."""
    ERROR = "error"
    """It raised, exited with a status other than 0, or is not valid Python."""
    TIMEOUT = "timeout"
    """It was still running at its wall-clock deadline."""
    CPU = "cpu"
    """It used up its processor time."""
    MEMORY = "memory"
    """It used up its address space."""
    THREADS = "threads"
    """It started more threads at once than allowed."""
    OUTPUT = "output"
    """It printed too many bytes or lines, or too long a line."""
    EVENTS = "events"
    """It made more recorded events than allowed."""
    CRASHED = "crashed"
    """A signal killed it (a segmentation fault, say)."""
    DEADLOCK = "deadlock"
    """Everything in it waited, and nothing could ever have woken it."""
    REFUSED = "refused"
    """It was not started: the host cannot confine it, or the bot is shutting down."""
    INTERRUPTED = "interrupted"
    """The sandbox's server went away under it; not the scenario's fault."""


NOT_THE_SCENARIOS: Final = frozenset({Outcome.REFUSED, Outcome.INTERRUPTED})
"""How a run may end through no doing of the scenario."""


class Limits(BaseModel):
    """What one run may use. Each exceeded limit ends the run with an outcome of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wall_seconds: float = Field(default=15.0, gt=0, le=600)
    cpu_seconds: float = Field(default=5.0, gt=0, le=600)
    memory_bytes: int = Field(default=512 * 2**20, ge=64 * 2**20, le=2**40)
    """Address space on top of what the interpreter has before the scenario begins."""
    threads: int = Field(default=64, ge=1, le=4096)
    output_bytes: int = Field(default=256 * 2**10, ge=1, le=2**30)
    output_lines: int = Field(default=2_000, ge=1, le=10_000_000)
    line_bytes: int = Field(default=16 * 2**10, ge=1, le=2**30)
    events: int = Field(default=20_000, ge=1, le=100_000_000)
    """Recorded events; each task and thread that is born gives room for a few more."""

    def lowered_by(self, wanted: BaseModel) -> "Limits":
        """Return the lower of each limit; `wanted` has some of them, or all."""
        given = wanted.model_dump(exclude_none=True)
        lower = {name: min(getattr(self, name), value) for name, value in given.items()}
        return self.model_copy(update=lower)


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One scenario to run."""

    code: str
    """Python source text; it runs as `__main__`."""
    name: str = "scenario"
    """Names the file in tracebacks: `<name>.py`."""
    limits: Limits = field(default_factory=Limits)


Stream = Literal["stdout", "stderr"]


@dataclass(frozen=True, slots=True)
class Started:
    """The scenario's first instruction is about to run: the first event of a run that starts."""

    at: float = 0.0
    python: str = ""
    """The guest interpreter's version, as in "3.13.0"."""


@dataclass(frozen=True, slots=True)
class LinePart:
    """A piece of a line whose newline has not come: a terminal shows it already.

    Its text comes once more, with the whole `Line`.
    """

    at: float
    text: str
    """What is new in it."""
    stream: Stream = "stdout"
    lane: int = MAIN_LANE
    """Who printed this piece."""
    line: int | None = None
    """Where it was printed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, without its newline, once that has come or nothing more can.

    A line printed in pieces belongs to the lane, and the source line, that began it.
    """

    at: float
    """When the last of its text was printed: a newline that comes later changes nothing."""
    text: str
    """Invalid UTF-8 is replaced, never dropped. It may hold any other character, NUL included."""
    stream: Stream = "stdout"
    lane: int = MAIN_LANE
    """Who printed it; `MAIN_LANE` where that is not known (a raw write to the descriptor)."""
    line: int | None = None
    """Where it was printed."""


@dataclass(frozen=True, slots=True)
class Warned:
    """Something about this run that readers of its record must know. Never ends a run."""

    at: float
    what: Literal["unconfined", "record-truncated", "record-malformed", "retried"]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """What a scenario raised, as it told us."""

    type: str
    """The exception's class name, as in "ZeroDivisionError"."""
    message: str
    line: int | None = None
    """The scenario's own line, counted from 1, where it was raised or does not parse."""
    traceback: str = ""
    """As Python prints it, with the sandbox's own frames left out."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run used, as the kernel and the parent counted it."""

    cpu_seconds: float = 0.0
    peak_memory_bytes: int = 0
    output_bytes: int = 0
    output_lines: int = 0
    events: int = 0
    host_seconds: float = 0.0
    """From the first instruction until the process was gone, by the parent's own clock."""
    behind_seconds: float = 0.0
    """By how much, at most, what was recorded came later than it says that it happened, beyond what
    the parent's own slowness explains (less than 0.2 s at most). A record that claims false
    times cannot keep this small."""


Refused = Literal["network", "process", "file", "input", "module", "signal", "shared-memory"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that a scenario asked for and that the sandbox does not allow or have."""

    what: Refused
    line: int | None = None
    """The scenario's own line that asked."""
    detail: str = ""
    """What it asked for: a module's name, a file's."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of every run, exactly one."""

    outcome: Outcome
    elapsed: float
    """Seconds from the scenario's first instruction to its end; for a run that was ended
    by force, to the moment its process was gone."""
    usage: Usage = Usage()
    failure: Failure | None = None
    limit: str = ""
    """The name of the exceeded field of `Limits`, or ""."""
    detail: str = ""
    """For operators: a signal's name, what the host lacks, why it was refused."""
    refused: tuple[Refusal, ...] = ()
    """What the sandbox refused the scenario, in the order in which it asked."""

    @property
    def at(self) -> float:
        """The end of the run, on the same clock as the other events."""
        return self.elapsed


Event = (
    Started
    | Line
    | LinePart
    | LaneBorn
    | LaneNamed
    | LaneState
    | LoopBlocked
    | LaneEnded
    | Warned
    | Finished
)


@dataclass(frozen=True, slots=True)
class RunResult:
    """A whole run, collected."""

    events: tuple[Event, ...]

    @property
    def finished(self) -> Finished:
        """How it ended."""
        last = self.events[-1]
        assert isinstance(last, Finished)
        return last

    @property
    def lines(self) -> tuple[Line, ...]:
        """What it printed, in order."""
        return tuple(event for event in self.events if isinstance(event, Line))

    @property
    def python(self) -> str:
        """The guest interpreter's version, or "" for a run that never started."""
        return next((event.python for event in self.events if isinstance(event, Started)), "")


class Runner(Protocol):
    """Runs scenarios, each in confinement of its own."""

    def run(self, request: RunRequest) -> AsyncGenerator[Event]:
        """Run one scenario and report what it does, as it does it.

        The stream ends in exactly one `Finished`. A scenario's failure, timeout or death is an
        outcome there. Closing the generator kills the run: wrap it in `contextlib.aclosing`.

        :raises SandboxError: if the sandbox itself cannot work; our failure, never the scenario's
        """
        ...

    async def close(self) -> None:
        """End every run under way and free what is held. Safe to call twice."""
        ...


async def collect(events: AsyncIterator[Event]) -> RunResult:
    """Gather a whole run into one value."""
    return RunResult(tuple([event async for event in events]))
