"""What a lesson is. These models are the YAML's schema: every field a lesson author writes.

A scenario's code is written once. Where it prints a phrase, the code holds `<<key>>` inside
a string, and `phrases` gives that key's text in each language. Expected lines use the same
keys, so one expectation holds in every language.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.languages import LOCALES, Locale
from bot.lessons.exercise import Exercise
from bot.lessons.expectation import (
    MOST_CHOICES,
    MOST_DECOYS,
    AnyOrder,
    EndingChoice,
    Expectation,
    Expected,
    ExpectedLine,
    Pattern,
    PlainLine,
    TimeChoice,
)
from bot.lessons.text import (
    URL_PATTERN,
    Alias,
    LanguageCode,
    LessonPart,
    Localized,
    Name,
    Paragraphs,
    PythonVersion,
    Sentence,
    Title,
)

__all__ = [
    "LOCALES",
    "AnyOrder",
    "Comparison",
    "Concept",
    "Expectation",
    "Expected",
    "ExpectedLine",
    "LanguageCode",
    "Lesson",
    "LessonPart",
    "Link",
    "Locale",
    "Localized",
    "Pattern",
    "RunLimits",
    "Scenario",
]


Url = Annotated[str, StringConstraints(pattern=URL_PATTERN, max_length=400)]
"""An address that a lesson may link to."""


class Link(LessonPart):
    """A page to read on, best the official documentation."""

    title: Title
    """What the page is called; at most 80 characters."""
    url: Url
    """Its address; https only."""
    translated: dict[LanguageCode, Url] = Field(default_factory=dict)
    """Addresses of its translations, by language: `{ko: https://…}`."""

    def address(self, locale: Locale) -> str:
        """Return where readers of this language find the page."""
        return self.translated.get(locale, self.url)


class Concept(LessonPart):
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
    """The Python that brought it; left out for ideas that are older than Python's releases."""
    links: tuple[Link, ...] = ()
    """Pages to read on, best the official documentation."""
    next: tuple[Name, ...] = ()
    """Ids of scenarios or concepts to try next."""


class RunLimits(LessonPart):
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


class Scenario(LessonPart):
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
    phrases: dict[Name, Localized] = Field(default_factory=dict)
    """The printed phrases. No quotes, backslashes, braces or line breaks in them."""
    expect: Expectation
    """What a run must do; `tutor lessons record` proposes it."""
    because: Sentence
    """Why it takes the time it takes and prints in the order it does; read after the run."""
    mistake: Sentence | None = None
    """What is easily predicted wrongly here, and why."""
    question: Sentence | None = None
    """What `/predict` asks above the code. It tells neither the time nor the outcome."""
    decoys: Annotated[tuple[PlainLine, ...], Field(max_length=MOST_DECOYS)] = ()
    """Lines that are never printed, offered among those that are; `<<key>>` as in the code."""
    choices: Annotated[tuple[TimeChoice, ...], Field(max_length=MOST_CHOICES)] = ()
    """Wrong times to choose from, each a real misconception; the right one is `elapsed`'s."""
    endings: Annotated[tuple[EndingChoice, ...], Field(max_length=MOST_CHOICES)] = ()
    """Wrong endings to choose from, where it is a question how the run ends."""
    counterpart: Name | None = None
    """The scenario worth comparing this one with."""
    python: PythonVersion | None = None
    """The oldest Python that can run it; left out where every supported one can."""
    limits: RunLimits = RunLimits()
    """Limits that are to be lower than the bot's own."""


class Comparison(LessonPart):
    """A set of scenarios worth running side by side."""

    scenarios: Annotated[tuple[Name, ...], Field(min_length=2, max_length=5)]
    """Ids of two to five scenarios, of any lesson."""
    why: Sentence
    """Why their times and orders differ."""


class Lesson(LessonPart):
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
    exercises: tuple[Exercise, ...] = ()
    """What learners do themselves, in the order of the course."""

    @property
    def languages(self) -> tuple[Locale, ...]:
        """The languages that the whole lesson is in; the title, like each text, is in all."""
        return self.title.languages
