"""What a lesson is. These models are the YAML's schema: every field a lesson author writes.

A scenario's code is written once. Where it prints a phrase, the code holds `<<key>>` inside
a string, and `phrases` gives that key's text in each language. Expected lines use the same
keys, so one expectation holds in every language.
"""

import operator
import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)
from pydantic_core import PydanticCustomError

from bot.runner.model import Outcome

Locale = Literal["ko", "en"]
LOCALES: tuple[Locale, ...] = ("ko", "en")

NAME_PATTERN = r"^[a-z][a-z0-9_]{0,31}$"
TEXT_PATTERN = r"\S"
URL_PATTERN = r"^https://[^\s<>\"')]+$"
RELEASE_PATTERN = r"^3\.\d{1,2}$"
RELEASES_PATTERN = r"^(<|<=|==|>=|>)3\.\d{1,2}$"
CLASS_PATTERN = r"^[A-Za-z_][A-Za-z0-9_.]*$"

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
"""An id: lower-case letters, digits and underscores, at most 32, starting with a letter."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Part(BaseModel):
    """Base of all parts of a lesson: immutable, and no field may be unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Localized(Part):
    """One text in each language. Markdown where the field says so."""

    ko: Annotated[str, StringConstraints(pattern=TEXT_PATTERN)]
    """Korean, in the polite style (~합니다)."""
    en: Annotated[str, StringConstraints(pattern=TEXT_PATTERN)]
    """English."""

    def text(self, locale: Locale) -> str:
        """Return the text in `locale`."""
        return self.ko if locale == "ko" else self.en


def _at_most(limit: int, *, one_line: bool = False) -> AfterValidator:
    """Accept a `Localized` whose texts have at most `limit` characters each."""

    def check(value: Localized) -> Localized:
        for locale in LOCALES:
            text = value.text(locale)
            known = {"locale": locale, "limit": limit, "found": len(text)}
            if len(text) > limit:
                raise PydanticCustomError(
                    "text_too_long", "{locale}: {found} characters; at most {limit} fit", known
                )
            if one_line and "\n" in text.strip():
                raise PydanticCustomError("text_lines", "{locale}: must be a single line", known)
        return value

    return AfterValidator(check)


Title = Annotated[Localized, _at_most(80, one_line=True)]
Sentence = Annotated[Localized, _at_most(300, one_line=True)]
Paragraphs = Annotated[Localized, _at_most(2_500)]
Alias = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]
PythonVersion = Annotated[str, StringConstraints(pattern=RELEASE_PATTERN)]


class Link(Part):
    """A page to read on, best the official documentation."""

    title: Title
    """What the page is called; at most 80 characters."""
    url: Annotated[str, StringConstraints(pattern=URL_PATTERN, max_length=400)]
    """Its address; https only."""


class Concept(Part):
    """Something that `/explain` explains."""

    id: Name
    """What `/explain` takes. Unique among all concepts."""
    title: Title
    """Shown as the heading; at most 80 characters."""
    aliases: tuple[Alias, ...] = ()
    """Other names that learners may type, in any language."""
    summary: Sentence
    """The concept in one sentence."""
    explanation: Paragraphs
    """Markdown: paragraphs, lists, `code`, fenced code."""
    belief: Sentence | None = None
    """The common wrong belief, and what is true instead."""
    pitfalls: tuple[Sentence, ...] = ()
    """What goes wrong in practice; one sentence or two each."""
    since: PythonVersion | None = None
    """The Python that brought it; None for ideas older than Python's releases."""
    links: tuple[Link, ...] = ()
    """Pages to read on, best the official documentation."""
    next: tuple[Name, ...] = ()
    """Ids of scenarios or concepts to try next."""


class Pattern(Part):
    """A printed line that varies from run to run: a regular expression for the whole line."""

    matches: Line
    """A regular expression (Python's `re`) for the whole line; `<<key>>` stands for its text."""


TEXT_TAG, PATTERN_TAG, ANY_ORDER_TAG = "<text>", "<pattern>", "<any_order>"


def _line_kind(value: object) -> str | None:
    """Tell which kind of expected line a value is meant to be, so that errors speak of that."""
    if isinstance(value, str):
        return TEXT_TAG
    if isinstance(value, AnyOrder) or (isinstance(value, dict) and "any_order" in value):
        return ANY_ORDER_TAG
    return PATTERN_TAG if isinstance(value, dict | Pattern) else None


_Text = Annotated[Line, Tag(TEXT_TAG)]
_Pattern = Annotated[Pattern, Tag(PATTERN_TAG)]

ExpectedLine = Annotated[_Text | _Pattern, Discriminator(_line_kind)]
"""A printed line: its text with `<<key>>` for phrases, or a pattern."""


