"""Why a line was printed when it was: who woke whom, back to the start. Pure."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import Literal

from bot.timeline.history import History, LaneHistory
from bot.timeline.model import Span

MOST_CAUSES = 40
"""Links of a chain, at most."""

CauseKind = Literal["printed", "timer", "io", "woken", "cancelled", "born", "start"]
"""printed: the lane ran and printed; timer: its sleep was over; io: a descriptor was ready; woken:
another lane ended its wait; cancelled: another lane cut its wait short; born: another lane created
it; start: the main thread began."""

_LATE = 0.02
"""Seconds that a lane is ready and not run before that is worth a word."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One link of a chain. Times are seconds since the scenario's first instruction."""

    kind: CauseKind
    at: float
    lane: int
    line: int | None = None
    """The scenario's own line: where it printed, waited, or was created."""
    by: int | None = None
    """`woken`, `cancelled` and `born`: the lane that did it."""
    on: str = ""
    """What it had waited on, as in "sleep(3)"."""
    since: float = 0.0
    """When that wait began."""
    late: float = 0.0
    """For how long the lane was ready then, and something else ran."""
    held_by: int | None = None
    """The lane that ran longest meanwhile."""


def causes_of(history: History, number: int) -> tuple[Cause, ...]:
    """Return why a printed line was printed when it was: the line first, the start last.

    :param number: the line's place among all printed lines, counted from 1
    :return: nothing where there is no such line
    """
    for lane in history.lanes.values():
        for mark in lane.marks:
            if mark.kind == "line" and mark.number == number:
                printed = Cause("printed", mark.at, lane.id, mark.line)
                return (printed, *_before(history, lane, mark.at))
    return ()


def _before(history: History, lane: LaneHistory, at: float) -> list[Cause]:
    """Follow what made a lane run at a moment, back to the start."""
    chain: list[Cause] = []
    while len(chain) < MOST_CAUSES:
        cause = _cause(history, lane, at)
        chain.append(cause)
        if cause.kind == "start":
            break
        # What another lane did, it did in a step of its own; a timer began with the wait.
        before = cause.since if cause.by is None else cause.at
        following = lane if cause.by is None else history.lanes[cause.by]
        if following is lane and before >= at:
            break
        lane, at = following, before
    return chain


def _cause(history: History, lane: LaneHistory, at: float) -> Cause:
    """Return why a lane ran at a moment."""
    index = _last_wait(lane, at)
    if index is None:
        if lane.parent is None:
            return Cause("start", 0.0, lane.id)
        return Cause("born", lane.start, lane.id, lane.line, lane.parent)
    wait = lane.spans[index]
    woken = lane.spans[index + 1] if index + 1 < len(lane.spans) else None
    by = woken.by if woken is not None else None
    kind: CauseKind = "io" if by == "io" else "timer"
    other: int | None = None
    if isinstance(by, int) and by != lane.id:
        kind, other = "woken", by
    if woken is not None and woken.cancelled:
        kind = "cancelled"
    late, held_by = _late(history, lane, woken)
    return Cause(kind, wait.end, lane.id, wait.line, other, wait.on, wait.start, late, held_by)


def _late(history: History, lane: LaneHistory, woken: Span | None) -> tuple[float, int | None]:
    """Return for how long a lane was ready before it ran, and who ran longest meanwhile."""
    if woken is None or woken.kind != "ready" or woken.seconds < _LATE:
        return 0.0, None
    ran = {
        other.id: _ran(other, woken.start, woken.end)
        for other in history.lanes.values()
        if other is not lane
    }
    longest = max(ran, key=lambda one: ran[one], default=None)
    return woken.seconds, longest if longest is not None and ran[longest] >= _LATE else None


def _ran(lane: LaneHistory, start: float, end: float) -> float:
    """Return for how many seconds a lane ran between two moments."""
    total = 0.0
    for span in islice(lane.spans, bisect_right(lane.spans, start, key=attrgetter("end")), None):
        if span.start >= end:
            break
        if span.kind in {"running", "blocked"}:
            total += min(span.end, end) - max(span.start, start)
    return total


def _last_wait(lane: LaneHistory, at: float) -> int | None:
    """Return the place of a lane's last wait that was over at a moment."""
    index = bisect_right(lane.spans, at, key=attrgetter("end")) - 1
    while index >= 0:
        wait = lane.spans[index].wait
        if lane.spans[index].kind == "waiting" and wait and wait.kind != "event loop":
            return index
        index -= 1
    return None
