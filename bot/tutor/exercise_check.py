"""Every exercise is tried: its exemplar must pass, its starter and its wrong choices must not."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass

from bot.languages import Locale
from bot.lessons.exercise import Exercise
from bot.lessons.model import Lesson
from bot.runner.model import Limits, Runner
from bot.tutor.attempts import (
    UnusableAnswerError,
    exemplar_attempt,
    in_words,
    read_answer,
    run_and_grade,
    why_not_passed,
)


@dataclass(frozen=True, slots=True)
class ExerciseTry:
    """One answer to try, and whether it is to pass."""

    lesson: str
    exercise: Exercise
    what: str
    """"exemplar", "starter", or the id of a choice."""
    locale: Locale
    answer: str
    passes: bool


@dataclass(frozen=True, slots=True)
class TriedExercise:
    """A try that was made."""

    made: ExerciseTry
    passed: bool
    reason: str
    """Why it did not pass; "" where it did."""

    @property
    def ok(self) -> bool:
        """True where it passed or not, as it is to."""
        return self.passed is self.made.passes


def exercise_tries(lessons: Iterable[Lesson]) -> Iterator[ExerciseTry]:
    """Yield all that there is to try: exemplars in each language, and what must not pass."""
    for lesson in lessons:
        for one in lesson.exercises:
            for locale in lesson.languages:
                answer = exemplar_attempt(one, locale).answer
                yield ExerciseTry(lesson.id, one, "exemplar", locale, answer, passes=True)
            first = lesson.languages[0]
            starter = in_words(one, one.starter, first)
            yield ExerciseTry(lesson.id, one, "starter", first, starter, passes=False)
            for choice in one.choices:
                if choice.id != one.exemplar:
                    yield ExerciseTry(lesson.id, one, choice.id, first, choice.id, passes=False)


async def check_exercises(
    tries: Iterable[ExerciseTry], runner: Runner, limits: Limits, *, at_once: int = 16
) -> AsyncIterator[TriedExercise]:
    """Make the tries, at most `at_once` at a time, and yield each as it is done.

    One that did not come out as it is to gets a second look in the end, with nothing beside it: a
    busy machine is no fault of the exercise.

    :raises SandboxError: if the sandbox itself cannot work
    """
    places = asyncio.Semaphore(at_once)

    async def in_company(one: ExerciseTry) -> TriedExercise:
        async with places:
            return await _made(one, runner, limits)

    tasks = [asyncio.create_task(in_company(one)) for one in tries]
    doubtful: list[ExerciseTry] = []
    try:
        for task in asyncio.as_completed(tasks):
            tried = await task
            if tried.ok:
                yield tried
            else:
                doubtful.append(tried.made)
        for one in doubtful:
            yield await _made(one, runner, limits)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _made(one: ExerciseTry, runner: Runner, limits: Limits) -> TriedExercise:
    try:
        attempt = await asyncio.to_thread(read_answer, one.exercise, one.answer, one.locale)
    except UnusableAnswerError as error:
        return TriedExercise(one, passed=False, reason=str(error))
    grade, result = await run_and_grade(runner, one.exercise, attempt, limits, one.locale)
    reason = why_not_passed(one.exercise, attempt, result, grade, one.locale)
    return TriedExercise(one, grade.passed, reason)
