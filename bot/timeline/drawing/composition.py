"""Timelines → a scene: where everything stands in a picture."""

from collections.abc import Sequence

from bot.timeline.drawing.axis import Axis, cells
from bot.timeline.drawing.lane_row import CELL, NOTE, LaneRow, paint, shortened
from bot.timeline.drawing.legend import legend
from bot.timeline.drawing.plain import begun, lane_name, seconds_text
from bot.timeline.drawing.scene import (
    NAME_SIZE,
    SMALL_SIZE,
    TITLE_SIZE,
    WIDTH,
    Rule,
    Scene,
    Shape,
    TextWidth,
    Word,
)
from bot.timeline.model import Captions, SpanKind, Timeline

PAD = 28
_LABELS = 5 / 16
"""The share of the width that names get beside the bars, at most."""

_BESIDE = 0.18
"""The share of the width that names may take before they stand above their bars."""

_MOST_ABOVE = 16
"""Rows past which names stay beside the bars and are cut there: heights have their limits, too."""

_NAME_ROW = 34
"""The height of a name above its bar."""

_EDGE = 8

_INDENT = 24
_DEEPEST = 5
"""Levels of nesting that are told apart by indenting."""

_AFTER = 46
"""Room right of the axis for what stands behind a bar's end."""

_AXIS_STEP = 90
"""Room between the labels of the axis, at least."""

_TITLE_ROW, _SAVED_ROW, _GAP = 54, 36, 20


