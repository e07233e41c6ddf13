"""What a run comes to that a busy computer held up: what the hold-up may explain is undecided."""

from collections.abc import AsyncGenerator, Sequence

import pytest

from bot.languages import LOCALES
from bot.lessons.exercise import Exercise, Goal, Moment, Overlap, Stays
from bot.lessons.expectation import Elapsed
from bot.runner.lane_events import MAIN_LANE, LaneBorn, LaneEnded, LaneState, LoopBlocked, Wait
from bot.runner.model import (
    Event,
    Failure,
    Finished,
    Limits,
    Line,
    Outcome,
    RunRequest,
    RunResult,
    Started,
    Usage,
)
from bot.timeline.hold_ups import hold_up_of
from bot.tutor.attempts import Attempt, run_until_decided, why_not_passed
from bot.tutor.exercise_check import ExerciseTry, check_exercises
from bot.tutor.goals import GoalResult
from bot.tutor.grading import Grade, grade
from bot.tutor.words import words
from tests.exercises.run_solutions import exercises
from tests.tutor.answers import HANGUL

FETCH_TOGETHER = exercises()["fetch_together"]
CODE = "import asyncio\nasync def fetch():\n    await asyncio.sleep(0.3)\n    print('x')\n"
LATE = 0.2
"""A hold-up longer than the goals' tolerance."""


def run(
    *starts: float,
    late: float = 0.0,
    lines: Sequence[str] = ("x",),
    usage: Usage = Usage(),  # noqa: B008 - it is frozen
    failure: Failure | None = None,
) -> RunResult:
    """Return a run that waits 0.3 s from each start on, each wait ending so much too late."""
    events: list[Event] = [Started(0.0, "3.13.0")]
    loop = LaneState(0.0, MAIN_LANE, "waiting", "event loop", wait=Wait("event loop"))
    events.append(loop)
    end = 0.0
    for lane, start in enumerate(starts, start=1):
        end = start + 0.3 + late
        events += [
            LaneBorn(start, lane, "task", f"Task-{lane}", "fetch", MAIN_LANE),
            LaneState(start, lane, "running"),
            LaneState(start, lane, "waiting", "sleep(0.3)", 3, wait=Wait("sleep", seconds=0.3)),
            LaneState(end, lane, "running", line=4),
        ]
        if lane == len(starts):
            events += [Line(end, line, lane=lane, line=4) for line in lines]
        events.append(LaneEnded(end, lane, "done"))
    outcome = Outcome.ERROR if failure else Outcome.OK
    events.append(Finished(outcome, end, usage, failure))
    return RunResult(tuple(events))


def exercise(goal: Goal) -> Exercise:
    return FETCH_TOGETHER.model_copy(update={"goal": goal})


def judged(goal: Goal, result: RunResult, code: str = CODE) -> Grade:
    return grade(exercise(goal), code, code, result, ("en",))


def state(found: Grade) -> str:
    assert not (found.passed and found.late)
    return "passes" if found.passed else "late" if found.late else "fails"


def about(seconds: float, tolerance: float = 0.1) -> Goal:
    return Goal(elapsed=Elapsed(about=seconds, tolerance=tolerance))


TOGETHER = Goal(overlap=(Overlap(of=("fetch",), together=2),))
ORDER = Goal(order=("x", "y"))
STAYS = Goal(stays=(Stays(of="fetch", seconds=0.3, times=2),))
BEHIND = Usage(behind_seconds=0.1)
"""A record that came late."""


