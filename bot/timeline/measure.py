"""How long a run took, beside how long its waits are: in all, and in the longest chain.

What overlapped, what was worked and what was blocked is computed from the record itself, so that
a program's verdict does not change with the speed of the machine.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, pairwise
from math import inf

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
    waited = worked = overlapped = blocked = 0.0
    late, unexplained = _Joined(), _Joined()
    for since, until, counts in _stretches(lanes.values()):
        seconds = until - since
        idle, busy = counts[_IDLE] > 0, counts[_BUSY] > 0
        behind = counts[_READY] > 0 or counts[_LATE] > 0
        waited += seconds * idle
        worked += seconds * busy
        overlapped += seconds * (idle and busy)
        blocked += seconds * (counts[_BLOCKED] > 0)
        if behind and not busy:
            late.add(since, until)
        if counts[_WAITING] > 0 and not (idle or busy or behind):
            unexplained.add(since, until)
    nobodys = _Stretches(unexplained.long())
    asleep = sum(s.due - s.start for lane in lanes.values() for s in lane.spans if s.idle)
    unserved = 0.0 if cpu is None else max(0.0, worked - cpu)
    return Measure(
        elapsed=elapsed,
        waits=asleep + nobodys.total,
        longest=_longest(lanes, nobodys),
        waited=waited + nobodys.total,
        worked=worked,
        overlapped=overlapped,
        blocked=blocked,
        starved=_Stretches(late.long()).total + unserved,
    )


class _Joined:
    """Stretches of time, taken in order; those that touch are one."""

    def __init__(self) -> None:
        self._all: list[tuple[float, float]] = []

    def add(self, since: float, until: float) -> None:
        """Take the next stretch."""
        if self._all and self._all[-1][1] == since:
            since = self._all.pop()[0]
        self._all.append((since, until))

    def long(self) -> list[tuple[float, float]]:
        """Return those that are longer than any machine may be late."""
        return [(since, until) for since, until in self._all if until - since > _BRIEF]


class _Stretches:
    """Stretches of time in order, asked how much of a span they are."""

    def __init__(self, stretches: list[tuple[float, float]]) -> None:
        self._stretches = stretches
        self._before = [0.0, *accumulate(until - since for since, until in stretches)]
        self.total = self._before[-1]

    def within(self, span: Span) -> float:
        """Return for how many seconds of a span they last."""
        return self._until(span.end) - self._until(span.start)

    def _until(self, at: float) -> float:
        index = bisect_right(self._stretches, (at, inf))
        if not index:
            return 0.0
        since, until = self._stretches[index - 1]
        return self._before[index - 1] + min(until, at) - since


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


def _longest(lanes: Mapping[int, LaneHistory], unexplained: _Stretches) -> float:
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
