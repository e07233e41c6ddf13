"""Every exercise of the course, with solutions that are right and wrong, in the real sandbox.

Here they run at the same time, so that their sleeping overlaps; how late a run is is not judged.
`python -m tests.exercises` judges that, too, on each Python; `tutor lessons check` the exemplars.
"""

import asyncio

import pytest

from bot.lessons.exercise import Exercise
from bot.runner.host.local import LocalRunner
from bot.tutor.attempts import exemplar_attempt, in_words
from tests.exercises.run_solutions import Solution, exercises, judged, solutions, written

AT_ONCE = 8
WANTED = {True: {"passes", "late"}, False: {"fails", "late"}}
"""How solutions that are right or not may come out; a right one may be late on a busy machine."""


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

    async def as_wanted(one: Solution) -> bool:
        async with places:
            return await judged(runner, one) in WANTED[one.right]

    first = await asyncio.gather(*map(as_wanted, everything))
    doubtful = [one for one, wanted in zip(everything, first, strict=True) if not wanted]
    # What comes first is decided by tenths of a second. A busy machine may hold a run up for longer
    # than that, but hardly three times.
    for _ in range(2):
        doubtful = [one for one in doubtful if not await as_wanted(one)]
    assert [one.name for one in doubtful] == []
