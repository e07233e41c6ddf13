"""What calls of a source's functions change and read of what outlives them. Pure, by names only.

A name that is used in several functions for several things makes it see more than there is: it is
cautious, and an order that may matter is then said to matter.
"""

import ast
from collections.abc import Iterable, Iterator

from bot.timeline.expressions import called_name, last_name, stored_names
from bot.timeline.locations import ANYTHING, Location, Use, Uses, location_of
from bot.timeline.source_code import Function, SourceCode

_MOST = 60
"""Uses of one function, at most; one with more is said to change all."""
_DEEPEST = 30
"""Calls of calls that are followed; one that goes deeper is said to change all."""
_ROUNDS = 3
"""How often functions that call one another are looked at once more; where that still adds
something, they are said to change all."""
_MOST_ORIGINS = 20
"""Variables that another was made from, at most; one with more may share with all."""
_ALL = frozenset({Use(ANYTHING, "changes")})


class Effects:
    """Follows the calls of one source."""

    def __init__(self, source: SourceCode) -> None:
        self._source = source
        self._known: dict[Function, frozenset[Use]] = {}
        self._under_way: list[Function] = []
        self._fresh: list[Function] = []
        """What was looked at since the last question, callees first."""
        self._recursive = False
        self._wide = _wide_semaphores(source.tree)

    def of_call(self, call: ast.Call, functions: Iterable[Function]) -> set[Use]:
        """Return what a call uses, in the names of its caller.

        :param functions: those that it may call
        """
        found: set[Use] = set()
        for function in functions:
            given = dict(_given(call, function))
            parameters = {one.arg for one in _parameters(function)}
            for location, how in self._of(function):
                if location.root not in parameters:
                    found.add(Use(location, how))
                elif (passed := given.get(location.root)) is not None:
                    part = passed.part or location.part
                    found.add(Use(Location(passed.root, part), how))
        return found

    def _of(self, function: Function) -> frozenset[Use]:
        """Return what a function uses of its parameters, and of names that are not its own."""
        known = self._known.get(function)
        if known is not None:
            self._recursive |= function in self._under_way[:-1]
            return known
        if len(self._under_way) >= _DEEPEST:
            return _ALL
        self._under_way.append(function)
        self._known[function] = frozenset()  # what a function that calls itself does besides
        self._known[function] = self._worked_out(function)
        self._fresh.append(self._under_way.pop())
        if not self._under_way:
            self._settle()
        return self._known[function]

    def _settle(self) -> None:
        """Look once more at functions that call one another, until that adds nothing."""
        fresh, self._fresh = self._fresh, []
        rounds, self._recursive = _ROUNDS * self._recursive, False
        for _ in range(rounds):
            before = [self._known[function] for function in fresh]
            for function in fresh:
                self._known[function] = self._worked_out(function)
            if before == [self._known[function] for function in fresh]:
                return
        if rounds:
            self._known |= dict.fromkeys(fresh, _ALL)

    def _worked_out(self, function: Function) -> frozenset[Use]:
        uses = Uses.of(*function.body, defined=self._source.names)
        found = set(uses.found)
        found |= {
            Use(location, "changes") for location, last in uses.held if last not in self._wide
        }
        for call in uses.calls:
            found |= self.of_call(call, self._source.all_named(called_name(call)))
            if len(found) > _MOST:
                return _ALL
        own, aliases = _own(function), _aliases(function)
        return frozenset(
            Use(aliases.get(use.location.root, use.location), use.how)
            for use in found
            if use.location.root not in own or use.location.root in aliases
        )