class Composition:
    """Sets up one picture, from the top down."""

    def __init__(
        self,
        timelines: Sequence[Timeline],
        captions: Captions,
        text_width: TextWidth,
        width: int = WIDTH,
    ) -> None:
        """Set timelines on one picture, with a shared axis.

        :param width: of the whole picture; where it is less than a page's, long names stand above
            their bars
        """
        self._timelines = timelines
        self._width = width
        self._captions = captions
        self._text_width = text_width
        rows = sum(len(timeline.lanes) for timeline in timelines)
        self._bar, self._pitch = next(
            sizes for most, *sizes in ((8, 40, 54), (16, 36, 46), (10**9, 30, 38)) if rows <= most
        )
        lanes = [lane for timeline in timelines for lane in timeline.lanes]
        names = [
            self._indent(lane.depth) + text_width(lane_name(lane, captions), NAME_SIZE)
            for lane in lanes
        ]
        widest = max(names, default=0.0)
        self._names_above = width < WIDTH and widest > width * _BESIDE and rows <= _MOST_ABOVE
        self._left = PAD + min(width * _LABELS, widest) + 18.0
        if self._names_above:
            self._left = float(PAD)
        self._cells = int((self._width - PAD - _AFTER - self._left) / CELL)
        self._axis = Axis.over(timelines, max(1, int(self._cells * CELL / _AXIS_STEP)))
        self._shapes: list[Shape] = []
        self._shown: set[SpanKind] = set()

    def scene(self) -> Scene:
        """Return the whole picture."""
        y = float(PAD)
        for index, timeline in enumerate(self._timelines):
            y = self._timeline(timeline, y + (_GAP if index else 0))
        y = self._labels(y)
        room = (PAD, self._width - PAD, y)
        shapes, y = legend(self._timelines, self._captions, self._shown, room, self._text_width)
        title = " · ".join(
            f"{t.title} {self._captions.elapsed.format(seconds=seconds_text(t.measure.elapsed))}"
            for t in self._timelines
        )
        return Scene(self._width, int(y + PAD), title, (*self._shapes, *shapes))

    def _indent(self, depth: int) -> float:
        return float(_INDENT * min(depth, _DEEPEST))

    def place_of(self, at: float) -> float:
        """Return where a moment lies on the axis, in units from the left."""
        return self._left + self._axis.share(at) * self._cells * CELL

    def _timeline(self, timeline: Timeline, y: float) -> float:
        """Paint one timeline with its top at `y`; return where it ends."""
        y = self._head(timeline, y)
        top, behind = y, len(self._shapes)
        above: list[float] = []
        for lane in timeline.lanes:
            name = lane_name(lane, self._captions)
            if self._names_above:
                self._name_above(name, lane.depth, y + _NAME_ROW / 2 + 4)
                y += _NAME_ROW
            middle = y + self._pitch / 2
            if not self._names_above:
                self._name(name, lane.depth, middle, above)
            runs = cells(lane, self._axis, self._cells)
            self._shown.update(run.kind for run in runs if run.seen_at_a_glance)
            upper = middle - self._bar / 2
            edge = self._width - _EDGE
            row = LaneRow(lane, runs, self._axis, self._cells, self._left, upper, self._bar, edge)
            shapes = [*paint(row, self._captions, self._text_width)]
            self._shapes += shapes
            noted = any(isinstance(it, Word) and it.y > upper + self._bar for it in shapes)
            y += self._pitch + (NOTE if noted else 0)
        self._shapes[behind:behind] = self._rules(timeline, top, y)
        if timeline.hidden:
            more = self._captions.more.format(count=timeline.hidden)
            self._shapes.append(Word(PAD, y + self._pitch / 2, more, NAME_SIZE, "quiet"))
            y += self._pitch
        if timeline.warnings:
            warning = self._captions.incomplete
            self._shapes.append(Word(PAD, y + self._pitch / 2, warning, SMALL_SIZE, "warning"))
            y += self._pitch
        return y

    def _rules(self, timeline: Timeline, top: float, bottom: float) -> list[Rule]:
        """Return the lines that stand behind a timeline's bars."""
        places = [self.place_of(at) for at, _ in self._axis.ticks(self._captions)]
        rules = [Rule("grid", x, top, x, bottom) for x in places]
        if len(self._timelines) > 1:
            x = self.place_of(timeline.end)
            rules.append(Rule("finish", x, top, x, bottom))
        return rules

    def _head(self, timeline: Timeline, y: float) -> float:
        """Paint the title, the measured time, and what overlapping saved."""
        middle = y + _TITLE_ROW / 2
        elapsed = self._captions.elapsed.format(seconds=seconds_text(timeline.measure.elapsed))
        right = self._width - PAD - self._text_width(elapsed, TITLE_SIZE) - 24
        fits = self._width >= WIDTH and self._text_width(timeline.title, TITLE_SIZE) <= right - PAD
        size = TITLE_SIZE if fits else NAME_SIZE
        saved = self._saved(timeline)
        below = self._width - 2 * PAD - (self._text_width(saved, SMALL_SIZE) + 24 if saved else 0)
        title, *rest = self._lines(timeline.title, size, (right - PAD, below))
        self._shapes += [
            Word(self._width - PAD, middle, elapsed, TITLE_SIZE, "title", "end"),
            Word(PAD, middle, title, size, "title"),
        ]
        y += _TITLE_ROW
        if not rest and not saved:
            return y
        free = right - PAD - self._text_width(title, size) - 24
        if not rest and self._text_width(saved, SMALL_SIZE) <= free:
            self._shapes.append(Word(right, middle + 4, saved, SMALL_SIZE, "quiet", "end"))
            return y
        below = y + _SAVED_ROW / 2 - 6
        self._shapes += [Word(PAD, below, line, size, "title") for line in rest]
        if saved:
            self._shapes.append(Word(self._width - PAD, below, saved, SMALL_SIZE, "quiet", "end"))
        return y + _SAVED_ROW

    def _lines(self, title: str, size: int, rooms: tuple[float, float]) -> list[str]:
        """Return a title on one line or, cut between two words, on two with so much room each."""
        room, below = rooms
        if self._text_width(title, size) <= room:
            return [title]
        words = title.split(" ")
        kept = next(
            (
                count
                for count in range(len(words) - 1, 0, -1)
                if self._text_width(" ".join(words[:count]), size) <= room
            ),
            0,
        )
        if not kept:
            return [shortened(title, size, room, self._text_width, cut=begun)]
        rest = shortened(" ".join(words[kept:]), size, below, self._text_width, cut=begun)
        return [" ".join(words[:kept]), rest]

    def _saved(self, timeline: Timeline) -> str:
        """Say how much waiting overlapped, if any did."""
        percent = round(timeline.measure.saved * 100)
        if timeline.running or percent <= 0:
            return ""
        return self._captions.saved.format(
            waits=seconds_text(timeline.measure.waits), percent=percent
        )

    def _name(self, name: str, depth: int, middle: float, above: list[float]) -> None:
        """Paint a lane's name, tied to the lane that it is nested under.

        `above` holds the last lane's middle at each depth.
        """
        x = PAD + self._indent(depth)
        depth = min(depth, _DEEPEST, len(above))
        if depth:
            elbow = x - _INDENT + 8
            sibling = depth < len(above)
            top = above[depth] if sibling else above[depth - 1] + NAME_SIZE / 2 + 2
            if top < middle:
                self._shapes.append(Rule("branch", elbow, top, elbow, middle))
            self._shapes.append(Rule("branch", elbow, middle, x - 5, middle))
        above[depth:] = [middle]
        text = shortened(name, NAME_SIZE, self._left - 14 - x, self._text_width)
        self._shapes.append(Word(x, middle, text, NAME_SIZE, "name"))

    def _name_above(self, name: str, depth: int, middle: float) -> None:
        """Paint a lane's name over its bar, indented under the lane that created it."""
        x = PAD + self._indent(depth)
        if depth:
            elbow = x - _INDENT + 8
            self._shapes.append(Rule("branch", elbow, middle - 12, elbow, middle))
            self._shapes.append(Rule("branch", elbow, middle, x - 5, middle))
        text = shortened(name, NAME_SIZE, self._width - PAD - x, self._text_width)
        self._shapes.append(Word(x, middle, text, NAME_SIZE, "name"))

    def _labels(self, y: float) -> float:
        """Paint the axis's labels; return where they end."""
        last = -1e9
        for at, label in self._axis.ticks(self._captions):
            size = self._text_width(label, SMALL_SIZE)
            x = min(self.place_of(at), self._width - PAD / 2 - size / 2)
            if x - size / 2 > last + 12:
                self._shapes.append(Word(x, y + 22, label, SMALL_SIZE, "quiet", "middle"))
                last = x + size / 2
        return y + 46
