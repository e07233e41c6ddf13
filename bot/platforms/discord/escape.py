"""Makes text from anywhere harmless to show: no pings, no way out of a code block.

Pure. Sizes are in UTF-16 code units, Discord's strictest possible way to count characters.
"""

import re

JOINER = "\u2060"
"""U+2060 WORD JOINER: invisible, has no width, and keeps two characters from being one token."""

_SHOWN_AS_CODE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]"
)
"""Invisible characters and those that reorder text, zero-width joiner (emoji need it) excepted."""

_MENTION = re.compile(r"<(?=[@#/:]|a:|t:|id:)|@(?=everyone|here)", re.IGNORECASE)
_PING = re.compile(r"<(?=[@#][!&]?\d)|@(?=everyone|here)", re.IGNORECASE)
"""The mentions proper. In a code block none works, but that must not be the only bolt."""
_BACKTICKS = re.compile(r"`(?=`)")


def _picture(match: re.Match[str]) -> str:
    """Return the visible sign for a control character: U+2400 and up."""
    character = match[0]
    if character == "\x7f":
        return "\u2421"
    return chr(0x2400 + ord(character)) if character < " " else f"\\x{ord(character):02x}"


def visible(text: str) -> str:
    r"""Show what cannot be seen: controls as ␀ or ␛, direction overrides as \u202e.

    Newlines and tabs stay. Lone surrogates, which no JSON text may hold, become U+FFFD.
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", _picture, text)
    return _SHOWN_AS_CODE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def code(text: str) -> str:
    """Make `text` safe inside a fenced code block: it can neither end it nor colour it."""
    text = _BACKTICKS.sub("`" + JOINER, visible(text))
    return _PING.sub(lambda match: match[0] + JOINER, text)


def prose(markdown: str) -> str:
    """Make Markdown safe to show as such: mentions are broken up, an open fence is closed."""
    text = _MENTION.sub(lambda match: match[0] + JOINER, visible(markdown)).strip()
    return text + "\n```" if text.count("```") % 2 else text


def line(text: str) -> str:
    """Make `text` one line of plain words, for labels and headings."""
    return " ".join(_MENTION.sub(lambda match: match[0] + JOINER, visible(text)).split())


def plain(text: str) -> str:
    r"""Make `text` show as it is, Markdown's own signs included."""
    return re.sub(r"([\\`*_~|>#\[\]()-])", r"\\\1", line(text))


def size(text: str) -> int:
    """Return how long `text` is in UTF-16 code units."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def clip(text: str, limit: int) -> str:
    """Return `text` in at most `limit` UTF-16 units, ending in … where it was cut."""
    if size(text) <= limit:
        return text
    kept, room = [], limit - 1
    for character in text:
        room -= size(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept) + "…"


def clip_middle(text: str, limit: int) -> str:
    """Return `text` in at most `limit` UTF-16 units, with … in the middle where it was cut."""
    if size(text) <= limit:
        return text
    half = (limit - 1) // 2
    tail = clip(text[::-1], half)[::-1]
    return clip(text, half) + tail.lstrip("…")
