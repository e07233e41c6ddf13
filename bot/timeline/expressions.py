"""What single expressions of Python code say. Pure."""

import ast


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
