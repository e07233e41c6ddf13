"""Solutions of the course's exercises, in `solutions/`: each with three right and three wrong ones.

A solution that does not begin with an import stands for the starter with its `main`, and what
follows it, replaced.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from bot.lessons.exercise import Exercise
from bot.lessons.files.load import load_folders
from bot.lessons.model import Locale
from bot.runner.model import Limits, Runner
from bot.tutor.attempts import (
    UnusableAnswerError,
    in_words,
    read_answer,
    run_and_grade,
    why_not_passed,
)
from bot.tutor.own_code import limits_of_own_code

LESSONS = Path(__file__).parents[2] / "lessons"
SOLUTIONS = Path(__file__).parent / "solutions"
MAIN = "async def main():"


@dataclass(frozen=True, slots=True)
class Solution:
    """One answer, and whether it is right."""

    exercise: Exercise
    right: bool
    number: int
    answer: str

    @property
    def name(self) -> str:
        return f"{self.exercise.id} {'right' if self.right else 'wrong'} {self.number}"


def exercises() -> Mapping[str, Exercise]:
    """Every exercise of the course, by its id."""
    loaded = load_folders([LESSONS])
    assert loaded.errors == ()
    return {it.id: it for lesson in loaded.lessons for it in lesson.exercises}


def written(exercise: Exercise) -> Mapping[str, list[str]]:
    """The solutions in an exercise's file."""
    found: Mapping[str, list[str]] = yaml.safe_load(
        (SOLUTIONS / f"{exercise.id}.yaml").read_text("utf-8")
    )
    return found


def solutions(exercise: Exercise) -> Iterator[Solution]:
    """Every solution of an exercise, the exemplar and the starter not among them."""
    for kind, answers in written(exercise).items():
        for number, answer in enumerate(answers, start=1):
            yield Solution(exercise, kind == "right", number, _whole(exercise, answer))


def _whole(exercise: Exercise, answer: str) -> str:
    plain = exercise.kind == "predict-why" or answer.startswith(("import ", "from "))
    if plain or "\n" not in answer:
        return answer
    above = in_words(exercise, exercise.starter, "en").partition(MAIN)[0]
    return above + answer


@dataclass(frozen=True, slots=True)
class Judged:
    """How a solution came out."""

    outcome: Literal["passes", "fails", "late"]
    """`late`: its run was held up."""
    why: str = ""
    """What it did not meet."""
    held_up: float = 0.0
    """Seconds for which its run was held up."""


async def judged(runner: Runner, solution: Solution, locale: Locale = "en") -> Judged:
    """Run a solution once, and grade it."""
    exercise = solution.exercise
    try:
        attempt = await asyncio.to_thread(read_answer, exercise, solution.answer, locale)
    except UnusableAnswerError as error:
        return Judged("fails", str(error))
    limits = limits_of_own_code(Limits())
    grade, result = await run_and_grade(runner, exercise, attempt, limits, locale)
    why = why_not_passed(exercise, attempt, result, grade, locale)
    outcome: Literal["passes", "fails", "late"] = (
        "passes" if grade.passed else "late" if grade.late else "fails"
    )
    return Judged(outcome, why, grade.held_up)