class Touched:
    """A set of uses, asked which others they conflict with."""

    def __init__(self, uses: Iterable[Use], origins: dict[str, set[str]]) -> None:
        """Take the uses.

        :param origins: by variable, those that it was made from: they may share what they hold
        """
        self._origins = origins
        self._parts: dict[tuple[str, str], set[str]] = {}
        self._shared: dict[str, set[tuple[str, str]]] = {}
        self.empty = True
        for (root, part), how in uses:
            self.empty = False
            self._parts.setdefault((root, how), set()).add(part)
            for origin in (root, *origins.get(root, ())):
                self._shared.setdefault(origin, set()).add((root, how))

    def conflicts(self, others: Iterable[Use]) -> bool:
        """Tell whether it matters which of two pieces of work is done first."""
        return any(self._conflicts(one) for one in others)

    def _conflicts(self, other: Use) -> bool:
        (root, part), how = other
        anything = ANYTHING.root
        if (root == anything and not self.empty) or anything in self._shared:
            return True
        for before in ("reads", "adds", "changes"):
            if before == how != "changes":
                continue
            parts = self._parts.get((root, before))
            if parts and (not part or "" in parts or part in parts):
                return True
        return any(
            sharing != root and not before == how != "changes"
            for origin in (root, *self._origins.get(root, ()))
            for sharing, before in self._shared.get(origin, ())
        )


def origins_of(scopes: Iterable[ast.AST]) -> dict[str, set[str]]:
    """Return, for each variable, the variables that it was made from, as far as these scopes tell.

    :param scopes: the module and the functions whose assignments are looked at
    """
    imported: set[str] = set()
    made: dict[str, set[str]] = {}
    for node in (inner for scope in scopes for inner in ast.walk(scope)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imported |= {(one.asname or one.name).partition(".")[0] for one in node.names}
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name):
                read = {location.root for location in Uses.of(node.value).locations("reads")}
                made.setdefault(target.id, set()).update(read)
    origins = {name: read - imported - {name} for name, read in made.items()}
    return {
        name: one if len(one) <= _MOST_ORIGINS else {ANYTHING.root} for name, one in origins.items()
    }


def _wide_semaphores(tree: ast.Module) -> set[str]:
    """Return the names under which nothing is kept but semaphores that let several in at once."""
    wide: set[str] = set()
    narrow: set[str] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        call = node.value
        size = call.args[0] if call.args else None
        one = size is None or (isinstance(size, ast.Constant) and size.value == 1)
        several = called_name(call) in {"Semaphore", "BoundedSemaphore"} and not one
        for target in node.targets:
            if isinstance(target, ast.Name | ast.Attribute):
                (wide if several else narrow).add(last_name(target))
    return wide - narrow


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
            given |= stored_names([node.target])
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


def _parameters(function: Function) -> list[ast.arg]:
    arguments = function.args
    extra = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra]


def _given(call: ast.Call, function: Function) -> Iterator[tuple[str, Location]]:
    """Yield what locations a call hands to a function, by the parameter's name."""
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    if names and names[0] in {"self", "cls"}:
        receiver = location_of(call.func.value) if isinstance(call.func, ast.Attribute) else None
        if receiver is not None:
            yield names[0], receiver
        names = names[1:]
    for name, value in zip(names, call.args, strict=False):
        location = location_of(value)
        if location is not None:
            yield name, location
    for keyword in call.keywords:
        location = location_of(keyword.value)
        if keyword.arg is not None and location is not None:
            yield keyword.arg, location


def _own(function: Function) -> set[str]:
    """Return the names of a function's own variables, with those of functions inside it."""
    own: set[str] = set()
    outer: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            own.add(node.id)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            outer.update(node.names)
        elif node is not function and isinstance(node, Function):
            own |= {node.name, *(one.arg for one in _parameters(node))}
        elif isinstance(node, ast.Lambda):
            own |= {one.arg for one in node.args.args}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            own.add(node.name)
    return own - outer


def _aliases(function: Function) -> dict[str, Location]:
    """Return the variables that stand for a part of something else: `items = self.items`."""
    found: dict[str, Location] = {}
    own = _own(function)
    for node in ast.walk(function):
        value: ast.expr | None = None
        target: ast.expr | None = None
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], node.value
        elif isinstance(node, ast.For | ast.comprehension):
            target, value = node.target, node.iter
        if isinstance(target, ast.Name) and value is not None:
            location = location_of(value)
            if location is not None and location.root not in own:
                found[target.id] = location
    return found
