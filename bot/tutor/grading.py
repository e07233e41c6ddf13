"""Does an answer to an exercise pass? Its real run, held against the goals. Pure.

What is judged is what was recorded, with the host's own clock beside it. A program may print what
it likes and change any clock of its own: its waits then are not there, or not as long. A goal that
a busy computer may have decided is undecided, met or not (`bot.timeline.hold_ups`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.languages import Locale
from bot.lessons import judge
from bot.lessons.exercise import Exercise, Goal
from bot.lessons.forbidden import line_of_use
from bot.runner.lane_events import LoopBlocked
from bot.runner.model import Outcome, RunResult, Warned
from bot.timeline import named_waits
from bot.timeline.findings.find import find
from bot.timeline.findings.model import Finding, FindingKind
from bot.timeline.hold_ups import hold_up_of
from bot.tutor.goals import GoalKind, GoalResult, goals_wanted

_LOST: Final[frozenset[FindingKind]] = frozenset(
    {"never_awaited", "lost_exception", "unfinished_task", "cancelled_gather_sibling"}
)
_HOST_DIFFERS: Final = 0.15
"""Seconds by which the record and the host's clock may differ."""
_HELD: Final = 0.2
"""Seconds for which a task may hold its loop at one go: twice what a finding needs. A busy computer
stretches a sleep that is shorter."""
_TIMED_LOSSES: Final[frozenset[FindingKind]] = frozenset(
    {"unfinished_task", "cancelled_gather_sibling"}
)
"""What depends on which of two ends first."""
_TIMEOUTS: Final = frozenset({"TimeoutError", "asyncio.TimeoutError"})
_INCOMPLETE: Final = frozenset({"record-truncated", "record-malformed"})


@dataclass(frozen=True, slots=True)
class Grade:
    """What an answer comes to."""

    goals: tuple[GoalResult, ...]
    findings: tuple[Finding, ...] = ()
    """What the run did that explains it, most telling first."""
    held_up: float = 0.0
    """Seconds for which the computer held the run up."""

    @property
    def passed(self) -> bool:
        """True where each goal was met, and not by a hold-up."""
        return all(goal.met and not goal.undecided for goal in self.goals)

    @property
    def late(self) -> bool:
        """Whether it is undecided: a busy computer held the run up for too long to tell."""
        return not self.passed and not any(goal.failed for goal in self.goals)


def grade(
    exercise: Exercise, answer: str, code: str, result: RunResult, locales: Sequence[Locale]
) -> Grade:
    """Hold the run of an answer against the exercise's goals.

    :param answer: what was handed in: a program, or the id of a choice
    :param code: what ran
    :param locales: the languages in which the lines may be printed, the learner's own first
    :raises ValueError: for a choice that there is not
    """
    goal = exercise.goal_of(answer)
    if goal is None:
        raise ValueError(f"{exercise.id} has no such choice")
    run = _Run(exercise, goal, code, result, locales)
    return Grade(tuple(run.results()), run.findings, run.held_up)


