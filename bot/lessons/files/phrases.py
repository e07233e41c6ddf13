"""Phrases: a scenario's code and expected lines, put into the learner's language."""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.languages import Locale
from bot.lessons.model import Localized, Scenario


class Phrased(Protocol):
    """What has phrases: a scenario, an exercise."""

    @property
    def phrases(self) -> Mapping[str, Localized]:
        """The printed phrases, by their keys."""
        ...


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


def with_phrases(template: str, part: Phrased, locale: Locale) -> str:
    """Return a text of a scenario or an exercise with its phrases in `locale`.

    :raises KeyError: if it uses a phrase that is not there
    """
    return PLACEHOLDER.sub(lambda found: part.phrases[found[1]].text(locale), template)


def pattern(template: str, part: Phrased, *locales: Locale) -> re.Pattern[str]:
    """Return an expected line's regular expression; a phrase in it stands for itself.

    With several languages, it stands for its text in any of them.

    :raises KeyError: if it uses a phrase that is not there
    :raises re.error: if it is no regular expression; a loaded lesson's always is
    """
    return re.compile(PLACEHOLDER.sub(lambda found: _any(found[1], part, locales), template))


def in_any_language(template: str, part: Phrased, locales: Sequence[Locale]) -> re.Pattern[str]:
    """Return what fits a text whose phrases are each in any of these languages.

    :raises KeyError: if it uses a phrase that is not there
    """
    pieces = PLACEHOLDER.split(template)  # texts and keys in turn
    return re.compile(
        "".join(
            _any(piece, part, locales) if place % 2 else re.escape(piece)
            for place, piece in enumerate(pieces)
        )
    )


def _any(key: str, part: Phrased, locales: Sequence[Locale]) -> str:
    texts = dict.fromkeys(re.escape(part.phrases[key].text(locale)) for locale in locales)
    return next(iter(texts)) if len(texts) == 1 else f"(?:{'|'.join(texts)})"
