"""The parts of a reply that show a run."""

from dataclasses import dataclass, field

from bot.runner.lane_events import MAIN_LANE
from bot.runner.model import Outcome, Stream
from bot.timeline.model import Measure, Timeline


@dataclass(frozen=True, slots=True)
class SequenceLine:
    """One printed line of a run. `text` comes from untrusted code: escape it."""

    at: float
    lane: str
    """The lane's name as drawn."""
    text: str
    stream: Stream = "stdout"
    lane_id: int = MAIN_LANE
    line: int | None = None
    """The code's own line that printed it; None where that is not known."""
    why: tuple[str, ...] = ()
    """Why it was printed when it was, back to the start: Markdown of one line each."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """What a run has printed so far, in order. A renderer shortens it where it must."""

    lines: tuple[SequenceLine, ...]
    running: bool = False
    """True while more lines may come."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How long a run took, in words, with its outcome."""

    markdown: str
    outcome: Outcome
    elapsed: float
    measure: Measure | None = None
    """What it waited and worked; None where that is not known, or not the code's own doing."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Timelines on a shared axis; the platform draws them in its own medium."""

    timelines: tuple[Timeline, ...]
    alt: str
    """What the picture shows, in words."""
    expected: float = 0.0
    """How many seconds a run under way is likely to take; 0.0 where that is not known."""
    replays: tuple[str, ...] = field(default=(), repr=False)
    """Each finished run to be stepped through, as `bot.timeline.replay` makes it."""
    moving: str = field(default="", repr=False)
    """The code beside which one finished run is to be shown moving; "" for a still picture."""
