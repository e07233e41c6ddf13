"""The spans of one lane, tidied: neighbours that say the same joined, blocking ones marked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from bot.timeline.model import Span


class Hold(NamedTuple):
    """A stretch in which a lane kept its event loop from everyone else."""

    since: float
    until: float
    line: int | None = None
    """The scenario's own line that took most of it; None where that is not known."""


def joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the spans with neighbours that say the same made one."""
    for _, alike in groupby(spans, key=_what):
        first, *others = alike
        yield replace(first, end=others[-1].end) if others else first


def _what(span: Span) -> tuple[object, ...]:
    return span.kind, span.on, span.line, span.wait


def merged(stretches: Iterable[Hold]) -> list[Hold]:
    """Return the stretches in order, with those that touch made one."""
    found: list[Hold] = []
    for hold in sorted(stretches, key=lambda one: one.since):
        last = found[-1] if found else None
        if last is not None and hold.since <= last.until:
            found[-1] = last._replace(until=max(hold.until, last.until))
        else:
            found.append(hold)
    return found


def repainted(spans: Iterable[Span], held: Sequence[Hold]) -> Iterator[Span]:
    """Yield the spans with what lies in a stretch of holding the loop made "blocked".

    A lane that sleeps without giving the loop back is blocking it, so waits are repainted, too;
    one that is merely ready holds nothing.
    """
    following = 0
    for span in spans:
        while following < len(held) and held[following].until <= span.start:
            following += 1
        at, index = span.start, following
        while span.kind != "ready" and index < len(held) and held[index].since < span.end:
            since, until = max(held[index].since, at), min(held[index].until, span.end)
            if since > at:
                yield replace(span, start=at, end=since)
            if until > since:
                line = held[index].line or span.line
                yield replace(span, kind="blocked", start=since, end=until, line=line)
            at = max(at, until)
            index += 1
        if at == span.start:
            yield span
        elif span.end > at:
            yield replace(span, start=at)
