"""Which concept a message names, for "Explain this"."""

import re
from collections.abc import Iterator

from bot.languages import Locale
from bot.tutor.protocol import Suggestion, Tutor

_WORDS = 80
"""Words of a message that are looked at."""
_LONGEST = 3
"""Words in a concept's name, at most."""


def named(tutor: Tutor, message: str, locale: Locale) -> str | None:
    """Return the id of the concept that `message` names first; None if it names none.

    A longer name wins over a shorter one at the same place. Korean particles may follow a name.
    """
    for typed in _candidates(message):
        for suggestion in tutor.suggest("concept", typed, locale, 3):
            if _is_meant(typed, suggestion):
                return suggestion.id
    return None


def _candidates(message: str) -> Iterator[str]:
    """Yield the runs of words that may be a name, in order, the longest first."""
    words = re.findall(r"\w+", message)[:_WORDS]
    for start in range(len(words)):
        for length in range(min(_LONGEST, len(words) - start), 0, -1):
            yield " ".join(words[start : start + length])


def _is_meant(typed: str, suggestion: Suggestion) -> bool:
    """Tell whether `typed` is a name of what is suggested, rather than merely like one."""
    bare = _bare(typed)
    for name in (_bare(suggestion.id), _bare(suggestion.title)):
        korean = bool(re.search("[가-힣]$", name))
        if bare in {name, f"{name}s"} or (korean and bare.startswith(name)):
            return True
    return False


def _bare(name: str) -> str:
    """Return `name` without what people write differently."""
    return re.sub(r"[\W_]+", "", name).casefold()
