"""Whole orders of a run's lines to choose from: the expected one among plausible wrong ones.

The wrong ones are those that learners predict: that what is started first runs to its end before
the next begins, that all take turns, that they end as they began, that a decoy is printed.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

WRONG_ORDERS = 3
Order = tuple[str, ...]


def wrong_orders(
    right: Sequence[str], decoys: Sequence[str], possible: Callable[[Order], bool]
) -> tuple[Order, ...]:
    """Return up to three wrong orders that differ from each other, the likeliest beliefs first.

    :param right: the lines as they are expected
    :param decoys: lines that are never printed
    :param possible: tells of an order whether it could come as well; such a one is not wrong
    """
    wrong: dict[Order, None] = {}
    for order in _believed(tuple(right), decoys):
        if order != tuple(right) and order not in wrong and not possible(order):
            wrong[order] = None
        if len(wrong) == WRONG_ORDERS:
            break
    return tuple(wrong)


def _believed(right: Order, decoys: Sequence[str]) -> Iterator[Order]:
    """Yield orders that one may believe in, whether or not they differ from the right one."""
    groups = _groups(right)
    for decoy in decoys[:1]:
        yield (*right[:-1], decoy)
    yield _joined(groups)
    yield (*right[:-2], *reversed(right[-2:]))
    for decoy in decoys[1:2]:
        yield (*right, decoy)
    yield _in_turn(groups)
    yield _joined(groups[::-1])
    yield (*right[1::-1], *right[2:])
    yield _in_turn(groups[::-1])
    for at in range(len(right) - 1):
        yield (*right[:at], right[at + 1], right[at], *right[at + 2 :])
    yield right[::-1]


def _groups(lines: Order) -> list[list[str]]:
    """Return the lines by who prints them, as their first word tells: "task_1 started"."""
    groups: dict[str, list[str]] = {}
    for line in lines:
        groups.setdefault(line.partition(" ")[0].rstrip(":"), []).append(line)
    return list(groups.values())


def _joined(groups: Sequence[Sequence[str]]) -> Order:
    return tuple(line for group in groups for line in group)


def _in_turn(groups: Sequence[Sequence[str]]) -> Order:
    rounds = zip_longest(*groups)
    return tuple(line for lines in rounds for line in lines if line is not None)
