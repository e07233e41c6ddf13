"""How a sentence is said: every sentence names each language, so that none can be forgotten."""

from dataclasses import dataclass
from typing import Self, overload

from bot.languages import Locale, Wording, say
from bot.text import visible

_LONGEST_SPAN = 80


@dataclass(frozen=True, slots=True)
class Speech:
    """Base of all words. A sentence is a `FixedSentence`, or a method that calls `_say`."""

    locale: Locale

    def _say(self, *, ko: str, en: str, **values: object) -> str:
        """Return the sentence in the learner's language, with the values in their places.

        Both are written out, not put together: further languages are found by the English one.
        """
        return say(self.locale, ko=ko, en=en, values=values)

    def _filled(self, wording: Wording, **values: object) -> str:
        """Return a sentence of a table, with those of the values that it names in their places."""
        return self._say(ko=wording.ko, en=wording.en, **values)

    def sentences(self) -> dict[str, str]:
        """Return the fixed sentences by their names, as a page's script takes them."""
        fixed = (name for name, it in vars(type(self)).items() if isinstance(it, FixedSentence))
        return {name: getattr(self, name) for name in fixed}

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


class FixedSentence(Wording):
    """A sentence as an attribute of words, which read it in their own language.

    It has no values, or keeps its `{names}` for those who show it to fill in.
    """

    __slots__ = ()

    @overload
    def __get__(self, words: None, owner: type) -> Self: ...

    @overload
    def __get__(self, words: Speech, owner: type) -> str: ...

    def __get__(self, words: Speech | None, owner: type) -> Self | str:
        return self if words is None else self.text(words.locale)


def span(text: str, limit: int = _LONGEST_SPAN) -> str:
    """Return what a stranger wrote as inline code: one line, bounded, unable to break out."""
    line = visible.label(text, limit).replace("`", "'")
    return f"`{line or ' '}`"
