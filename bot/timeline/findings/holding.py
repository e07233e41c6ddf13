"""Finds lanes that kept others from running: blocked loops, starved lanes, spins."""

import ast
from collections.abc import Iterator
from functools import cache

from bot.timeline.findings.evidence import Evidence
from bot.timeline.findings.model import Finding
from bot.timeline.history import LaneHistory
from bot.timeline.model import Span
from bot.timeline.source_code import SourceCode, called_name, constant

_HELD = 0.1
"""Seconds that a lane itself holds the loop, in all, before that is worth a word."""
_BIRTH = 0.0003
"""Seconds that the recorder takes, at most, to note that a lane was born, on a busy host, too."""
_STARVED = 0.15
"""Seconds that a lane is ready in all, at least, before it counts as starved; and the share of
its life that this is at least."""
_HOGS = 3
"""Lanes that are named as having kept a starved one waiting."""
_OTHERS = 0.7
"""The share of that time in which other lanes ran: the rest is the host's doing."""
_TOGETHER = 0.5
"""The share of that time for which those that are named ran."""
_WAITING_CALLS = frozenset({"acquire", "wait", "join", "get", "put", "result"})
"""Methods that wait for a thread."""
_SHORT = 0.05
"""Seconds of a pause, at most, that is there to look again soon, in a loop that does work, too."""
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
            if what == "computing" and not _computes(evidence, lane, span):
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


def _computes(evidence: Evidence, lane: LaneHistory, span: Span) -> bool:
    """Tell whether a lane computed that long itself; to make thousands of tasks is no computing."""
    made = sum(
        child.parent == lane.id and span.start <= child.start <= span.end
        for child in evidence.lanes.values()
    )
    own = span.seconds - made * _BIRTH
    return own >= _HELD and evidence.computed(own, besides=len(evidence.lanes) * _BIRTH)


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
        recording = _BIRTH * len(evidence.lanes)
        if total - recording < max(_STARVED, _STARVED * life):
            continue
        ran = {
            other.id: overlap
            for other in evidence.tasks
            if other.id != lane.id and (overlap := _overlap(ready, other))
        }
        if sum(ran.values()) < _OTHERS * total:
            continue
        hogs = sorted(ran, key=lambda one: -ran[one])[:_HOGS]
        if sum(ran[one] for one in hogs) < _TOGETHER * total:
            continue  # a crowd, none of which takes long
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
    looks, looks_first = cache(_looks), cache(_looks_first)  # a loop may hold a thousand sleeps
    for call in evidence.source.calls_of("sleep"):
        parents = list(evidence.source.parents(call))
        loop = next((one for one in parents if isinstance(one, ast.While)), None)
        if loop is None or not isinstance(parents[0], ast.Await):
            continue
        pause = constant(call.args[0]) if call.args else None
        if looks(loop) or (pause is not None and pause <= _SHORT and looks_first(parents[2])):
            yield call.lineno, "running" if pause == 0 else "waiting"


def _looks(loop: ast.While) -> bool:
    """Tell whether a loop does nothing but look whether something is so."""
    asks = not isinstance(loop.test, ast.Constant) or any(
        isinstance(node, ast.Break) for statement in loop.body for node in ast.walk(statement)
    )
    return asks and all(_only_looks(one) for one in loop.body)


def _looks_first(block: ast.AST) -> bool:
    """Tell whether a block of a loop sleeps, and does nothing else, if something is so."""
    return isinstance(block, ast.If) and all(
        _only_looks(one) or isinstance(one, ast.Continue) for one in block.body
    )


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
