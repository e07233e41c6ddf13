"""One try at an exercise: what was handed in, what of it runs, and what its run comes to."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bot.languages import Locale
from bot.lessons.authoring.check import run_whole
from bot.lessons.exercise import NUMBER_PATTERN, Exercise, tuned
from bot.lessons.files import phrases
from bot.runner.model import Limits, Outcome, Runner, RunRequest, RunResult
from bot.tutor.goals import GoalResult
from bot.tutor.grading import Grade, grade
from bot.tutor.pasted_code import is_too_long, read_pasted
from bot.tutor.words import words

_TRIES: Final = 3
"""How often, at most, a run is made that is known to say nothing: one that was held up."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer that can be run."""

    answer: str = field(repr=False)
    """A program, or the id of a choice."""
    code: str = field(repr=False)
    """What runs."""


class UnusableAnswerError(ValueError):
    """An answer that cannot be run. Its text is for the learner, in their language."""


def read_answer(exercise: Exercise, handed_in: str, locale: Locale) -> Attempt:
    """Return what of an answer is run. It takes some milliseconds, so call it off the event loop.

    :raises UnusableAnswerError: if it cannot be run; the reason is its text
    """
    say = words(locale)
    handed_in = handed_in.removeprefix("\ufeff")
    if not handed_in.strip():
        raise UnusableAnswerError(say.exercise.empty)
    if is_too_long(handed_in):
        size = len(handed_in.encode("utf-8", "surrogatepass"))
        raise UnusableAnswerError(say.own_code.too_long(size))
    if exercise.kind == "predict-why":
        answer = handed_in.strip()
        if exercise.choice(answer) is None:
            known = ", ".join(f"`{it.id}`" for it in exercise.choices_shown)
            raise UnusableAnswerError(say.exercise.no_choice(answer, known))
        return Attempt(answer, in_words(exercise, exercise.code, locale))
    if exercise.number is not None and (number := handed_in.strip()).isascii():
        limits = exercise.number
        if re.fullmatch(r"[-+]?[0-9.]+", number):
            if not is_allowed(exercise, number):
                raise UnusableAnswerError(
                    say.exercise.wrong_number(limits.name, limits.least, limits.most)
                )
            code = tuned(in_words(exercise, exercise.starter, locale), limits.name, number)
            return Attempt(code, code)
    code = read_pasted(handed_in).code
    return Attempt(code, code)


def is_allowed(exercise: Exercise, number: str) -> bool:
    """Tell whether a number may be tried in an exercise that has one to tune."""
    bounds = exercise.number
    return (
        bounds is not None
        and re.fullmatch(NUMBER_PATTERN, number) is not None
        and bounds.least <= float(number) <= bounds.most
    )


def in_words(exercise: Exercise, code: str, locale: Locale) -> str:
    """Return code of an exercise with its phrases in a language."""
    return phrases.with_phrases(code, exercise, locale)


def exemplar_attempt(exercise: Exercise, locale: Locale) -> Attempt:
    """Return the exemplar as it is handed in."""
    answer = in_words(exercise, exercise.solution, locale)
    return Attempt(answer, in_words(exercise, exercise.solved_code, locale))


def attempt_request(exercise: Exercise, attempt: Attempt, limits: Limits) -> RunRequest:
    """Return the request that runs an attempt."""
    return RunRequest(attempt.code, exercise.id, limits)


def graded(exercise: Exercise, attempt: Attempt, result: RunResult, locale: Locale) -> Grade:
    """Return what a finished run of an attempt comes to; call it off the event loop.

    It may print in any language of the exercise, whichever its learner speaks.
    """
    spoken = dict.fromkeys((locale, *exercise.title.languages))
    return grade(exercise, attempt.answer, attempt.code, result, tuple(spoken))


async def run_and_grade(
    runner: Runner, exercise: Exercise, attempt: Attempt, limits: Limits, locale: Locale
) -> tuple[Grade, RunResult]:
    """Run an attempt, once, and grade it.

    :raises SandboxError: if the sandbox itself cannot work
    """
    result = await run_whole(runner, attempt_request(exercise, attempt, limits))
    return await asyncio.to_thread(graded, exercise, attempt, result, locale), result


async def run_until_decided(
    runner: Runner, exercise: Exercise, attempt: Attempt, limits: Limits, locale: Locale
) -> tuple[Grade, RunResult]:
    """Run an attempt and grade it; again, up to a limit, only while its run says nothing.

    A run says nothing that the computer held up, or that was interrupted. One that failed counts.

    :raises SandboxError: if the sandbox itself cannot work
    """
    for left in reversed(range(_TRIES)):
        grade_, result = await run_and_grade(runner, exercise, attempt, limits, locale)
        undecided = grade_.late or result.finished.outcome is Outcome.INTERRUPTED
        if not undecided or not left:
            break
    return grade_, result


def why_not_passed(
    exercise: Exercise, attempt: Attempt, result: RunResult, grade_: Grade, locale: Locale
) -> str:
    """Return in a sentence or two why an attempt did not pass; "" for one that did."""
    if grade_.passed:
        return ""
    say = words(locale)
    if grade_.late:
        return say.exercise.late(grade_.held_up)
    if choice := exercise.choice(attempt.answer):
        return f"{say.exercise.wrong_reason} {choice.believes.text(locale)}"
    failure = result.finished.failure
    if failure and failure.type in {"SyntaxError", "IndentationError", "TabError"}:
        return say.exercise.not_python(failure.message, failure.line)
    missed = next(goal for goal in grade_.goals if goal.failed)
    because = next(why_forbidden(exercise, grade_, locale), "") if missed.kind == "forbid" else ""
    return f"{goal_told(missed, locale)} {because}".strip()


def why_forbidden(exercise: Exercise, grade_: Grade, locale: Locale) -> Iterator[str]:
    """Yield, for each forbidden name that was used, why not, and what to do instead."""
    used = {
        name for goal in grade_.goals if goal.kind == "forbid" and not goal.met for name in goal.of
    }
    yield from (one.because.text(locale) for one in exercise.forbid if one.name in used)


def goal_told(goal: GoalResult, locale: Locale) -> str:
    """Return a goal, and where it was not met what the run did instead."""
    say = words(locale).goals
    found = "" if goal.met else say.found(goal)
    wanted = say.goal(goal)
    between = " " if wanted.endswith(".") or not found else " · "
    return f"{wanted}{between}{found}".strip()


def misconceptions(exercise: Exercise, attempt: Attempt, locale: Locale) -> tuple[str, ...]:
    """Return what the decoys stand for that an attempt uses, beyond what a solution has."""
    solved = in_words(exercise, exercise.solution, locale)
    return tuple(
        block.decoy.text(locale)
        for block in exercise.blocks
        if block.decoy is not None
        and _uses(attempt.code, in_words(exercise, block.code, locale))
        > _uses(solved, in_words(exercise, block.code, locale))
    )


def _uses(code: str, block: str) -> int:
    """Return how often the lines of a block stand in code, however they are indented."""
    lines = [line.strip() for line in code.splitlines()]
    wanted = [line.strip() for line in block.splitlines()]
    return sum(lines[at : at + len(wanted)] == wanted for at in range(len(lines)))
