"""One lane's row in a picture: its bars, what it waits for, and its marks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.timeline.axis import Axis, Run
from bot.timeline.model import Captions, Lane, Mark, SpanKind
from bot.timeline.plain import begun, shorten
from bot.timeline.scene import (
    SIGN,
    SMALL,
    TICK,
    WIDTH,
    Bar,
    Plate,
    Shape,
    Sign,
    TextWidth,
    Tick,
    Word,
)

CELL = 3
"""The width of the shortest span that is seen."""

_PUSHED = 3 * TICK
"""How far a tick may stand off its time to be told apart; more ticks share a place."""

_NUMBERS = 92
"""The most room that the numbers beside ticks take before they are given as a range."""

_EDGE = WIDTH - 8


@dataclass(frozen=True, slots=True)
class Row:
    """Where a lane is painted."""

    lane: Lane
    runs: Sequence[Run]
    axis: Axis
    cells: int
    left: float
    top: float
    height: float

    @property
    def end(self) -> float:
        """Where the lane's last bar ends."""
        return self.left + self.runs[-1].last * CELL

    def middle_of(self, at: float) -> float:
        """Return the middle of the cell that a moment falls into."""
        cell = min(self.axis.cell(at, self.cells), self.runs[-1].last - 1)
        return self.left + (cell + 0.5) * CELL

    def kind_at(self, at: float) -> SpanKind:
        """Return what the lane was doing when it printed: it ran, or blocked the loop."""
        blocked = (span for span in self.lane.spans if span.kind == "blocked")
        return "blocked" if any(s.start <= at <= s.end for s in blocked) else "running"


@dataclass(slots=True)
class _Group:
    """Ticks that stand close, and the numbers of their lines."""

    first: float
    last: float
    numbers: list[int]


def paint(row: Row, captions: Captions, text_width: TextWidth) -> Iterator[Shape]:
    """Yield a lane's shapes in the order in which they are painted."""
    for run in row.runs:
        left, size = row.left + run.first * CELL, (run.last - run.first) * CELL
        yield Bar(run.kind, left, row.top, size, row.height, _says(run, captions))
    ticks = list(_ticks(row))
    signs = [mark for mark in row.lane.marks if mark.kind in {"cancelled", "failed"}]
    limit = _EDGE - (2 * SIGN + 6 if signs else 0)
    labels = list(_labels(ticks, limit, text_width))
    taken = [(x, x + width) for x, width, _ in labels] + [(x - TICK, x + TICK) for x, _ in ticks]
    for run in row.runs:
        yield from _waits_for(run, row, taken, text_width)
    middle = row.top + row.height / 2
    for x, mark in ticks:
        title = f"{mark.number}. +{mark.at:.3f}{captions.seconds} {mark.text}"
        yield Tick(x, row.top - 4, row.height + 8, row.kind_at(mark.at), title)
    for x, width, numbers in labels:
        yield Plate(x + 2, row.top + 5, width - 4, row.height - 10)
        yield Word(x + width / 2, middle, numbers, SMALL, "inside", "middle")
    end = max([row.end, *(after for _, after in taken)])
    for mark in signs:
        caption = captions.cancelled if mark.kind == "cancelled" else captions.failed
        x = min(end + SIGN + 6, _EDGE - SIGN)
        yield Sign(mark.kind, x, middle, f"{caption} +{mark.at:.3f}{captions.seconds} {mark.text}")
        room = _EDGE - x - SIGN - 8
        if text := shortened(mark.text, SMALL, room, text_width, cut=begun):
            yield Word(x + SIGN + 8, middle, text, SMALL, "quiet")


def shortened(
    text: str,
    size: int,
    room: float,
    text_width: TextWidth,
    *,
    cut: Callable[[str, int], str] = shorten,
) -> str:
    """Return `text` cut until it fits `room`; "" where not even a few letters would."""
    if text_width(text, size) <= room:
        return text
    if room < 2 * size:
        return ""
    low, high = 1, len(text)
    while high - low > 1:
        middle = (low + high) // 2
        if text_width(cut(text, middle), size) <= room:
            low = middle
        else:
            high = middle
    return cut(text, low)


