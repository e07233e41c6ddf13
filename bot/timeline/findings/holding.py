"""Finds lanes that kept others from running: blocked loops, starved lanes, late timeouts, spins."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from bot.timeline.findings.evidence import Evidence, call_stack
from bot.timeline.findings.model import Finding
from bot.timeline.history import LaneHistory
from bot.timeline.model import Span
from bot.timeline.source_code import SourceCode, called_name

_HELD = 0.1
"""Seconds that a lane itself holds the loop, in all, before that is worth a word."""
_STARVED = 0.15
"""Seconds that a lane is ready in all, at least, before it counts as starved; and the share of
its life that this is at least."""
_OTHERS = 0.7
"""The share of that time in which other lanes ran: the rest is the host's doing."""
_LATE = 0.05
"""Seconds by which a timeout is late before that is worth a word."""
_WAITING_CALLS = frozenset({"acquire", "wait", "join", "get", "put", "result"})
"""Methods that wait for a thread."""
_POLLS = 3
"""Rounds of a loop that only waits before it counts as polling."""


def blocked_loop(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each line at which synchronous code held the event loop."""
    found: dict[tuple[int | None, str], Finding] = {}
    for lane in evidence.lanes.values():
        for span in lane.spans:
            if span.kind != "blocked":
                continue
            line = span.line
            what = _what(evidence.source, line)
            if what == "computing" and not evidence.computed(span.seconds):
                continue
            starved = tuple(_starved_by(evidence, lane, span))
            before = found.get((line, what))
            lanes = (*(before.lanes if before else ()), lane.id, *starved)
            unique = tuple(dict.fromkeys(lanes))
            found[line, what] = Finding(
                "blocked_loop",
                line,
                unique,
                span.seconds + (before.seconds if before else 0.0),
                names=tuple(evidence.name(one) for one in unique),
                what=what,
            )
    told = (one for one in found.values() if one.seconds >= _HELD)
    yield from sorted(told, key=lambda one: -one.seconds)


def _what(source: SourceCode | None, line: int | None) -> str:
    """Tell what kind of synchronous code of a line held the loop."""
    calls = source.calls_at(line) if source is not None and line is not None else ()
    names = {called_name(call) for call in calls}
    if "sleep" in names:
        return "sleep"
    return "lock" if names & _WAITING_CALLS or (source and source.enters_at(line)) else "computing"


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
    worst: Finding | None = None
    for lane in evidence.tasks:
        ready = [span for span in lane.spans if span.kind == "ready"]
        total = sum(span.seconds for span in ready)
        life = max((lane.end or evidence.history.end) - lane.start, 1e-9)
        if total < max(_STARVED, _STARVED * life):
            continue
        ran = {
            other.id: overlap
            for other in evidence.tasks
            if other.id != lane.id and (overlap := _overlap(ready, other))
        }
        if sum(ran.values()) < _OTHERS * total:
            continue
        hogs = sorted(ran, key=lambda one: -ran[one])[:3]
        lanes = (lane.id, *hogs)
        if worst is None or total > worst.seconds:
            worst = Finding(
                "starved",
                _busiest_line(evidence, hogs[0]),
                lanes,
                total,
                names=tuple(evidence.name(one) for one in lanes),
            )
    if worst is not None:
        yield worst


def _overlap(ready: list[Span], other: LaneHistory) -> float:
    """Return for how many seconds of its ready time another lane ran, in short steps."""
    total, index = 0.0, 0
    running = [span for span in other.spans if span.kind == "running"]
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


def busy_wait(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each loop that only sleeps until something is so."""
    if evidence.source is None:
        return
    for line, pauses in _polling(evidence):
        rounds: dict[int, list[Span]] = {}
        for lane in evidence.lanes.values():
            spans = [
                span
                for span in lane.spans
                if span.line == line and span.kind in {"running", "waiting"}
            ]
            if sum(1 for span in spans if span.kind == pauses) >= _POLLS:
                rounds[lane.id] = spans
        if not rounds:
            continue
        lanes = tuple(rounds)
        spans = rounds[lanes[0]]
        yield Finding(
            "busy_wait",
            line,
            lanes,
            spans[-1].end - spans[0].start,
            names=tuple(evidence.name(one) for one in lanes),
            count=sum(1 for span in spans if span.kind == pauses),
        )


def _polling(evidence: Evidence) -> Iterator[tuple[int, str]]:
    """Yield the lines of sleeps whose `while` loops do nothing else, and how a round shows."""
    assert evidence.source is not None
    for call in evidence.source.calls_of("sleep"):
        parents = list(evidence.source.parents(call))
        loop = next((one for one in parents if isinstance(one, ast.While)), None)
        if (
            loop is None
            or not isinstance(parents[0], ast.Await)
            or not all(_only_looks(one) for one in loop.body)
        ):
            continue
        zero = bool(call.args) and _constant(call.args[0]) == 0
        yield call.lineno, "running" if zero else "waiting"


def _only_looks(statement: ast.stmt) -> bool:
    """Tell whether a statement of a loop does nothing: it sleeps, or leaves if something is so."""
    if isinstance(statement, ast.Expr):
        value = statement.value
        return (
            isinstance(value, ast.Await)
            and isinstance(value.value, ast.Call)
            and called_name(value.value) == "sleep"
        )
    if isinstance(statement, ast.If):
        return all(isinstance(one, ast.Break | ast.Pass) for one in statement.body)
    return isinstance(statement, ast.Pass)


def late_timeout(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each timeout that was due while the loop was held."""
    if evidence.source is None:
        return
    held = [
        span for lane in evidence.lanes.values() for span in lane.spans if span.kind == "blocked"
    ]
    for call, first, last, limit in _timeouts(evidence):
        for lane in evidence.tasks:
            inside = [s for s in lane.spans if any(first <= line <= last for line in call_stack(s))]
            if not inside:
                continue
            due = inside[0].start + limit
            came = _came(lane, due)
            if came is not None and any(one.start < due < one.end for one in held):
                late = came - due
                yield Finding(
                    "late_timeout", call.lineno, (lane.id,), late, (evidence.name(lane.id),)
                )
                break


def _came(lane: LaneHistory, due: float) -> float | None:
    """Return when a timeout came that was due, if that was late.

    It cancels what it bounds, from a timer; `wait_for` of Python 3.11 is woken by one.
    """
    for before, span in pairwise(lane.spans):
        waited = before.wait is not None and before.wait.kind == "wait_for"
        if span.by == "clock" and (span.cancelled or waited) and span.start >= due + _LATE:
            return span.start
    return None


def _timeouts(evidence: Evidence) -> Iterator[tuple[ast.Call, int, int, float]]:
    """Yield (call, first line, last line, seconds) of each timeout with a constant length."""
    assert evidence.source is not None
    for call in evidence.source.calls_of("timeout"):
        limit = _constant(call.args[0]) if call.args else None
        block = next(
            (p for p in evidence.source.parents(call) if isinstance(p, ast.AsyncWith)), None
        )
        if limit is not None and block is not None:
            yield call, block.lineno, block.end_lineno or block.lineno, limit
    for call in evidence.source.calls_of("wait_for"):
        given = call.args[1:2] or [one.value for one in call.keywords if one.arg == "timeout"]
        limit = _constant(given[0]) if given else None
        if limit is not None:
            yield call, call.lineno, call.end_lineno or call.lineno, limit


def _constant(node: ast.expr) -> float | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return float(value) if isinstance(value, int | float) else None