class AnyOrder(Part):
    """Lines that come in this place of the sequence, in whatever order."""

    any_order: Annotated[tuple[ExpectedLine, ...], Field(min_length=2)]
    """At least two lines."""


_AnyOrder = Annotated[AnyOrder, Tag(ANY_ORDER_TAG)]


class Before(Part):
    """One line that must be printed before another, wherever both stand."""

    first: ExpectedLine
    """The line that comes first."""
    then: ExpectedLine
    """The line that comes after it."""


class Elapsed(Part):
    """How long the run takes, in seconds."""

    about: Annotated[float, Field(ge=0, le=60)]
    """The time it takes on an idle machine."""
    tolerance: Annotated[float, Field(gt=0, le=60)] = 0.25
    """How much less or more is accepted."""

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest elapsed time that is accepted."""
        return max(0.0, self.about - self.tolerance), self.about + self.tolerance


class Expected(Part):
    """What one kind of Python does with a scenario."""

    outcome: Outcome = Outcome.OK
    """How the run ends."""
    error: Annotated[str, StringConstraints(pattern=CLASS_PATTERN)] | None = None
    """With `outcome: error`: the class name of the exception that ends the scenario."""
    lines: Annotated[
        tuple[Annotated[_Text | _Pattern | _AnyOrder, Discriminator(_line_kind)], ...],
        Field(max_length=200),
    ] = ()
    """The printed lines (stdout) in order; a group under `any_order` may come in any order."""
    complete: bool = True
    """False: other lines may stand before, between and after the expected ones."""
    before: tuple[Before, ...] = ()
    """Pairs of lines of which one comes before the other, wherever they stand."""
    elapsed: Elapsed | None = None
    """How long the run takes; left out where that varies."""


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


class RunLimits(Part):
    """Limits of one scenario, where they are to be lower than the bot's own."""

    wall_seconds: Annotated[float, Field(gt=0, le=60)] | None = None
    """Seconds until it is ended."""
    cpu_seconds: Annotated[int, Field(gt=0, le=60)] | None = None
    """Seconds of processor time."""
    memory_bytes: Annotated[int, Field(ge=64 * 2**20)] | None = None
    """Bytes of address space."""
    threads: Annotated[int, Field(ge=1)] | None = None
    """Threads at once."""
    output_bytes: Annotated[int, Field(ge=1)] | None = None
    """Bytes that it may print."""
    output_lines: Annotated[int, Field(ge=1)] | None = None
    """Lines that it may print."""


class Scenario(Part):
    """Something that `/run` runs."""

    id: Name
    """What `/run` takes. Unique among all scenarios."""
    title: Title
    """Shown as the heading; at most 80 characters."""
    aliases: tuple[Alias, ...] = ()
    """Other names that learners may type, in any language."""
    summary: Sentence
    """What this scenario shows, in one sentence; read before the run."""
    code: Annotated[str, StringConstraints(min_length=1, max_length=3_000)]
    """Python, with `<<key>>` inside strings where a phrase is printed."""
    phrases: dict[Name, Localized] = {}
    """The printed phrases. No quotes, backslashes, braces or line breaks in them."""
    expect: Expectation
    """What a run must do; `tutor lessons record` proposes it."""
    because: Sentence
    """Why it takes the time it takes and prints in the order it does; read after the run."""
    mistake: Sentence | None = None
    """What most learners predict wrongly here, and why."""
    counterpart: Name | None = None
    """The scenario worth comparing this one with."""
    python: PythonVersion | None = None
    """The oldest Python that can run it; None: every supported one."""
    limits: RunLimits = RunLimits()
    """Limits that are to be lower than the bot's own."""


class Comparison(Part):
    """A set of scenarios worth running side by side."""

    scenarios: Annotated[tuple[Name, ...], Field(min_length=2, max_length=5)]
    """Ids of two to five scenarios, of any lesson."""
    why: Sentence
    """Why their times and orders differ."""


class Lesson(Part):
    """One YAML file: a chapter of the course."""

    id: Name
    """Unique among all lessons; best the file's name."""
    order: Annotated[int, Field(ge=0, le=100_000)]
    """Where the chapter stands in the course."""
    title: Title
    """Shown as the heading; at most 80 characters."""
    aliases: tuple[Alias, ...] = ()
    """Other names that learners may type, in any language."""
    summary: Sentence
    """What is learned here, in one sentence."""
    requires: tuple[Name, ...] = ()
    """Ids of the lessons to take first."""
    concepts: tuple[Concept, ...] = ()
    """What is explained, in the order of the course."""
    scenarios: tuple[Scenario, ...] = ()
    """What is run, in the order of the course."""
    comparisons: tuple[Comparison, ...] = ()
    """Sets of scenarios worth running side by side."""
