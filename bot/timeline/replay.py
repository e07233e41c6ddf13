"""A laid-out run as compact JSON, for a page that draws it and steps through it.

One object a run. Times are whole microseconds since the scenario's first instruction. Texts stand
once, in `texts`, and are referred to by their place in it; -1 stands for "none".

`title`, `end`, `elapsed`, `waits`, `saved` (percent), `hidden` (lanes left out), `running`,
`warnings`; and `lanes`, each with
- `id`, `kind` ("main", "task", "thread"), `name`, `hue` (a number), `depth`, `parent` (a lane's
  id), `line` (of its creation), `start`, `end`, `how` it ended ("", "done", "cancelled",
  "failed"), `error` (a text);
- `spans`: eight numbers a span: its kind (a place in KINDS), start, end, the code's line, what it
  waits on (a text), who woke it (a lane's id, or CLOCK or IO), when a wait on the clock is due, and
  1 where a cancellation ended the wait before it;
- `prints`: four numbers a printed line: when, its place among all printed lines (from 1), the
  code's line, and its text.
"""

import json
from collections.abc import Iterator
from typing import Any

from bot.timeline.model import Lane, Span, SpanKind, Timeline, hue_number

KINDS: tuple[SpanKind, ...] = ("running", "waiting", "ready", "blocked")
NONE, CLOCK, IO = -1, -2, -3
"""What stands for no lane at all, for a timer that was due, and for a descriptor."""

REPLAY_LANES = 200
"""Lanes of a replay. A page can scroll, so they are more than a picture's."""
REPLAY_SPANS = 20_000

_MICRO = 1e6


class _Texts:
    """Gives each text its place."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def place(self, text: str) -> int:
        """Return the text's place; -1 for an empty one."""
        return self._places.setdefault(text, len(self._places)) if text else NONE

    def all(self) -> list[str]:
        """Return every text in its place."""
        return list(self._places)


def replay_json(timeline: Timeline) -> str:
    """Return a timeline as JSON on one line, in ASCII."""
    return json.dumps(replay(timeline), separators=(",", ":"))


def replay(timeline: Timeline) -> dict[str, Any]:
    """Return a timeline as JSON values, as this module's docstring describes them."""
    texts = _Texts()
    return {
        "title": timeline.title,
        "end": _micro(timeline.end),
        "elapsed": _micro(timeline.measure.elapsed),
        "waits": _micro(timeline.measure.waits),
        "saved": round(timeline.measure.saved * 100),
        "hidden": timeline.hidden,
        "running": timeline.running,
        "warnings": list(timeline.warnings),
        "lanes": [_lane(lane, texts) for lane in timeline.lanes],
        "texts": texts.all(),
    }


def _lane(lane: Lane, texts: _Texts) -> dict[str, Any]:
    error = next((mark.text for mark in lane.marks if mark.kind == "failed"), "")
    return {
        "id": lane.id,
        "kind": lane.kind,
        "name": lane.name,
        "hue": hue_number(lane.id),
        "depth": lane.depth,
        "parent": NONE if lane.parent is None else lane.parent,
        "line": lane.line or NONE,
        "start": _micro(lane.start),
        "end": _micro(lane.end),
        "how": lane.ending or "",
        "error": texts.place(error),
        "spans": [number for span in lane.spans for number in _span(span, texts)],
        "prints": [
            number
            for mark in lane.marks
            if mark.kind == "line"
            for number in (_micro(mark.at), mark.number, mark.line or NONE, texts.place(mark.text))
        ],
    }


def _span(span: Span, texts: _Texts) -> Iterator[int]:
    yield KINDS.index(span.kind)
    yield _micro(span.start)
    yield _micro(span.end)
    yield span.line or NONE
    yield texts.place(span.on)
    yield _waker(span)
    yield _due(span)
    yield int(span.cancelled)


def _waker(span: Span) -> int:
    if isinstance(span.by, int):
        return span.by
    return {None: NONE, "clock": CLOCK, "io": IO}[span.by]


def _due(span: Span) -> int:
    """Return when a wait on the clock should end, however it ended; NONE for any other span."""
    asked = span.wait.seconds if span.idle and span.wait is not None else None
    return NONE if asked is None else _micro(span.start + max(asked, 0.0))


def _micro(seconds: float) -> int:
    return round(seconds * _MICRO)
