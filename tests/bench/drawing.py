"""What laying out and drawing a run takes, and how large the picture gets.

The events are recorded ones (`tutor run --json`) and made-up crowds; a picture is drawn as for a
chat, by a painter that is kept.
"""

import statistics
import time
from collections.abc import Callable, Sequence

from bot.runner.model import Event
from bot.timeline.drawing.png import Painter
from bot.timeline.drawing.svg import svg
from bot.timeline.drawing.text import text
from bot.timeline.layout import lay_out
from bot.timeline.model import Timeline
from bot.tutor.words.captions import captions
from tests.bench.figures import Figure, spread
from tests.timeline.streams import NOTES, many, recorded

_WORDS = captions("ko")
_COLUMNS = 80
_FASTEST, _LARGEST = "≤ 60", "≤ 150"


async def drawing(quick: bool) -> list[Figure]:  # noqa: FBT001 - one signature for all
    """Measure PNG, SVG and text, each from the events on."""
    rounds = 10 if quick else 60
    start = time.perf_counter()
    painter = Painter()
    first = Figure("a painter with its fonts, once", 1_000 * (time.perf_counter() - start), "ms")
    figures = [first]
    for name, runs, asked in (
        ("gather", {"gather": recorded("gather")}, _FASTEST),
        ("five compared", {name: recorded(name) for name in NOTES}, ""),
        ("20 lanes", {"crowd": many(20)}, ""),
        ("200 lanes", {"crowd": many(200)}, ""),
    ):
        figures += _drawn(painter, name, runs, rounds, asked)
    return figures


def _drawn(
    painter: Painter, name: str, runs: dict[str, list[Event]], rounds: int, asked: str
) -> list[Figure]:
    """Measure by turns, so that a busy moment of the machine meets all alike."""
    media = _media(painter)
    took: dict[str, list[float]] = {medium: [] for medium in media}
    for draw in media.values():
        draw(_laid_out(runs))
    for _ in range(rounds):
        for medium, draw in media.items():
            start = time.perf_counter()
            draw(_laid_out(runs))
            took[medium].append(1_000 * (time.perf_counter() - start))
    laying_out = [_seconds_to_lay_out(runs) for _ in range(rounds)]
    size = len(painter.png(_laid_out(runs), _WORDS)) / 1_000
    return [
        *spread(f"{name}: PNG", took["PNG"], "ms", median=asked),
        Figure(f"{name}: PNG's size", size, "kB", _LARGEST),
        *spread(f"{name}: SVG", took["SVG"], "ms", median=asked),
        *spread(f"{name}: text", took["text"], "ms", median=asked),
        Figure(f"{name}: of it laying out", 1_000 * statistics.median(laying_out), "ms"),
    ]


def _media(painter: Painter) -> dict[str, Callable[[Sequence[Timeline]], bytes | str]]:
    return {
        "PNG": lambda timelines: painter.png(timelines, _WORDS),
        "SVG": lambda timelines: svg(timelines, _WORDS),
        "text": lambda timelines: text(timelines, _WORDS, width=_COLUMNS, colour=True),
    }


def _laid_out(runs: dict[str, list[Event]]) -> list[Timeline]:
    return [lay_out(events, title=name, captions=_WORDS) for name, events in runs.items()]


def _seconds_to_lay_out(runs: dict[str, list[Event]]) -> float:
    start = time.perf_counter()
    _laid_out(runs)
    return time.perf_counter() - start
