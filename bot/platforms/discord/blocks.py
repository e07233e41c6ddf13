"""Texts that know how to become shorter, and the one place that makes them fit together.

Pure. A block is safe to show at any length: cut or not, it holds no mention and leaves no code
fence open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.platforms.discord import escape

BLOCKS_LIMIT = 40
"""More blocks than these lose their middle; then each of the others has room for a few words."""

_HUGE = 4
"""Markdown so many times as long as the room is cut unseen: none becomes so much shorter, and
making hostile output ready would take half a second."""


class Block(Protocol):
    """One text of a message."""

    def text(self) -> str:
        """Return the whole of it, ready to be shown."""
        ...

    def within(self, limit: int) -> str | None:
        """Return `text()`, or None where that has more than `limit` UTF-16 units."""
        ...

    def shortened(self, limit: int) -> str:
        """Return it in at most `limit` UTF-16 units; `limit` is 60 or more."""
        ...

    def whole(self) -> str:
        """Return it as it stands in a text file, where nothing has to be escaped."""
        ...


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown. `before` and `after` are our own marks around it, never cut."""

    markdown: str
    before: str = ""
    commands: Mapping[str, int] = field(default_factory=dict)
    """Ids of commands: those named in it can be clicked."""

    def text(self) -> str:
        """Return the whole of it."""
        return self.before + escape.mentioned(escape.prose(self.markdown), self.commands)

    def within(self, limit: int) -> str | None:
        """Return the whole of it where it is short enough."""
        text = self.text() if len(self.markdown) <= _HUGE * limit else None
        return text if text is not None and escape.size(text) <= limit else None

    def shortened(self, limit: int) -> str:
        """Cut it at its end, between two lines if one ends late enough."""
        whole = self.within(limit)
        if whole is not None:
            return whole
        # A command that can be clicked must not be cut in two.
        text = self.before + escape.prose(self.markdown)
        cut = escape.clip(text, limit - len("\n```"))
        at = cut.rfind("\n")
        if at > len(cut) // 2:
            cut = cut[:at] + "\n…"
        return cut + "\n```" if cut.count("```") % 2 else cut

    def whole(self) -> str:
        """Return the Markdown itself."""
        return self.markdown


@dataclass(frozen=True, slots=True)
class Fence:
    """Lines in a code block. `language` is Discord's name for colouring, or ""."""

    lines: tuple[str, ...]
    language: str = ""
    left_out: str = "… {count} …"
    """What stands in place of lines left out; holds `{count}`."""

    def text(self) -> str:
        """Return the whole of it."""
        return self._fenced([escape.code(line) for line in self.lines])

    def within(self, limit: int) -> str | None:
        """Return the whole of it where it is short enough; what is too much is not escaped."""
        lines, room = [], limit
        for line in map(escape.code, self.lines):
            room -= escape.size(line) + 1
            if room < 0:
                return None
            lines.append(line)
        text = self._fenced(lines)
        return text if escape.size(text) <= limit else None

    def shortened(self, limit: int) -> str:
        """Cut long lines in their middle, then leave out lines of the middle."""
        room = limit - escape.size(self._fenced([""])) - escape.size(self.left_out) - 8
        return self._fenced(self._ends(max(12, min(160, room // 2 - 1)), room))

    def whole(self) -> str:
        """Return the lines as they are."""
        return "\n".join(self.lines)

    def _ends(self, widest: int, room: int) -> list[str]:
        """Return as many lines of the start and the end as `room` holds, three to two.

        Only what is kept is escaped, however many lines there are.
        """
        head: list[str] = []
        tail: list[str] = []
        room += 1  # no newline follows the last line
        while len(head) + len(tail) < len(self.lines):
            end, at = (
                (head, len(head)) if 2 * len(head) <= 3 * len(tail) else (tail, -1 - len(tail))
            )
            line = escape.clip_middle(escape.code(self.lines[at]), widest)
            room -= escape.size(line) + 1
            if room < 0:
                count = len(self.lines) - len(head) - len(tail)
                return [*head, self.left_out.format(count=count), *reversed(tail)]
            end.append(line)
        return [*head, *reversed(tail)]

    def _fenced(self, lines: Sequence[str]) -> str:
        """Return `lines` between fences; a block that shows nothing would not be a block."""
        body = "\n".join(lines)
        return f"```{self.language}\n{body if body.strip() else escape.JOINER + ' '}\n```"


def fit(blocks: Sequence[Block], budget: int) -> tuple[list[str], list[int]]:
    """Return the blocks' texts in at most `budget` UTF-16 units, and which were shortened.

    The longest blocks give way first: each may have what the others leave, as water finds its
    level. A block with nothing to read, or without room, gives an empty text.
    """
    texts = [block.within(budget) for block in blocks]
    sizes = [budget + 1 if text is None else escape.size(text) for text in texts]
    if sum(sizes) <= budget and len(blocks) <= BLOCKS_LIMIT:
        return [_readable(text) for text in texts], []
    kept = list(range(len(blocks)))
    if len(kept) > BLOCKS_LIMIT:
        kept = kept[: BLOCKS_LIMIT // 2] + kept[-BLOCKS_LIMIT // 2 :]
    level = _level([sizes[index] for index in kept], budget)
    fitted = [""] * len(blocks)
    whole = {index for index in kept if sizes[index] <= level}
    for index in kept:
        fitted[index] = _readable(
            texts[index] if index in whole else blocks[index].shortened(level)
        )
    return fitted, [index for index in range(len(blocks)) if index not in whole]


def _level(sizes: Sequence[int], budget: int) -> int:
    """Return the greatest length that all may have so that together they keep to `budget`."""
    left, level = budget, budget
    for index, size in enumerate(sorted(sizes)):
        level = left // (len(sizes) - index)
        if size > level:
            return level
        left -= size
    return level


def _readable(text: str | None) -> str:
    """Return `text`, or "" where there is nothing in it to see: Discord refuses such a text."""
    if text is None or not any(it.isprintable() and not it.isspace() for it in text):
        return ""
    return text
