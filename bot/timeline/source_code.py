"""What the source of a run says where its record is silent.

That is which statement awaits what, and whether one needs what another returned. Pure: it reads
code and never runs any.

The code is a stranger's. What cannot be parsed has no facts, and every question then has the
cautious answer: that an order may matter.
"""

import ast
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from bot.text.parsing import parsed_python
from bot.timeline.expressions import called_name

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

Function = ast.FunctionDef | ast.AsyncFunctionDef

STARTERS = frozenset({"create_task", "ensure_future"})
_IN_THREADS = frozenset({"to_thread", "run_in_executor"})
_WRAPPERS = frozenset({"wait_for", "shield"}) | STARTERS
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class AwaitSite:
    """One place in the code that awaits a piece of work."""

    line: int
    node: ast.Await
    call: ast.Call | None
    """The call that makes the work; None where a name is awaited."""
    statement: ast.stmt
    function: Function
    loop: ast.AST | None
    """The innermost loop or comprehension around it, within its function."""
    known: bool
    """Whether the code alone tells that it is work that could run beside other work."""


@dataclass
class SourceCode:
    """The parsed source of one run."""

    tree: ast.Module
    _parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    _functions_at: dict[int, Function | None] = field(default_factory=dict)
    _statements: dict[Function, list[ast.stmt]] = field(default_factory=dict)

    @classmethod
    def parse(cls, code: str) -> "SourceCode | None":
        """Parse a run's source; None where that is no valid Python, or too deep to be parsed."""
        tree = parsed_python(code)
        if tree is None:
            return None
        parents = {
            child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)
        }
        return cls(tree, parents)

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """Every function, outer ones first."""
        return tuple(node for node in ast.walk(self.tree) if isinstance(node, Function))

    @cached_property
    def _by_name(self) -> dict[str, list[Function]]:
        return _grouped((function.name, function) for function in self.functions)

    @property
    def names(self) -> Collection[str]:
        """The names of all functions."""
        return self._by_name.keys()

    def named(self, name: str) -> Function | None:
        """Return the function of that name, where exactly one has it."""
        found = self._by_name.get(name, [])
        return found[0] if len(found) == 1 else None

    def all_named(self, name: str) -> list[Function]:
        """Return every function of that name."""
        return self._by_name.get(name, [])

    def methods_of(self, name: str, methods: Collection[str]) -> Iterator[Function]:
        """Yield the methods of these names in the classes of that name."""
        return (one for one in self._methods.get(name, ()) if one.name in methods)

    @cached_property
    def _methods(self) -> dict[str, list[Function]]:
        classes = (node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef))
        return _grouped(
            (node.name, one) for node in classes for one in node.body if isinstance(one, Function)
        )

    def statements(self, function: Function) -> list[ast.stmt]:
        """Return a function's statements in order, those of a block after the one that holds it."""
        if function not in self._statements:
            self._statements[function] = list(_flat(function.body))
        return self._statements[function]

    @cached_property
    def awaiting(self) -> frozenset[ast.AST]:
        """Every node in which something is awaited, but for what a function inside it awaits."""
        found: set[ast.AST] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
                found.add(node)
                for parent in self.parents(node):
                    if parent in found or isinstance(parent, Function | ast.Lambda):
                        break
                    found.add(parent)
        return frozenset(found)

    def function_at(self, line: int) -> Function | None:
        """Return the innermost function that contains a line."""
        if line not in self._functions_at:
            inside = [one for one in self.functions if one.lineno <= line <= (one.end_lineno or 0)]
            self._functions_at[line] = max(inside, key=lambda one: one.lineno, default=None)
        return self._functions_at[line]

    def parents(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what contains a node, from the inside out."""
        parent = self._parents.get(node)
        while parent is not None:
            yield parent
            parent = self._parents.get(parent)

    @cached_property
    def _sites_by_line(self) -> dict[int, list[AwaitSite]]:
        return _grouped(
            (line, site)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Await) and (site := self._site(node)) is not None
            for line in range(site.line, (node.end_lineno or site.line) + 1)
        )

    def await_at(self, line: int) -> AwaitSite | None:
        """Return the awaited work of a line; None where it has none, or more than one."""
        found = self.awaits_at(line)
        return found[0] if len(found) == 1 and found[0].known else None

    def awaits_at(self, line: int) -> list[AwaitSite]:
        """Return what a line awaits: what is known to be work, if anything is, else all."""
        found = self._sites_by_line.get(line, [])
        return [site for site in found if site.known] or found

    def _site(self, node: ast.Await) -> AwaitSite | None:
        statement: ast.stmt | None = None
        loop: ast.AST | None = None
        if not isinstance(node.value, ast.Name | ast.Call):
            return None
        for parent in self.parents(node):
            if isinstance(parent, Function):
                if statement is None:
                    return None
                call = node.value if isinstance(node.value, ast.Call) else None
                known = self._is_work(node.value)
                return AwaitSite(node.lineno, node, call, statement, parent, loop, known)
            if isinstance(parent, ast.Lambda | ast.ClassDef):
                return None
            if isinstance(parent, ast.stmt) and statement is None:
                statement = parent
            if isinstance(parent, (*_LOOPS, *COMPREHENSIONS)) and loop is None:
                loop = parent
        return None

    def _is_work(self, value: ast.expr) -> bool:
        """Tell whether what is awaited is work that could run beside other work.

        That is a coroutine function of this code, a task or a thread. `asyncio.sleep` alone is
        a pause that its author wants, and what waits for another lane has to.
        """
        if isinstance(value, ast.Name):
            return True
        if not isinstance(value, ast.Call):
            return False
        name = called_name(value)
        if name in STARTERS | _IN_THREADS:
            return True
        if _is_wrapper(value):
            return self._is_work(value.args[0])
        functions = self.all_named(name)
        return bool(functions) and all(isinstance(it, ast.AsyncFunctionDef) for it in functions)

    def worker(self, site: AwaitSite) -> Function | None:
        """Return the function of this code that does a site's work, if it is known."""
        return self.named(called_name(inner_call(site.call))) if site.call is not None else None

    def calls_of(self, name: str) -> list[ast.Call]:
        """Return every call of what has that name, in the order of lines."""
        return self._calls.get(name, [])

    @cached_property
    def _calls(self) -> dict[str, list[ast.Call]]:
        calls = sorted(self._every_call, key=lambda one: (one.lineno, one.col_offset))
        return _grouped((called_name(node), node) for node in calls)

    @cached_property
    def _names_by_line(self) -> dict[int, list[str]]:
        return _grouped((node.lineno, called_name(node)) for node in self._every_call)

    @cached_property
    def _every_call(self) -> tuple[ast.Call, ...]:
        return tuple(node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def called_within(self, first: int, last: int) -> set[str]:
        """Return the last names of what these lines call."""
        lines = self._names_by_line
        return {name for line in range(first, last + 1) for name in lines.get(line, ())}

    def calls_at(self, line: int) -> Iterator[ast.Call]:
        """Yield the calls that a line makes itself and does not await."""
        for node in self._every_call:
            inside = node.lineno <= line <= (node.end_lineno or 0)
            if not inside or isinstance(self.parent(node), ast.Await):
                continue
            if not any(isinstance(parent, ast.Lambda) for parent in self.parents(node)):
                yield node

    def enters_at(self, line: int | None) -> bool:
        """Tell whether a `with` without `async` begins in a line."""
        return any(
            isinstance(node, ast.With) and node.lineno == line for node in ast.walk(self.tree)
        )

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return what directly contains a node."""
        return self._parents.get(node)


def _grouped(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, list[_Value]]:
    """Return the values by their keys, in order."""
    found: dict[_Key, list[_Value]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _is_wrapper(call: ast.Call) -> bool:
    """Tell whether a call only waits for what its one argument makes."""
    given = call.args[0] if call.args else None
    name = called_name(call)
    if name == "gather":
        return len(call.args) == 1 and not isinstance(given, ast.Starred)
    return name in _WRAPPERS and given is not None


def inner_call(call: ast.Call) -> ast.Call:
    """Return the call that does the work: `f(1)` for `wait_for(f(1), 2)` and `to_thread(f, 1)`."""
    while _is_wrapper(call) and isinstance(call.args[0], ast.Call):
        call = call.args[0]
    skipped = {"to_thread": 0, "run_in_executor": 1}.get(called_name(call))
    if skipped is not None and len(call.args) > skipped:
        return ast.Call(call.args[skipped], call.args[skipped + 1 :], call.keywords)
    return call


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
