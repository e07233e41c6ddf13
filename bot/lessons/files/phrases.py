"""Phrases: a scenario's code and expected lines, put into the learner's language."""

import re

from bot.lessons.model import Locale, Scenario

PLACEHOLDER = re.compile(r"<<(\w+)>>")
"""Where a phrase goes, in code and in expected lines; group 1 is its key."""


def keys(template: str) -> tuple[str, ...]:
    """Return the keys of the phrases that `template` uses, in order, repeated as they are."""
    return tuple(PLACEHOLDER.findall(template))


def code_in(scenario: Scenario, locale: Locale) -> str:
    """Return the scenario's Python source text as it runs in `locale`.

    :raises KeyError: if it uses a phrase that it does not have; a loaded lesson never does
    """
    return with_phrases(scenario.code, scenario, locale)


def with_phrases(template: str, scenario: Scenario, locale: Locale) -> str:
    """Return a text of the scenario with its phrases in `locale`.

    :raises KeyError: if it uses a phrase that the scenario does not have
    """
    return PLACEHOLDER.sub(lambda found: scenario.phrases[found[1]].text(locale), template)


def pattern(template: str, scenario: Scenario, locale: Locale) -> re.Pattern[str]:
    """Return an expected line's regular expression; a phrase in it stands for itself.

    :raises KeyError: if it uses a phrase that the scenario does not have
    :raises re.error: if it is no regular expression; a loaded lesson's always is
    """
    return re.compile(
        PLACEHOLDER.sub(lambda found: re.escape(scenario.phrases[found[1]].text(locale)), template)
    )
