"""Printed lines and tables at a phone's width: a code block there has 31 to 36 columns.

Pure. A longer line wraps, which is hard to read, so nothing stands beside a line that need not.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from string import ascii_lowercase
from unicodedata import east_asian_width

from bot.platforms.discord import escape
from bot.platforms.discord.blocks import Block, Fence, Prose
from bot.platforms.discord.words import DiscordWords
from bot.tutor.run_parts import Sequence as Printed
from bot.tutor.run_parts import SequenceLine
from bot.tutor.words.speech import span

_CODE_COLUMNS = 31
"""Columns of a code block on the narrowest phones."""
LABEL_COLUMNS = 30
"""Columns of a button's label; Discord cuts longer ones on a phone."""
_NAMED = 12
"""Lanes whose letters are explained; a message has room for little more."""
_MOMENT = re.compile(r"\+(\d+\.\d\d)\d")


def width(text: str) -> int:
    """Return how many columns `text` takes in a monospaced font."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    return 2 if east_asian_width(character) in "WF" else 1


def _beginning(text: str, columns: int) -> str:
    """Return as much of `text` as takes at most so many columns."""
    for at, end in enumerate(accumulate(map(_columns, text))):
        if end > columns:
            return text[:at]
    return text


def sequence(part: Printed, words: DiscordWords) -> list[Block]:
    """Return a run's printed lines, each with its moment.

    Where several lanes print, each line has its lane's letter, and what the letters stand for is
    said above: the names themselves would take a third of a phone's width.
    """
    letters = _letters(part.lines)
    widest = max((len(letter) for letter in letters.values()), default=0)
    moments = [f"{line.at:.2f}" for line in part.lines]
    columns = max(map(len, moments), default=0)
    lines = [
        f"{moment:>{columns}}{_beside(letters.get(line.lane, ''), widest)}"
        f"{'!' if line.stream == 'stderr' else '│'}{line.text}"
        for moment, line in zip(moments, part.lines, strict=True)
    ]
    if part.running:
        lines.append("…")
    elif not lines:
        lines.append(words.empty)
    fence = Fence(tuple(lines), "", words.left_out)
    return [_Legend(letters), fence] if letters else [fence]


def without_marks(lines: Sequence[str]) -> tuple[str, ...]:
    """Return a traceback without the marks under its long lines: wrapped, they mark nothing."""
    return tuple(line for line in lines if width(line) <= _CODE_COLUMNS or line.strip(" ^~"))


def table(header: Sequence[str], rows: Sequence[Sequence[str]], words: DiscordWords) -> list[Block]:
    """Return a table as a list; one whose first column has no heading marks what is right.

    Of such a one, the last two columns are what was expected and what came: two lines a row.
    """
    marks = len(header) > 3 and not header[0].strip()  # noqa: PLR2004 - mark, moment, and the two
    if not marks:
        return [Prose("\n".join(_item(header, row) for row in rows))]
    lines = [line for row in rows for line in _pair(row)]
    named = f"✗ {escape.plain(header[-2])} · 0.00│{escape.plain(header[-1])}"
    return [Prose(named, before="-# "), Fence(tuple(lines), "", words.left_out)]


def short_label(text: str) -> str:
    """Return a label in the columns that a button has: without its explanation, or cut at a word.

    A title as "gather — in one go" has its explanation after the dash.
    """
    text = escape.one_line(text)
    if _beginning(text, LABEL_COLUMNS) == text:
        return text
    name = text.partition(" — ")[0]
    if name and _beginning(name, LABEL_COLUMNS) == name:
        return name
    kept = _beginning(text, LABEL_COLUMNS - 1)
    at = kept.rfind(" ")
    whole = kept[:at] if at > len(kept) // 2 and text[len(kept)] != " " else kept
    return whole.rstrip(" ,;:—·(") + "…"


def _letters(lines: Sequence[SequenceLine]) -> dict[str, str]:
    """Return a letter for each lane that printed; none where only one did."""
    lanes = dict.fromkeys(line.lane for line in lines if line.lane)
    if len(lanes) < 2:  # noqa: PLR2004 - one lane needs no letter
        return {}
    lengths = (product(ascii_lowercase, repeat=length) for length in (1, 2, 3))
    names = ("".join(letters) for some in lengths for letters in some)
    return dict(zip(lanes, names, strict=False))


def _beside(letter: str, widest: int) -> str:
    """Return a lane's letter as it stands after a moment; nothing where no lane has one."""
    return f" {letter:<{widest}}" if widest else ""


@dataclass(frozen=True, slots=True)
class _Legend:
    """What the letters of lanes stand for: in a message the first few, in a file all."""

    letters: Mapping[str, str]

    def text(self) -> str:
        """Return it as Markdown."""
        return self._prose().text()

    def within(self, limit: int) -> str | None:
        """Return it as Markdown where it is short enough."""
        return self._prose().within(limit)

    def shortened(self, limit: int) -> str:
        """Cut it at its end."""
        return self._prose().shortened(limit)

    def whole(self) -> str:
        """Return a line for each letter."""
        named = self.letters.items()
        return "\n".join(f"{letter} = {escape.one_line(lane)}" for lane, letter in named)

    def _prose(self) -> Prose:
        named = [f"**{it}** {span(escape.one_line(lane))}" for lane, it in self.letters.items()]
        more = " …" if len(named) > _NAMED else ""
        return Prose(" · ".join(named[:_NAMED]) + more, before="-# ")


def _item(header: Sequence[str], row: Sequence[str]) -> str:
    """Return a row of a table as an item of a list: its name, then what is said of it."""
    first, *rest = [escape.one_line(cell) for cell in row] or [""]
    said = [
        f"{escape.plain(heading)} **{escape.plain(cell)}**"
        for heading, cell in zip(header[1:], rest, strict=False)
        if cell
    ]
    # A row may have cells past the last heading.
    said += [f"**{escape.plain(cell)}**" for cell in rest[max(0, len(header) - 1) :] if cell]
    return f"- {span(first)}" + (f": {', '.join(said)}" if said else "")


def _pair(row: Sequence[str]) -> Iterator[str]:
    """Yield a row of a prediction: what was right in one line, what was not in two."""
    mark, moment, expected, came = (*(" ".join(cell.split()) for cell in row), "", "", "", "")[:4]
    found = _MOMENT.fullmatch(moment)
    stamp = f"{found[1] if found else moment or '—'}│"
    if expected == came:
        yield f"{mark} {stamp}{came}"
        return
    yield f"{mark} {expected or '—'}"
    yield f"  {stamp}{came or '—'}"
