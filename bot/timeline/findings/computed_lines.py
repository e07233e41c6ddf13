"""Finds in the source what computed in a step of which only beginning and end are recorded."""

import ast
from collections.abc import Iterator, Sequence

from bot.timeline.expressions import called_name
from bot.timeline.source_code import COMPREHENSIONS, Function, SourceCode

_GO_ROUND = frozenset({"range", "sorted", "sort"})
"""Calls that take long by themselves, or say that what is around them does."""
_DEEPEST = 8
"""Calls that are looked into."""


def computed_line(source: SourceCode, begun: int | None, until: Sequence[int]) -> int | None:
    """Return the line of the code that took a step's time; `begun` where none stands out.

    It is the first loop that awaits nothing; else the first call of a function of this code.

    :param begun: the line at which the step began: its function's first, or that of an await
    :param until: the lines that are suspended in the wait that ended it, outermost first
    """
    function = source.function_at(begun) if begun is not None else None
    if function is None or begun is None:
        return begun
    return _Step(source, until).line(function, begun) or begun


class _Step:
    def __init__(self, source: SourceCode, until: Sequence[int]) -> None:
        self._source = source
        self._ends = {source.function_at(line): line for line in until}
        self._entered: set[Function] = set()

    def line(self, function: Function, begun: int) -> int | None:
        """Return the line of a function that computed, or of one that it awaits."""
        if function in self._entered or len(self._entered) >= _DEEPEST:
            return None
        self._entered.add(function)
        call: int | None = None
        for statement in self._statements(function, begun):
            if statement not in self._source.awaiting and _goes_round(statement):
                return statement.lineno
            calls = (node for node in _own(statement) if isinstance(node, ast.Call))
            for node in calls:
                functions = self._source.all_named(called_name(node))
                if any(isinstance(one, ast.FunctionDef) for one in functions):
                    call = call or statement.lineno
                elif len(functions) == 1 and isinstance(self._source.parent(node), ast.Await):
                    inner = functions[0]
                    if call is None and (line := self.line(inner, inner.lineno)) is not None:
                        return line
        return call

    def _statements(self, function: Function, begun: int) -> Iterator[ast.stmt]:
        """Yield the statements that may have run from a line on, until the wait."""
        first = begun if begun >= function.body[0].lineno else 0
        last = self._ends.get(function, function.end_lineno or 0)
        around = None
        if last <= first:  # it waits where it waited before: a round of a loop
            around = self._loop_around(function, first)
            if around is None:
                return
            first, last = around.lineno, around.end_lineno or 0
        for statement in self._source.statements(function):
            if first < statement.lineno <= last:
                yield statement

    def _loop_around(self, function: Function, line: int) -> ast.For | ast.While | None:
        loops = [
            node
            for node in ast.walk(function)
            if isinstance(node, ast.For | ast.While)
            and node.lineno <= line <= (node.end_lineno or 0)
        ]
        return max(loops, key=lambda one: one.lineno, default=None)


def _goes_round(statement: ast.stmt) -> bool:
    """Tell whether a statement goes through many things by itself."""
    return isinstance(statement, ast.For | ast.While) or any(
        isinstance(node, COMPREHENSIONS)
        or (isinstance(node, ast.Call) and called_name(node) in _GO_ROUND)
        for node in _own(statement)
    )


def _own(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield what stands in a statement itself, without the blocks of statements inside it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += (
            one
            for one in ast.iter_child_nodes(node)
            if not isinstance(one, ast.stmt | ast.ExceptHandler | ast.match_case)
        )
