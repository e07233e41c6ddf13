"""What `lessons check` found of exercises, told to an author or to a program."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.lessons.files.document import Document
from bot.lessons.files.errors import LessonFileError, Problem
from bot.lessons.files.read_file import read_file
from bot.text import visible
from bot.tutor.exercise_check import TriedExercise


def exercise_lines(python: str, tries: Sequence[TriedExercise]) -> Iterator[str]:
    """Yield what was not as it is to be, for people."""
    for one in failed_tries(tries):
        made = one.made
        yield (
            f"\n{made.exercise.id} ({made.lesson}) on Python {python}: the {made.what} "
            f"({made.locale}) {_told(one)}"
        )


def _told(one: TriedExercise) -> str:
    if one.late:
        return f"is undecided on this busy computer: {visible.line(one.reason)}"
    if one.passed:
        return "passes, and must not."
    return f"does not pass: {visible.line(one.reason)}"


def failed_tries(tries: Sequence[TriedExercise]) -> list[TriedExercise]:
    """Return the tries that did not come out as they are to."""
    return [one for one in tries if not one.ok]


def exercise_fields(python: str, tries: Sequence[TriedExercise]) -> list[dict[str, Any]]:
    """Return each exercise as plain data."""
    by_id: dict[str, list[TriedExercise]] = {}
    for one in tries:
        by_id.setdefault(one.made.exercise.id, []).append(one)
    return [
        {
            "python": python,
            "lesson": tried[0].made.lesson,
            "id": id_,
            "kind": tried[0].made.exercise.kind,
            "tries": len(tried),
            "failed": len(failed_tries(tried)),
            "failures": [
                f"{one.made.what} ({one.made.locale}) {_told(one)}" for one in failed_tries(tried)
            ],
        }
        for id_, tried in by_id.items()
    ]


def place_in(file: Path, *path: int | str) -> tuple[int, int]:
    """Return line and column of a part of a lesson's file; its start if it changed meanwhile."""
    try:
        return Document(file, read_file(file)).place(path)
    except LessonFileError:
        return 1, 1


def exercise_problem(one: TriedExercise, file: Path, number: int) -> Problem:
    """Return a failed try as a problem at the exercise's place in its file.

    :param number: the exercise's place among those of its lesson, from 0
    """
    what = f"{one.made.exercise.id}: the {one.made.what} ({one.made.locale}) {_told(one)}"
    return Problem(
        file, *place_in(file, "exercises", number), f"exercises[{number}]", what.rstrip(".")
    )
