"""Use case: show code with what is expected of it, where nothing can be run or watched."""

from collections.abc import Iterator

from bot.lessons.expectation import Expected
from bot.lessons.files import phrases
from bot.lessons.library import Library
from bot.lessons.model import Locale, Scenario
from bot.lessons.request import request_for
from bot.tutor import following
from bot.tutor.model import Ask, Code, Compare, Heading, Note, Part, Predict, Reply, Run, Text, Why
from bot.tutor.services import Services
from bot.tutor.translation import mark
from bot.tutor.words import words

RunRequests = Run | Why | Predict | Compare
"""Requests that are answered with a run."""


def reading(services: Services, library: Library, ask: Ask, request: RunRequests) -> Reply:
    """Return each scenario's code, the lines and the time that its lesson expects, and why.

    :raises UnknownNameError: if a scenario is not known
    """
    names = request.names if isinstance(request, Compare) else (request.name,)
    scenarios = [library.scenario(name) for name in names]
    parts = [part for it in scenarios for part in _parts(services, it, ask.locale)]
    return Reply(
        (
            *parts,
            following.after_scenario(library, scenarios[0], ask.locale, python=services.python),
        )
    )


def _parts(services: Services, scenario: Scenario, locale: Locale) -> Iterator[Part]:
    say = words(locale).run
    yield Heading(scenario.title.text(locale))
    yield from mark(scenario.title, locale)
    yield Text(scenario.summary.text(locale))
    yield Code(request_for(scenario, locale, services.limits).code)
    expected = scenario.expect.on(services.python)
    if expected.elapsed:
        yield Note(say.likely(expected.elapsed.about))
    lines = [*_lines(scenario, expected, locale)]
    if lines:
        yield Text(f"**{say.likely_lines}**")
        yield Code("\n".join(lines), "text")
    yield Text(scenario.because.text(locale))


def _lines(scenario: Scenario, expected: Expected, locale: Locale) -> Iterator[str]:
    """Yield the expected lines; of one that varies from run to run, that it does."""
    for stage in expected.stages:
        for line in stage:
            yield phrases.with_phrases(line, scenario, locale) if isinstance(line, str) else "…"
