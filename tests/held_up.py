"""What the bot says of a run that a busy computer held up.

It judges such a run neither way, tells for how long it was held up, and asks to run it again: on
whichever machine the tests run, that is as true as a verdict.
"""

import re

from bot.languages import locales
from bot.tutor.words import words

_SECONDS = 9.0
_TIME = re.compile(r"9\.0+")
"""Stands in a sentence where a time is told."""


def _pattern(sentence: str) -> str:
    """Return a sentence as a regular expression: with any time in it, however it is wrapped."""
    spaced = (r"\s+".join(map(re.escape, part.split(" "))) for part in _TIME.split(sentence, 1))
    return r"(\d+\.\d+)".join(spaced)


def _sentences() -> list[str]:
    said = [words(locale) for locale in locales()]
    return [
        told for say in said for told in (say.exercise.late(_SECONDS), say.run.starved(_SECONDS))
    ]


def held_up(said: str) -> float:
    """Seconds for which an answer says that its run was held up; 0.0 where it judges the run."""
    found = (re.search(_pattern(it), said) for it in _sentences())
    return next((float(it[1]) for it in found if it), 0.0)
