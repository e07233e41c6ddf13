"""Finds work that was lost: coroutines, exceptions and tasks that nobody took."""

import ast
import re
from collections.abc import Iterator
from itertools import islice, pairwise

from bot.runner.lane_events import MAIN_LANE
from bot.runner.model import Outcome
from bot.timeline.expressions import last_name
from bot.timeline.findings.evidence import Evidence, error
from bot.timeline.findings.model import Finding
from bot.timeline.history import LaneHistory
from bot.timeline.source_code import Function, SourceCode

# What CPython prints (Objects/genobject.c, Lib/asyncio/base_events.py, Lib/asyncio/tasks.py).
_NEVER_AWAITED = re.compile(
    r"(?::(\d{1,9}): )?RuntimeWarning: coroutine '([^']{1,400})' was never awaited"
)
_NEVER_RETRIEVED = "Task exception was never retrieved"
_TASK_NAME = re.compile(r"future: <Task finished name='((?:[^'\\]|\\.){1,400})'")
_FUTURES = "Future exception was never retrieved"
_FRAME = re.compile(r'  File "scenario\.py", line (\d{1,9}), in ')
_RAISED = re.compile(r"(?!future: |Traceback )[A-Za-z_][\w.]{0,200}(?:: .{0,400})?$")
_MOST = 50
"""Warnings of coroutines that are looked at: each is held against the whole source."""
_DESTROYED = "destroyed while pending"


