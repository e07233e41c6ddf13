"""How long a run took, beside how long its waits are: in all, and in the longest chain.

What overlapped, what was worked and what was blocked is computed from the record itself, so that
a program's verdict does not change with the speed of the machine.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from bot.timeline.history import LaneHistory
from bot.timeline.model import By, Measure, Span

_NOBODYS = "work"
"""What a pool's thread waits for while it has nothing to do."""

_BRIEF = 0.001
"""Seconds between two lanes' steps that are no wait, and by which any machine is late."""

_IDLE, _LATE, _BUSY, _READY, _WAITING, _BLOCKED = range(6)
"""What a lane may be doing, as far as it is counted."""


def measure(lanes: Mapping[int, LaneHistory], elapsed: float, cpu: float | None = None) -> Measure:
    """Measure a run from its lanes' histories.

    While every lane waits for another, something that has no lane is waited for (a timeout, a
    timer's callback): that counts once, however many wait.

    :param cpu: the processor time that the run used, in seconds; None where it is not known
    """
    sums = _Sums()
    for since, until, counts in _stretches(lanes.values()):
        sums.add(since, until, counts)
    sums.close()
    idle = sum(s.due - s.start for lane in lanes.values() for s in lane.spans if s.idle)
    unserved = 0.0 if cpu is None else max(0.0, sums.worked - cpu)
    return Measure(
        elapsed=elapsed,
        waits=idle + sums.unexplained.total,
        longest=_longest(lanes, sums.unexplained),
        waited=sums.waited + sums.unexplained.total,
        worked=sums.worked,
        overlapped=sums.overlapped,
        blocked=sums.blocked,
        starved=sums.late + unserved,
    )


class _Unexplained:
    """The stretches in which lanes wait, and no lane's doing says what for."""

    def __init__(self) -> None:
        self.total = 0.0
        self._starts: list[float] = []
        self._before: list[tuple[float, float]] = []

    def add(self, since: float, until: float) -> None:
        """Take the next stretch."""
        self._starts.append(since)
        self._before.append((self.total, until - since))
        self.total += until - since

    def within(self, span: Span) -> float:
        """Return for how many seconds of a span nothing explains the wait."""
        return self._until(span.end) - self._until(span.start)

    def _until(self, at: float) -> float:
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return 0.0
        before, length = self._before[index]
        return before + min(length, at - self._starts[index])


@dataclass(slots=True)
class _Sums:
    """Adds up the stretches of a run, in order."""

    waited: float = 0.0
    worked: float = 0.0
    overlapped: float = 0.0
    blocked: float = 0.0
    late: float = 0.0
    unexplained: _Unexplained = field(default_factory=_Unexplained)
    _open: dict[str, tuple[float, float]] = field(default_factory=dict)

    def add(self, since: float, until: float, counts: list[int]) -> None:
        """Take a stretch in which so many lanes do each thing."""
        seconds = until - since
        idle, busy = counts[_IDLE] > 0, counts[_BUSY] > 0
        behind = counts[_READY] > 0 or counts[_LATE] > 0
        self.waited += seconds * idle
        self.worked += seconds * busy
        self.overlapped += seconds * (idle and busy)
        self.blocked += seconds * (counts[_BLOCKED] > 0)
        self._go_on("late", since, until, holds=behind and not busy)
        nobody = counts[_WAITING] > 0 and not (idle or busy or behind)
        self._go_on("unexplained", since, until, holds=nobody)

    def close(self) -> None:
        """End what is still open."""
        for what in tuple(self._open):
            self._end(what)

    def _go_on(self, what: str, since: float, until: float, *, holds: bool) -> None:
        """Lengthen what is open, or end it."""
        if holds:
            self._open[what] = (self._open.get(what, (since, since))[0], until)
        elif what in self._open:
            self._end(what)

    def _end(self, what: str) -> None:
        since, until = self._open.pop(what)
        if until - since <= _BRIEF:
            return
        if what == "late":
            self.late += until - since
        else:
            self.unexplained.add(since, until)


def _stretches(lanes: Iterable[LaneHistory]) -> Iterator[tuple[float, float, list[int]]]:
    """Yield (since, until, how many lanes do each thing) from change to change."""
    counts = [0] * 6
    before = 0.0
    for at, what, change in sorted(_changes(lanes)):
        if at > before:
            yield before, at, counts
            before = at
        counts[what] += change


def _changes(lanes: Iterable[LaneHistory]) -> Iterator[tuple[float, int, int]]:
    """Yield (time, what is done, change in the number of lanes that do it)."""
    for lane in lanes:
        for span in lane.spans:
            if span.kind == "blocked":
                yield from ((span.start, _BLOCKED, 1), (span.end, _BLOCKED, -1))
            if span.idle:
                yield from ((span.start, _IDLE, 1), (span.due, _IDLE, -1))
                yield from ((span.due, _LATE, 1), (span.end, _LATE, -1))
            elif span.kind in {"running", "blocked"}:
                yield from ((span.start, _BUSY, 1), (span.end, _BUSY, -1))
            elif span.kind == "ready":
                yield from ((span.start, _READY, 1), (span.end, _READY, -1))
            elif span.wait is None or span.wait.kind != _NOBODYS:
                yield from ((span.start, _WAITING, 1), (span.end, _WAITING, -1))


def _longest(lanes: Mapping[int, LaneHistory], unexplained: _Unexplained) -> float:
    """Return the seconds of the longest chain of waits, each of which had to end first.

    A lane's chain grows by its own idle waits. It starts from its parent's chain at its birth,
    and after a wait for others it goes on from that of the lane that woke it, if longer; where
    the record does not say who did, from that of the lane that ran last: only a running lane can
    wake another.
    """
    chain = dict.fromkeys(lanes, 0.0)
    last = next(iter(chain))
    moments = sorted(_moments(lanes.values()), key=lambda moment: moment[:3])
    for _, _, lane, span, by in moments:
        parent = lanes[lane].parent
        if span is None:
            chain[lane] = chain.get(parent, 0.0) if parent is not None else 0.0
        elif span.idle:
            chain[lane] += span.due - span.start
            last = lane
        elif span.kind == "waiting":
            waker = by if isinstance(by, int) and by in chain else last
            chain[lane] = max(chain[lane] + unexplained.within(span), chain[waker])
        else:
            last = lane
    return max(chain.values())


def _moments(
    lanes: Iterable[LaneHistory],
) -> Iterator[tuple[float, int, int, Span | None, By | None]]:
    """Yield (time, rank, lane, what, by): births, ends of waits, and running, which may wake.

    At one moment, a step that ends comes before the wait that it ends, and that before births
    and the next step. `by` is who ended a wait.
    """
    for lane in lanes:
        yield lane.start, 2, lane.id, None, None
        for span, following in pairwise((*lane.spans, None)):
            assert span is not None
            if span.idle:
                yield span.end, 0, lane.id, span, None
            elif span.kind == "waiting":
                yield span.end, 1, lane.id, span, following.by if following else None
            elif span.kind != "ready":
                yield span.start, 3, lane.id, span, None
                yield span.end, 0, lane.id, span, None
