"""Whether one piece of awaited work needs what another did. Pure, and cautious in doubt."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from bot.timeline.awaited_work import AwaitedWork, target_names
from bot.timeline.effects import Effects, conflict, origins_of
from bot.timeline.locations import Location, Use, Uses
from bot.timeline.source_code import (
    COMPREHENSIONS,
    AwaitSite,
    Function,
    SourceCode,
    called_name,
    flat,
    inner_call,
)


class Dependence:
    """Follows names through the statements of one source."""

    def __init__(self, source: SourceCode) -> None:
        self._source = source
        self._work = AwaitedWork(source)
        self._effects = Effects(source)
        self._origins: dict[Function, dict[str, set[str]]] = {}

    def depends(self, first: AwaitSite, second: AwaitSite, seen: Sequence[Function] = ()) -> bool:
        """Tell whether the second work needs that the first has ended.

        Both are in one function. It does where it uses what the first returned or changed, where
        that decides whether it is done at all, or where it cleans up after the first.

        :param seen: functions that the run shows to do this work
        """
        started = self._work.started_at(second)
        if started is None or started < first.line:
            return True
        if any(map(_guards, self._workers(first, seen))):
            return True
        if any(map(_narrates, self._workers(second, seen))):
            return True
        before, after = self._uses(first, seen), self._uses(second, seen)
        if conflict(before, after, self._origins_in(first.function)):
            return True
        return self._decides(first, second) or self._reaches(first, before, second, after)

    def _workers(self, site: AwaitSite, seen: Sequence[Function]) -> Sequence[Function]:
        """Return the functions that may do a site's work."""
        call = self._work.call_of(site)
        named = self._source.all_named(called_name(inner_call(call))) if call is not None else []
        return [one for one in named if one in seen] or named or seen

    def _uses_of(self, *nodes: ast.AST) -> Uses:
        return Uses.of(*nodes, defined=self._source.names)

    def _uses(self, site: AwaitSite, seen: Sequence[Function]) -> set[Use]:
        """Return what a site's work uses, in the names of the function that awaits it."""
        call = self._work.call_of(site)
        if call is None:
            return set()
        call = inner_call(call)
        itself = {use for use in self._uses_of(call).found if use.how == "changes"}
        return itself | self._effects.of_call(call, self._workers(site, seen))

    def _origins_in(self, function: Function) -> dict[str, set[str]]:
        if function not in self._origins:
            self._origins[function] = origins_of((*self._source.tree.body, function))
        return self._origins[function]

    def _decides(self, first: AwaitSite, second: AwaitSite) -> bool:
        """Tell whether the first decides by its location in the code whether the second is done.

        The second stands in a handler, `else` or `finally` of the first's try, in a branch that
        the first is the test of, or beside it in an `and`, an `or` or a conditional expression.
        """
        around_first = {id(node) for node in self._source.parents(first.node)}
        inner: ast.AST = second.node
        for parent in self._source.parents(second.node):
            if id(parent) in around_first:
                if isinstance(parent, ast.BoolOp | ast.IfExp):
                    return True
                if isinstance(parent, ast.Try) and not any(
                    _contains(part, inner) for part in parent.body
                ):
                    return True
                if isinstance(parent, ast.If | ast.While) and _contains(parent.test, first.node):
                    return True
            inner = parent
        return False

    def _reaches(
        self, first: AwaitSite, before: set[Use], second: AwaitSite, after: set[Use]
    ) -> bool:
        """Follow what the first returned and changed through the statements up to the second."""
        returned = self._targets(first)
        if first.statement is second.statement:
            return False
        tainted = returned | {use.location for use in before if use.how != "reads"}
        for statement in flat(first.function.body):
            if statement.lineno <= first.statement.lineno:
                continue
            if statement.lineno >= second.statement.lineno:
                break
            uses = self._uses_of(_head(statement))
            if _touch(uses.locations("reads"), tainted):
                if isinstance(statement, ast.If | ast.While | ast.Match | ast.Assert):
                    return True
                if any(isinstance(n, ast.Return | ast.Raise) for n in ast.walk(statement)):
                    return True
                returned |= set(uses.locations("adds", "changes"))
                tainted |= returned
        reads = [
            *self._uses_of(second.statement).locations("reads"),
            *(use.location for use in after),
        ]
        return _touch(reads, returned) or any(
            isinstance(parent, ast.If | ast.While)
            and _touch(self._uses_of(parent.test).locations("reads"), tainted)
            for parent in self._source.parents(second.node)
        )

    def _targets(self, site: AwaitSite) -> set[Location]:
        """Return the locations that hold what a statement's await returned."""
        statement = site.statement
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            return set(self._uses_of(statement).locations("adds", "changes"))
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            return set(
                self._uses_of(statement.value).locations("adds", "changes")
            )  # append(await …)
        return {
            Location(one.target.id)
            for one in ast.walk(statement)
            if isinstance(one, ast.NamedExpr) and _contains(one.value, site.node)
        }

    def repeats_freely(self, site: AwaitSite, seen: Sequence[Function] = ()) -> bool:
        """Tell whether a site's loop does work in each round that no other round needs.

        The work must be made from the loop's own variable: else the loop only sets a rhythm.

        :param seen: functions that the run shows to do this work
        """
        loop = site.loop
        call = self._work.call_of(site)
        own = target_names(loop) if loop is not None else set()
        element = self._work.is_element(site)
        if call is None or any(map(_narrates, self._workers(site, seen))):
            return False
        used = () if element else tuple(self._uses_of(call).locations("reads"))
        if not element and not any(location.root in own for location in used):
            return False
        if isinstance(loop, ast.For | ast.While):
            if _leaves(loop) or not self._same_each_round(site, loop, own, used):
                return False
            own |= _stored(loop.body)
        elif not isinstance(loop, COMPREHENSIONS) or not _plain(loop, site):
            return False
        uses = {use for use in self._uses(site, seen) if use.location.root not in own}
        return not conflict(uses, uses, {})

    def _same_each_round(
        self, site: AwaitSite, loop: ast.For | ast.While, own: set[str], used: Sequence[Location]
    ) -> bool:
        """Tell whether no round decides what another does, or hands something to it."""
        control = loop.iter if isinstance(loop, ast.For) else loop.test
        carried = {
            location
            for location in self._uses_of(*loop.body).locations("adds", "changes")
            if location.root not in own
        }
        if _contains(control, site.node) or _touch(used, carried):
            return False
        return not any(
            _touch(self._uses_of(test).locations("reads"), carried)
            for test in (control, *self._tests(site, loop))
        )

    def _tests(self, site: AwaitSite, loop: ast.AST) -> Iterator[ast.expr]:
        """Yield the conditions between a loop and a site inside it."""
        for parent in self._source.parents(site.node):
            if parent is loop:
                return
            if isinstance(parent, ast.If | ast.While | ast.IfExp):
                yield parent.test


