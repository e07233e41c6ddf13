"""Whether one piece of awaited work needs what another did. Pure, and cautious in doubt."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from bot.timeline.awaited_work import AwaitedWork, target_names
from bot.timeline.data_flow import Flow, Tainted
from bot.timeline.effects import Effects, Touched, guards, narrates, origins_of
from bot.timeline.expressions import called_name, stored_names
from bot.timeline.locations import Location, Use, Uses
from bot.timeline.source_code import COMPREHENSIONS, AwaitSite, Function, SourceCode, inner_call

_DECIDING = (ast.BoolOp, ast.IfExp, ast.Try, ast.If, ast.While)


class Dependence:
    """Follows names through the statements of one source."""

    def __init__(self, source: SourceCode) -> None:
        self._source = source
        self._work = AwaitedWork(source)
        self._effects = Effects(source)
        self._flows: dict[ast.Await, Flow] = {}
        # What is asked again and again is worked out once for a source.
        self._work_of = cache(self._work_at)
        self._uses_in = cache(lambda node: self._uses_of(_head(node)))
        self._origins_in = cache(self._origins)
        self._body = cache(self._look_into)
        self._guards, self._narrates = cache(guards), cache(narrates)

    def depends(self, first: AwaitSite, second: AwaitSite, seen: tuple[Function, ...] = ()) -> bool:
        """Tell whether the second work needs that the first has ended.

        Both are in one function. It does where it uses what the first returned or changed, where
        that decides whether it is done at all, or where it cleans up after the first.

        :param seen: functions that the run shows to do this work
        """
        before, after = self._work_of(first, seen), self._work_of(second, seen)
        if after.started is None or after.started < first.line or before.guards or after.narrates:
            return True
        if before.touched.conflicts(after.uses) or before.decides(after):
            return True
        if first.statement is second.statement:
            return False
        return self._reaches(first, before, second.statement, after)

    def _work_at(self, site: AwaitSite, seen: tuple[Function, ...]) -> "_Work":
        found = self._work.at(site)
        uses: set[Use] = set()
        workers: Sequence[Function] = seen
        if found.call is not None:
            call = inner_call(found.call)
            named = self._source.all_named(called_name(call))
            workers = [one for one in named if one in seen] or named or seen
            uses = {use for use in self._uses_of(call).found if use.how == "changes"}
            uses |= self._effects.of_call(call, workers)
        around = [site.node, *self._source.parents(site.node)]
        inside = [(one, inner) for inner, one in pairwise(around)]
        tests = (one.test for one in around if isinstance(one, ast.If | ast.While))
        reads = self._uses_in(site.statement).locations("reads")
        return _Work(
            started=found.started,
            uses=frozenset(uses),
            touched=Touched(uses, self._origins_in(site.function)),
            guards=any(map(self._guards, workers)),
            narrates=any(map(self._narrates, workers)),
            reads=frozenset((*reads, *(use.location for use in uses))),
            tests=frozenset(
                one for test in tests for one in self._uses_in(test).locations("reads")
            ),
            around=frozenset(map(id, around)),
            deciders=tuple(pair for pair in inside if isinstance(pair[0], _DECIDING)),
            cleaned_up=frozenset(
                id(one)
                for one, inner in inside
                if isinstance(one, ast.Try)
                and any(part is inner for part in one.body)
                and any(part in self._source.awaiting for part in one.finalbody)
            ),
        )

    def _uses_of(self, *nodes: ast.AST) -> Uses:
        return Uses.of(*nodes, defined=self._source.names)

    def _origins(self, function: Function) -> dict[str, set[str]]:
        definitions = (*Function.__args__, ast.ClassDef)
        outside = (one for one in self._source.tree.body if not isinstance(one, definitions))
        return origins_of((*outside, function))

    def _reaches(self, first: AwaitSite, before: "_Work", second: ast.stmt, after: "_Work") -> bool:
        """Follow what the first returned and changed through the statements up to the second."""
        flow = self._flows.get(first.node)
        if flow is None or flow.line > second.lineno:
            changed = {use.location for use in before.uses if use.how != "reads"}
            flow = self._flows[first.node] = Flow(
                self._source.statements(first.function),
                first.statement,
                self._targets(first),
                changed,
            )
        flow.advance(second, self._uses_in)
        return flow.decided or flow.returned.any_of(after.reads) or flow.tainted.any_of(after.tests)

    def _targets(self, site: AwaitSite) -> set[Location]:
        """Return the locations that hold what a statement's await returned."""
        statement = site.statement
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            return set(self._uses_of(statement).locations("adds", "changes"))
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            return set(self._uses_of(statement.value).locations("adds", "changes"))
        named = (parent for parent in self._source.parents(site.node))
        return {
            Location(one.target.id)
            for one in named
            if isinstance(one, ast.NamedExpr) and isinstance(one.target, ast.Name)
        }

    def repeats_freely(self, site: AwaitSite, seen: tuple[Function, ...] = ()) -> bool:
        """Tell whether a site's loop does work in each round that no other round needs.

        The work must be made from the loop's own variable: else the loop only sets a rhythm.

        :param seen: functions that the run shows to do this work
        """
        loop = site.loop
        call, _, element = self._work.at(site)
        own = target_names(loop) if loop is not None else set()
        work = self._work_of(site, seen)
        if call is None or work.narrates:
            return False
        used = () if element else tuple(self._uses_of(call).locations("reads"))
        if not element and not any(location.root in own for location in used):
            return False
        if isinstance(loop, ast.For | ast.While):
            inside = self._body(loop)
            if inside.leaves or not self._same_each_round(site, loop, own, used):
                return False
            own |= inside.stored
        elif not isinstance(loop, COMPREHENSIONS) or not self._plain(loop, site):
            return False
        uses = {use for use in work.uses if use.location.root not in own}
        return not Touched(uses, {}).conflicts(uses)

    def _same_each_round(
        self, site: AwaitSite, loop: ast.For | ast.While, own: set[str], used: Sequence[Location]
    ) -> bool:
        """Tell whether no round decides what another does, or hands something to it."""
        control = loop.iter if isinstance(loop, ast.For) else loop.test
        carried = Tainted(one for one in self._body(loop).changed if one.root not in own)
        if any(node is control for node in self._source.parents(site.node)):
            return False
        if control is site.node or carried.any_of(used):
            return False
        return not any(
            carried.any_of(self._uses_in(test).locations("reads"))
            for test in (control, *self._tests(site, loop))
        )

    def _look_into(self, loop: ast.For | ast.While) -> "_Body":
        changed = frozenset(self._uses_of(*loop.body).locations("adds", "changes"))
        leaves = any(isinstance(node, ast.Break | ast.Return) for node in ast.walk(loop))
        return _Body(changed, stored_names(loop.body), leaves=leaves)

    def _plain(self, loop: ast.AST, site: AwaitSite) -> bool:
        """Tell whether a comprehension does a site's work for each of its items."""
        generators: list[ast.comprehension] = getattr(loop, "generators", [])
        around = [site.node, *self._source.parents(site.node)]
        return not any(one.is_async for one in generators) and not any(
            node is test for one in generators for test in one.ifs for node in around
        )

    def _tests(self, site: AwaitSite, loop: ast.AST) -> Iterator[ast.expr]:
        """Yield the conditions between a loop and a site inside it."""
        for parent in self._source.parents(site.node):
            if parent is loop:
                return
            if isinstance(parent, ast.If | ast.While | ast.IfExp):
                yield parent.test


