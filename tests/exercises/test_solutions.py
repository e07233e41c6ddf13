"""Every exercise of the course, with solutions that are right and wrong, in the real sandbox.

Here they run at the same time, so that their sleeping overlaps. A run that a busy machine held up
is "late": it says nothing, whichever way it went. Each is tried once, and most must be decided.
`python -m tests.exercises` judges that, too, on each Python; `tutor lessons check` the exemplars.
"""

import asyncio

import pytest

from bot.lessons.exercise import Exercise
from bot.runner.host.local import LocalRunner
from bot.tutor.attempts import exemplar_attempt, in_words
from tests.exercises.run_solutions import (
    Judged,
    Solution,
    exercises,
    judged,
    solutions,
    written,
)

AT_ONCE = 4
WANTED = {True: {"passes", "late"}, False: {"fails", "late"}}
"""How solutions that are right or not may come out."""
DECIDED = 0.5
"""The share of them that says something, at least."""


@pytest.fixture(scope="module")
def course() -> list[Exercise]:
    return list(exercises().values())


def test_each_exercise_has_solutions_to_try(course: list[Exercise]) -> None:
    for exercise in course:
        found = written(exercise)
        assert len(found["right"]) >= 3, exercise.id
        assert len(found["wrong"]) >= 3, exercise.id
        assert len(set(found["right"])) == len(found["right"]), exercise.id


@pytest.mark.long
async def test_right_solutions_pass_and_wrong_ones_do_not(
    runner: LocalRunner, course: list[Exercise]
) -> None:
    places = asyncio.Semaphore(AT_ONCE)
    everything = [one for exercise in course for one in solutions(exercise)]
    for exercise in course:
        for locale in exercise.title.languages:
            answer = exemplar_attempt(exercise, locale).answer
            everything.append(Solution(exercise, right=True, number=0, answer=answer))
        starter = in_words(exercise, exercise.starter, "en")
        everything.append(Solution(exercise, right=False, number=0, answer=starter))

    async def tried(one: Solution) -> Judged:
        async with places:
            return await judged(runner, one)

    found = await asyncio.gather(*map(tried, everything))
    outcomes = list(zip(everything, found, strict=True))
    assert [
        (one.name, it.outcome, it.why)
        for one, it in outcomes
        if it.outcome not in WANTED[one.right]
    ] == []
    late = [(one.name, it.held_up) for one, it in outcomes if it.outcome == "late"]
    assert all(held_up for _, held_up in late), late
    assert len(late) <= (1 - DECIDED) * len(everything), late
