"""Finds timeouts that came late, because the event loop was held when they were due."""

import ast
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from bot.timeline.expressions import called_name, constant, last_name
from bot.timeline.findings.evidence import Evidence, call_stack
from bot.timeline.findings.holding import where_computed
from bot.timeline.findings.model import Finding
from bot.timeline.history import LaneHistory
from bot.timeline.source_code import SourceCode

if TYPE_CHECKING:
    from bot.timeline.model import Span

_LATE = 0.05
"""Seconds by which a timeout is late before that is worth a word."""
_MOST = 50
"""Timeouts of one source that are looked at: each is held against the whole record."""


def late_timeout(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each timeout that was due while the loop was held."""
    if evidence.source is None:
        return
    held = [
        span for lane in evidence.lanes.values() for span in lane.spans if span.kind == "blocked"
    ]
    if not held:
        return
    for call, first, last, limit in islice(_timeouts(evidence), _MOST):
        reached = _reached(evidence.source, first, last)
        for lane in evidence.tasks:
            begun = _entered(evidence, lane, (first, last), reached)
            if begun is None:
                continue
            due = begun + limit
            came = _came(lane, due)
            if came is not None and any(one.start < due < one.end for one in held):
                yield evidence.finding("late_timeout", call.lineno, (lane.id,), came - due)
                break


def _entered(
    evidence: Evidence, lane: LaneHistory, block: tuple[int, int], reached: set[int]
) -> float | None:
    """Return when a lane was first seen inside a block; None where it never was.

    The block's own code, or what it calls, may hold the loop before it waits for the first time.
    """
    held: Span | None = None
    for index, span in enumerate(lane.spans):
        inside = any(block[0] <= line <= block[1] for line in call_stack(span))
        if inside or (span.cancelled and held is not None):
            return held.start if held is not None else span.start
        holds = span.kind == "blocked" and (
            span.line in reached or where_computed(evidence, lane, index) in reached
        )
        held = span if holds else None if span.kind == "waiting" else held
    return None


def _reached(source: SourceCode, first: int, last: int) -> set[int]:
    """Return the lines of a block, and of the functions that are called from it."""
    lines = set(range(first, last + 1))
    entered: set[ast.AST] = set()
    names = source.called_within(first, last)
    while names:
        function = source.named(names.pop())
        if function is None or function in entered:
            continue
        entered.add(function)
        body = function.lineno, function.end_lineno or function.lineno
        lines |= set(range(body[0], body[1] + 1))
        names |= source.called_within(*body)
    return lines


def _came(lane: LaneHistory, due: float) -> float | None:
    """Return when a timeout came that was due, if that was late.

    It cancels what it bounds, from a timer; `wait_for` of Python 3.11 is woken by one.
    """
    waited = False
    for span in lane.spans:
        if span.wait is not None:
            waited = span.wait.kind == "wait_for"
        if span.by == "clock" and (span.cancelled or waited) and span.start >= due + _LATE:
            return span.start
    return None


def _timeouts(evidence: Evidence) -> Iterator[tuple[ast.Call, int, int, float]]:
    """Yield (call, first line, last line, seconds) of each timeout with a constant length."""
    assert evidence.source is not None
    numbers = _GivenNumbers(evidence.source)
    bounded = (*evidence.source.calls_of("timeout"), *evidence.source.calls_of("timeout_at"))
    for call in bounded:
        limit = numbers.number(_seconds(call))
        block = next(
            (p for p in evidence.source.parents(call) if isinstance(p, ast.AsyncWith)), None
        )
        if limit is not None and block is not None:
            yield call, block.lineno, block.end_lineno or block.lineno, limit
    for call in evidence.source.calls_of("wait_for"):
        given = call.args[1:2] or [one.value for one in call.keywords if one.arg == "timeout"]
        limit = numbers.number(given[0]) if given else None
        if limit is not None:
            yield call, call.lineno, call.end_lineno or call.lineno, limit


def _seconds(call: ast.Call) -> ast.expr | None:
    """Return what a timeout is given as its length: 2 for `timeout_at(loop.time() + 2)`."""
    given = call.args[0] if call.args else None
    if called_name(call) == "timeout":
        return given
    return given.right if isinstance(given, ast.BinOp) and isinstance(given.op, ast.Add) else None


class _GivenNumbers:
    """Which number an expression stands for, where the code gives it only one.

    It knows what each name is given: by assignments, and as parameters' defaults.
    """

    def __init__(self, source: SourceCode) -> None:
        self._given: dict[str, list[float | None]] = {}
        for node in ast.walk(source.tree):
            for name, value in _given_by(source, node).items():
                self._given.setdefault(name, []).append(value)

    def number(self, node: ast.expr | None) -> float | None:
        """Return the number that an expression stands for; None where it may be any."""
        if isinstance(node, ast.Name | ast.Attribute):
            given = self._given.get(last_name(node), [])
            return given[0] if len(given) == 1 else None
        return constant(node) if node is not None else None


def _given_by(source: SourceCode, node: ast.AST) -> dict[str, float | None]:
    """Return what a node gives to names, as numbers; None for any other value."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {last_name(target): constant(node.value) for target in targets}
    if isinstance(node, ast.arguments):
        return _defaults(node)
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        assigned = isinstance(source.parent(node), ast.Assign | ast.AnnAssign)
        return {} if assigned else {node.id: None}
    return {}


def _defaults(arguments: ast.arguments) -> dict[str, float | None]:
    """Return what parameters are where they are not given, as numbers; None for any other."""
    names = [*arguments.posonlyargs, *arguments.args]
    given: dict[str, float | None] = {one.arg: None for one in (*names, *arguments.kwonlyargs)}
    pairs = [
        *zip(reversed(names), reversed(arguments.defaults), strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return given | {one.arg: constant(value) for one, value in pairs if value is not None}
