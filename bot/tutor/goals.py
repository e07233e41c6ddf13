"""The goals of an exercise one by one: what is wanted, and whether a run met it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.languages import Locale
from bot.lessons import judge
from bot.lessons.exercise import Exercise, Goal
from bot.lessons.expectation import templates
from bot.lessons.judge import Difference

GoalKind = Literal[
    "record",
    "outcome",
    "elapsed",
    "order",
    "moment",
    "overlap",
    "limit",
    "stays",
    "unblocked",
    "nothing_lost",
    "forbid",
]
"""What a goal is about. `record`: that the record can be believed. `limit`: that at most so many
waits go on at the same time."""


@dataclass(frozen=True, slots=True)
class GoalResult:
    """One goal, and whether the run met it."""

    kind: GoalKind
    met: bool
    of: tuple[str, ...] = ()
    """The functions whose waits it is about; with `forbid`, the name; with `moment` and `order`,
    the lines."""
    wanted: float | None = None
    """Seconds, or a number of waits; with `moment` and `elapsed`, the time in the middle."""
    found: float | None = None
    """What the run had instead; None for nothing."""
    tolerance: float = 0.0
    """Seconds by which `found` may differ from `wanted`."""
    times: int = 0
    """With `stays`: how many waits there must be; `found` says how many there were."""
    differences: tuple[Difference, ...] = ()
    """What differs in the ending or in the lines."""
    line: int | None = None
    """With `forbid`: the line that uses it."""
    undecided: bool = False
    """Whether it was met, or missed, perhaps only because the computer held the run up."""

    @property
    def failed(self) -> bool:
        """True where it was not met, and no hold-up explains that."""
        return not self.met and not self.undecided


def goals_wanted(exercise: Exercise, goal: Goal, locale: Locale) -> Iterator[GoalResult]:
    """Yield each goal as it is before any run: not met, and nothing found."""
    expected = goal.expected
    ending = Difference("outcome", expected=expected.error or expected.outcome)
    yield GoalResult("outcome", met=False, differences=(ending,))
    if goal.elapsed:
        about, tolerance = goal.elapsed.about, goal.elapsed.tolerance
        yield GoalResult("elapsed", met=False, wanted=about, tolerance=tolerance)
    ordered = (judge.wanted_line(it, exercise, locale).shown for _, it in templates(expected))
    if lines := tuple(dict.fromkeys(ordered)):
        yield GoalResult("order", met=False, of=lines)
    for moment in goal.moments:
        line = (judge.wanted_line(moment.line, exercise, locale).shown,)
        yield GoalResult(
            "moment", met=False, of=line, wanted=moment.about, tolerance=moment.tolerance
        )
    yield from _waits_wanted(goal)
    if goal.unblocked:
        yield GoalResult("unblocked", met=False)
    if goal.nothing_lost:
        yield GoalResult("nothing_lost", met=False)
    for banned in exercise.forbid:
        yield GoalResult("forbid", met=False, of=(banned.name,))


def _waits_wanted(goal: Goal) -> Iterator[GoalResult]:
    for overlap in goal.overlap:
        if overlap.together is not None:
            yield GoalResult("overlap", met=False, of=overlap.of, wanted=overlap.together)
        if overlap.at_most is not None:
            yield GoalResult("limit", met=False, of=overlap.of, wanted=overlap.at_most)
    for one in goal.stays:
        yield GoalResult("stays", met=False, of=(one.of,), wanted=one.seconds, times=one.times)
