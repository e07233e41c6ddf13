"""What a lesson is. These models are the YAML's schema: every field a lesson author writes.

A scenario's code is written once. Where it prints a phrase, the code holds `<<key>>` inside
a string, and `phrases` gives that key's text in each language. Expected lines use the same
keys, so one expectation holds in every language.
"""

import operator
import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bot.runner.model import Outcome

Locale = Literal["ko", "en"]
LOCALES: tuple[Locale, ...] = ("ko", "en")

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
"""An id: lower-case letters, digits and underscores, at most 32, starting with a letter."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Part(BaseModel):
    """Base of all parts of a lesson: immutable, and no field may be unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Localized(Part):
    """One text in each language. Markdown where the field says so."""

    ko: Annotated[str, StringConstraints(min_length=1)]
    en: Annotated[str, StringConstraints(min_length=1)]

    def text(self, locale: Locale) -> str:
        """Return the text in `locale`."""
        return self.ko if locale == "ko" else self.en


def _short(limit: int) -> AfterValidator:
    """Accept a `Localized` whose texts are one line of at most `limit` characters."""

    def check(value: Localized) -> Localized:
        for locale in LOCALES:
            text = value.text(locale)
            if len(text) > limit:
                raise ValueError(f"{locale}: {len(text)} characters; at most {limit} fit")
            if "\n" in text.strip():
                raise ValueError(f"{locale}: must be a single line")
        return value

    return AfterValidator(check)


def _long(limit: int) -> AfterValidator:
    """Accept a `Localized` whose texts have at most `limit` characters each."""

    def check(value: Localized) -> Localized:
        for locale in LOCALES:
            if len(value.text(locale)) > limit:
                found = len(value.text(locale))
                raise ValueError(f"{locale}: {found} characters; at most {limit} fit")
        return value

    return AfterValidator(check)


Title = Annotated[Localized, _short(80)]
Sentence = Annotated[Localized, _short(300)]
Paragraphs = Annotated[Localized, _long(2_500)]
Alias = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]
PythonVersion = Annotated[str, StringConstraints(pattern=r"^3\.\d{1,2}$")]


class Link(Part):
    """A page to read on, best the official documentation."""

    title: Title
    url: Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"')]+$", max_length=400)]


class Concept(Part):
    """Something that `/explain` explains."""

    id: Name
    title: Title
    aliases: tuple[Alias, ...] = ()
    """Other names that learners may type, in any language."""
    summary: Sentence
    """The concept in one sentence."""
    explanation: Paragraphs
    """Markdown: paragraphs, lists, `code`, fenced code."""
    belief: Sentence | None = None
    """The common wrong belief, and what is true instead."""
    pitfalls: tuple[Sentence, ...] = ()
    since: PythonVersion | None = None
    """The Python that brought it; None for ideas older than Python's releases."""
    links: tuple[Link, ...] = ()
    next: tuple[Name, ...] = ()
    """Ids of scenarios or concepts to try next."""


class Pattern(Part):
    """A printed line that varies from run to run: a regular expression for the whole line."""

    matches: Line


ExpectedLine = Line | Pattern
"""A printed line: its text with `<<key>>` for phrases, or a pattern."""


class AnyOrder(Part):
    """Lines that come in this place of the sequence, in whatever order."""

    any_order: Annotated[tuple[ExpectedLine, ...], Field(min_length=2)]


class Before(Part):
    """One line that must be printed before another, wherever both stand."""

    first: ExpectedLine
    then: ExpectedLine


class Elapsed(Part):
    """How long the run takes, in seconds."""

    about: Annotated[float, Field(ge=0, le=60)]
    tolerance: Annotated[float, Field(gt=0, le=60)] = 0.25

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest elapsed time that is accepted."""
        return max(0.0, self.about - self.tolerance), self.about + self.tolerance


class Expected(Part):
    """What one kind of Python does with a scenario."""

    outcome: Outcome = Outcome.OK
    error: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.]*$")] | None = None
    """With `outcome: error`: the class name of the exception that ends the scenario."""
    lines: tuple[ExpectedLine | AnyOrder, ...] = ()
    """The printed lines (stdout) in order; a group under `any_order` may come in any order."""
    complete: bool = True
    """False: other lines may stand before, between and after the expected ones."""
    before: tuple[Before, ...] = ()
    elapsed: Elapsed | None = None


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

    python: Annotated[str, StringConstraints(pattern=r"^(<|<=|==|>=|>)3\.\d{1,2}$")]
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
    cpu_seconds: Annotated[int, Field(gt=0, le=60)] | None = None
    memory_bytes: Annotated[int, Field(ge=64 * 2**20)] | None = None
    threads: Annotated[int, Field(ge=1)] | None = None
    output_bytes: Annotated[int, Field(ge=1)] | None = None
    output_lines: Annotated[int, Field(ge=1)] | None = None


class Scenario(Part):
    """Something that `/run` runs."""

    id: Name
    title: Title
    aliases: tuple[Alias, ...] = ()
    summary: Sentence
    """What this scenario shows, in one sentence; read before the run."""
    code: Annotated[str, StringConstraints(min_length=1, max_length=3_000)]
    """Python, with `<<key>>` inside strings where a phrase is printed."""
    phrases: dict[Name, Localized] = {}
    """The printed phrases. No quotes, backslashes, braces or line breaks in them."""
    expect: Expectation
    because: Sentence
    """Why it takes the time it takes and prints in the order it does; read after the run."""
    mistake: Sentence | None = None
    """What most learners predict wrongly here, and why."""
    counterpart: Name | None = None
    """The scenario worth comparing this one with."""
    python: PythonVersion | None = None
    """The oldest Python that can run it; None: every supported one."""
    limits: RunLimits = RunLimits()


class Comparison(Part):
    """A set of scenarios worth running side by side."""

    scenarios: Annotated[tuple[Name, ...], Field(min_length=2, max_length=5)]
    why: Sentence
    """Why their times and orders differ."""


class Lesson(Part):
    """One YAML file: a chapter of the course."""

    id: Name
    order: Annotated[int, Field(ge=0, le=100_000)]
    """Where the chapter stands in the course."""
    title: Title
    aliases: tuple[Alias, ...] = ()
    summary: Sentence
    requires: tuple[Name, ...] = ()
    """Ids of the lessons to take first."""
    concepts: tuple[Concept, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