class _Run:
    """One run, beside the goals that it is held against."""

    def __init__(
        self,
        exercise: Exercise,
        goal: Goal,
        code: str,
        result: RunResult,
        locales: Sequence[Locale],
    ) -> None:
        self._exercise, self._goal, self._code = exercise, goal, code
        self._result, self._locales = result, locales
        self.findings = find(result.events, code)
        self._held = hold_up_of(code, result, self.findings)
        self._waits = named_waits.named_waits(result.events, code)

    @property
    def held_up(self) -> float:
        """Seconds for which the computer held the run up."""
        return self._held.seconds

    def results(self) -> Iterator[GoalResult]:
        """Yield every goal's result, in the order in which the goals are told before a run."""
        checks: Mapping[GoalKind, Callable[[GoalResult], GoalResult]] = {
            "outcome": self._outcome,
            "elapsed": self._elapsed,
            "order": self._order,
            "moment": self._moment,
            "overlap": self._at_once,
            "limit": self._at_once,
            "stays": self._stays,
            "unblocked": self._unblocked,
            "nothing_lost": self._nothing_lost,
            "forbid": self._forbid,
        }
        for wanted in goals_wanted(self._exercise, self._goal, self._locales[0]):
            yield checks[wanted.kind](wanted)
            if wanted.kind == "outcome" and (record := self._record()):
                yield record

    def _outcome(self, wanted: GoalResult) -> GoalResult:
        found = tuple(judge.ending_differences(self._goal.expected, self._result))
        failure = self._result.finished.failure
        timed_out = failure is not None and failure.type in _TIMEOUTS
        undecided = bool(found) and timed_out and self._held.spoils
        return replace(wanted, met=not found, differences=found, undecided=undecided)

    def _record(self) -> GoalResult | None:
        """Return why the record cannot be believed; None where it can be.

        Of a run that was ended by force, the ending says enough.
        """
        finished = self._result.finished
        if finished.outcome not in {Outcome.OK, Outcome.ERROR}:
            return None
        warned = {it.what for it in self._result.events if isinstance(it, Warned)}
        if warned & _INCOMPLETE:
            return GoalResult("record", met=False)
        usage = finished.usage
        if usage.behind_seconds > _HOST_DIFFERS:
            behind = usage.behind_seconds
            return GoalResult("record", met=False, wanted=0.0, found=behind, undecided=True)
        return None

    def _elapsed(self, wanted: GoalResult) -> GoalResult:
        return self._timed(wanted, self._result.finished.elapsed)

    def _moment(self, wanted: GoalResult) -> GoalResult:
        lines = (
            judge.wanted_line(it.line, self._exercise, *self._locales) for it in self._goal.moments
        )
        line = next(it for it in lines if it.shown in wanted.of)
        printed = (it for it in self._result.lines if it.stream == "stdout")
        at = [it.at for it in printed if line.fits(it.text)]
        about = wanted.wanted or 0.0
        return self._timed(wanted, min(at, key=lambda it: abs(it - about), default=None))

    def _timed(self, wanted: GoalResult, at: float | None) -> GoalResult:
        """Return whether a time is as wanted; None for a line that was not printed."""
        if at is None:
            return replace(wanted, undecided=self._held.spoils)
        about = wanted.wanted or 0.0
        least, most = about - wanted.tolerance, about + wanted.tolerance
        met = least <= at <= most + self._held.allowance(wanted.tolerance)
        decided = self._held.decides(at, least, most, met=met)
        return replace(wanted, met=met, found=at, undecided=not decided)

    def _order(self, wanted: GoalResult) -> GoalResult:
        expected = self._goal.expected
        found = tuple(
            judge.order_differences(expected, self._exercise, self._result, *self._locales)
        )
        undecided = self._is_undecided(met=not found)
        return replace(wanted, met=not found, differences=found, undecided=undecided)

    def _is_undecided(self, *, met: bool) -> bool:
        """Tell whether an order or overlap may be as it is because of a hold-up."""
        return self._held.favours if met else self._held.spoils

    def _at_once(self, wanted: GoalResult) -> GoalResult:
        """Return whether so many waits went on at once; none at all is no hold-up's doing."""
        most = named_waits.most_at_once(named_waits.waits_of(self._waits, wanted.of))
        bound = wanted.wanted or 0.0
        met = most >= bound if wanted.kind == "overlap" else 0 < most <= bound
        undecided = most > 0 and self._is_undecided(met=met)
        return replace(wanted, met=met, found=most, undecided=undecided)

    def _stays(self, wanted: GoalResult) -> GoalResult:
        waits, seconds = named_waits.waits_of(self._waits, wanted.of), wanted.wanted or 0.0
        count = named_waits.count_of(waits, seconds)
        met, asked = count >= wanted.times, named_waits.count_of_asked(waits, seconds)
        # The record of a wait begins late on a busy computer: it may show too little of it.
        undecided = not met and asked >= wanted.times and self._held.spoils
        return replace(wanted, met=met, found=count, undecided=undecided)

    def _unblocked(self, wanted: GoalResult) -> GoalResult:
        """Return whether nothing held the loop for long; a finding tells of half as long, too."""
        blocked = [it.at - it.since for it in self._result.events if isinstance(it, LoopBlocked)]
        longest = max(blocked, default=0.0)
        told = any(finding.kind == "blocked_loop" for finding in self.findings)
        met = longest < _HELD if blocked else not told
        undecided = bool(blocked) and not met and longest - self._held.seconds < _HELD
        return replace(wanted, met=met, found=longest, undecided=undecided)

    def _nothing_lost(self, wanted: GoalResult) -> GoalResult:
        lost = {finding.kind for finding in self.findings} & _LOST
        undecided = bool(lost) and lost <= _TIMED_LOSSES and self._held.spoils
        return replace(wanted, met=not lost, undecided=undecided)

    def _forbid(self, wanted: GoalResult) -> GoalResult:
        line = line_of_use(self._code, wanted.of[0])
        return replace(wanted, met=line is None, line=line)
