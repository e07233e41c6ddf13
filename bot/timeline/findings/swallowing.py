"""Finds cancellations that were caught and not raised again."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from bot.timeline.expressions import called_name, last_name, written
from bot.timeline.findings.evidence import Evidence, call_stack
from bot.timeline.findings.model import Finding
from bot.timeline.history import LaneHistory
from bot.timeline.model import Span
from bot.timeline.source_code import SourceCode

FINALLY = "finally"
"""What a finding names where no handler caught the cancellation, and a `finally` dropped it."""
_CAUGHT_ALL = frozenset({"CancelledError", "BaseException"})


class _Catcher(NamedTuple):
    """A handler, or a `suppress`, that a cancellation reaches."""

    line: int
    heading: str
    """Its first line as it is written."""
    swallows: bool
    """Whether it neither raises nor says that the cancellation is dealt with."""


def swallowed_cancellation(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each handler that caught a cancellation and did not raise it again."""
    if evidence.source is None:
        return
    found: dict[int, Finding] = {}
    known: dict[tuple[int, ...], _Catcher | None] = {}
    for lane in evidence.tasks:
        if lane.ending == "cancelled":
            continue
        for wait, woken in _cancelled_waits(lane):
            stack = call_stack(wait)
            if stack not in known:
                known[stack] = _catcher(evidence.source, stack)
            catcher = known[stack]
            if catcher is None or not _asked_by_another(lane, wait, woken):
                continue
            first = found.get(catcher.line)
            lanes = (*(first.lanes if first else ()), lane.id)
            found[catcher.line] = evidence.finding(
                "swallowed_cancellation", catcher.line, lanes, detail=catcher.heading
            )
    yield from found.values()


def _cancelled_waits(lane: LaneHistory) -> Iterator[tuple[Span, Span]]:
    """Yield each wait of a lane that a cancellation ended, and what followed it.

    A cancellation may come when the wait is over already and the lane is ready.
    """
    wait: Span | None = None
    for span in lane.spans:
        if span.kind == "waiting":
            wait = span
        elif span.cancelled and wait is not None:
            yield wait, span
            wait = None


def _asked_by_another(lane: LaneHistory, wait: Span, woken: Span) -> bool:
    """Tell whether the cancellation came from outside of what waited.

    `wait_for` of Python 3.11 cancels what it bounds in the name of the task that waits for it.
    """
    bounded = wait.wait is not None and wait.wait.kind == "wait_for"
    return woken.by != lane.id or bounded


def _catcher(source: SourceCode, stack: tuple[int, ...]) -> _Catcher | None:
    """Return what swallows a cancellation of a wait with this call stack, if anything does."""
    for line in reversed(stack):
        for catcher in _catchers_around(source, line):
            return catcher if catcher.swallows else None
        if source.called_within(line, line) & {"wait_for"}:
            return None  # it makes a TimeoutError of its own cancellation
    return None


def _catchers_around(source: SourceCode, line: int) -> Iterator[_Catcher]:
    """Yield what catches a cancellation at a line of a function, from the inside out."""
    function = source.function_at(line)
    if function is None:
        return
    blocks = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Try | ast.With | ast.AsyncWith)
        and node.body[0].lineno <= line <= (node.body[-1].end_lineno or 0)
        and source.function_at(node.lineno) is function
    ]
    for block in sorted(blocks, key=lambda node: -node.lineno):
        if not isinstance(block, ast.Try):
            for item in block.items:
                yield from _entered(source, item)
            continue
        for handler in block.handlers:
            if handler.type is None or _names_cancellation(handler.type):
                yield _Catcher(handler.lineno, _heading(handler), _swallows(handler))
                break
        leaves = next(filter(_leaves, block.finalbody), None)
        if leaves is not None:
            yield _Catcher(leaves.lineno, FINALLY, swallows=True)


def _leaves(statement: ast.stmt) -> bool:
    """Tell whether a statement of a `finally` drops the exception that is under way."""
    return isinstance(statement, ast.Return | ast.Break | ast.Continue)


def _entered(source: SourceCode, item: ast.withitem) -> Iterator[_Catcher]:
    """Yield what an item of a `with` does with a cancellation, if it takes it."""
    call = item.context_expr
    if not isinstance(call, ast.Call):
        return
    name = called_name(call)
    if name == "suppress" and any(map(_names_cancellation, call.args)):
        yield _Catcher(call.lineno, f"with {written(call)}", swallows=True)
    elif name in {"timeout", "timeout_at"}:
        yield _Catcher(call.lineno, f"with {written(call)}", swallows=False)
    for method in source.methods_of(name, {"__exit__", "__aexit__"}):
        taken = next(filter(_takes_all, method.body), None)
        if taken is not None:
            yield _Catcher(taken.lineno, method.name, swallows=True)


def _takes_all(statement: ast.stmt) -> bool:
    """Tell whether a statement of an `__exit__` says that every exception is dealt with."""
    return (
        isinstance(statement, ast.Return)
        and isinstance(statement.value, ast.Constant)
        and statement.value.value is True
    )


def _names_cancellation(what: ast.expr) -> bool:
    parts = (node for node in ast.walk(what) if isinstance(node, ast.expr))
    return any(last_name(node) in _CAUGHT_ALL for node in parts)


def _swallows(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler neither raises nor says that the cancellation is dealt with."""
    return not any(
        isinstance(node, ast.Raise)
        or (isinstance(node, ast.Call) and called_name(node) in {"uncancel", "cancel"})
        for statement in handler.body
        for node in ast.walk(statement)
    )


def _heading(handler: ast.ExceptHandler) -> str:
    """Return a handler's first line as it is written."""
    if handler.type is None:
        return "except:"
    return f"except {written(handler.type)}"
