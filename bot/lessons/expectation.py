"""What a run must do: its lines in a partial order, its time, its outcome, by Python version.

And what learners are offered to predict beside that: an author's honest quiz.
"""

import operator
import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any

from pydantic import Discriminator, Field, StringConstraints, Tag

from bot.lessons.text import LessonPart, Sentence
from bot.runner.model import Outcome

RELEASES_PATTERN = r"^(<|<=|==|>=|>)3\.\d{1,2}$"
CLASS_PATTERN = r"^[A-Za-z_][A-Za-z0-9_.]*$"

MOST_LINES = 10
"""More printed lines are not put in order: that would take too much patience."""
MOST_DECOYS = 5
"""More lines that are never printed would be a puzzle of their own."""
MOST_CHOICES = 4
"""Wrong answers to one question."""

PlainLine = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Pattern(LessonPart):
    """A printed line that varies from run to run: a regular expression for the whole line."""

    matches: PlainLine
    """A regular expression (Python's `re`) for the whole line; `<<key>>` stands for its text."""


TEXT_TAG, PATTERN_TAG, ANY_ORDER_TAG = "<text>", "<pattern>", "<any_order>"


def _line_kind(value: object) -> str | None:
    """Tell which kind of expected line a value is meant to be, so that errors speak of that."""
    if isinstance(value, str):
        return TEXT_TAG
    if isinstance(value, AnyOrder) or (isinstance(value, dict) and "any_order" in value):
        return ANY_ORDER_TAG
    return PATTERN_TAG if isinstance(value, dict | Pattern) else None


_Text = Annotated[PlainLine, Tag(TEXT_TAG)]
_Pattern = Annotated[Pattern, Tag(PATTERN_TAG)]

ExpectedLine = Annotated[_Text | _Pattern, Discriminator(_line_kind)]
"""A printed line: its text with `<<key>>` for phrases, or a pattern."""


class AnyOrder(LessonPart):
    """Lines that come in this place of the sequence, in whatever order."""

    any_order: Annotated[tuple[ExpectedLine, ...], Field(min_length=2)]
    """At least two lines."""


_AnyOrder = Annotated[AnyOrder, Tag(ANY_ORDER_TAG)]


ExpectedLines = Annotated[
    tuple[Annotated[_Text | _Pattern | _AnyOrder, Discriminator(_line_kind)], ...],
    Field(max_length=200),
]
"""Printed lines in order; a group under `any_order` may come in any order."""


class Before(LessonPart):
    """One line that must be printed before another, wherever both stand."""

    first: ExpectedLine
    """The line that comes first."""
    then: ExpectedLine
    """The line that comes after it."""


class Elapsed(LessonPart):
    """How long the run takes, in seconds."""

    about: Annotated[float, Field(ge=0, le=60)]
    """The time it takes on an idle machine."""
    tolerance: Annotated[float, Field(gt=0, le=60)] = 0.25
    """How much less or more is accepted."""

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest elapsed time that is accepted."""
        return max(0.0, self.about - self.tolerance), self.about + self.tolerance


class Expected(LessonPart):
    """What one kind of Python does with a scenario."""

    outcome: Outcome = Outcome.OK
    """How the run ends."""
    error: Annotated[str, StringConstraints(pattern=CLASS_PATTERN)] | None = None
    """With `outcome: error`: the class name of the exception that ends the scenario."""
    lines: ExpectedLines = ()
    """The printed lines (stdout) in order; a group under `any_order` may come in any order."""
    complete: bool = True
    """`false`: other lines may stand before, between and after the expected ones."""
    before: tuple[Before, ...] = ()
    """Pairs of lines of which one comes before the other, wherever they stand."""
    elapsed: Elapsed | None = None
    """How long the run takes; left out where that varies."""

    @property
    def stages(self) -> tuple[tuple[str | Pattern, ...], ...]:
        """The lines in groups that follow one another; those of a group come in any order."""
        return tuple(it.any_order if isinstance(it, AnyOrder) else (it,) for it in self.lines)


def _release(version: str) -> tuple[int, int] | None:
    """Return (major, minor) of a version such as "3.12.1" or "3.12"; None for no version."""
    found = re.match(r"(\d{1,3})\.(\d{1,3})", version)
    return (int(found[1]), int(found[2])) if found else None


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


class VersionCase(Expected):
    """What differs on some Pythons. It replaces the whole expectation there."""

    python: Annotated[str, StringConstraints(pattern=RELEASES_PATTERN)]
    """Which Pythons: "<3.12", ">=3.13", "==3.11"."""


class Expectation(Expected):
    """What a run of the scenario must do."""

    versions: tuple[VersionCase, ...] = ()
    """Cases for Pythons that do it differently; the first that fits is used."""

    def on(self, python: str) -> Expected:
        """Return what is expected on the Python of this version, as in "3.12.1".

        Where the version is not known (a run that never started), the main expectation.
        """
        version = _release(python)
        if version is None:
            return self
        for case in self.versions:
            comparison = case.python.rstrip("0123456789.")
            wanted = _release(case.python.removeprefix(comparison))
            if _COMPARE[comparison](version, wanted):
                return case
        return self


class TimeChoice(LessonPart):
    """A wrong time that follows from a misconception."""

    seconds: Annotated[float, Field(ge=0, le=60)]
    """The time that one expects who believes it."""
    believes: Sentence
    """The answer to this choice: what would have to be true for it, and what is true instead."""


class EndingChoice(LessonPart):
    """A wrong ending that follows from a misconception."""

    outcome: Outcome = Outcome.OK
    """How one expects the run to end who believes it."""
    error: Annotated[str, StringConstraints(pattern=CLASS_PATTERN)] | None = None
    """With `outcome: error`: the class name of the exception that one expects."""
    believes: Sentence
    """The answer to this choice: what would have to be true for it, and what is true instead."""


def template_of(line: str | Pattern) -> str:
    """Return an expected line as it is written: its text, or its pattern."""
    return line.matches if isinstance(line, Pattern) else line


def templates(expected: Expected) -> Iterator[tuple[tuple[str | int, ...], str | Pattern]]:
    """Yield each expected line, as it is written, with its place."""
    for number, entry in enumerate(expected.lines):
        if isinstance(entry, AnyOrder):
            for inner, line in enumerate(entry.any_order):
                yield ("lines", number, "any_order", inner), line
        else:
            yield ("lines", number), entry
    for number, pair in enumerate(expected.before):
        yield ("before", number, "first"), pair.first
        yield ("before", number, "then"), pair.then
