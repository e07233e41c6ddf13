"""The legend of a picture: only what occurs in it."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from bot.timeline.drawing.scene import SIGN, SMALL_SIZE, Bar, Shape, Sign, TextWidth, Tick, Word
from bot.timeline.model import Captions, MarkKind, SpanKind, Timeline

_SWATCH, _HEIGHT, _LINE, _GAP = 44, 24, 40, 30

_IN_ORDER: Final[tuple[SpanKind | MarkKind, ...]] = (
    *("running", "waiting", "ready", "blocked"),
    *("line", "cancelled", "failed"),
)

LegendEntry = tuple[SpanKind | MarkKind, str]


def legend(
    timelines: Sequence[Timeline],
    captions: Captions,
    shown: Collection[SpanKind],
    room: tuple[float, float, float],
    text_width: TextWidth,
) -> tuple[list[Shape], float]:
    """Return the legend's shapes in `room` (left, right, top), and where it ends.

    `shown` are the states that are seen; a state that is too brief to be seen needs no legend.
    """
    left, right, y = room
    shapes: list[Shape] = []
    x = left
    for kind, caption in _entries(timelines, captions, shown):
        swatch = _SWATCH if kind in shown else 2 * SIGN
        size = swatch + 10 + text_width(caption, SMALL_SIZE)
        if x > left and x + size > right:
            x, y = left, y + _LINE
        middle = y + _LINE / 2
        shapes += [
            _swatch(kind, x, middle),
            Word(x + swatch + 10, middle, caption, SMALL_SIZE, "quiet"),
        ]
        x += size + _GAP
    return shapes, y + _LINE if shapes else y


def _entries(
    timelines: Sequence[Timeline], captions: Captions, shown: Collection[SpanKind]
) -> Iterator[LegendEntry]:
    """Yield what occurs, with what it is called."""
    lanes = [lane for timeline in timelines for lane in timeline.lanes]
    marks = {mark.kind for lane in lanes for mark in lane.marks}
    occurring = (kind for kind in _IN_ORDER if kind in shown or kind in marks)
    numbered = captions.numbered or captions.printed
    yield from ((kind, numbered if kind == "line" else captions.of(kind)) for kind in occurring)


def _swatch(kind: SpanKind | MarkKind, x: float, middle: float) -> Shape:
    """Return the sample of a state or a mark."""
    match kind:
        case "running" | "waiting" | "ready" | "blocked":
            return Bar(kind, x, middle - _HEIGHT / 2, _SWATCH, _HEIGHT)
        case "line":
            return Tick(x + SIGN, middle - _HEIGHT / 2, _HEIGHT)
        case _:
            return Sign(kind, x + SIGN, middle)