def _guards(function: Function) -> bool:
    """Tell whether a function is called for whether it raises: it returns nothing else."""
    nodes = list(ast.walk(function))
    return any(isinstance(one, ast.Raise | ast.Assert) for one in nodes) and not any(
        isinstance(one, ast.Return) and one.value is not None for one in nodes
    )


def _narrates(function: Function) -> bool:
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


def _head(statement: ast.stmt) -> ast.AST:
    """Return what a statement does itself; what stands in its blocks comes by itself."""
    if isinstance(statement, ast.If | ast.While):
        return statement.test
    if isinstance(statement, ast.For | ast.AsyncFor):
        return ast.Assign([statement.target], statement.iter)
    if isinstance(statement, ast.With | ast.AsyncWith | ast.Try | Function | ast.ClassDef):
        return ast.Pass()
    return statement


def _touch(locations: Iterable[Location], tainted: set[Location]) -> bool:
    return any(location.touches(one) for location in locations for one in tainted)


def _leaves(loop: ast.For | ast.While) -> bool:
    return any(isinstance(node, ast.Break | ast.Return) for node in ast.walk(loop))


def _plain(loop: ast.AST, site: AwaitSite) -> bool:
    """Tell whether a comprehension does a site's work for each of its items."""
    generators: list[ast.comprehension] = getattr(loop, "generators", [])
    return not any(one.is_async for one in generators) and not any(
        _contains(test, site.node) for one in generators for test in one.ifs
    )


def _stored(nodes: Sequence[ast.AST]) -> set[str]:
    return {
        one.id
        for node in nodes
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)
    }


def _contains(tree: ast.AST, node: ast.AST) -> bool:
    return any(one is node for one in ast.walk(tree))
