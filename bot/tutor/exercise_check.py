"""Every exercise is tried: its exemplar must pass, its starter and its wrong choices must not."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import aclosing
from dataclasses import dataclass

from bot.languages import Locale
from bot.lessons.exercise import Exercise
from bot.lessons.model import Lesson
from bot.runner.model import Limits, Outcome, Runner, RunResult
from bot.together import as_they_end
from bot.tutor.attempts import (
    UnusableAnswerError,
    exemplar_attempt,
    in_words,
    read_answer,
    run_and_grade,
    run_until_decided,
    why_not_passed,
)
from bot.tutor.grading import Grade

_Graded = Coroutine[None, None, tuple[Grade, RunResult]]


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
    late: bool = False
    """Whether it is undecided: a busy computer held its run up, or interrupted it."""

    @property
    def ok(self) -> bool:
        """True where it is known to pass or not, as it is to."""
        return not self.late and self.passed is self.made.passes


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

    One that is undecided, because the computer held its run up, is made again in the end, with
    nothing beside it, a few times at most. One that is decided otherwise than it is to be counts at
    once.

    :raises SandboxError: if the sandbox itself cannot work
    """

    async def beside_others(one: ExerciseTry) -> TriedExercise:
        return await _made(one, runner, limits, run_and_grade)

    undecided: list[ExerciseTry] = []
    async with aclosing(as_they_end(beside_others, tries, at_once=at_once)) as all_tried:
        async for tried in all_tried:
            if tried.late:
                undecided.append(tried.made)
            else:
                yield tried
    for one in undecided:
        yield await _made(one, runner, limits, run_until_decided)


async def _made(
    one: ExerciseTry, runner: Runner, limits: Limits, run: Callable[..., _Graded]
) -> TriedExercise:
    try:
        attempt = await asyncio.to_thread(read_answer, one.exercise, one.answer, one.locale)
    except UnusableAnswerError as error:
        return TriedExercise(one, passed=False, reason=str(error))
    grade, result = await run(runner, one.exercise, attempt, limits, one.locale)
    reason = why_not_passed(one.exercise, attempt, result, grade, one.locale)
    late = grade.late or result.finished.outcome is Outcome.INTERRUPTED
    return TriedExercise(one, grade.passed, reason, late)
