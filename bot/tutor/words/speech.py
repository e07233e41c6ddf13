"""How a sentence is said: every sentence names each language, so that none can be forgotten."""

from dataclasses import dataclass

from bot.languages import Locale, say
from bot.text import visible

_LONGEST_SPAN = 80


@dataclass(frozen=True, slots=True)
class Speech:
    """Base of all words. A sentence is a method or property that calls `_say`."""

    locale: Locale

    def _say(self, *, ko: str, en: str, **values: object) -> str:
        """Return the sentence in the learner's language, with the values in their places.

        Both are written out, not put together: further languages are found by the English one.
        """
        return say(self.locale, ko=ko, en=en, values=values)

    def seconds(self, value: float) -> str:
        """Return a duration with as many decimals as say something: "3.0 s", "0.25 s"."""
        decimals = 1 if value >= 1 else 2 if value >= 0.1 or value == 0 else 3  # noqa: PLR2004 - a rounding rule, not magic
        return self.exactly(f"{value:.{decimals}f}")

    def milliseconds(self, value: float) -> str:
        """Return a measured duration to the millisecond: "3.002 s"."""
        return self.exactly(f"{value:.3f}")

    def exactly(self, number: str) -> str:
        """Return a number of seconds with its unit."""
        return self._say(ko="{number}초", en="{number} s", number=number)


def span(text: str, limit: int = _LONGEST_SPAN) -> str:
    """Return what a stranger wrote as inline code: one line, bounded, unable to break out."""
    line = visible.label(text, limit).replace("`", "'")
    return f"`{line or ' '}`"
