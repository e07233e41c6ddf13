"""Which expected lines stand for which printed ones: bipartite matching and order. Pure.

An expected line is a predicate over printed lines. A text fits one spelling only, a pattern
may fit many, so pairing them is a matching problem: Kuhn's augmenting paths solve it, and
may be fed line by line.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """One expected line, in the learner's language."""

    shown: str
    """How it is named to people: its text, or its pattern's source."""
    regex: re.Pattern[str] | None = None

    def fits(self, text: str) -> bool:
        """Tell whether a printed line is what was expected."""
        return text == self.shown if self.regex is None else bool(self.regex.fullmatch(text))


class Pairing:
    """A greatest pairing of the expected lines with the printed lines seen so far."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self._wanted = wanted
        self._fitting: dict[int, list[int]] = {}
        self.line_of: dict[int, int] = {}
        """Index of the printed line that stands for each paired expected one."""

    @property
    def full(self) -> bool:
        """True once every expected line has a printed one of its own."""
        return len(self.line_of) == len(self._wanted)

    def add(self, index: int, text: str) -> bool:
        """Pair one more printed line, re-pairing earlier ones where that makes room.

        Returns whether the pairing grew.
        """
        self._fitting[index] = [i for i, one in enumerate(self._wanted) if one.fits(text)]
        return self._place(index, set())

    def _place(self, index: int, tried: set[int]) -> bool:
        """Give printed line `index` an expected line, moving others on along a free path."""
        for i in self._fitting[index]:
            if i in tried:
                continue
            tried.add(i)
            holder = self.line_of.get(i)
            if holder is None or self._place(holder, tried):
                self.line_of[i] = index
                return True
        return False


def rising(values: Sequence[int]) -> set[int]:
    """Return the positions of one longest non-decreasing run of `values`."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for position, value in enumerate(values):
        place = bisect_right(tails, value)
        before.append(ends[place - 1] if place else -1)
        if place == len(tails):
            tails.append(value)
            ends.append(position)
        else:
            tails[place] = value
            ends[place] = position
    kept: set[int] = set()
    position = ends[-1] if ends else -1
    while position >= 0:
        kept.add(position)
        position = before[position]
    return kept
