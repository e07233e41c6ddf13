"""Recorded timelines with their times rounded, so that a snapshot holds for every recording."""

from dataclasses import replace

from bot.timeline.model import Lane, Mark, Span, Timeline

_STEP = 0.1
"""Seconds: more than any machine adds to a lesson's second, less than what lessons differ by."""


def rounded(timeline: Timeline) -> Timeline:
    """Return the timeline with each time on a tenth of a second, without spans that vanish."""
    measure = replace(
        timeline.measure,
        elapsed=_tenth(timeline.measure.elapsed),
        waits=_tenth(timeline.measure.waits),
        longest=_tenth(timeline.measure.longest),
    )
    lanes = tuple(map(_lane, timeline.lanes))
    return replace(timeline, lanes=lanes, end=_tenth(timeline.end), measure=measure)


def _tenth(seconds: float) -> float:
    return round(round(seconds / _STEP) * _STEP, 1)


def _lane(lane: Lane) -> Lane:
    spans = tuple(
        Span(span.kind, _tenth(span.start), _tenth(span.end), span.on)
        for span in lane.spans
        if _tenth(span.start) < _tenth(span.end)
    )
    marks = tuple(
        Mark(mark.kind, _tenth(mark.at), mark.text, mark.stream, mark.number) for mark in lane.marks
    )
    start, end = _tenth(lane.start), _tenth(lane.end)
    return replace(lane, start=start, end=end, spans=spans, marks=marks)
