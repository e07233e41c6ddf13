"""What is asked of the tutor, and what it answers. No platform is named here."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, Self

from bot.languages import Locale
from bot.tutor.forms import BlocksForm, Editor, Guess, NumberForm, Quiz, ReasonsForm
from bot.tutor.run_parts import Measured, Picture, Sequence

NameKind = Literal["lesson", "concept", "scenario", "exercise"]


@dataclass(frozen=True, slots=True)
class Help:
    """Asks what can be done here."""


@dataclass(frozen=True, slots=True)
class ListLessons:
    """Asks what there is to learn; with `lesson`, for one chapter of it."""

    lesson: str = ""


@dataclass(frozen=True, slots=True)
class Explain:
    """Explain a concept."""

    name: str


@dataclass(frozen=True, slots=True)
class Run:
    """Run a scenario."""

    name: str


FEWEST_COMPARED, MOST_COMPARED = 2, 5
"""How many scenarios can be compared."""


@dataclass(frozen=True, slots=True)
class Why:
    """Run a scenario, and tell of each line why it was printed when it was."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare:
    """Run two to five scenarios at the same time, side by side."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Predict:
    """Predict a scenario's run. Without a guess: asks for the quiz. With one: runs and compares."""

    name: str
    guess: Guess | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """Run a learner's own code. Without code: asks how to hand some over."""

    code: str = field(default="", repr=False)
    """As it was typed or pasted. It is never logged."""
    origin: str = ""
    """A file's name, or the id of the scenario that was or is changed; "" where it was typed."""
    why: bool = False
    """Tell of each line why it was printed when it was."""


@dataclass(frozen=True, slots=True)
class Solve:
    """Do an exercise. Without an answer: asks for its task, or a hint (`bot.tutor.hints`)."""

    name: str = ""
    """"" asks which exercises there are."""
    answer: str = field(default="", repr=False)
    """A program, or the id of a choice. It is never logged."""


Request = Help | ListLessons | Explain | Run | Why | Compare | Predict | Try | Solve


@dataclass(frozen=True, slots=True)
class Ask:
    """One learner's request."""

    learner: str
    """Who asks: a key, the same for the same person, that begins with "PLATFORM:"."""
    locale: Locale
    what: Request
    place: str = ""
    """Where it was asked: a key for the server or room, for limits by place."""
    live: bool = False
    """True where lanes are shown as they move: updates also come while nothing is printed."""
    run_nothing: bool = False
    """True where code shall be shown with what is expected of it, and not run."""
    page: bool = False
    """True where the answer is a page: runs can be stepped through, the course is a map there."""
    replay: bool = False
    """True where a run is to be shown moving: the learner's last one, where it is remembered."""
    reference: str = field(default_factory=lambda: secrets.token_hex(4), compare=False)
    """Stands in every log line about this request, and in what a learner is told to report."""

    @property
    def platform(self) -> str:
        """Where the learner is: the first part of their key."""
        return self.learner.partition(":")[0] if ":" in self.learner else ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A title line."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """Prose in the tutor's Markdown: paragraphs, lists, bold, `code`, fenced code, links."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Note:
    """A line that stands out: a hint, a warning, an error."""

    markdown: str
    tone: Literal["info", "good", "warning", "error"] = "info"
    lines: tuple[int | None, ...] = ()
    """The code's line that each item of its list, or else all of it, is about; None: of none."""


@dataclass(frozen=True, slots=True)
class Code:
    """Source code or a traceback, shown as it is."""

    text: str
    language: str = "python"


@dataclass(frozen=True, slots=True)
class Table:
    """A small table."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to ask next, offered as a button or a command to type."""

    label: str
    what: Request
    hindered: str = ""
    """Why it cannot be done here, in words; "" where it can."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What to do next."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page to read on."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One lesson in the map of the course."""

    number: int
    title: str
    what: ListLessons
    summary: str
    concepts: tuple[Choice, ...]
    scenarios: tuple[Choice, ...]
    comparisons: tuple[Choice, ...]
    exercises: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Fold:
    """More about a run: its code and lines, where a platform can fold them; else left out."""

    title: str
    parts: tuple[Code | Sequence, ...]


@dataclass(frozen=True, slots=True)
class CourseMap:
    """Lessons with all that is in them, for a page; elsewhere they are listed as text."""

    chapters: tuple[Chapter, ...]


_Read = Heading | Text | Note | Code | Table | PageLink | Fold | CourseMap
_Watched = Sequence | Measured | Picture
_Used = Choices | Quiz | Editor | BlocksForm | NumberForm | ReasonsForm
Part = _Read | _Watched | _Used


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole answer as it stands now. Each update of a reply replaces the one before it."""

    parts: tuple[Part, ...]
    final: bool = True
    private: bool = False
    """For the asker alone, where the platform can do that."""
    failed: bool = False
    """True where the request could not be served (unknown name, queue full, refused)."""
    shareable: bool = False
    """For the asker alone, but they may show it to everybody."""
    attachment: str = field(default="", repr=False)
    """The full output of a run, where `Sequence` may be shortened; "" for none."""

    @classmethod
    def refusing(cls, sentence: str, *more: Part) -> Self:
        """Return the answer to a request that cannot be served: why not, and what follows that."""
        return cls((Note(sentence, "error"), *more), private=True, failed=True)


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer under way, as it stands at this moment, whose reply is not made yet.

    Parts cost more than the run: they are made when they can be shown. A draft is never final.
    """

    make: Callable[[], Awaitable[Reply]]
    """Makes the reply, off the event loop; made later, it shows what has come since."""


Update = Reply | Draft
"""What takes the place of everything that was answered before it."""
