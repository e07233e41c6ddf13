r"""The one border for hostile text: decides for every code point whether it is shown as it is.

Text from scenarios, chats and files passes through here before a person sees it, on every
platform. Nothing that comes out can steer a terminal, turn the direction of the text around it,
hide, or be drawn over its neighbours, and all of it can be encoded as UTF-8:

- `line`: one line, for a terminal, a log, or a list,
- `block`: several lines, with their newlines and tabs, for code and output,
- `label`: one line of bounded length, for names and titles in headings and pictures,
- `json_text`: a JSON document, in which the same characters are escaped as JSON does it.

C0 controls become their pictures (ESC is shown as U+241B); other blanks become a plain one;
everything else that does not show becomes what Python writes for it: \x9b, \u202e, \U000e0041.
This is presentation: HTML, Markdown and Discord's mentions have escapes of their own on top.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from enum import Enum, auto
from functools import lru_cache

MOST_COMBINING_MARKS = 6
"""Combining marks that one base may bear. Living scripts need up to five; stacks of hundreds cover
the lines around them (compare Unicode Standard Annex 15, section 13, which allows 30)."""

TAB = "    "
"""Stands for a tabulator where columns are counted."""

_SCAN = 4
"""How many times its limit a label is looked at: enough to fill it, however long the rest is."""


class Fate(Enum):
    """What happens to a code point."""

    SHOWN = auto()
    BLANK = auto()
    """Becomes U+0020: it looks like one."""
    NEWLINE = auto()
    TABULATOR = auto()
    PICTURE = auto()
    """Becomes the picture of a control character, from the block U+2400."""
    ESCAPED = auto()
    """Becomes an escape such as \\u202e."""
    MARK = auto()
    """Is drawn on the character before it: shown, if it is one of the first few there."""
    JOINER = auto()
    """Shown between two characters whose shapes it joins or parts, else escaped."""
    SELECTOR = auto()
    """Shown directly after a symbol whose look it selects, else escaped."""


# Characters of categories that are otherwise shown, but that leave nothing to be seen. The first
# four lines are those of the property Default_Ignorable_Code_Point (DerivedCoreProperties.txt of
# Unicode 16.0); the last two are drawn as nothing by their definition.
_UNSEEN = frozenset(
    (
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
        *range(0x180B, 0x1810),
        *range(0xFE00, 0xFE0E),
        *range(0xE0100, 0xE01F0),
        *(0x1D159, 0x16FE4, 0x13441, 0x13442),
        0xFFFC,  # object replacement character
    )
)
_BLANKS = frozenset((0x2800,))
"""Drawn as a blank, although not of a category of blanks: the Braille pattern without dots."""

_DRAWN_ON = (range(0x1160, 0x1200), range(0xD7B0, 0xD800))
"""Vowels and finals of Hangul in parts: letters, but they take no column of their own."""

_JOINING = "\u200c\u200d"
_SELECTORS = frozenset((0xFE0E, 0xFE0F))
"""Variation selectors 15 and 16: a symbol as text, or as an emoji."""

_CURSIVE = (range(0x0600, 0x0E00), range(0x0F00, 0x10A0), range(0x1780, 0x18B0))
"""Blocks of Arabic, Syriac, and the scripts of India and its neighbours, whose words need joiners
(Unicode Standard Annex 31, section 2.3)."""

_SIMPLE = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u03a1\u03a3-\u0481\u2010-\u2027\u2030-\u205e"
    "\u2190-\u23ff\u2500-\u27ff\u3001-\u3029\u3041-\u3096\u309b-\u30ff\u3131-\u3163"
    "\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9f]*"
)
"""Nothing but characters that are shown whatever stands around them, for the usual case."""

_CIRCLE = "\N{DOTTED CIRCLE}"
"""The base of a combining mark that has none in its text."""


def fate(code: int) -> Fate:  # noqa: PLR0911 - one row of the table after the other
    """Return what happens to a code point, from 0 to 0x10FFFF."""
    if code == 0x0A:  # noqa: PLR2004 - code points are numbers
        return Fate.NEWLINE
    if code == 0x09:  # noqa: PLR2004 - as above
        return Fate.TABULATOR
    if code < 0x20 or code == 0x7F:  # noqa: PLR2004 - as above
        return Fate.PICTURE
    if chr(code) in _JOINING:
        return Fate.JOINER
    if code in _SELECTORS:
        return Fate.SELECTOR
    if code in _UNSEEN:
        return Fate.ESCAPED
    category = unicodedata.category(chr(code))
    if code == 0x3000:  # noqa: PLR2004 - the ideographic space is as wide as what is around it
        return Fate.SHOWN
    if code in _BLANKS or (category == "Zs" and code != ord(" ")):
        return Fate.BLANK
    if category[0] == "M" or any(code in block for block in _DRAWN_ON):
        return Fate.ESCAPED if category == "Cn" else Fate.MARK
    return Fate.ESCAPED if category[0] in "CZ" and code != ord(" ") else Fate.SHOWN


def line(text: str) -> str:
    """Return `text` on one line: a newline becomes its picture, a tabulator four blanks."""
    return _shown(text, _on_one_line)


def block(text: str) -> str:
    """Return `text` with its newlines and tabulators."""
    return _shown(text, _in_a_block)


def label(text: str, limit: int) -> str:
    """Return `text` on one line of at most `limit` characters; white space becomes one blank.

    Letters in parts are composed (NFC), so that what cannot combine can draw them. However long
    the text is, only its beginning is looked at.
    """
    begun = unicodedata.normalize("NFC", " ".join(text[: limit * _SCAN].split()))
    shown = line(begun)
    if len(text) <= limit * _SCAN and len(shown) <= limit:
        return shown
    return f"{shown[: max(limit - 1, 0)].rstrip(_JOINING)}…"[: max(limit, 0)]


def json_text(document: str) -> str:
    r"""Return a JSON document in which all that is not shown as it is stands as \uXXXX.

    It means the same to whatever reads it.
    """
    return _shown(document, _in_json, quote='"')


def _shown(text: str, write: Callable[[str, Fate], str], quote: str = "") -> str:
    return text if _SIMPLE.fullmatch(text) else "".join(_Reader(text, write, quote).written())


class _Reader:
    """Reads a text from its beginning, and decides each character with regard to those before."""

    def __init__(self, text: str, write: Callable[[str, Fate], str], quote: str = "") -> None:
        """Make a reader.

        :param write: what stands for a character that is not shown as it is, and for a mark that
            has nothing to stand on
        :param quote: a character that is no part of the text, but stands around it
        """
        self._text = text
        self._write = write
        self._quote = quote
        self._base = ""
        self._marks = 0
        self._selected = False

    def written(self) -> Iterator[str]:
        """Yield what stands for each character."""
        for index, character in enumerate(self._text):
            kind = _fate_of(character)
            if kind is Fate.MARK:
                yield self._mark(character)
            elif kind is Fate.SELECTOR:
                yield self._selector(character)
            elif kind is Fate.JOINER:
                yield self._joiner(character, self._text[index + 1 : index + 2])
            else:
                nothing = kind is Fate.NEWLINE or character == self._quote
                self._stand_on("" if nothing else character)
                yield character if kind is Fate.SHOWN else self._write(character, kind)

    def _stand_on(self, base: str) -> None:
        self._base, self._marks, self._selected = base, 0, False

    def _mark(self, mark: str) -> str:
        self._marks += 1
        if self._marks > MOST_COMBINING_MARKS:
            return self._write(mark, Fate.ESCAPED)
        if self._base:
            return mark
        self._base = _CIRCLE
        return self._write(mark, Fate.MARK)

    def _selector(self, selector: str) -> str:
        if self._selected or self._marks or not _selectable(self._base):
            return self._write(selector, Fate.ESCAPED)
        self._selected = True
        return selector

    def _joiner(self, joiner: str, following: str) -> str:
        joins = _joined(self._base, following)
        self._stand_on(joiner)
        return joiner if joins else self._write(joiner, Fate.ESCAPED)


def _joined(before: str, after: str) -> bool:
    """Tell whether a joiner has a meaning here: between emoji, or in a cursive script's word."""
    if not before or not after:
        return False
    kinds = unicodedata.category(before), unicodedata.category(after)
    if kinds[0] in {"So", "Sk"}:
        return kinds[1] == "So" and _fate_of(after) is Fate.SHOWN
    return (
        kinds[0][0] == "L"
        and kinds[1][0] in "LM"
        and all(any(ord(it) in block for block in _CURSIVE) for it in (before, after))
        and _fate_of(after) in {Fate.SHOWN, Fate.MARK}
    )


