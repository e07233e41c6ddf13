"""How long a run took, beside how long its waits are: in all, and in the longest chain."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping

from bot.timeline.model import Measure, Span
from bot.timeline.record import History

_IDLE = re.compile(r"(?:\w+\.)*sleep\(", re.ASCII)
"""Waits on the clock. Any other is for a lane, whose own waits count: a scenario has no network,
so even its sockets are held at both ends by its own tasks."""

_NOBODYS = frozenset({"event loop", "work"})
"""What the main thread and a pool's thread wait for while they have nothing to do."""

_BRIEF = 0.001
"""Seconds between two lanes' steps that are no wait."""


def is_idle(span: Span) -> bool:
    """Tell whether a span is a wait on the clock, rather than for another task or thread."""
    return span.kind in {"waiting", "blocked"} and _IDLE.match(span.on) is not None


def measure(lanes: Mapping[int, History], elapsed: float) -> Measure:
    """Measure a run from its lanes' histories.

    While every lane waits for another, something that has no lane is waited for (a timeout, a
    timer's callback, the outside world): that counts once, however many wait.
    """
    idle = sum(span.seconds for lane in lanes.values() for span in lane.spans if is_idle(span))
    unexplained = _Unexplained(lanes.values())
    return Measure(elapsed, idle + unexplained.total, _longest(lanes, unexplained))


class _Unexplained:
    """The stretches in which lanes wait, and no lane's doing says what for."""

    def __init__(self, lanes: Iterable[History]) -> None:
        self.total = 0.0
        self._starts: list[float] = []
        self._before: list[tuple[float, float]] = []
        busy = waiting = 0
        since: float | None = None
        for at, busier, more in sorted(_changes(lanes)):
            if since is not None and at - since > _BRIEF:
                self._starts.append(since)
                self._before.append((self.total, at - since))
                self.total += at - since
            busy, waiting = busy + busier, waiting + more
            since = at if waiting and not busy else None

    def within(self, span: Span) -> float:
        """Return for how many seconds of a span nothing explains the wait."""
        return self._until(span.end) - self._until(span.start)

    def _until(self, at: float) -> float:
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return 0.0
        before, length = self._before[index]
        return before + min(length, at - self._starts[index])


def _changes(lanes: Iterable[History]) -> Iterable[tuple[float, int, int]]:
    """Yield (time, change in busy lanes, change in lanes that wait for others)."""
    for lane in lanes:
        for span in lane.spans:
            if span.kind != "waiting" or is_idle(span):
                yield span.start, 1, 0
                yield span.end, -1, 0
            elif span.on not in _NOBODYS:
                yield span.start, 0, 1
                yield span.end, 0, -1


def _longest(lanes: Mapping[int, History], unexplained: _Unexplained) -> float:
    """Return the seconds of the longest chain of waits, each of which had to end first.

    A lane's chain grows by its own idle waits. It starts from its parent's chain at its birth,
    and after a wait for others it goes on from that of the lane that ran last, if longer: only
    a running lane can wake another.
    """
    chain = dict.fromkeys(lanes, 0.0)
    last = next(iter(chain))
    for _, _, lane, span in sorted(_moments(lanes.values()), key=lambda moment: moment[:3]):
        parent = lanes[lane].parent
        if span is None:
            chain[lane] = chain.get(parent, 0.0) if parent is not None else 0.0
        elif is_idle(span):
            chain[lane] += span.seconds
            last = lane
        elif span.kind == "waiting":
            chain[lane] = max(chain[lane] + unexplained.within(span), chain[last])
        else:
            last = lane
    return max(chain.values())


def _moments(lanes: Iterable[History]) -> Iterable[tuple[float, int, int, Span | None]]:
    """Yield (time, rank, lane, what): births, ends of waits, and running, which may wake others.

    At one moment, a step that ends comes before the wait that it ends, and that before births
    and the next step.
    """
    for lane in lanes:
        yield lane.start, 2, lane.id, None
        for span in lane.spans:
            if is_idle(span):
                yield span.end, 0, lane.id, span
            elif span.kind == "waiting":
                yield span.end, 1, lane.id, span
            elif span.kind != "ready":
                yield span.start, 3, lane.id, span
                yield span.end, 0, lane.id, span
