"""Follows what a piece of work returned and changed through the statements after it. Pure."""

import ast
from collections.abc import Callable, Iterable, Sequence

from bot.timeline.locations import Location, Uses


class Tainted:
    """Locations, asked whether others touch them."""

    def __init__(self, locations: Iterable[Location]) -> None:
        self._parts: dict[str, set[str]] = {}
        self.add(locations)

    def add(self, locations: Iterable[Location]) -> None:
        """Take more of them."""
        for root, part in locations:
            self._parts.setdefault(root, set()).add(part)

    def any_of(self, locations: Iterable[Location]) -> bool:
        """Tell whether one of other locations may be one of these."""
        return any(
            (parts := self._parts.get(root)) is not None
            and (not part or "" in parts or part in parts)
            for root, part in locations
        )


class Flow:
    """What came of one piece of work, up to a statement after it."""

    def __init__(
        self,
        statements: Sequence[ast.stmt],
        begun: ast.stmt,
        returned: set[Location],
        changed: set[Location],
    ) -> None:
        """Begin at a statement.

        :param statements: all of its function, in order
        :param returned: what holds the work's result
        :param changed: what else the work changed
        """
        self.returned = Tainted(returned)
        """What holds the result, or something made from it or from what was changed."""
        self.tainted = Tainted(returned | changed)
        """That, and what was changed."""
        self.decided = False
        """Whether the work decides if what follows is done at all."""
        self.line = begun.lineno
        self._begun = begun
        self._following = iter(statements)
        self._next = next(self._following, None)

    def advance(self, end: ast.stmt, uses_in: Callable[[ast.AST], Uses]) -> None:
        """Take the statements up to one that is not earlier than the last.

        :param uses_in: returns what a statement itself uses
        """
        self.line = end.lineno
        while self._next is not None and self._next.lineno < end.lineno and not self.decided:
            if self._next.lineno > self._begun.lineno:
                self._take(self._next, uses_in(self._next))
            self._next = next(self._following, None)

    def _take(self, statement: ast.stmt, uses: Uses) -> None:
        if not self.tainted.any_of(uses.locations("reads")):
            return
        decisive = ast.If | ast.While | ast.Match | ast.Assert | ast.Return | ast.Raise
        self.decided = isinstance(statement, decisive)
        changed = tuple(uses.locations("adds", "changes"))
        self.returned.add(changed)
        self.tainted.add(changed)