def _selectable(base: str) -> bool:
    """Tell whether a base may have two looks: symbols, the digits of keycaps, and the like."""
    return base == "\N{INFORMATION SOURCE}" or (
        base != "" and unicodedata.category(base)[0] in "SNP" and _fate_of(base) is Fate.SHOWN
    )


@lru_cache(maxsize=4096)
def _fate_of(character: str) -> Fate:
    return fate(ord(character))


def _on_one_line(character: str, kind: Fate) -> str:
    """Return what stands for a character in one line of text."""
    match kind:
        case Fate.BLANK:
            return " "
        case Fate.TABULATOR:
            return TAB
        case Fate.MARK:
            return _CIRCLE + character
        case Fate.PICTURE | Fate.NEWLINE:
            return "\N{SYMBOL FOR DELETE}" if character == "\x7f" else chr(0x2400 + ord(character))
        case _:
            return _escape(character)


@lru_cache(maxsize=4096)
def _escape(character: str) -> str:
    return character.encode("ascii", "backslashreplace").decode()


def _in_a_block(character: str, kind: Fate) -> str:
    """Return what stands for a character in text of several lines."""
    kept = kind in {Fate.NEWLINE, Fate.TABULATOR}
    return character if kept else _on_one_line(character, kind)


@lru_cache(maxsize=4096)
def _in_json(character: str, _kind: Fate) -> str:
    r"""Return \uXXXX, or two of them for a code point beyond the first plane (RFC 8259, 7)."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