def never_awaited(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each coroutine that Python says was never awaited."""
    taken: set[int] = set()
    warned = ((line, _NEVER_AWAITED.search(line.text)) for line in evidence.printed("stderr"))
    for line, told in islice((one for one in warned if one[1] is not None), _MOST):
        assert told is not None
        name = told[2].rpartition(".")[2]
        freed = int(told[1]) if told[1] else None
        made = _made_at(evidence.source, name, taken, freed)
        if made is not None:
            taken.add(made)
        yield Finding("never_awaited", made, (line.lane,), names=(name,))


def _made_at(
    source: SourceCode | None, name: str, taken: set[int], freed: int | None
) -> int | None:
    """Return the line of the call that made a coroutine which nobody awaited.

    :param freed: the line at which it was freed: that of the call, if its value was thrown away
    """
    if source is None:
        return None
    calls = [call for call in source.calls_of(name) if call.lineno not in taken]
    for suspicious in (_thrown_away, _kept_unused):
        for call in calls:
            if suspicious(source, call):
                return call.lineno
    unawaited = [call for call in calls if not isinstance(source.parent(call), ast.Await)]
    if unawaited:
        return unawaited[0].lineno
    if freed is not None and any(_thrown_away(source, call) for call in source.calls_at(freed)):
        return freed
    handed = [node.lineno for node in _handed_over(source, name) if node.lineno not in taken]
    return min(handed, default=None)


def _handed_over(source: SourceCode, name: str) -> Iterator[ast.expr]:
    """Yield the places at which a function is handed to another, which then calls it."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Name | ast.Attribute):
            continue
        parent = source.parent(node)
        called = isinstance(parent, ast.Call) and parent.func is node
        if last_name(node) == name and isinstance(parent, ast.Call | ast.keyword) and not called:
            yield node


def _thrown_away(source: SourceCode, call: ast.Call) -> bool:
    return isinstance(source.parent(call), ast.Expr)


def _kept_unused(source: SourceCode, call: ast.Call) -> bool:
    """Tell whether a call's value is kept under a name that is never awaited."""
    statement = source.parent(call)
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
        return False
    name = statement.targets[0].id
    return not any(
        isinstance(node, ast.Await) and isinstance(node.value, ast.Name) and node.value.id == name
        for node in ast.walk(source.tree)
    )


def lost_exception(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each failed task or future whose exception nobody took."""
    yield from _lost_with_futures(evidence)
    for name in _complained_of(evidence):
        for lane in evidence.tasks:
            if lane.ending == "failed" and name == lane.name:
                raised = error(lane)
                line, what = (raised.line, raised.text) if raised else (None, "")
                yield evidence.finding(
                    "lost_exception", line, (lane.id,), what=what, made=lane.line
                )


def _lost_with_futures(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each exception of a future that is no task, as asyncio tells of it."""
    raised: int | None = None
    inside = False
    for line in evidence.printed("stderr"):
        if line.text.startswith(_FUTURES):
            inside, raised = True, None
        elif inside and (frame := _FRAME.match(line.text)) is not None:
            raised = int(frame[1])
        elif inside and (told := _RAISED.match(line.text)) is not None:
            inside = False
            yield Finding("lost_exception", raised or _set_at(evidence.source), what=told[0])


def _set_at(source: SourceCode | None) -> int | None:
    """Return the one line at which code gives a future an exception."""
    lines = [call.lineno for call in source.calls_of("set_exception")] if source else []
    return lines[0] if len(lines) == 1 else None


def _complained_of(evidence: Evidence) -> Iterator[str]:
    """Yield the names of the tasks that asyncio complained of."""
    complained = False
    for line in evidence.printed("stderr"):
        named = _TASK_NAME.match(line.text) if complained else None
        if named is not None:
            yield named[1]
        complained = line.text.startswith(_NEVER_RETRIEVED)


def siblings_of_the_failed(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each gather that failed while main did, with siblings cut off."""
    for parent, siblings in _cut_off(evidence).items():
        failed = [one for one in evidence.tasks if one.ending == "failed" and one.parent == parent]
        gathers = {one.line for one in failed if _is_gather(evidence.source, one.line)}
        for born in sorted(line for line in gathers if line is not None):
            lanes = tuple(one.id for one in siblings if one.line == born)
            if lanes:
                yield evidence.finding("cancelled_gather_sibling", born, lanes)
        waited = _gathered(evidence, parent, failed)
        lanes = tuple(one.id for one in siblings if one.line not in gathers)
        if waited is not None and lanes:
            yield evidence.finding("cancelled_gather_sibling", waited, lanes)


def _gathered(evidence: Evidence, parent: int | None, failed: list[LaneHistory]) -> int | None:
    """Return the line of the gather that ended a lane's last wait because a task had failed."""
    lane = evidence.lanes.get(parent) if parent is not None else None
    ids = {one.id for one in failed}
    if lane is None:
        return None
    for wait, woken in pairwise(lane.spans):
        if wait.wait is not None and wait.wait.kind == "gather" and woken.by in ids:
            return wait.line
    return None


def _is_gather(source: SourceCode | None, line: int | None) -> bool:
    return (
        source is not None
        and line is not None
        and any(call.lineno <= line <= (call.end_lineno or 0) for call in source.calls_of("gather"))
    )


def unfinished_task(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each line whose tasks were cut off by the end, or thrown away."""
    explained = {lane for finding in siblings_of_the_failed(evidence) for lane in finding.lanes}
    found: dict[tuple[int | None, str], list[LaneHistory]] = {}
    for siblings in _cut_off(evidence).values():
        for lane in siblings:
            if lane.id not in explained:
                found.setdefault((lane.line, "cancelled"), []).append(lane)
    for lane in _thrown(evidence):
        found.setdefault((lane.line, "destroyed"), []).append(lane)
    for (line, what), lanes in found.items():
        numbers = (lane.id for lane in lanes)
        yield evidence.finding("unfinished_task", line, numbers, what=what, count=len(lanes))


def _cut_off(evidence: Evidence) -> dict[int | None, list[LaneHistory]]:
    """Return the tasks that `asyncio.run` cancelled at its end, by the lane that made them.

    It cancels from the thread's own code, once its main task is done; a task that the scenario
    itself cancelled was woken by another task.
    """
    found: dict[int | None, list[LaneHistory]] = {}
    for lane in evidence.tasks:
        if lane.ending != "cancelled":
            continue
        cancels = [span for span in lane.spans if span.cancelled]
        if cancels and isinstance(cancels[-1].by, int) and not _is_task(evidence, cancels[-1].by):
            found.setdefault(lane.parent, []).append(lane)
    return found


def _is_task(evidence: Evidence, number: int) -> bool:
    lane = evidence.lanes.get(number)
    return lane is not None and lane.kind == "task"


def _thrown(evidence: Evidence) -> Iterator[LaneHistory]:
    """Yield the tasks that were freed, or left behind, before they were done."""
    over = evidence.finished.outcome in {Outcome.OK, Outcome.ERROR}
    for lane in evidence.tasks:
        raised = error(lane)
        destroyed = raised is not None and raised.text == _DESTROYED
        if destroyed or (over and lane.ending is None and lane.spans):
            yield lane


def nothing_ran(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for code that only defines things."""
    if evidence.source is None or evidence.finished.outcome is not Outcome.OK:
        return
    if set(evidence.lanes) != {MAIN_LANE} or any(
        evidence.printed(stream) for stream in ("stdout", "stderr")
    ):
        return
    body = evidence.source.tree.body
    if any(isinstance(one, Function | ast.ClassDef) for one in body) and all(map(_defines, body)):
        yield Finding("nothing_ran")


def _defines(statement: ast.stmt) -> bool:
    """Tell whether a statement of a module only defines or imports."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        return True
    imports = ast.Import | ast.ImportFrom
    return isinstance(statement, Function | ast.ClassDef | imports | ast.Pass | ast.If)
