"""The parts of a reply that learners fill in. No platform is named here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.lessons.exercise import assembled, tuned


@dataclass(frozen=True, slots=True)
class Ending:
    """A way in which a run may end."""

    key: str
    """Tells it from the others: "ok", "timeout", "error:ValueError"."""
    label: str
    """What it is called, in the learner's language."""


@dataclass(frozen=True, slots=True)
class Quiz:
    """A prediction to make: pick one of `times` and of `endings`, and put `lines` in order.

    All are shuffled, the same way each time, so that their places tell nothing.
    """

    scenario: str
    times: tuple[float, ...]
    """Seconds to choose from."""
    lines: tuple[str, ...]
    """The lines that will be printed and, with `decoys`, some that never are."""
    decoys: bool = False
    """True where some of the lines may never be printed: those are to be left out."""
    endings: tuple[Ending, ...] = ()
    """How the run may end; empty where that is no question."""
    orders: tuple[tuple[str, ...], ...] = ()
    """Whole orders to choose one from, where a platform cannot have lines put in order."""


@dataclass(frozen=True, slots=True)
class Editor:
    """A place to write code of one's own, where the platform has one."""

    code: str = field(default="", repr=False)
    """What stands in it to begin with."""
    exercise: str = ""
    """The id of the exercise that the code is handed in to; "" for code that is only run."""


@dataclass(frozen=True, slots=True)
class BlocksForm:
    """Pieces of a program to choose from and to put in order."""

    exercise: str
    blocks: tuple[str, ...]
    """Their code, in an order that tells nothing; some belong nowhere."""
    places: int
    """How many of them a solution has."""
    above: str = ""
    """What stands above them."""

    def program(self, order: Sequence[int]) -> str:
        """Return what is handed in with these blocks in this order, counted from 0."""
        return assembled(self.above, [self.blocks[number] for number in order])


@dataclass(frozen=True, slots=True)
class NumberForm:
    """One number to choose."""

    exercise: str
    name: str
    """What it is called in the code."""
    code: str
    """The program that it stands in."""
    least: float
    most: float

    def program(self, number: str) -> str:
        """Return what is handed in with this number."""
        return tuned(self.code, self.name, number)


@dataclass(frozen=True, slots=True)
class OfferedReason:
    """One reason that can be chosen."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ReasonsForm:
    """What is offered to choose one reason from."""

    exercise: str
    reasons: tuple[OfferedReason, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """What a learner predicts of a run."""

    seconds: float | None
    """The predicted time; None where the learner gave none."""
    order: tuple[str, ...]
    """The printed lines in the predicted order; empty where the learner gave none. Where a quiz has
    decoys, a line that is left out is predicted never to be printed."""
    ending: str | None = None
    """The key of the predicted `Ending`; None where the learner gave none."""
