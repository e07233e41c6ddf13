"""How long a run took, beside how long its waits are: in all, and in the longest chain."""

import re
from collections.abc import Iterable, Mapping

from bot.timeline.model import Measure, Span
from bot.timeline.record import History

_IDLE = re.compile(
    r"(?:\w+\.)*(?:sleep|select|recv|read|write|connect|accept|drain|input)", re.ASCII
)
"""Waits on the clock or on the outside world. Any other is for a lane, whose own waits count."""


def is_idle(span: Span) -> bool:
    """Tell whether a span is a wait of its own, rather than one for another task or thread."""
    return span.kind in {"waiting", "blocked"} and _IDLE.match(span.on) is not None


def measure(lanes: Mapping[int, History], elapsed: float) -> Measure:
    """Measure a run from its lanes' histories."""
    idle = sum(span.seconds for lane in lanes.values() for span in lane.spans if is_idle(span))
    return Measure(elapsed, idle, _longest(lanes))


def _longest(lanes: Mapping[int, History]) -> float:
    """Return the seconds of the longest chain of idle waits, each of which had to end first.

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
            chain[lane] = max(chain[lane], chain[last])
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
