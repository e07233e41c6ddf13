"""A timeline as monospaced text for a terminal. Never wider than it may be.

States differ in their characters, so that colour only helps: a full block runs, a thin line
waits, a shaded block is ready but starved, crosses block the loop; a dot is a printed line.
"""

from collections.abc import Iterable, Iterator, Sequence

from wcwidth import wcswidth, wcwidth

from bot.timeline.drawing.axis import Axis, CellSpan, cells
from bot.timeline.drawing.plain import lane_name, seconds_text, shorten
from bot.timeline.model import Captions, Lane, MarkKind, SpanKind, Timeline

_BARS: dict[SpanKind, str] = {
    "running": "█",
    "waiting": "─",
    "ready": "░",
    "blocked": "\N{BOX DRAWINGS LIGHT DIAGONAL CROSS}",
}
_MARKS: dict[MarkKind, str] = {
    "line": "●",
    "cancelled": "\N{MULTIPLICATION SIGN}",
    "failed": "!",
}
_COLOURS = {
    _BARS["running"]: "36",
    _BARS["waiting"]: "2",
    _BARS["ready"]: "33",
    _BARS["blocked"]: "1;31",
    _MARKS["line"]: "1",
    _MARKS["cancelled"]: "1;35",
    _MARKS["failed"]: "1;31",
}
"""SGR parameters of ECMA-48, by character: cyan, faint, yellow, bold red, bold, …"""

_LEAST_BAR = 8
"""Columns below which a bar says nothing; the names give way."""

_LEAST_LINE = 4
"""Columns of a wait's line that stay beside what it waits for."""

_STEP = 12
"""Columns between the labels of the axis, at least."""

Piece = tuple[str, str]
"""Some text and its SGR parameters, "" for none."""


