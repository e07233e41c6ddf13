"""Does an answer to an exercise pass? Its real run, held against the goals. Pure.

What is judged is what was recorded, with the host's own clock beside it. A program may print what
it likes and change any clock of its own: its waits then are not there, or not as long.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from bot.timeline.history import history_of
from bot.timeline.measure import measure
from bot.tutor.goals import GoalResult, shown_lines

_LOST: Final[frozenset[FindingKind]] = frozenset(
    {"never_awaited", "lost_exception", "unfinished_task", "cancelled_gather_sibling"}
)
_HOST_DIFFERS: Final = 0.15
"""Seconds by which the record and the host's clock may differ."""
_HELD: Final = 0.2
"""Seconds for which a task may hold its loop at one go, where no finding says with what."""
_MOST_STARVED: Final = 0.5
"""Seconds for which, at most, the computer is taken to have held a run up."""
_INCOMPLETE: Final = frozenset({"record-truncated", "record-malformed"})


@dataclass(frozen=True, slots=True)
class Grade:
    """What an answer comes to."""

    goals: tuple[GoalResult, ...]
    findings: tuple[Finding, ...] = ()
    """What the run did that explains it, most telling first."""

    @property
    def passed(self) -> bool:
        """True where each goal was met."""
        return all(goal.met for goal in self.goals)

    @property
    def doubtful(self) -> bool:
        """Whether a busy machine may be the only reason why it did not pass."""
        return not self.passed and all(it.met or it.doubtful for it in self.goals)


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
    return Grade(tuple(run.results()), run.findings)


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
        history = history_of(result.events)
        # Timers that came late count; code without a processor does not: it may as well sleep.
        self._late = min(measure(history.lanes, history.elapsed).starved, _MOST_STARVED)
        self._waits = named_waits.named_waits(result.events, code)

    def results(self) -> Iterator[GoalResult]:
        """Yield every goal's result."""
        yield self._outcome()
        if record := self._record():
            yield record
        yield from self._elapsed()
        yield from self._order()
        yield from self._moments()
        yield from self._overlaps()
        yield from self._stays()
        yield from self._faults()
        yield from self._forbidden()

    def _outcome(self) -> GoalResult:
        found = tuple(judge.ending_differences(self._goal.expected, self._result))
        return GoalResult("outcome", not found, differences=found)

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
            return GoalResult("record", met=False, wanted=0.0, found=usage.behind_seconds)
        return None

    def _elapsed(self) -> Iterator[GoalResult]:
        if elapsed := self._goal.elapsed:
            took = self._result.finished.elapsed
            met = self._near(took, elapsed.about, elapsed.tolerance)
            yield GoalResult(
                "elapsed", met, wanted=elapsed.about, found=took, tolerance=elapsed.tolerance
            )

    def _near(self, at: float, about: float, tolerance: float) -> bool:
        """Tell whether a time is as wanted; the computer's own lateness does not count."""
        return about - tolerance <= at and at - self._late <= about + tolerance

    def _order(self) -> Iterator[GoalResult]:
        goal = self._goal
        if not (goal.order or goal.before):
            return
        lines = shown_lines(goal, self._exercise, self._locales[0])
        found = tuple(
            judge.order_differences(goal.expected, self._exercise, self._result, *self._locales)
        )
        yield GoalResult("order", not found, lines, differences=found)

    def _moments(self) -> Iterator[GoalResult]:
        printed = [line for line in self._result.lines if line.stream == "stdout"]
        for moment in self._goal.moments:
            wanted = judge.wanted_line(moment.line, self._exercise, *self._locales)
            at = [line.at for line in printed if wanted.fits(line.text)]
            nearest = min(at, key=lambda it: abs(it - moment.about), default=None)
            met = nearest is not None and self._near(nearest, moment.about, moment.tolerance)
            shown = (wanted.shown,)
            yield GoalResult("moment", met, shown, moment.about, nearest, moment.tolerance)

    def _overlaps(self) -> Iterator[GoalResult]:
        for overlap in self._goal.overlap:
            most = named_waits.most_at_once(named_waits.waits_of(self._waits, overlap.of))
            if overlap.together is not None:
                met = most >= overlap.together
                yield GoalResult("overlap", met, overlap.of, overlap.together, most)
            if overlap.at_most is not None:
                met = 0 < most <= overlap.at_most
                yield GoalResult("limit", met, overlap.of, overlap.at_most, most)

    def _stays(self) -> Iterator[GoalResult]:
        for one in self._goal.stays:
            waits = named_waits.waits_of(self._waits, (one.of,))
            count = named_waits.count_of(waits, one.seconds)
            yield GoalResult(
                "stays", count >= one.times, (one.of,), one.seconds, count, times=one.times
            )

    def _faults(self) -> Iterator[GoalResult]:
        kinds = {finding.kind for finding in self.findings}
        if self._goal.unblocked:
            told = "blocked_loop" in kinds
            blocked = (it for it in self._result.events if isinstance(it, LoopBlocked))
            held = max((it.at - it.since for it in blocked), default=0.0)
            met = not told and held < _HELD
            # What no finding tells of may be the machine's doing.
            yield GoalResult("unblocked", met, found=held, wanted=None if told else 0.0)
        if self._goal.nothing_lost:
            yield GoalResult("nothing_lost", not kinds & _LOST)

    def _forbidden(self) -> Iterator[GoalResult]:
        for one in self._exercise.forbid:
            line = line_of_use(self._code, one.name)
            yield GoalResult("forbid", line is None, (one.name,), line=line)
