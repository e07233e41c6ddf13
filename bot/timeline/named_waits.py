"""Which functions of a run's code waited when, and how many of them at the same time. Pure.

A wait on the clock belongs to the functions in whose code it stands: those of its stack, and the
one that its task or thread runs. Only what was recorded counts, for as long as it really took: a
sleep that a changed clock cut short is short.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.runner.model import Event
from bot.timeline.findings.evidence import call_stack
from bot.timeline.history import LaneHistory, history_of
from bot.timeline.model import Span
from bot.timeline.source_code import SourceCode

_TOUCH = 0.005
"""Seconds for which two waits may overlap without going on at the same time: one ends, and what
it wakes begins the next."""
_EARLY = 0.02
"""The share of its length by which a timer may come early."""


@dataclass(frozen=True, slots=True)
class NamedWait:
    """One wait on the clock."""

    functions: frozenset[str]
    """The functions in whose code it stands."""
    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it really took."""
        return self.end - self.start


def named_waits(events: Sequence[Event], code: str) -> tuple[NamedWait, ...]:
    """Return every wait on the clock of a run.

    :param events: the whole run, `Finished` last
    :param code: the source that ran
    """
    source = SourceCode.parse(code)
    lanes = history_of(events).lanes.values()
    return tuple(
        NamedWait(frozenset(_functions(source, lane, span)), span.start, span.end)
        for lane in lanes
        for span in lane.spans
        if span.kind == "waiting" and span.idle
    )


def _functions(source: SourceCode | None, lane: LaneHistory, span: Span) -> Iterator[str]:
    """Yield the names of the functions that a wait stands in."""
    yield lane.code.rpartition(".")[2]
    if source is None:
        return
    lines = (*call_stack(span), *((span.line,) if span.line is not None else ()))
    for line in dict.fromkeys(lines):
        yield from (
            one.name for one in source.functions if one.lineno <= line <= (one.end_lineno or 0)
        )


def waits_of(waits: Iterable[NamedWait], names: Iterable[str]) -> list[NamedWait]:
    """Return the waits that stand in one of these functions."""
    wanted = frozenset(names)
    return [wait for wait in waits if wait.functions & wanted]


def most_at_once(waits: Iterable[NamedWait]) -> int:
    """Return how many of these waits went on at one moment, at most."""
    changes = []
    for wait in waits:
        if wait.seconds > 2 * _TOUCH:
            changes += [(wait.start + _TOUCH, 1), (wait.end - _TOUCH, -1)]
    under_way = most = 0
    for _, change in sorted(changes):
        under_way += change
        most = max(most, under_way)
    return most


def count_of(waits: Iterable[NamedWait], seconds: float) -> int:
    """Return how many of these waits took so many seconds, or more."""
    return sum(wait.seconds >= seconds * (1 - _EARLY) for wait in waits)
