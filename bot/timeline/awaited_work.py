"""Which call makes the work that an `await` waits for, and when that work starts. Pure."""

import ast
from collections.abc import Iterator

from bot.timeline.expressions import called_name
from bot.timeline.source_code import COMPREHENSIONS, STARTERS, AwaitSite, SourceCode


class AwaitedWork:
    """Follows awaited names back to the calls that they stand for."""

    def __init__(self, source: SourceCode) -> None:
        self._source = source

    def call_of(self, site: AwaitSite) -> ast.Call | None:
        """Return the call that makes the work that a site awaits; None where that is not known."""
        if site.call is not None:
            return site.call
        return self._made(site) or self._element(site)

    def started_at(self, site: AwaitSite) -> int | None:
        """Return the line at which a site's work is started; None where that is not known.

        A coroutine starts where it is awaited; a task where it was created.
        """
        if site.call is not None:
            return site.line
        made = self._made(site)
        if made is not None:
            return made.lineno if called_name(made) in STARTERS else site.line
        return site.line if self._element(site) is not None else None

    def is_element(self, site: AwaitSite) -> bool:
        """Tell whether a site awaits, round by round, coroutines that were made before."""
        return site.call is None and self._made(site) is None and self._element(site) is not None

    def _made(self, site: AwaitSite) -> ast.Call | None:
        """Return the last call before a site that gives its name a task or a coroutine."""
        awaited = site.node.value
        if not isinstance(awaited, ast.Name):
            return None
        found: ast.Assign | None = None
        for node in ast.walk(site.function):
            if isinstance(node, ast.Assign) and _gives(node, awaited.id):
                earlier = node.lineno < site.line
                if earlier and (found is None or node.lineno > found.lineno):
                    found = node
        if found is None or not isinstance(found.value, ast.Call):
            return None
        return found.value if self._makes_work(found.value) else None

    def _makes_work(self, value: ast.expr, *, coroutines_only: bool = False) -> bool:
        if not isinstance(value, ast.Call):
            return False
        name = called_name(value)
        functions = self._source.all_named(name)
        if functions:
            return all(isinstance(one, ast.AsyncFunctionDef) for one in functions)
        return name in STARTERS and not coroutines_only

    def _element(self, site: AwaitSite) -> ast.Call | None:
        """Return a call of the collection of coroutines that a site's loop goes through."""
        awaited = site.node.value
        if not isinstance(awaited, ast.Name):
            return None
        for collection in _gone_through(site.loop, awaited.id):
            values = list(self._collected(site, collection))
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


def _gives(node: ast.Assign, name: str) -> bool:
    """Tell whether an assignment gives a name its value."""
    target = node.targets[0]
    return isinstance(target, ast.Name) and target.id == name


def _gone_through(loop: ast.AST | None, name: str) -> Iterator[ast.expr]:
    """Yield what a loop goes through under a name."""
    if isinstance(loop, ast.For):
        if isinstance(loop.target, ast.Name) and loop.target.id == name:
            yield loop.iter
    elif isinstance(loop, COMPREHENSIONS):
        for generator in loop.generators:
            if isinstance(generator.target, ast.Name) and generator.target.id == name:
                yield generator.iter


def target_names(loop: ast.AST) -> set[str]:
    """Return the variables that number a loop's rounds: its targets, or what its `while` counts."""
    if isinstance(loop, ast.For):
        return _names(loop.target)
    if isinstance(loop, COMPREHENSIONS):
        return set().union(*(_names(one.target) for one in loop.generators))
    if isinstance(loop, ast.While):
        counted = {
            one.target.id
            for one in loop.body
            if isinstance(one, ast.AugAssign)
            and isinstance(one.target, ast.Name)
            and isinstance(one.value, ast.Constant)
        }
        return counted & _names(loop.test)
    return set()


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
