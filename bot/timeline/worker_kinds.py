"""Functions whose calls are meant in their order, whatever they return and change. Pure."""

import ast
from collections.abc import Sequence

from bot.timeline.source_code import Function


def guards(function: Function) -> bool:
    """Tell whether a function is called for whether it raises: it returns nothing else."""
    nodes = list(ast.walk(function))
    return any(isinstance(one, ast.Raise | ast.Assert) for one in nodes) and not any(
        isinstance(one, ast.Return) and one.value is not None for one in nodes
    )


def narrates(function: Function) -> bool:
    """Tell whether a function only prints what it is given, and then pauses: it sets a rhythm."""
    last: ast.stmt = function.body[-1]
    given = {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)}
    for node in ast.walk(function):
        if isinstance(node, ast.For):
            given |= _stored([node.target])
    prints = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
    ]
    return (
        bool(prints)
        and isinstance(last, ast.Expr)
        and isinstance(last.value, ast.Await)
        and all(isinstance(one, ast.Expr) for one in function.body)
        and all(
            node.func.id == "print"  # type: ignore[attr-defined]  # a Name, see above
            and all(isinstance(one, ast.Name) and one.id in given for one in node.args)
            for node in prints
        )
    )


def _stored(nodes: Sequence[ast.AST]) -> set[str]:
    return {
        one.id
        for node in nodes
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)
    }
