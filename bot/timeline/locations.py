"""What a piece of code reads and changes, by the names under which it does. Pure."""

import ast
from collections.abc import Container, Iterator
from typing import Final, Literal, NamedTuple

from bot.timeline.expressions import called_name, last_name

How = Literal["reads", "adds", "changes"]
"""adds: puts in something of its own, beside what others put in; the order does not matter."""

_ADDING = frozenset({"append", "add", "extend", "appendleft", "put", "put_nowait"})
"""Methods that add to what they are called on."""
_CHANGING = frozenset(
    {"update", "setdefault", "insert", "sort", "reverse", "pop", "popleft", "popitem", "remove"}
    | {"discard", "clear", "set", "cancel", "get_nowait", "task_done"}
    | {"acquire", "release", "notify", "notify_all"}
)
"""Methods that change what they are called on, or find it changed."""
_CHANGING_AWAITED = frozenset({"get"})
"""Methods that do so where they are awaited: `Queue.get` takes an item, `dict.get` none."""
_IN_ORDER = frozenset(
    {"write", "writelines", "send", "sendall"}
    | {"execute", "commit", "rollback", "connect", "open", "close"}
)
"""Methods whose calls on one object are meant in their order, whatever they do."""
_OUTPUT = "<output>"


class Location(NamedTuple):
    """Something that has a value: a variable, or a part of what a variable names."""

    root: str
    part: str = ""
    """The attribute, or the constant key, that stands next to the variable; "" for all of it."""


ANYTHING: Final = Location("*")
"""What code changes that is too much to be followed."""


class Use(NamedTuple):
    """One use of a location."""

    location: Location
    how: How


def location_of(node: ast.expr) -> Location | None:
    """Return the location that an expression names, if it is one: "a.b" for `a.b.c[0]`."""
    part = ""
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute):
            part = node.attr
        else:
            part = f"[{node.slice.value!r}]" if isinstance(node.slice, ast.Constant) else ""
        node = node.value
    return Location(node.id, part) if isinstance(node, ast.Name) else None


class Uses(ast.NodeVisitor):
    """Collects what a piece of code uses itself, and the calls that it makes."""

    def __init__(self, defined: Container[str] = ()) -> None:
        """Begin with nothing.

        :param defined: functions of this code: what they do is known, whatever they are called
        """
        self._defined = defined
        self.found: list[Use] = []
        self.calls: list[ast.Call] = []
        self.held: list[tuple[Location, str]] = []
        """What `with` statements enter that is no call, and its last name: locks, mostly."""

    @classmethod
    def of(cls, *nodes: ast.AST, defined: Container[str] = ()) -> "Uses":
        """Return the uses of these pieces of code together."""
        uses = cls(defined)
        for node in nodes:
            try:
                uses.visit(node)
            except RecursionError:  # nobody writes that by hand: it may change anything
                uses.found.append(Use(ANYTHING, "changes"))
        return uses

    def locations(self, *hows: How) -> Iterator[Location]:
        """Yield the locations that are used in one of these ways."""
        return (use.location for use in self.found if use.how in hows)

    def _use(self, location: Location | None, how: How) -> None:
        if location is not None:
            self.found.append(Use(location, how))

    def visit(self, node: ast.AST) -> None:
        """Take what a node uses, and what stands in it."""
        match node:
            case ast.Name():
                self._use(
                    Location(node.id), "reads" if isinstance(node.ctx, ast.Load) else "changes"
                )
            case ast.Attribute() | ast.Subscript():
                self._chain(node)
            case ast.AugAssign():
                self._use(location_of(node.target), "changes")
                self._inside(node.target)
                self.visit(node.value)
            case ast.Await(value=ast.Call() as call):
                self._call(call, _CHANGING | _CHANGING_AWAITED)
            case ast.Call():
                self._call(node, _CHANGING)
            case ast.With() | ast.AsyncWith():
                self._enter(node)
            case _:
                self.generic_visit(node)

    def _chain(self, node: ast.Attribute | ast.Subscript) -> None:
        location = location_of(node)
        if isinstance(node.ctx, ast.Load):
            self._use(location, "reads")
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name):
            self._use(location, "adds")  # an item under a key of its own
        else:
            self._use(location, "changes")
        self._inside(node)

    def _inside(self, node: ast.expr) -> None:
        """Visit what a chain of attributes and items holds beside names: keys, calls."""
        while isinstance(node, ast.Attribute | ast.Subscript):
            if isinstance(node, ast.Subscript):
                self.visit(node.slice)
            node = node.value
        if not isinstance(node, ast.Name):
            self.visit(node)

    def _call(self, node: ast.Call, changing: frozenset[str]) -> None:
        self.calls.append(node)
        name = called_name(node)
        if isinstance(node.func, ast.Attribute):
            receiver = location_of(node.func.value)
            known = name in self._defined
            if name in _IN_ORDER or (name in changing and not known):
                self._use(receiver, "changes")
            elif name in _ADDING and not known:
                self._use(receiver, "adds")
            else:
                self._use(location_of(node.func), "reads")
            self._inside(node.func)
        elif not isinstance(node.func, ast.Name):
            self.visit(node.func)
        if name == "print" and any(one.arg == "end" for one in node.keywords):
            self._use(Location(_OUTPUT), "changes")  # a part of a line; what follows belongs to it
        for one in (*node.args, *node.keywords):
            self.visit(one)

    def _enter(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            entered = item.context_expr
            location = location_of(entered)
            if location is not None and isinstance(entered, ast.Name | ast.Attribute):
                self.held.append((location, last_name(entered)))
            else:
                self.visit(entered)
            if item.optional_vars is not None:
                self.visit(item.optional_vars)
        for statement in node.body:
            self.visit(statement)