@pytest.mark.parametrize(
    ("goal", "result", "comes_out"),
    [
        # Times: what the hold-up may account for.
        pytest.param(about(0.3), run(0.0), "passes", id="on time"),
        pytest.param(about(0.3), run(0.0, late=0.06), "passes", id="hardly late"),
        pytest.param(about(0.3), run(0.0, late=0.15), "passes", id="within the allowance"),
        pytest.param(about(0.3), run(0.0, late=0.25), "late", id="beyond the allowance"),
        pytest.param(about(0.3), run(0.0, 0.3, 0.6), "fails", id="slow by itself"),
        pytest.param(about(0.3), run(0.0, 0.3, late=0.06), "fails", id="slow beyond a hold-up"),
        pytest.param(about(0.5), run(0.0, late=LATE), "late", id="right by a hold-up"),
        pytest.param(about(0.9), run(0.0, late=LATE), "fails", id="too fast nevertheless"),
        # Moments.
        pytest.param(
            Goal(moments=(Moment(line="x", about=0.3),)), run(0.0, late=0.4), "late", id="a moment"
        ),
        pytest.param(
            Goal(moments=(Moment(line="x", about=0.3),)), run(0.4), "fails", id="a late moment"
        ),
        # Orders.
        pytest.param(ORDER, run(0.0, lines="xy"), "passes", id="in order"),
        pytest.param(ORDER, run(0.0, lines="yx"), "fails", id="out of order"),
        pytest.param(ORDER, run(0.0, lines="yx", late=LATE), "late", id="perhaps out of order"),
        pytest.param(ORDER, run(0.0, lines="xy", late=LATE), "passes", id="too short to order"),
        pytest.param(ORDER, run(0.0, lines="xy", late=0.4), "late", id="perhaps in order"),
        # Overlaps.
        pytest.param(TOGETHER, run(0.0, 0.1), "passes", id="together"),
        pytest.param(TOGETHER, run(0.0, 0.5), "fails", id="one by one"),
        pytest.param(TOGETHER, run(0.0, 0.5, late=0.1), "late", id="perhaps together"),
        pytest.param(TOGETHER, run(0.0, 0.5, late=0.4), "late", id="together by a hold-up"),
        pytest.param(
            Goal(overlap=(Overlap(of=("fetch",), at_most=1),)),
            run(0.0, 0.1, late=0.1),
            "late",
            id="perhaps too many",
        ),
        pytest.param(
            Goal(overlap=(Overlap(of=("other",), together=2),)),
            run(0.0, late=LATE),
            "fails",
            id="no such wait",
        ),
        # Waits that must stay.
        pytest.param(STAYS, run(0.0, 0.1), "passes", id="waits are there"),
        pytest.param(STAYS, run(0.0), "fails", id="one wait is not there"),
        pytest.param(STAYS, run(0.0, 0.1, late=-0.2), "fails", id="cut short, on a quiet computer"),
        pytest.param(STAYS, run(0.0, 0.1, late=-0.2, usage=BEHIND), "late", id="recorded late"),
        pytest.param(STAYS, run(0.0, late=-0.2, usage=BEHIND), "fails", id="asked for once only"),
        # A record that came late, and what no hold-up explains.
        pytest.param(
            ORDER,
            run(0.0, lines="yx", usage=BEHIND),
            "late",
            id="a record that came late",
        ),
        pytest.param(
            Goal(), run(0.0, usage=Usage(behind_seconds=0.2)), "late", id="beyond all belief"
        ),
        pytest.param(
            about(0.3),
            run(0.0, late=0.4, failure=Failure("TypeError", "no")),
            "fails",
            id="late, and an error",
        ),
        pytest.param(
            Goal(),
            run(0.0, late=LATE, failure=Failure("TimeoutError", "")),
            "late",
            id="a timeout",
        ),
        pytest.param(
            Goal(), run(0.0, failure=Failure("TimeoutError", "")), "fails", id="its own timeout"
        ),
    ],
)
def test_what_a_hold_up_may_explain_is_undecided(
    goal: Goal, result: RunResult, comes_out: str
) -> None:
    assert state(judged(goal, result)) == comes_out


def test_code_without_a_processor_is_held_up_unless_it_sleeps_itself() -> None:
    result = RunResult(
        (
            Started(0.0, "3.13.0"),
            LaneState(0.0, MAIN_LANE, "running"),
            Line(0.6, "x"),
            Finished(Outcome.OK, 0.6, Usage(cpu_seconds=0.1)),
        )
    )
    goal = about(0.3)
    assert state(judged(goal, result, "print('x')")) == "late"
    assert state(judged(goal, result, "import time\ntime.sleep(0.5)\nprint('x')")) == "fails"


@pytest.mark.parametrize(("job", "held"), [("Future.result", 0.0), ("main.<locals>.crunch", 0.3)])
def test_a_job_that_is_a_library_function_may_wait_unseen(job: str, held: float) -> None:
    code = f"{CODE}\n\ndef crunch():\n    pass\n"
    events = (
        Started(0.0, "3.13.0"),
        LaneState(0.0, MAIN_LANE, "waiting", "event loop", wait=Wait("event loop")),
        LaneBorn(0.0, 1, "thread", "asyncio_0", "", MAIN_LANE),
        LaneState(0.0, 1, "running", job),
        LaneEnded(0.31, 1, "done"),
        Finished(Outcome.OK, 0.31, Usage(cpu_seconds=0.01), None),
    )
    assert hold_up_of(code, RunResult(events)).seconds == pytest.approx(held)