def text(
    timelines: Sequence[Timeline], captions: Captions, *, width: int, colour: bool = False
) -> str:
    """Draw timelines on a shared axis as lines of at most `width` columns (8 at least).

    East Asian characters count as the two columns that they take. With `colour`, ANSI escapes
    colour the states; without, the text is plain.
    """
    width = max(width, _LEAST_BAR)
    longest = max(
        (wcswidth(_label(lane, captions)) for line in timelines for lane in line.lanes), default=0
    )
    label = max(0, min(longest, width // 3, width - _LEAST_BAR - 1))
    bar = width - label - (1 if label else 0)
    axis = Axis.over(timelines, max(1, bar // _STEP))
    rows: list[list[Piece]] = []
    for timeline in timelines:
        rows.extend(_timeline(timeline, captions, axis, label, bar))
    rows.append([(_ruler(axis, captions, label, bar), "2")])
    rows.extend(_legend(timelines, captions, axis, bar, width))
    return "\n".join(_joined(row, width, colour=colour) for row in rows)


def _timeline(
    timeline: Timeline, captions: Captions, axis: Axis, label: int, bar: int
) -> Iterator[list[Piece]]:
    """Yield the rows of one timeline: its title and time, its lanes, what is left out."""
    width = label + bar + (1 if label else 0)
    elapsed = captions.elapsed.format(seconds=seconds_text(timeline.measure.elapsed))
    room = width - wcswidth(elapsed) - 1
    title = fit_columns(timeline.title, room)
    yield [(title, "1"), (" " * (room - wcswidth(title) + 1), ""), (elapsed, "1")]
    for lane in timeline.lanes:
        name = fit_columns(_label(lane, captions), label)
        gap = " " * (label - wcswidth(name) + (1 if label else 0))
        yield [(name, ""), (gap, ""), *_bar(lane, axis, bar)]
    if timeline.hidden:
        yield [(captions.more.format(count=timeline.hidden), "2")]
    if timeline.warnings:
        yield [(captions.incomplete, "33")]


def _label(lane: Lane, captions: Captions) -> str:
    """Return a lane's name, set off by its depth."""
    name = lane_name(lane, captions)
    return f"{'  ' * (min(lane.depth, 4) - 1)}└ {name}" if lane.depth else name


def _bar(lane: Lane, axis: Axis, count: int) -> Iterator[Piece]:
    """Yield a lane's life in `count` columns, with its marks over its states."""
    row = [" "] * count
    runs = cells(lane, axis, count)
    for run in runs:
        row[run.first : run.last] = _BARS[run.kind] * (run.last - run.first)
    for mark in sorted(lane.marks, key=lambda mark: mark.kind != "line"):
        if mark.kind in _MARKS:
            row[min(axis.cell(mark.at, count), runs[-1].last - 1)] = _MARKS[mark.kind]
    for run in runs:
        if run.kind == "waiting":
            _write(row, run)
    yield from ((character, _COLOURS.get(character, "")) for character in row if character)


def _write(row: list[str], run: CellSpan) -> None:
    """Write what a wait is for into the longest part of it that has no marks, if it fits there.

    A column that the character before it takes, too, becomes "".
    """
    line = _BARS["waiting"]
    parts = "".join("." if row[at] == line else " " for at in range(run.first, run.last)).split(" ")
    longest = max(parts, key=len)
    start = run.first + sum(len(part) + 1 for part in parts[: parts.index(longest)])
    columns = [
        column
        for character in f" {run.on} "
        if (size := wcwidth(character)) > 0
        for column in (character, *[""] * (size - 1))
    ]
    spare = len(longest) - len(columns)
    if run.on and spare >= _LEAST_LINE:
        start += spare // 2
        row[start : start + len(columns)] = columns


def _ruler(axis: Axis, captions: Captions, label: int, bar: int) -> str:
    """Return the axis: each label stands under the moment that it names, or is left out."""
    line = " " * (label + (1 if label else 0))
    edge = wcswidth(line)
    for at, words in axis.ticks(captions):
        column = edge + min(int(axis.share(at) * bar), bar - 1)
        size = wcswidth(words)
        start = min(column, edge + bar - size)
        free = start - wcswidth(line)
        if start >= edge and (free > 0 or at == 0):
            line += " " * free + words
    return line


def _legend(
    timelines: Sequence[Timeline], captions: Captions, axis: Axis, bar: int, width: int
) -> Iterator[list[Piece]]:
    """Yield rows that explain the characters that occur."""
    lanes = [lane for timeline in timelines for lane in timeline.lanes]
    kinds = {run.kind for lane in lanes for run in cells(lane, axis, bar)}
    marks = {mark.kind for lane in lanes for mark in lane.marks}
    words = [
        *((character, captions.of(kind)) for kind, character in _BARS.items() if kind in kinds),
        *((character, captions.of(kind)) for kind, character in _MARKS.items() if kind in marks),
    ]
    row: list[Piece] = []
    used = 0
    for character, caption in words:
        size = wcswidth(f"{character} {caption}   ")
        if row and used + size - 3 > width:
            yield row
            row, used = [], 0
        row += [(character, _COLOURS[character]), (f" {caption}   ", "2")]
        used += size
    if row:
        yield row


def _joined(row: Iterable[Piece], width: int, *, colour: bool) -> str:
    """Join pieces to one line of at most `width` columns, without blanks at its end."""
    left = width
    parts: list[str] = []
    style = ""
    pieces = [*row]
    while pieces and not pieces[-1][0].strip():
        pieces.pop()
    for words, sgr in pieces:
        piece = fit_columns(words, left)
        left -= wcswidth(piece)
        if colour and sgr != style:
            parts.append(f"\x1b[{sgr}m" if not style else f"\x1b[0{';' if sgr else ''}{sgr}m")
            style = sgr
        parts.append(piece)
    line = "".join(parts).rstrip()
    return f"{line}\x1b[0m" if style else line


def fit_columns(words: str, columns: int) -> str:
    """Return `words` shortened in the middle until they take at most `columns` columns."""
    columns = max(columns, 0)
    room = min(len(words), columns)
    while wcswidth(short := shorten(words, room)) > columns:
        room -= 1
    return short
