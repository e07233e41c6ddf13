"""Makes text from anywhere harmless to show: no pings, no way out of a code block.

Pure. Sizes are in UTF-16 code units, Discord's strictest possible way to count characters.
"""

import re
from collections.abc import Mapping

from bot.text import visible

JOINER = "\u2060"
"""U+2060 WORD JOINER: invisible, has no width, and keeps two characters from being one token."""

_MENTION = re.compile(r"<(?=[@#/:]|a:|t:|id:)|@(?=everyone|here)", re.IGNORECASE)
_PING = re.compile(r"<(?=[@#][!&]?\d)|@(?=everyone|here)", re.IGNORECASE)
"""The mentions proper. In a code block none works, but that must not be the only bolt."""
_COMMAND = re.compile(r"(?<!`)`/(?P<name>[a-z]{1,32})(?P<rest>(?: [^`\n]*)?)`(?!`)")
_BACKTICKS = re.compile(r"`(?=`)")


def code(text: str) -> str:
    """Make `text` safe inside a fenced code block: it can neither end it nor colour it."""
    text = visible.block(text)
    if "`" in text:
        text = _BACKTICKS.sub("`" + JOINER, text)
    return _PING.sub(_parted, text) if "<" in text or "@" in text else text


def _parted(found: re.Match[str]) -> str:
    return found[0] + JOINER


def prose(markdown: str) -> str:
    """Make Markdown safe to show as such: mentions are broken up, an open fence is closed."""
    text = _MENTION.sub(_parted, visible.block(markdown)).strip()
    return text + "\n```" if text.count("```") % 2 else text


def mentioned(text: str, ids: Mapping[str, int]) -> str:
    """Make `/run gather` in safe Markdown a command to click, where the command's id is known.

    Discord shows the command's English name in every language, so this is for English alone.
    """
    parts = text.split("```")
    for at in range(0, len(parts), 2):
        parts[at] = _COMMAND.sub(lambda found: _mention(found, ids), parts[at])
    return "```".join(parts)


def _mention(found: re.Match[str], ids: Mapping[str, int]) -> str:
    if found["name"] not in ids:
        return found[0]
    rest = found["rest"].strip()
    return f"</{found['name']}:{ids[found['name']]}>" + (f" `{rest}`" if rest else "")


def one_line(text: str) -> str:
    """Make `text` one line of plain words, for labels and headings."""
    return _MENTION.sub(_parted, visible.line(" ".join(text.split())))


def plain(text: str) -> str:
    r"""Make `text` show as it is, Markdown's own signs included."""
    return re.sub(r"([\\`*_~|>#\[\]()-])", r"\\\1", one_line(text))


def size(text: str) -> int:
    """Return how long `text` is in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


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
