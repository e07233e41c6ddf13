"""Exercises and grades as plain data, for `tutor exercise … --json`. Fields are only added."""

from typing import Any

from bot.cli.events import finding_fields
from bot.languages import Locale
from bot.lessons.exercise import Exercise
from bot.runner.model import RunResult
from bot.tutor.attempts import Attempt, goal_told, in_words, misconceptions, why_not_passed
from bot.tutor.goals import GoalResult, goals_wanted
from bot.tutor.grading import Grade
from bot.tutor.words import words

_DIGITS = 6


def listed_fields(exercise: Exercise, lesson: str, locale: Locale) -> dict[str, Any]:
    """Return what a list says of an exercise."""
    return {
        "id": exercise.id,
        "kind": exercise.kind,
        "lesson": lesson,
        "title": exercise.title.text(locale),
    }


def shown_fields(exercise: Exercise, lesson: str, locale: Locale) -> dict[str, Any]:
    """Return an exercise as it is set."""
    fields = {
        **listed_fields(exercise, lesson, locale),
        "task": exercise.task.text(locale),
        "starter": in_words(exercise, exercise.starter, locale),
        "goal": _goal(exercise, locale),
        "hints": len(exercise.hints),
    }
    if exercise.kind == "predict-why":
        fields["code"] = in_words(exercise, exercise.code, locale)
        fields["choices"] = [
            {"id": it.id, "text": it.text.text(locale)} for it in exercise.choices_shown
        ]
    if exercise.kind == "build":
        fields["blocks"] = [in_words(exercise, it.code, locale) for it in exercise.blocks_shown]
    if exercise.number is not None:
        number = exercise.number
        fields["number"] = {"name": number.name, "least": number.least, "most": number.most}
    return fields


def _goal(exercise: Exercise, locale: Locale) -> dict[str, Any]:
    """Return what a run must do: by field as in the lesson's file, and in sentences."""
    if exercise.goal is None:
        return {"goals": [words(locale).exercise.pick]}
    fields = exercise.goal.model_dump(mode="json", exclude_defaults=True)
    for name in ("order", "before", "moments"):
        if name in fields:
            fields[name] = _in_words(fields[name], exercise, locale)
    say = words(locale).goals
    told = [say.goal(it) for it in goals_wanted(exercise, exercise.goal, locale)]
    return {**fields, "goals": told}


def _in_words(value: Any, exercise: Exercise, locale: Locale) -> Any:
    """Return plain data with its phrases in a language."""
    if isinstance(value, str):
        return in_words(exercise, value, locale)
    if isinstance(value, dict):
        return {key: _in_words(inner, exercise, locale) for key, inner in value.items()}
    if isinstance(value, list):
        return [_in_words(inner, exercise, locale) for inner in value]
    return value


def graded_fields(
    exercise: Exercise, attempt: Attempt, result: RunResult, grade: Grade, locale: Locale
) -> dict[str, Any]:
    """Return what an answer came to."""
    return {
        "exercise": exercise.id,
        "passed": grade.passed,
        "late": grade.late,
        "reason": why_not_passed(exercise, attempt, result, grade, locale),
        "goals": [_result(goal, locale) for goal in grade.goals],
        "findings": [finding_fields(it, locale) for it in grade.findings],
        "misconceptions": list(misconceptions(exercise, attempt, locale)),
        "outcome": result.finished.outcome.value,
        "elapsed": round(result.finished.elapsed, _DIGITS),
        "host_elapsed": round(result.finished.usage.host_seconds, _DIGITS),
    }


def refused_fields(exercise: Exercise, reason: str) -> dict[str, Any]:
    """Return what an answer came to that could not be run."""
    return {
        "exercise": exercise.id,
        "passed": False,
        "late": False,
        "reason": reason,
        "goals": [],
        "findings": [],
        "misconceptions": [],
    }


def _result(goal: GoalResult, locale: Locale) -> dict[str, Any]:
    return {
        "goal": goal.kind,
        "met": goal.met,
        "undecided": goal.undecided,
        "of": list(goal.of),
        "wanted": goal.wanted,
        "found": goal.found if goal.found is None else round(goal.found, _DIGITS),
        "text": goal_told(goal, locale),
    }
