"""What people write around a value by mistake: quotes, a comment, its own name, brackets, and more.

Nothing of it is taken off silently: the value might have been meant so. It is told, with the value
without it, where that can be used.
"""

import re
import unicodedata
from collections.abc import Iterator

_QUOTES = "\"'`\u201c\u201d\u2018\u2019"
_HIDDEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Categories of characters that nobody sees (https://www.unicode.org/reports/tr44/)."""


def written_around(variable: str, found: str) -> Iterator[tuple[str, str]]:
    """Yield what may be wrong around a value, in words, with the value without it."""
    if hidden := [it for it in found if it != " " and unicodedata.category(it) in _HIDDEN]:
        which = f"a character that cannot be seen (U+{ord(hidden[0]):04X})"
        yield which, "".join(it for it in found if it not in hidden).strip()
    name, equals, rest = found.partition("=")
    if equals and variable.endswith(name.strip().upper()):
        yield "its own name before it", rest.strip()
    before, mark, _ = found.partition(" #")
    if mark:
        yield "a comment behind it", before.strip()
    bare = found
    if found[:1] + found[-1:] in {"[]", "{}", "()", "<>"}:
        bare = found[1:-1].strip()
        yield "brackets", bare
    if any(it in bare for it in _QUOTES):
        entries = (part.strip().strip(_QUOTES).strip() for part in bare.split(","))
        yield ("quotes" if bare == found else "quotes and brackets"), ",".join(entries)
    if re.search("[;|]", found):
        commas = re.sub(r"\s*[;|]\s*", ",", found).strip(",")
        yield "other marks than commas between its entries", commas
