"""What a benchmark reports, and the arithmetic that they share."""

import math
import statistics
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

Measure = Callable[[bool], Coroutine[Any, Any, "list[Figure]"]]
"""A benchmark: takes whether to be quick, returns its figures."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number."""

    name: str
    value: float
    unit: str
    target: str = ""
    """What it must reach, as in "≤ 5"; "" where nothing is asked."""

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if not self.target:
            return None
        sign, bound = self.target.split()
        return self.value <= float(bound) if sign == "≤" else self.value >= float(bound)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(
    name: str, values: Sequence[float], unit: str, *, median: str = "", p95: str = ""
) -> list[Figure]:
    """Return the median and the 95th percentile of `values`, with their targets."""
    return [
        Figure(f"{name}, median", statistics.median(values), unit, median),
        Figure(f"{name}, p95", percentile(values, 0.95), unit, p95),
    ]


def ratio(name: str, larger: Sequence[float], smaller: Sequence[float], target: str) -> Figure:
    """Return how many times the median of one is that of the other."""
    value = statistics.median(larger) / statistics.median(smaller)
    return Figure(name, value, "times", target)
