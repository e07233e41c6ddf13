"""One lane's row in a picture: its bars, what it waits for, and its marks."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.timeline.drawing.axis import Axis, CellSpan
from bot.timeline.drawing.plain import begun, shorten
from bot.timeline.drawing.scene import (
    SIGN,
    SMALL_SIZE,
    TICK_WIDTH,
    Bar,
    Plate,
    Shape,
    Sign,
    TextWidth,
    Tick,
    Word,
)
from bot.timeline.model import Captions, Lane, Mark, SpanKind

CELL = 3
"""The width of the shortest span that is seen."""

_PUSHED = 3 * TICK_WIDTH
"""How far a tick may stand off its time to be told apart; more ticks share a place."""

_RANGES = 3
"""Numbers, or ranges of them, that a label lists before it tells only the first and the last."""

_MARGIN = 28
_PADDING = 6
"""Room around a text that stands in a bar, at least."""

NOTE = 32
"""The height of a line below a bar, for an exception that has no room behind it."""

_NAMED = 46
"""The width of a wait from which on it is named, if only by a few letters."""


@dataclass(frozen=True, slots=True)
class LaneRow:
    """Where a lane is painted."""

    lane: Lane
    runs: Sequence[CellSpan]
    axis: Axis
    cells: int
    left: float
    top: float
    height: float
    edge: float
    """Where the picture ends, less a little."""

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
class _Place:
    """Where one printed line is marked, or several that fall on each other."""

    x: float
    marks: list[Mark]


@dataclass(slots=True)
class _Group:
    """Ticks that stand so close that they share a label: the numbers of their lines."""

    first: float
    last: float
    ranges: list[tuple[int, int]] = field(default_factory=list)

    def add(self, place: _Place) -> None:
        """Take a further tick into the group."""
        self.last = place.x
        for mark in place.marks:
            if self.ranges and mark.number == self.ranges[-1][1] + 1:
                self.ranges[-1] = (self.ranges[-1][0], mark.number)
            else:
                self.ranges.append((mark.number, mark.number))

    @property
    def text(self) -> str:
        """The numbers: "1-3", "1, 4", or "1…9" where they are many."""
        if len(self.ranges) > _RANGES:
            return f"{self.ranges[0][0]}…{self.ranges[-1][1]}"
        return ", ".join(f"{a}\N{EN DASH}{b}" if a < b else f"{a}" for a, b in self.ranges)


def paint(row: LaneRow, captions: Captions, text_width: TextWidth) -> Iterator[Shape]:
    """Yield a lane's shapes in the order in which they are painted.

    What stands below the bar, an exception that has no room behind it, takes `NOTE` more.
    """
    for run in row.runs:
        left, size = row.left + run.first * CELL, (run.last - run.first) * CELL
        yield Bar(run.kind, left, row.top, size, row.height, _says(run, captions))
    places = _places(row)
    signs = [mark for mark in row.lane.marks if mark.kind in {"cancelled", "failed"}]
    limit = row.edge - (2 * SIGN + 6 if signs else 0)
    labels = list(_labels(places, limit, text_width))
    taken = [(x, x + width) for x, width, _ in labels]
    taken += [(place.x - TICK_WIDTH, place.x + TICK_WIDTH) for place in places]
    for mark in signs[-1:]:
        yield from _ending(mark, row, taken, captions, text_width)
    for run in row.runs:
        yield from _waits_for(run, row, taken, captions, text_width)
    middle = row.top + row.height / 2
    for place in places:
        kind, title = row.kind_at(place.marks[0].at), _quoted(place.marks, captions)
        yield Tick(place.x, row.top - 4, row.height + 8, kind, title)
    for x, width, numbers in labels:
        yield Plate(x + 2, row.top + 5, width - 4, row.height - 10)
        yield Word(x + width / 2, middle, numbers, SMALL_SIZE, "inside", "middle")


def _ending(
    mark: Mark,
    row: LaneRow,
    taken: list[tuple[float, float]],
    captions: Captions,
    text_width: TextWidth,
) -> Iterator[Shape]:
    """Yield how a lane ended, behind its end; and why, there or else below its sign."""
    x = min(max([row.end, *(after for _, after in taken)]) + SIGN + 6, row.edge - SIGN)
    middle = row.top + row.height / 2
    yield Sign(mark.kind, x, middle, f"{captions.of(mark.kind)} {_at(mark, captions)}")
    if text_width(mark.text, SMALL_SIZE) <= row.edge - x - SIGN - 8:
        yield Word(x + SIGN + 8, middle, mark.text, SMALL_SIZE, "quiet")
        return
    text = shortened(mark.text, SMALL_SIZE, x + SIGN - _MARGIN, text_width, cut=begun)
    below, width = row.top + row.height + NOTE / 2, text_width(text, SMALL_SIZE)
    yield Plate(x + SIGN - width - 4, below - NOTE / 2 + 2, width + 8, NOTE - 4)
    yield Word(x + SIGN, below, text, SMALL_SIZE, "quiet", "end")


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
    fitting = bisect_right(
        range(2, len(text)), room, key=lambda count: text_width(cut(text, count), size)
    )
    return cut(text, 1 + fitting)


def _says(run: CellSpan, captions: Captions) -> str:
    """Say in one line what a bar shows."""
    first, last = run.spans[0], run.spans[-1]
    on = f": {run.on}" if run.on else ""
    total = sum(span.seconds for span in run.spans)
    lasted = f"{total:.3f}{captions.seconds} (+{first.start:.3f} → +{last.end:.3f})"
    return f"{captions.of(run.kind)}{on} · {lasted}"


def _quoted(marks: Sequence[Mark], captions: Captions) -> str:
    """Quote the lines of one tick, as far as they can be read."""
    lines = [f"{mark.number}. {_at(mark, captions)}" for mark in marks[:3]]
    return " / ".join(lines) + (" …" if len(marks) > len(lines) else "")


def _at(mark: Mark, captions: Captions) -> str:
    """Say when a mark was made, and its text."""
    return f"+{mark.at:.3f}{captions.seconds} {mark.text}"


def _places(row: LaneRow) -> list[_Place]:
    """Place the printed lines: each on its time, or off it by a little to stay told apart."""
    places: list[_Place] = []
    last = row.left - TICK_WIDTH
    for mark in row.lane.marks:
        if mark.kind != "line":
            continue
        own = row.middle_of(mark.at)
        x = max(own, min(last + TICK_WIDTH, own + _PUSHED), last)
        if x == last:
            places[-1].marks.append(mark)
        else:
            places.append(_Place(x, [mark]))
        last = x
    return places


def _labels(
    places: Sequence[_Place], limit: float, text_width: TextWidth
) -> Iterator[tuple[float, float, str]]:
    """Yield (left, width, text) of the numbers beside the ticks.

    They stand right of the ticks, or left of them where the picture ends. Ticks between which
    no number fits share theirs.
    """
    groups: list[_Group] = []
    right = -1e9
    for place in places:
        if place.x >= right:
            groups.append(_Group(place.x, place.x))
        groups[-1].add(place)
        right = place.x + 8 + text_width(groups[-1].text, SMALL_SIZE) + 10
    before = -1e9
    for group in groups:
        width = text_width(group.text, SMALL_SIZE) + 10
        left = group.last + 5
        if left + width > limit:
            left = group.first - 5 - width
        if left > before:
            yield left, width, group.text
        before = max(left + width, group.last)


def _waits_for(
    run: CellSpan,
    row: LaneRow,
    taken: Iterable[tuple[float, float]],
    captions: Captions,
    text_width: TextWidth,
) -> Iterator[Shape]:
    """Yield what a lane waits for, in the widest free part of the bar, as far as it fits there."""
    if not run.on or run.kind not in {"waiting", "blocked"}:
        return
    first, last = row.left + run.first * CELL, row.left + run.last * CELL
    start, widest = first, (first, first)
    for left, right in [*sorted(taken), (last, last)]:
        if right < first:
            continue
        if min(left, last) - start > widest[1] - widest[0]:
            widest = (start, min(left, last))
        start = max(start, right)
    room = widest[1] - widest[0]
    if room < _NAMED:
        return
    on = _fitting(run, room - 2 * _PADDING, captions, text_width)
    width = min(text_width(on, SMALL_SIZE) + 20, room - 4)
    middle = row.top + row.height / 2
    x = (widest[0] + widest[1]) / 2
    if on and run.kind == "waiting":
        yield Plate(x - width / 2, row.top + 4, width, row.height - 8)
    if on:
        yield Word(
            x, middle, on, SMALL_SIZE, "inside" if run.kind == "waiting" else "alarm", "middle"
        )


def _fitting(run: CellSpan, room: float, captions: Captions, text_width: TextWidth) -> str:
    """Return what a wait is for in as many words as fit: "sleep(0.25)", else "0.25 s"."""
    wait = run.spans[0].wait if run.spans else None
    short = run.on.rpartition(".")[2]
    if wait is not None and wait.kind == "sleep" and wait.seconds is not None:
        short = f"{wait.seconds:.3g}{captions.seconds}"
    elif wait is not None and wait.name:
        short = wait.name
    for text in (run.on, short):
        if text_width(text, SMALL_SIZE) <= room:
            return text
    # Half a number would be a wrong one.
    return "" if short[:1].isdigit() else shortened(short, SMALL_SIZE, room, text_width, cut=begun)