def _says(run: Run, captions: Captions) -> str:
    """Say in one line what a bar shows."""
    caption = {
        "running": captions.running,
        "waiting": captions.waiting,
        "ready": captions.ready,
        "blocked": captions.blocked,
    }[run.kind]
    first, last = run.spans[0], run.spans[-1]
    on = f": {run.on}" if run.on else ""
    total = sum(span.seconds for span in run.spans)
    return f"{caption}{on} · {total:.3f}{captions.seconds} (+{first.start:.3f} → +{last.end:.3f})"


def _ticks(row: Row) -> Iterator[tuple[float, Mark]]:
    """Yield each printed line's place: its own, or off it by a little to stay told apart."""
    last = row.left - TICK
    for mark in row.lane.marks:
        if mark.kind == "line":
            own = row.middle_of(mark.at)
            last = max(own, min(last + TICK, own + _PUSHED), last)
            yield last, mark


def _labels(
    ticks: Sequence[tuple[float, Mark]], limit: float, text_width: TextWidth
) -> Iterator[tuple[float, float, str]]:
    """Yield (left, width, text) of the numbers beside the ticks.

    They stand right of the ticks, or left of them where the picture ends. Ticks between which
    no number fits share theirs.
    """
    groups: list[_Group] = []
    for x, mark in ticks:
        group = groups[-1] if groups else None
        if group is not None and x < group.last + 8 + _numbers_width(group.numbers, text_width):
            group.last = x
            group.numbers.append(mark.number)
        else:
            groups.append(_Group(x, x, [mark.number]))
    before = -1e9
    for group in groups:
        width = _numbers_width(group.numbers, text_width)
        left = group.last + 5
        if left + width > limit:
            left = group.first - 5 - width
        if left > before:
            yield left, width, _numbers(group.numbers, text_width)
        before = max(left + width, group.last)


def _numbers_width(numbers: Sequence[int], text_width: TextWidth) -> float:
    return text_width(_numbers(numbers, text_width), SMALL) + 10


def _numbers(numbers: Sequence[int], text_width: TextWidth) -> str:
    """Return the numbers of some lines: "1-3", "1, 4", or "1…9" where that is too long."""
    if len(numbers) > _NUMBERS // 8 and numbers[-1] - numbers[0] >= len(numbers):
        return f"{numbers[0]}…{numbers[-1]}"
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], number]
        else:
            parts.append([number])
    text = ", ".join("\N{EN DASH}".join(map(str, part)) for part in parts)
    return text if text_width(text, SMALL) <= _NUMBERS else f"{numbers[0]}…{numbers[-1]}"


def _waits_for(
    run: Run, row: Row, taken: Iterable[tuple[float, float]], text_width: TextWidth
) -> Iterator[Shape]:
    """Yield what a lane waits for, in the widest free part of the bar, if it fits there."""
    on = run.on
    if not on or run.kind not in {"waiting", "blocked"}:
        return
    first, last = row.left + run.first * CELL, row.left + run.last * CELL
    start, widest = first, (first, first)
    for left, right in [*sorted(taken), (last, last)]:
        if right < first:
            continue
        if min(left, last) - start > widest[1] - widest[0]:
            widest = (start, min(left, last))
        start = max(start, right)
    width = text_width(on, SMALL) + 20
    if widest[1] - widest[0] < width + 16:
        return
    middle = row.top + row.height / 2
    x = (widest[0] + widest[1]) / 2
    if run.kind == "waiting":
        yield Plate(x - width / 2, row.top + 4, width, row.height - 8)
    yield Word(x, middle, on, SMALL, "inside" if run.kind == "waiting" else "alarm", "middle")
