"""The time axis that the timelines of one picture share, and how a lane falls into its cells."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from bot.timeline.model import Captions, Lane, Span, SpanKind, Timeline

_STRENGTH: dict[SpanKind, int] = {"waiting": 0, "ready": 1, "running": 2, "blocked": 3}
"""Which of two spans too short for a cell is seen: the one that explains more."""

_VISIBLE = 0.25
"""The share of a cell that a brief wait within running must fill to be seen."""

_MILLI = 1e-3

_SHORT = 0.1
"""Seconds below which the axis counts in milliseconds."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Time from 0 to `end` seconds, with a label every `step` seconds."""

    end: float
    step: float

    @classmethod
    def over(cls, timelines: Sequence[Timeline], most: int) -> "Axis":
        """Return an axis as long as the longest of the timelines, with at most `most` steps.

        Steps are 1, 2 or 5 times a power of ten.
        """
        end = max((timeline.end for timeline in timelines), default=0.0)
        end = max(end, _MILLI)
        power = 10.0 ** math.floor(math.log10(end / most))
        step = next(n * power for n in (1, 2, 5, 10, 20) if n * power * most >= end * 0.999)
        return cls(end, step)

    def ticks(self, captions: Captions) -> tuple[tuple[float, str], ...]:
        """Return each tick's time and label, in seconds or, on a short axis, milliseconds."""
        count = math.floor(self.end / self.step * 1.001)
        scale, unit = (1.0, captions.seconds)
        if self.end < _SHORT:
            scale, unit = (_MILLI, captions.milliseconds)
        return tuple(
            (index * self.step, f"{round(index * self.step / scale, 6):g}{unit}")
            for index in range(count + 1)
        )

    def share(self, at: float) -> float:
        """Return where `at` lies on the axis: 0.0 at its start, 1.0 at its end."""
        return min(max(at / self.end, 0.0), 1.0)

    def cell(self, at: float, count: int) -> int:
        """Return in which of `count` cells `at` falls; `count` itself at the axis's very end."""
        return math.floor(self.share(at) * count)


@dataclass(frozen=True, slots=True)
class CellSpan:
    """A row of cells, from `first` up to but without `last`, that look the same."""

    kind: SpanKind
    on: str
    first: int
    last: int
    spans: tuple[Span, ...]
    """What lies in it; more than one where several spans are too short for a cell each."""

    @property
    def seen_at_a_glance(self) -> bool:
        """False for a single starved cell: the loop's usual delay, which no legend need explain."""
        return self.kind != "ready" or self.last - self.first > 1


def cells(lane: Lane, axis: Axis, count: int) -> tuple[CellSpan, ...]:
    """Divide a lane's life into cells, `count` to the whole axis.

    No order is changed and nothing outlives its lane. A lane fills one cell at least. A span too
    short for a cell of its own takes one, if it explains more than what is around it: so a brief
    step between two long waits stays visible on every scale.
    """
    born = min(axis.cell(lane.start, count), count - 1)
    gone = max(math.ceil(axis.share(lane.end) * count), born + 1)
    seen: list[Span | None] = [None] * (gone - born)
    brief: dict[int, list[Span]] = {}
    for span in lane.spans:
        first = min(max(axis.cell(span.start, count), born), gone - 1) - born
        last = min(axis.cell(span.end, count), gone) - born
        if first < last:
            seen[first:last] = [span] * (last - first)
        else:
            brief.setdefault(first, []).append(span)
    for at, spans in brief.items():
        seen[at] = _strongest(spans, seen[at], axis.end / count)
    return _runs(seen, born, brief)


def _strongest(spans: Sequence[Span], around: Span | None, cell: float) -> Span:
    """Return what is seen of a cell in which `spans` are too short for a cell each."""
    best = max(spans, key=lambda span: _STRENGTH[span.kind])
    if around is None or _STRENGTH[best.kind] > _STRENGTH[around.kind]:
        return best
    others = sum(span.seconds for span in spans if span.kind != around.kind)
    return best if others >= cell * _VISIBLE and best.kind != around.kind else around


def _runs(
    seen: Sequence[Span | None], born: int, brief: Mapping[int, Sequence[Span]]
) -> tuple[CellSpan, ...]:
    """Join cells that look the same. A cell that nothing fell into looks as the one before it."""
    filler = next((span for span in seen if span is not None), Span("running", 0.0, 0.0))
    filled = []
    for span in seen:
        filler = span or filler
        filled.append(filler)
    runs = []
    for (kind, on), group in groupby(
        enumerate(filled), key=lambda cell: (cell[1].kind, cell[1].on)
    ):
        inside = list(group)
        spans = {id(span): span for _, span in inside}
        for index, _ in inside:
            spans |= {id(other): other for other in brief.get(index, ()) if other.kind == kind}
        first, last = inside[0][0], inside[-1][0] + 1
        runs.append(
            CellSpan(
                kind,
                on,
                born + first,
                born + last,
                tuple(sorted(spans.values(), key=attrgetter("start"))),
            )
        )
    return tuple(runs)
