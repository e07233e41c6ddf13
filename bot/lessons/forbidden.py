"""Does a piece of code use what an exercise forbids? Pure; the code is a stranger's.

It looks at names as they are imported and written. What is reached some other way (`getattr`, say)
is not found: the goals that look at the run are there for that.
"""

import ast
from collections.abc import Iterator

from bot.text.parsing import parsed_python


def line_of_use(code: str, name: str) -> int | None:
    """Return the line that uses a name, as in `time.sleep`, or a module; None if none does."""
    tree = parsed_python(code)
    if tree is None:
        return None
    names = dict(_imported(tree))
    found = [
        line
        for line, used in (*_read(tree, names), *_imports(tree))
        if used == name or used.startswith(f"{name}.")
    ]
    return min(found, default=None)


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield what each name that was imported stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                yield (
                    one.asname or one.name.partition(".")[0],
                    (one.name if one.asname else one.name.partition(".")[0]),
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                yield one.asname or one.name, f"{node.module}.{one.name}"


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the whole name of everything that is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{one.name}") for one in node.names)


def _read(tree: ast.Module, names: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Yield the line and the whole name of each name that is used."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            whole = _dotted(node, names)
            if whole:
                yield node.lineno, whole


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value, names)
        return f"{owner}.{node.attr}" if owner else ""
    return ""