@dataclass(frozen=True, slots=True)
class _Work:
    """What is known of the work that a site awaits."""

    started: int | None
    uses: frozenset[Use]
    touched: Touched
    guards: bool
    narrates: bool
    reads: frozenset[Location]
    """What its statement and its work read."""
    tests: frozenset[Location]
    """What the conditions read under which it is done."""
    around: frozenset[int]
    """The identities of its site and of all that contains that."""
    deciders: tuple[tuple[ast.AST, ast.AST], ...]
    """What contains its site and may do without it; and the part in which the site stands."""
    cleaned_up: frozenset[int]
    """The identities of the `try` statements in whose bodies its site stands, and whose `finally`
    awaits: what comes before one of them is its setting up."""

    def decides(self, second: "_Work") -> bool:
        """Tell whether this decides by its place in the code whether the second is done.

        The second stands in a handler, `else` or `finally` of the first's try, in a `try` that
        the first sets something up for, in a branch that the first is the test of, or beside it
        in an `and`, an `or` or a conditional expression.
        """
        if second.cleaned_up - self.around:
            return True
        for node, inner in second.deciders:
            if id(node) not in self.around:
                continue
            if isinstance(node, ast.Try):
                if not any(part is inner for part in node.body):
                    return True
            elif isinstance(node, ast.BoolOp) or id(node.test) in self.around:  # type: ignore[attr-defined]  # the others have a test
                return True
        return False


class _Body(NamedTuple):
    """What is known of a loop's body."""

    changed: frozenset[Location]
    stored: set[str]
    leaves: bool


def _head(statement: ast.AST) -> ast.AST:
    """Return what a statement does itself; what stands in its blocks comes by itself."""
    if isinstance(statement, ast.If | ast.While):
        return statement.test
    if isinstance(statement, ast.For | ast.AsyncFor):
        return ast.Assign([statement.target], statement.iter)
    if isinstance(statement, ast.With | ast.AsyncWith | ast.Try | Function | ast.ClassDef):
        return ast.Pass()
    return statement
