"""Text for a picture: what a stranger wrote made printable, one line, bounded; and figures."""

import unicodedata

NAME_LIMIT = 64
"""Characters of a lane's name, a title, or of what is waited for."""

TEXT_LIMIT = 200
"""Characters of a printed line or an exception."""

_SCAN = 4
"""How many times the limit is looked at: enough to fill it, however long the rest is."""


def plain(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return `text` on one line, without characters that steer a renderer, at most `limit` long.

    White space of any kind becomes one blank. Control characters, lone surrogates, private and
    unassigned code points become U+FFFD, and Hangul in parts becomes syllables. Invisible format
    characters go, among them those that turn the direction of writing (Unicode Technical
    Report 36, section 2.6).
    """
    kept = [_kept(character) for character in text[: limit * _SCAN]]
    line = unicodedata.normalize("NFC", " ".join("".join(kept).split()))
    whole = len(text) <= limit * _SCAN and len(line) <= limit
    return line if whole else f"{line[: limit - 1]}…"


def shorten(text: str, room: int) -> str:
    """Return `text` cut in its middle to at most `room` characters; both ends tell lanes apart."""
    if len(text) <= room:
        return text
    if room <= 1:
        return "…"[:room]
    tail = (room - 1) // 2
    return f"{text[: room - 1 - tail]}…{text[len(text) - tail :]}"


def begun(text: str, room: int) -> str:
    """Return `text` cut at its end to at most `room` characters; its beginning says most."""
    return text if len(text) <= room else f"{text[: max(room - 1, 0)]}…"[:room]


def seconds(value: float) -> str:
    """Return a measured time as it is written beside a picture: 120.5, 3.00, or 0.004."""
    return f"{value:.{1 if value >= 100 else 2 if value >= 1 else 3}f}"  # noqa: PLR2004 - digits


def _kept(character: str) -> str:
    """Return what stands for one character."""
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return "\N{REPLACEMENT CHARACTER}" if category.startswith("C") else character
