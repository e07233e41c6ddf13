"""What a run reports of its lanes: its main program, its tasks and its threads.

Times and lines are as in `bot.runner.model`.
"""

from dataclasses import dataclass
from typing import Literal

LaneKind = Literal["main", "task", "thread"]
LaneActivity = Literal["running", "waiting", "ready"]
LaneEnding = Literal["done", "cancelled", "failed"]

MAIN_LANE = 0
"""The lane of the main thread's own code. It exists in every run, born at 0.0."""


@dataclass(frozen=True, slots=True)
class LaneBorn:
    """A task was created or a thread started. A lane's first event."""

    at: float
    lane: int
    kind: LaneKind
    name: str
    """The task's or thread's own name: "Task-2", "Thread-1 (work)"."""
    code: str = ""
    """The coroutine's or target's qualified name as in the scenario's code: "async_task_1"."""
    parent: int | None = None
    """The lane that created it; None for the main lane only."""
    line: int | None = None
    """Where it was created."""


@dataclass(frozen=True, slots=True)
class LaneNamed:
    """A lane was (re)named after its birth."""

    at: float
    lane: int
    name: str


@dataclass(frozen=True, slots=True)
class Wait:
    """What a lane waits on, in parts: `Wait("sleep", seconds=3)`, `Wait("task", "fetch")`."""

    kind: str
    """What it awaits or calls, in the words of the scenario's code: "sleep", "task", "thread",
    "gather", "Queue.get". docs/events.md names the ones that are not functions."""
    name: str = ""
    """With "task" and "thread": the one that it waits for."""
    seconds: float | None = None
    """With "sleep": for how long, where that is a number that can be waited for."""
    stack: tuple[int, ...] = ()
    """The scenario's own lines that are suspended in it, outermost call first; at most 16."""


@dataclass(frozen=True, slots=True)
class LaneState:
    """A lane began to run, to wait, or became ready to run (and is starved until it runs).

    `at` never runs backwards on one lane. Between lanes it may: a sleeper that a blocked loop
    could not wake is reported late as ready since the moment it was due.
    """

    at: float
    lane: int
    activity: LaneActivity
    on: str = ""
    """With `waiting`: what on, as in "sleep(3)", "task async_task_1", "Queue.get", "gather".
    With `running`, for a pool's thread: the function that it was given to run."""
    line: int | None = None
    """Where it waits, or goes on running; for `ready`: where it will go on."""
    by: int | Literal["clock", "io"] | None = None
    """With `ready`: what made it so: a lane, a timer that was due, or a descriptor that could be
    read or written. Its own lane where it only let the others go first."""
    wait: Wait | None = None
    """With `waiting`: what `on` says, in parts."""
    cancelled: bool = False
    """With `ready`: its wait was cut short because `cancel()` was called on it."""


@dataclass(frozen=True, slots=True)
class LoopBlocked:
    """From `since` until `at`, `lane` held the event loop's thread without giving it back.

    It comes once the loop is given back. A run that is killed meanwhile ends without it, with the
    lane running.
    """

    at: float
    lane: int
    since: float
    line: int | None = None
    """The call that held it for most of that time; else where the lane had gone on to run."""


@dataclass(frozen=True, slots=True)
class LaneEnded:
    """A lane came to its end."""

    at: float
    lane: int
    how: LaneEnding
    error: str = ""
    """With `failed`: the exception as "ValueError: text"; for a task that was freed because nothing
    referred to it any more, "destroyed while pending"."""
    line: int | None = None
    """With `failed`: where the exception was raised; with `cancelled`: where it had waited."""
