"""Whether one piece of awaited work needs what another did. Pure, and cautious in doubt."""

import ast
from collections.abc import Iterator

from bot.timeline.source_code import (
    COMPREHENSIONS,
    STARTERS,
    AwaitSite,
    Function,
    SourceCode,
    called_name,
)


class Dependence:
    """Follows names through the statements of one source."""

    def __init__(self, source: SourceCode) -> None:
        self._source = source
        self._matters: dict[Function, bool] = {}

    def order_matters(self, function: Function) -> bool:
        """Tell whether calls of a function may need the order in which they are made.

        They do where it, or a function that it calls, changes what outlives the call: a global or
        outer variable, an attribute, an item of a container that is not its own. Adding to a list
        does not count.
        """
        if function not in self._matters:
            seen = {function}
            waiting = [function]
            while waiting and not any(map(_changes_others, seen)):
                calls = (node for node in ast.walk(waiting.pop()) if isinstance(node, ast.Call))
                called = {self._source.named(called_name(call)) for call in calls} - seen - {None}
                seen |= called  # type: ignore[arg-type]  # None is taken out above
                waiting += called  # type: ignore[arg-type]  # as above
            self._matters[function] = any(map(_changes_others, seen))
        return self._matters[function]

    def depends(self, first: AwaitSite, second: AwaitSite) -> bool:
        """Tell whether the second work needs that the first has ended.

        Both are in one function. It does where it uses what the first returned, where what the
        first returned decides whether it is done at all, or where it cleans up after the first.
        """
        started = self.started_at(second)
        if started is None or started < first.line:
            return True
        if any(self.order_matters(one) for one in self._workers(first, second)):
            return True
        if self._handles(first, second):
            return True
        return self._reaches(first, second)

    def started_at(self, site: AwaitSite) -> int | None:
        """Return the line at which a site's work is started; None where that is not known.

        A coroutine starts where it is awaited; a task where it was created.
        """
        if site.call is not None:
            return site.line
        awaited = site.node.value
        assert isinstance(awaited, ast.Name)
        made = [
            statement.lineno
            for statement in _flat(site.function.body)
            if isinstance(statement, ast.Assign)
            and statement.lineno < site.line
            and _stored(statement) == {awaited.id}
            and isinstance(statement.value, ast.Call)
            and called_name(statement.value) in STARTERS
        ]
        return made[-1] if made else None

    def _workers(self, *sites: AwaitSite) -> Iterator[Function]:
        for site in sites:
            function = self._source.worker(site)
            if function is not None:
                yield function

    def _handles(self, first: AwaitSite, second: AwaitSite) -> bool:
        """Tell whether the second stands in a handler, `else` or `finally` of the first's try."""
        around_first = {id(node) for node in self._source.parents(first.node)}
        inner: ast.AST = second.node
        for parent in self._source.parents(second.node):
            if isinstance(parent, ast.Try) and id(parent) in around_first:
                in_body = any(_contains(part, inner) for part in parent.body)
                if not in_body:
                    return True
            if isinstance(parent, ast.If) and id(parent) in around_first:
                test = _contains(parent.test, first.node)
                if test:
                    return True
            inner = parent
        return False

    def _reaches(self, first: AwaitSite, second: AwaitSite) -> bool:
        """Follow what the first returned through the statements up to the second."""
        tainted = _targets(first.statement, first.node)
        if first.statement is second.statement:
            return False
        for statement in _flat(first.function.body):
            if statement.lineno <= first.statement.lineno:
                continue
            if statement.lineno >= second.statement.lineno:
                break
            if _reads(statement) & tainted:
                if isinstance(statement, ast.If | ast.While | ast.Match | ast.Assert):
                    return True
                if any(isinstance(n, ast.Return | ast.Raise) for n in ast.walk(statement)):
                    return True
                tainted |= _stored(statement) | _mutated(statement)
        return bool(_reads(second.statement) & tainted) or any(
            isinstance(parent, ast.If | ast.While) and _names(parent.test) & tainted
            for parent in self._source.parents(second.node)
        )

    def repeats_freely(self, site: AwaitSite) -> bool:
        """Tell whether a site's loop does work in each round that no other round needs.

        The work must be made from the loop's own variable: else the loop only sets a rhythm.
        """
        loop = site.loop
        call = site.call or self._started_in(site, loop)
        if not isinstance(loop, (ast.For, *COMPREHENSIONS)) or call is None:
            return False
        if any(self.order_matters(one) for one in self._workers(site)):
            return False
        if isinstance(loop, ast.For):
            targets = _names(loop.target)
            if any(isinstance(n, ast.Break | ast.Return) for n in ast.walk(loop)):
                return False
            own = targets | (
                {site.node.value.id} if isinstance(site.node.value, ast.Name) else set()
            )
            carried = set().union(*(_stored(s) | _mutated(s) for s in loop.body)) - own
        else:
            generators = loop.generators
            targets = set().union(*(_names(one.target) for one in generators))
            if any(_contains(test, site.node) for one in generators for test in one.ifs):
                return False
            if any(one.is_async for one in generators):
                return False
            carried = set()
        used = set().union(*(_names(one) for one in (*call.args, *call.keywords)))
        return bool(used & targets) and not used & carried

    def _started_in(self, site: AwaitSite, loop: ast.AST | None) -> ast.Call | None:
        """Return the call that starts, in each round of a loop, the task that a site awaits."""
        started = self.started_at(site)
        if not isinstance(loop, ast.For) or started is None:
            return None
        return next(
            (
                statement.value
                for statement in loop.body
                if isinstance(statement, ast.Assign)
                and isinstance(statement.value, ast.Call)
                and statement.lineno == started
            ),
            None,
        )


def _changes_others(function: Function) -> bool:
    """Tell whether a function itself changes what is not its own."""
    stored = _stored(function)
    arguments = {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)}
    outer = {
        name
        for node in ast.walk(function)
        if isinstance(node, ast.Global | ast.Nonlocal)
        for name in node.names
    }
    if outer & stored:
        return True
    return any(
        _root(node) not in stored - arguments
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute | ast.Subscript)
        and isinstance(node.ctx, ast.Store | ast.Del)
    )


def _root(node: ast.expr) -> str | None:
    """Return the name at the root of `a.b[c].d`."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _reads(node: ast.AST) -> set[str]:
    return {
        one.id
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)
    }


def _stored(node: ast.AST) -> set[str]:
    return {
        one.id
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store | ast.Del)
    }


def _mutated(node: ast.AST) -> set[str]:
    """Return the names of what a statement changes in place by an item or attribute."""
    roots = {
        _root(one)
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute | ast.Subscript) and isinstance(one.ctx, ast.Store)
    }
    return {name for name in roots if name is not None}


def _targets(statement: ast.stmt, node: ast.Await) -> set[str]:
    """Return the names that hold what a statement's await returned."""
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return _stored(statement)
    return {
        one.target.id
        for one in ast.walk(statement)
        if isinstance(one, ast.NamedExpr) and _contains(one.value, node)
    }


def _contains(tree: ast.AST, node: ast.AST) -> bool:
    return any(one is node for one in ast.walk(tree))


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements in order, those of inner blocks after the one that holds them."""
    for statement in body:
        yield statement
        if isinstance(statement, Function | ast.ClassDef):
            continue
        for child in ast.iter_child_nodes(statement):
            if isinstance(child, ast.stmt):
                yield from _flat([child])
            elif isinstance(child, ast.ExceptHandler | ast.match_case):
                yield from _flat(child.body)
