"""What a picture of a run is made of: lanes, spans on them, and marks. Pure values.

All times are in seconds since the scenario's first instruction. All texts are printable and
bounded: the layout cleans what the scenario claims (see `bot.text.visible`).
"""

from dataclasses import dataclass
from typing import Final, Literal

from bot.runner.lane_events import MAIN_LANE, LaneEnding, LaneKind, Wait
from bot.runner.model import Stream

SpanKind = Literal["running", "waiting", "ready", "blocked"]
"""running: its code executes; waiting: on something; ready: could run but is not let;
blocked: its code executes and keeps the event loop from everyone else."""

By = int | Literal["clock", "io"]
"""Who made a lane ready: another lane, a timer that was due, or a descriptor."""

MarkKind = Literal["line", "cancelled", "failed", "done"]


@dataclass(frozen=True, slots=True)
class Span:
    """What a lane was doing from `start` to `end`. Spans of a lane never overlap."""

    kind: SpanKind
    start: float
    end: float
    on: str = ""
    """With `waiting`: what on, as in "sleep(3)". With `running`: a pool's thread's job."""
    line: int | None = None
    """The scenario's own line at which it began; None where none is known."""
    by: By | None = None
    """With `ready`, and with the `running` that follows: who made the lane ready."""
    wait: Wait | None = None
    """What it waits on, in parts. `blocked` has them, too, where it sleeps and holds its loop."""
    cancelled: bool = False
    """With `ready`, and with the `running` that follows: a cancellation ended its wait."""

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.end - self.start

    @property
    def idle(self) -> bool:
        """Whether it is a wait on the clock, rather than for another task or thread."""
        return (
            self.kind in {"waiting", "blocked"}
            and self.wait is not None
            and self.wait.kind == "sleep"
        )

    @property
    def due(self) -> float:
        """When a wait on the clock should have ended; later than that it is late."""
        asked = self.wait.seconds if self.wait is not None else None
        return self.end if asked is None else min(self.end, self.start + max(asked, 0.0))


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened on a lane at one moment."""

    kind: MarkKind
    at: float
    text: str = ""
    """The printed line, or the exception."""
    stream: Stream = "stdout"
    number: int = 0
    """With `line`: its place among all printed lines of the run, counted from 1."""
    line: int | None = None
    """The scenario's own line: where it was printed or raised; None where none is known."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One task or thread, from birth to end."""

    id: int
    kind: LaneKind
    name: str
    """What to call it: named as in the code, made unique where several share a name."""
    depth: int
    """How deep it is nested under its ancestors; 0 for a root."""
    start: float
    end: float
    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]
    ending: LaneEnding | None = None
    """None: the run was over before the lane was."""
    parent: int | None = None
    """The lane that created it, whether or not that is shown."""
    line: int | None = None
    """The scenario's own line that created it."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The measured time beside what it might have been."""

    elapsed: float
    waits: float
    """The sum of all sleeping and other idle waiting, counted once per cause: a task that
    waits for another task's wait does not count it again."""
    longest: float
    """The longest chain of waits that, as the program is written, follow one another: what it
    would take on an infinitely fast computer."""
    waited: float = 0.0
    """For how long at least one of these waits was under way: less than `waits` if they overlap."""
    worked: float = 0.0
    """For how long at least one lane ran code."""
    overlapped: float = 0.0
    """The part of `worked` in which something waited as well."""
    blocked: float = 0.0
    """For how long code or a sleep kept an event loop from everyone else."""
    starved: float = 0.0
    """For how long the computer held the run up: timers and steps that were late although no lane
    ran, and code that got no processor."""

    @property
    def saved(self) -> float:
        """The share of the waiting that overlapping saved: 0.4 for 5 s of waiting in 3 s."""
        return max(0.0, 1.0 - self.waited / self.waits) if self.waits > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole run, laid out. Lanes stand in the order in which they are drawn."""

    title: str
    lanes: tuple[Lane, ...]
    end: float
    measure: Measure
    hidden: int = 0
    """How many lanes were collapsed into "+ n more"."""
    running: bool = False
    """True while the run is still under way: the last spans are open."""
    warnings: tuple[str, ...] = ()
    """What makes this picture less than the whole truth: "record-truncated", …"""


@dataclass(frozen=True, slots=True)
class Captions:
    """The words in a picture, in one language. The tutor's words provide them."""

    main: str
    """What the main thread's own lane is called."""
    running: str
    waiting: str
    ready: str
    blocked: str
    printed: str
    cancelled: str
    failed: str
    seconds: str
    """What follows a number of seconds on the axis: " s", "초"."""
    more: str
    """How many lanes were collapsed; holds `{count}`."""
    elapsed: str
    """The measured time under a title; holds `{seconds}`."""
    incomplete: str
    """Shown where the record is not whole."""
    saved: str = ""
    """How much waiting overlapped; holds `{waits}` and `{percent}`."""
    milliseconds: str = " ms"
    """What follows a number of milliseconds on the axis."""
    thread: str = ""
    """Stands behind the name of a thread's lane; "" for nothing."""
    numbered: str = ""
    """What a printed line is called where lines carry their numbers; `printed` if empty."""

    def of(self, kind: SpanKind | MarkKind) -> str:
        """Return what a state is called, or what a mark stands for."""
        named: str = getattr(self, "printed" if kind == "line" else kind)
        return named


HUES: Final = 8
"""Hues by which tasks and threads are told apart, besides the main thread's own."""


def hue_number(lane: int) -> int:
    """Return the number of a lane's hue, the same in lines, code and picture: from 1 to `HUES`.

    0 is the main thread's.
    """
    return 0 if lane == MAIN_LANE else 1 + (lane - 1) % HUES
