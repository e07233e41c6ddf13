"""Every exercise of the course, with solutions that are right and wrong, in the real sandbox.

`tutor lessons check` runs the exemplars and starters on each Python; here the solutions run at the
same time, so that their sleeping overlaps.
"""

import asyncio

import pytest

from bot.lessons.exercise import Exercise
from bot.runner.host.local import LocalRunner
from bot.tutor.attempts import exemplar_attempt, in_words
from tests.exercises.run_solutions import Solution, exercises, passes, solutions, written

AT_ONCE = 10


@pytest.fixture(scope="module")
def course() -> list[Exercise]:
    return list(exercises().values())


def test_each_exercise_has_solutions_to_try(course: list[Exercise]) -> None:
    for exercise in course:
        found = written(exercise)
        assert len(found["right"]) >= 3, exercise.id
        assert len(found["wrong"]) >= 3, exercise.id
        assert len(set(found["right"])) == len(found["right"]), exercise.id


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

    async def judged(one: Solution) -> tuple[str, bool]:
        async with places:
            return one.name, await passes(runner, one) is one.right

    found = await asyncio.gather(*map(judged, everything))
    assert [name for name, as_wanted in found if not as_wanted] == []
