"""Finds lanes that woke again and again only to look whether something is so."""

import ast
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from bot.timeline.expressions import called_name, constant
from bot.timeline.findings.evidence import Evidence
from bot.timeline.findings.model import Finding

if TYPE_CHECKING:
    from bot.timeline.model import Span

_SHORT = 0.05
"""Seconds of a pause, at most, that is there to look again soon, in a loop that does work, too."""
_POLLS = 3
"""Rounds of a loop that only waits before it counts as polling."""


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
        spans = next(iter(rounds.values()))
        count = sum(1 for span in spans if span.kind == pauses)
        lasted = spans[-1].end - spans[0].start
        yield evidence.finding("busy_wait", line, rounds, lasted, count=count)


def _polling(evidence: Evidence) -> Iterator[tuple[int, str]]:
    """Yield the lines of sleeps whose `while` loops do nothing else, and how a round shows."""
    assert evidence.source is not None
    looks, looks_first = cache(_looks), cache(_looks_first)  # a loop may hold a thousand sleeps
    for call in evidence.source.calls_of("sleep"):
        parents = list(evidence.source.parents(call))
        loop = next((one for one in parents if isinstance(one, ast.While)), None)
        awaited = isinstance(parents[0], ast.Await)
        if loop is None or not (awaited or isinstance(parents[0], ast.Expr)):
            continue
        pause = constant(call.args[0]) if call.args else None
        block = parents[2 if awaited else 1]
        if looks(loop) or (pause is not None and pause <= _SHORT and looks_first(block)):
            yield call.lineno, "running" if pause == 0 else "waiting"


def _looks(loop: ast.While) -> bool:
    """Tell whether a loop does nothing but look whether something is so."""
    asks = not isinstance(loop.test, ast.Constant) or any(
        isinstance(node, ast.Break | ast.Return)
        for statement in loop.body
        for node in ast.walk(statement)
    )
    return asks and not _changes(loop.test) and all(map(_only_looks, loop.body))


def _changes(test: ast.expr) -> bool:
    """Tell whether a test does work of its own: what it finds is kept, or it waits for it."""
    return any(isinstance(node, ast.NamedExpr | ast.Await) for node in ast.walk(test))


def _looks_first(block: ast.AST) -> bool:
    """Tell whether a block of a loop sleeps, and does nothing else, if something is so."""
    return isinstance(block, ast.If | ast.ExceptHandler) and all(
        _only_looks(one) or isinstance(one, ast.Continue) for one in block.body
    )


def _only_looks(statement: ast.stmt) -> bool:
    """Tell whether a statement of a loop does nothing: it sleeps, counts, or leaves if so."""
    match statement:
        case ast.Expr(value=ast.Await(value=ast.Call() as call) | (ast.Call() as call)):
            return called_name(call) == "sleep"
        case ast.AugAssign(target=ast.Name(), value=ast.Constant()):
            return True  # counts its rounds
        case ast.If(body=body, orelse=orelse):
            return all(isinstance(one, ast.Break | ast.Return | ast.Pass) for one in body) and all(
                map(_only_looks, orelse)
            )
        case ast.Try(body=body, handlers=handlers, orelse=[] | [ast.Break()], finalbody=[]):
            return _tries(body) and all(all(map(_only_looks, handler.body)) for handler in handlers)
        case _:
            return isinstance(statement, ast.Pass | ast.Continue)


def _tries(body: list[ast.stmt]) -> bool:
    """Tell whether a block takes one thing without waiting for it, and leaves if it got it."""
    match body:
        case [ast.Assign() | ast.Expr() as first, *rest] if isinstance(first.value, ast.Call):
            leaves = all(isinstance(one, ast.Break | ast.Return) for one in rest)
            return called_name(first.value).endswith("_nowait") and leaves
        case _:
            return False
