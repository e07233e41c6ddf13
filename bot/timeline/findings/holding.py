"""Finds lanes that kept others from running: blocked loops, starved lanes."""

from collections.abc import Iterator

from bot.timeline.expressions import called_name
from bot.timeline.findings.evidence import Evidence, call_stack
from bot.timeline.findings.model import Finding
from bot.timeline.history import LaneHistory
from bot.timeline.model import Span
from bot.timeline.source_code import SourceCode

_HELD = 0.1
"""Seconds that a lane itself holds the loop, in all, before that is worth a word."""
_BIRTH = 0.0003
"""Seconds that the recorder takes, at most, to note that a lane was born, on a busy host, too."""
_STARVED = 0.15
"""Seconds that a lane is ready in all, at least, before it counts as starved; and the share of
its life that this is at least."""
_MOST_STARVED = 8
"""Lanes that are looked at, those that were ready longest first."""
_HOGS = 3
"""Lanes that are named as having kept a starved one waiting."""
_OTHERS = 0.7
"""The share of that time in which other lanes ran: the rest is the host's doing."""
_TOGETHER = 0.5
"""The share of that time for which those that are named ran."""
_WAITING_CALLS = frozenset({"acquire", "wait", "join", "get", "put", "result"})
"""Methods that wait for a thread."""
_WAITING_INSIDE = frozenset({"map", "as_completed", "shutdown", "list", "next"})
"""What may wait for a thread, or compute."""


def blocked_loop(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each line at which synchronous code held the event loop."""
    found: dict[tuple[int | None, str], Finding] = {}
    for lane in evidence.lanes.values():
        for index, span in enumerate(lane.spans):
            if span.kind != "blocked":
                continue
            line = span.line
            what = _what(evidence.source, line, waited=line != _resumed_at(lane, index))
            if what == "computing":
                if not _computes(evidence, lane, span):
                    continue
                line = where_computed(evidence, lane, index)
            starved = tuple(_starved_by(evidence, lane, span))
            before = found.get((line, what))
            lanes = (*(before.lanes if before else ()), lane.id, *starved)
            held = _blamed(evidence, span, what) + (before.seconds if before else 0.0)
            found[line, what] = evidence.finding("blocked_loop", line, lanes, held, what=what)
    told = (one for one in found.values() if one.seconds >= _HELD)
    yield from sorted(told, key=lambda one: -one.seconds)


def _computes(evidence: Evidence, lane: LaneHistory, span: Span) -> bool:
    """Tell whether a lane computed that long itself; to make thousands of tasks is no computing."""
    made = sum(
        child.parent == lane.id and span.start <= child.start <= span.end
        for child in evidence.lanes.values()
    )
    own = span.seconds - made * _BIRTH
    return evidence.computed(own, besides=len(evidence.lanes) * _BIRTH) >= _HELD


def _blamed(evidence: Evidence, span: Span, what: str) -> float:
    """Return for how long a lane itself held its loop: a host that is busy stretches computing."""
    return evidence.computed(span.seconds) if what == "computing" else span.seconds


def _resumed_at(lane: LaneHistory, index: int) -> int | None:
    """Return the line at which the step began in which a lane held its loop."""
    before = (span.line for span in reversed(lane.spans[:index]) if span.kind != "blocked")
    return next(before, lane.spans[index].line)


def where_computed(evidence: Evidence, lane: LaneHistory, index: int) -> int | None:
    """Return the line that computed in the step in which a lane held its loop."""
    span = lane.spans[index]
    if evidence.source is None:
        return span.line
    following = (call_stack(other) for other in lane.spans[index + 1 :] if other.kind == "waiting")
    begun = span.line
    if begun is not None and evidence.source.function_at(begun) is None:
        # A callback of the loop: what it printed is all that tells which.
        printed = (mark.line for mark in lane.marks if span.start <= mark.at <= span.end)
        inside = next((evidence.source.function_at(it) for it in printed if it is not None), None)
        begun = inside.lineno if inside is not None else begun
    return evidence.computed_line(begun, next(following, ()))


def _what(source: SourceCode | None, line: int | None, *, waited: bool) -> str:
    """Tell what kind of synchronous code of a line held the loop.

    :param waited: whether the record names a call that waits, rather than where the step began
    """
    calls = source.calls_at(line) if source is not None and line is not None else ()
    names = {called_name(call) for call in calls}
    if "sleep" in names:
        return "sleep"
    if waited and names & _WAITING_INSIDE:
        return "lock"
    if names & _WAITING_CALLS or (source and source.enters_at(line)):
        return "lock"
    return "computing"


def _starved_by(evidence: Evidence, holder: LaneHistory, held: Span) -> Iterator[int]:
    """Yield the lanes that were ready while one held the loop."""
    for lane in evidence.tasks:
        if lane.id == holder.id:
            continue
        if any(
            span.kind == "ready" and span.start < held.end and span.end > held.start
            for span in lane.spans
        ):
            yield lane.id


def starved(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for the lane that was ready longest while others ran, if it was for long."""
    recording = _BIRTH * len(evidence.lanes)
    waited = []
    for lane in evidence.tasks:
        ready = [span for span in lane.spans if span.kind == "ready"]
        total = sum(span.seconds for span in ready)
        life = (lane.end or evidence.history.end) - lane.start
        if total - recording < max(_STARVED, _STARVED * life):
            continue
        # A host that is busy stretches what others compute, and with it this lane's life.
        computed = total * evidence.share
        if computed - recording >= max(_STARVED, _STARVED * (life - total + computed)):
            waited.append((total, lane.id, ready))
    ran_at = {
        other.id: [span for span in other.spans if span.kind == "running"]
        for other in (evidence.tasks if waited else ())
    }
    for total, number, ready in sorted(waited, reverse=True)[:_MOST_STARVED]:
        ran = {
            other: overlap
            for other, spans in ran_at.items()
            if other != number and (overlap := _overlap(ready, spans))
        }
        hogs = sorted(ran, key=lambda one: -ran[one])[:_HOGS]
        of_others = sum(ran.values()) >= _OTHERS * total  # else it is the host's doing
        if of_others and sum(ran[one] for one in hogs) >= _TOGETHER * total:  # else a crowd's
            line = _busiest_line(evidence, hogs[0])
            yield evidence.finding("starved", line, (number, *hogs), total * evidence.share)
            return


def _overlap(ready: list[Span], running: list[Span]) -> float:
    """Return for how many seconds of its ready time another lane ran, in short steps."""
    total, index = 0.0, 0
    for span in ready:
        while index < len(running) and running[index].end <= span.start:
            index += 1
        at = index
        while at < len(running) and running[at].start < span.end:
            total += min(running[at].end, span.end) - max(running[at].start, span.start)
            at += 1
    return total


def _busiest_line(evidence: Evidence, lane: int) -> int | None:
    """Return the line at which a lane that ran for long gave the loop back, if it is one."""
    lines = {span.line for span in evidence.lanes[lane].spans if span.kind == "running"}
    lines.discard(None)
    return lines.pop() if len(lines) == 1 else None