@pytest.mark.parametrize(
    ("held", "cpu", "comes_out"),
    [(0.12, 0.0, "passes"), (0.3, 0.3, "fails"), (0.3, 0.15, "late"), (0.5, 0.4, "fails")],
)
def test_what_holds_the_loop_for_long_is_not_the_computers_doing(
    held: float, cpu: float, comes_out: str
) -> None:
    events = (
        Started(0.0, "3.13.0"),
        LaneState(0.0, MAIN_LANE, "waiting", "event loop", wait=Wait("event loop")),
        LaneBorn(0.0, 1, "task", "Task-1", "main", MAIN_LANE),
        LaneState(0.0, 1, "running", line=2),
        LoopBlocked(held, 1, 0.0, 2),
        LaneEnded(held, 1, "done"),
        Finished(Outcome.OK, held, Usage(cpu_seconds=cpu)),
    )
    found = judged(Goal(unblocked=True), RunResult(events), "async def main():\n    compute()\n")
    assert state(found) == comes_out


def test_a_process_that_outlives_its_lanes_is_held_up_at_its_end() -> None:
    events: list[Event] = [Started(0.0, "3.13.0"), LaneState(0.0, MAIN_LANE, "running")]
    events += [LaneEnded(0.3, MAIN_LANE, "done")]
    for host, comes_out in ((0.8, "late"), (0.9, "fails")):  # the host's time counts, or does not
        result = RunResult((*events, Finished(Outcome.OK, 0.8, Usage(host_seconds=host))))
        assert state(judged(about(0.3), result)) == comes_out


class Successive:
    """A runner whose runs are the given ones, one after the other."""

    def __init__(self, *results: RunResult) -> None:
        self.left = list(results)

    async def run(self, _: RunRequest) -> AsyncGenerator[Event]:
        for event in self.left.pop(0).events:
            yield event

    async def close(self) -> None:
        """Nothing to let go of."""


LATE_RUN = run(0.0, lines="yx", late=LATE)
WRONG_RUN, RIGHT = run(0.0, lines="yx"), run(0.0, lines="xy")


@pytest.mark.parametrize(
    ("results", "comes_out", "left"),
    [
        pytest.param([LATE_RUN, LATE_RUN, RIGHT], "passes", 0, id="late, then decided"),
        pytest.param([LATE_RUN, WRONG_RUN, RIGHT], "fails", 1, id="late, then failed"),
        pytest.param([WRONG_RUN, RIGHT], "fails", 1, id="failed"),
        pytest.param([LATE_RUN] * 4, "late", 1, id="late to the end"),
    ],
)
async def test_only_an_undecided_run_is_made_again(
    results: list[RunResult], comes_out: str, left: int
) -> None:
    runner = Successive(*results)
    attempt = Attempt(CODE, CODE)
    found, _ = await run_until_decided(runner, exercise(ORDER), attempt, Limits(), "en")
    assert (state(found), len(runner.left)) == (comes_out, left)


@pytest.mark.parametrize("passes", [True, False])
@pytest.mark.parametrize(
    ("results", "decided", "passed", "left"),
    [
        pytest.param([LATE_RUN, RIGHT], True, True, 0, id="late, then passed"),
        pytest.param([WRONG_RUN, RIGHT], True, False, 1, id="failed"),
        pytest.param([LATE_RUN] * 4, False, False, 0, id="late to the end"),
    ],
)
async def test_the_check_makes_an_undecided_try_again_and_no_other(
    results: list[RunResult], *, decided: bool, passed: bool, left: int, passes: bool
) -> None:
    runner = Successive(*results)
    one = ExerciseTry("a", exercise(ORDER), "exemplar", "en", CODE, passes)
    (tried,) = [it async for it in check_exercises([one], runner, Limits())]
    assert tried.ok is (decided and passed is passes)
    assert len(runner.left) == left
    assert tried.late is not decided
    assert bool(tried.reason) is not passed


def test_an_undecided_try_is_told_as_such_with_the_advice_to_try_again() -> None:
    result = run(0.0, lines="yx", late=LATE)
    found = judged(ORDER, result)
    assert [goal.kind for goal in found.goals if goal.undecided] == ["order"]
    for locale in LOCALES:
        said = why_not_passed(exercise(ORDER), Attempt(CODE, CODE), result, found, locale)
        assert said == words(locale).exercise.late(found.held_up)
        assert "0.200" in said
        assert bool(HANGUL.search(said)) is (locale == "ko")


def test_a_goal_that_failed_outweighs_those_that_are_undecided() -> None:
    undecided = GoalResult("order", met=False, undecided=True)
    assert Grade((undecided,)).late
    assert not Grade((undecided, GoalResult("forbid", met=False))).late
