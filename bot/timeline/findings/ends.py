"""Finds why a run that did not come to an end of its own did not."""

import ast
import re
from collections.abc import Iterator

from bot.runner.model import Outcome
from bot.timeline.expressions import written
from bot.timeline.findings.evidence import Evidence
from bot.timeline.findings.model import DeadlockedLane, Finding
from bot.timeline.history import LaneHistory
from bot.timeline.model import Span

_NOBODYS = frozenset({"event loop", "work", "threads"})
"""What the main thread and idle threads wait for while they have nothing of their own to do."""

_MISSING_FILE = re.compile(r"No such file or directory: ['\"](.{1,400})['\"]$")
"""What CPython says of a file that is not there (Objects/exceptions.c)."""


def deadlock(evidence: Evidence) -> Iterator[Finding]:
    """Yield the finding of a run that was ended because nothing could ever wake it."""
    if evidence.finished.outcome is not Outcome.DEADLOCK:
        return
    waiting = tuple(
        DeadlockedLane(lane.id, evidence.name(lane.id), _on(evidence, last), last.line)
        for lane in evidence.lanes.values()
        if lane.ending is None
        and (last := _last(lane)) is not None
        and (last.kind == "blocked" or (last.kind == "waiting" and last.on not in _NOBODYS))
    )
    # Those that wait for something of their own come before those that wait for them, and of
    # these the last one that was made: it waits for none of the others, as a rule.
    cause = sorted(waiting, key=lambda one: _waits_for_lanes(evidence, one))
    line = next((one.line for one in cause if one.line is not None), None)
    lanes = (one.lane for one in cause)
    yield evidence.finding("deadlock", line, lanes, waiting=tuple(cause))


def _last(lane: LaneHistory) -> Span | None:
    return lane.spans[-1] if lane.spans else None


def _on(evidence: Evidence, last: Span) -> str:
    """Return what a lane waits on; of one that holds its loop meanwhile, the source tells."""
    if last.on or evidence.source is None or last.line is None:
        return last.on
    calls = [written(one.func) for one in evidence.source.calls_at(last.line)]
    return calls[-1] if calls else "lock"


def _waits_for_lanes(evidence: Evidence, one: DeadlockedLane) -> int:
    """Return a number to sort by: the higher, the more a lane only waits for the others."""
    last = _last(evidence.lanes[one.lane])
    kind = last.wait.kind if last is not None and last.wait is not None else ""
    if kind in {"task", "gather", "TaskGroup", "thread"}:
        return 1 + len(evidence.lanes)
    return 1 + len(evidence.lanes) - one.lane if kind == "Future.result" else 0


def real_time(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for a run that slept through its deadline."""
    if evidence.finished.outcome is not Outcome.TIMEOUT:
        return
    asleep = [
        (lane, last)
        for lane in evidence.lanes.values()
        if (last := _last(lane)) is not None and last.wait is not None and last.wait.kind == "sleep"
    ]
    if asleep:
        lane, last = max(asleep, key=lambda pair: pair[1].seconds)
        yield evidence.finding("real_time", last.line, (lane.id,), last.seconds)


def refused(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each thing that the sandbox does not have.

    What the library asks for in a thread of its own stands at no line; the failure tells it then.
    A package that the code does without is none that it lacks.
    """
    failure = evidence.finished.failure
    failed_at = failure.line if failure is not None else None
    for one in evidence.finished.refused:
        if one.what == "module" and _does_without(evidence, one.line):
            continue
        line = failed_at if one.line is None else one.line
        yield Finding("refused", line, what=one.what, detail=one.detail)
    if failure is None or failure.type != "FileNotFoundError":
        return
    missing = _MISSING_FILE.search(failure.message)
    if missing is not None and all(one.what != "file" for one in evidence.finished.refused):
        yield Finding("refused", failed_at, what="file", detail=missing[1])


def _does_without(evidence: Evidence, line: int | None) -> bool:
    """Tell whether an import stands in a `try` that provides for its failure."""
    if evidence.source is None or line is None or evidence.finished.failure is not None:
        return False
    return any(
        isinstance(node, ast.Try)
        and node.body[0].lineno <= line <= (node.body[-1].end_lineno or 0)
        and any(_catches_import(handler) for handler in node.handlers)
        for node in ast.walk(evidence.source.tree)
    )


def _catches_import(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return bool(names & {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
