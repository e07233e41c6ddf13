"""Which number an expression of a source stands for, where the code gives it only one. Pure."""

import ast

from bot.timeline.expressions import constant, last_name
from bot.timeline.source_code import SourceCode


class GivenNumbers:
    """Knows what each name of a source is given: by assignments, and as parameters' defaults."""

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
