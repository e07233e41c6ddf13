"""What single pieces of Python code say. Pure."""

import ast
from collections.abc import Sequence


def called_name(call: ast.Call) -> str:
    """Return the last name of what is called: "sleep" for `asyncio.sleep(1)`."""
    return last_name(call.func)


def last_name(node: ast.expr) -> str:
    """Return the last of the names that an expression is made of: "sleep" for `asyncio.sleep`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def written(node: ast.expr) -> str:
    """Return an expression as code; "…" for one that is nested too deep."""
    try:
        return ast.unparse(node)
    except RecursionError:
        return "…"


def constant(node: ast.expr) -> float | None:
    """Return the number that an expression is, if it is one."""
    value = node.value if isinstance(node, ast.Constant) else None
    return float(value) if isinstance(value, int | float) else None


def stored_names(nodes: Sequence[ast.AST]) -> set[str]:
    """Return the variables that code gives values to, wherever in it."""
    return {
        one.id
        for node in nodes
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)
    }
