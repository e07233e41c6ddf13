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
_NEARLY = 0.9
"""The share of its length that a wait has, at least, if it is to count as that long."""
_RECORDED = 0.5
"""The share that must really have passed. A wait is recorded once its step has ended, which a busy
machine delays, so one that was asked for is believed from there on."""


@dataclass(frozen=True, slots=True)
class NamedWait:
    """One wait on the clock."""

    functions: frozenset[str]
    """The functions in whose code it stands."""
    start: float
    end: float
    asked: float = 0.0
    """For how many seconds it was to be; 0.0 where that is not known."""

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
        NamedWait(
            frozenset(_functions(source, lane, span)),
            span.start,
            span.end,
            (span.wait.seconds if span.wait else None) or 0.0,
        )
        for lane in lanes
        for span in lane.spans
        if span.kind == "waiting" and (span.idle or _is_bounded(span))
    )


def _functions(source: SourceCode | None, lane: LaneHistory, span: Span) -> Iterator[str]:
    """Yield the names of the functions that a wait stands in."""
    yield lane.code.rpartition(".")[2]
    if source is None:
        return
    if _is_bounded(span) and span.line is not None:
        site = source.await_at(span.line)
        worker = source.worker(site) if site is not None else None
        if worker is not None:
            yield worker.name
    lines = (*call_stack(span), *((span.line,) if span.line is not None else ()))
    for line in dict.fromkeys(lines):
        yield from (
            one.name for one in source.functions if one.lineno <= line <= (one.end_lineno or 0)
        )


def _is_bounded(span: Span) -> bool:
    """Tell whether it is a `wait_for`: on Python 3.11 that hides what is waited for."""
    return span.wait is not None and span.wait.kind == "wait_for"


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
    return sum(_took(wait, seconds) for wait in waits)


def count_of_asked(waits: Iterable[NamedWait], seconds: float) -> int:
    """Return how many of these waits took so many seconds, or more, or were to take them."""
    return sum(_asked(wait, seconds) for wait in waits)


def _took(wait: NamedWait, seconds: float) -> bool:
    return _asked(wait, seconds) and wait.seconds >= seconds * _RECORDED


def _asked(wait: NamedWait, seconds: float) -> bool:
    return max(wait.seconds, wait.asked) >= seconds * _NEARLY
