"""Which call makes the work that an `await` waits for, and when that work starts. Pure."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.timeline.expressions import called_name
from bot.timeline.source_code import COMPREHENSIONS, STARTERS, AwaitSite, SourceCode


class AwaitedWork:
    """Follows awaited names back to the calls that they stand for."""

    def __init__(self, source: SourceCode) -> None:
        self._source = source

    def at(self, site: AwaitSite) -> "FoundWork":
        """Return what is known of the work that a site awaits."""
        if site.call is not None:
            return FoundWork(site.call, site.line)
        if not isinstance(site.node.value, ast.Name):
            return FoundWork(None, None)
        awaited = site.node.value.id
        if (made := self._made(site, awaited)) is not None:
            return FoundWork(made, made.lineno if called_name(made) in STARTERS else site.line)
        if (element := self._element(site, awaited)) is not None:
            return FoundWork(element, site.line, is_element=True)
        return FoundWork(None, None)

    def _made(self, site: AwaitSite, name: str) -> ast.Call | None:
        """Return the last call before a site that gives a name a task or a coroutine."""
        given = (node for node in ast.walk(site.function) if isinstance(node, ast.Assign))
        earlier = (node for node in given if node.lineno < site.line and _gives(node, name))
        last = max(earlier, key=lambda node: node.lineno, default=None)
        if last is None or not isinstance(last.value, ast.Call):
            return None
        return last.value if self._makes_work(last.value) else None

    def _makes_work(self, value: ast.expr, *, coroutines_only: bool = False) -> bool:
        if not isinstance(value, ast.Call):
            return False
        name = called_name(value)
        functions = self._source.all_named(name)
        if functions:
            return all(isinstance(one, ast.AsyncFunctionDef) for one in functions)
        return name in STARTERS and not coroutines_only

    def _element(self, site: AwaitSite, name: str) -> ast.Call | None:
        """Return a call of the collection of coroutines that a site's loop goes through."""
        for one in _rounds(site.loop):
            if not isinstance(one.target, ast.Name) or one.target.id != name:
                continue
            values = list(self._collected(site, one.iter))
            if values and all(self._makes_work(one, coroutines_only=True) for one in values):
                return next(one for one in values if isinstance(one, ast.Call))
        return None

    def _collected(self, site: AwaitSite, collection: ast.expr) -> Iterator[ast.expr]:
        """Yield the expressions that make the elements of a collection."""
        if isinstance(collection, ast.Name):
            for node in ast.walk(site.function):
                if not isinstance(node, ast.Assign) or isinstance(node.value, ast.Name):
                    continue
                if _gives(node, collection.id):
                    yield from self._collected(site, node.value)
        elif isinstance(collection, ast.List | ast.Tuple | ast.Set):
            yield from collection.elts
        elif isinstance(collection, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            yield collection.elt


class FoundWork(NamedTuple):
    """Where the work of a site comes from."""

    call: ast.Call | None
    """The call that makes it; None where that is not known."""
    started: int | None
    """The line at which it starts: a coroutine where it is awaited, a task where it was created."""
    is_element: bool = False
    """Whether the site awaits, round by round, coroutines that were made before."""


def _gives(node: ast.Assign, name: str) -> bool:
    """Tell whether an assignment gives a name its value."""
    target = node.targets[0]
    return isinstance(target, ast.Name) and target.id == name


def _rounds(loop: ast.AST | None) -> Sequence[ast.For | ast.comprehension]:
    """Return what a loop goes through, and under which names."""
    if isinstance(loop, COMPREHENSIONS):
        return loop.generators
    return (loop,) if isinstance(loop, ast.For) else ()


def target_names(loop: ast.AST) -> set[str]:
    """Return the variables that number a loop's rounds: its targets, or what its `while` counts."""
    if isinstance(loop, ast.While):
        counted = {
            one.target.id
            for one in loop.body
            if isinstance(one, ast.AugAssign)
            and isinstance(one.target, ast.Name)
            and isinstance(one.value, ast.Constant)
        }
        return counted & _names(loop.test)
    return set().union(*(_names(one.target) for one in _rounds(loop)))


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
