"""What a finding is: a fault that really happened in a run, at a line, on lanes, for seconds."""

from dataclasses import dataclass
from typing import Literal

FindingKind = Literal[
    "sequential_awaits",
    "blocked_loop",
    "never_awaited",
    "lost_exception",
    "unfinished_task",
    "swallowed_cancellation",
    "deadlock",
    "busy_wait",
    "starved",
    "late_timeout",
    "cancelled_gather_sibling",
    "nothing_ran",
    "real_time",
    "refused",
]
"""What a run can be found to have done. `real_time`: it ran out of time while it slept."""


@dataclass(frozen=True, slots=True)
class DeadlockedLane:
    """One lane of a deadlock: who waits for what, and where."""

    lane: int
    name: str
    on: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one run. What it holds from the scenario is a stranger's text: escape it."""

    kind: FindingKind
    line: int | None = None
    """The scenario's own line that it is about; None where there is none to name."""
    lanes: tuple[int, ...] = ()
    """The lanes that it is about, those at fault first."""
    seconds: float = 0.0
    """How long it lasted, or what it cost."""
    names: tuple[str, ...] = ()
    """What the lanes are called in the picture; for `never_awaited`, the coroutine's name."""
    what: str = ""
    """`blocked_loop`: "sleep", "computing" or "lock". `refused`: what is not here.
    `unfinished_task`: "cancelled" or "destroyed". `lost_exception`: the exception."""
    detail: str = ""
    """`refused`: the module's or file's name. `swallowed_cancellation`: what caught it."""
    made: int | None = None
    """The line at which the lane was made."""
    instead: float | None = None
    """Seconds that the run would have taken without this fault."""
    count: int = 0
    """How many there are of what it is about: waits, tasks, rounds."""
    waiting: tuple[DeadlockedLane, ...] = ()
    """`deadlock`: who waits for what."""
