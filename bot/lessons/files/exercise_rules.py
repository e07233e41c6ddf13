"""What the models cannot say of an exercise: which fields its kind has, code that parses, names."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.lessons.exercise import (
    FEWEST_BLOCKS,
    MOST_PLACED,
    NUMBER_PATTERN,
    RESERVED,
    Exercise,
    ExerciseKind,
    Goal,
    number_in,
)
from bot.lessons.expectation import template_of, templates
from bot.lessons.files import phrases
from bot.lessons.files.document import Document, Loc, Slip
from bot.lessons.files.errors import Problem, did_you_mean, quoted
from bot.runner.model import NOT_THE_SCENARIOS
from bot.text.parsing import NOT_PYTHON, compile_strictly, parse_python

_NEEDED: Final[Mapping[ExerciseKind, tuple[str, ...]]] = {
    "fix": ("starter", "goal", "exemplar"),
    "build": ("goal", "blocks"),
    "tune": ("starter", "goal", "exemplar", "number"),
    "predict-why": ("code", "choices", "exemplar"),
}
_ALLOWED: Final[Mapping[ExerciseKind, tuple[str, ...]]] = {
    "fix": ("forbid",),
    "build": ("starter", "forbid"),
    "tune": ("forbid",),
    "predict-why": (),
}
_BY_KIND: Final = (
    "starter",
    "code",
    "goal",
    "exemplar",
    "blocks",
    "choices",
    "number",
    "forbid",
)
_FEWEST_CHOICES: Final = 3


def exercise_problems(exercise: Exercise, document: Document, loc: Loc) -> Iterator[Problem]:
    """Yield what is wrong with an exercise that fits the models.

    :param loc: where it stands in the file
    """
    found = [*_fields(exercise), *_phrases(exercise)]
    if not found:  # what follows takes these for granted
        found = [*_code(exercise), *_of_kind(exercise)]
    if not found:
        found = [*_goals(exercise)]
    for where, what, accepted, hint in found:
        yield document.problem((*loc, *where), what, accepted, hint)


def _fields(exercise: Exercise) -> Iterator[Slip]:
    """Find an id that cannot be, and fields that its kind lacks or does not have."""
    if exercise.id in RESERVED:
        what = f"{quoted(exercise.id)} is a verb of `tutor exercise`"
        yield ("id",), what, f"an id that is none of {', '.join(sorted(RESERVED))}", "Rename it."
    kind = exercise.kind
    for field in _BY_KIND:
        given = bool(getattr(exercise, field))
        if field in _NEEDED[kind] and not given:
            what, hint = f"it has no `{field}`", f"Add `{field}`."
            yield (), what, f"for `{kind}`: {', '.join(_NEEDED[kind])}", hint
        if given and field not in (*_NEEDED[kind], *_ALLOWED[kind]):
            what, hint = f"`{field}` has no meaning here", "Remove it, or choose another kind."
            yield (field,), what, f"for `{kind}`: {', '.join(_NEEDED[kind])}", hint


def _phrases(exercise: Exercise) -> Iterator[Slip]:
    """Find phrases that are not there, or that nothing uses, in code and in lines."""
    texts: list[tuple[Loc, str]] = [
        (("starter",), exercise.starter),
        (("code",), exercise.code),
        (("exemplar",), exercise.exemplar),
        *((("blocks", i, "code"), it.code) for i, it in enumerate(exercise.blocks)),
        *_lines(exercise),
    ]
    known = ", ".join(exercise.phrases) or "no phrases yet"
    used: set[str] = set()
    for loc, text in texts:
        for key in phrases.keys(text):
            used.add(key)
            if key not in exercise.phrases:
                hint = did_you_mean(key, exercise.phrases) or f"Add {key} to phrases."
                yield loc, f"there is no phrase {quoted(key)}", known, hint
    for key in exercise.phrases:
        if key not in used:
            what, hint = f"the phrase {quoted(key)} is not used", f"Print <<{key}>>, or remove it."
            yield ("phrases", key), what, "phrases of the code", hint


def goals_of(exercise: Exercise) -> Iterator[tuple[Loc, Goal]]:
    """Yield every goal of an exercise with its place: its own, or its choices' claims."""
    if exercise.goal is not None:
        yield ("goal",), exercise.goal
    for number, choice in enumerate(exercise.choices):
        yield ("choices", number, "claim"), choice.claim


def _lines(exercise: Exercise) -> Iterator[tuple[Loc, str]]:
    """Yield every line of the goals as it is written, with its place."""
    for loc, goal in goals_of(exercise):
        for place, line in templates(goal.expected):
            field = "order" if place[0] == "lines" else place[0]
            yield (*loc, field, *place[1:]), template_of(line)
        for number, moment in enumerate(goal.moments):
            yield (*loc, "moments", number, "line"), template_of(moment.line)


def _code(exercise: Exercise) -> Iterator[Slip]:
    """Find solutions that are no Python. A starter need be none: that may be what is wrong."""
    fields = {"fix": ("exemplar",), "build": ("blocks",), "tune": ("starter",)}
    for field in fields.get(exercise.kind, ("code",)):
        try:
            compile_strictly(_solved(exercise))
        except NOT_PYTHON as error:
            what = f"the solution is not Python: {error}"
            yield (field,), what, "code that Python takes", "Correct it."


def _solved(exercise: Exercise) -> str:
    """Return the program of the exemplar, with its phrases in one of its languages."""
    locale = exercise.title.languages[0]
    return phrases.with_phrases(exercise.solved_code, exercise, locale)


def _of_kind(exercise: Exercise) -> Iterator[Slip]:
    """Check what only one kind has."""
    if exercise.kind == "build":
        placed = sum(block.decoy is None for block in exercise.blocks)
        if len(exercise.blocks) < FEWEST_BLOCKS or placed == len(exercise.blocks):
            what = f"{placed} blocks and {len(exercise.blocks) - placed} decoys"
            accepted = f"{FEWEST_BLOCKS} or more blocks, a decoy among them"
            yield ("blocks",), what, accepted, "Add a block that a misconception would use."
        if placed > MOST_PLACED:
            what, hint = f"a solution of {placed} blocks", "Join two, or move one to the starter."
            yield ("blocks",), what, f"at most {MOST_PLACED} that are no decoys", hint
    if exercise.kind == "predict-why":
        if len(exercise.choices) < _FEWEST_CHOICES:
            hint = "Add what learners wrongly believe."
            yield ("choices",), "too few choices", f"at least {_FEWEST_CHOICES}", hint
        if exercise.choice(exercise.exemplar) is None:
            known = ", ".join(it.id for it in exercise.choices)
            yield ("exemplar",), "this is no choice's id", known, "Name the right choice."
    if exercise.kind == "tune":
        yield from _number(exercise)


def _number(exercise: Exercise) -> Iterator[Slip]:
    number = exercise.number
    assert number is not None
    given = number_in(exercise.starter, number.name)
    if not given:
        what = f"no line of the starter gives {quoted(number.name)} a number"
        yield ("number", "name"), what, f"a line such as `{number.name} = 1`", "Name another."
    if not re.fullmatch(NUMBER_PATTERN, exercise.exemplar):
        hint = "Write the number that solves it."
        yield ("exemplar",), "this is no number", 'a number in quotes, as "3"', hint
    elif not number.least <= float(exercise.exemplar) <= number.most:
        accepted = f"{number.least:g} to {number.most:g}"
        yield ("exemplar",), "this number may not be tried", accepted, "Widen the bounds."


def _goals(exercise: Exercise) -> Iterator[Slip]:
    """Check what goals name, and that they look at more than what is printed."""
    functions = {
        node.name
        for node in ast.walk(parse_python(_solved(exercise)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    if exercise.goal is not None and not (exercise.goal.stays or exercise.goal.overlap):
        what = "nothing in it looks at what was recorded"
        hint = "Say in `stays` which work must be done: a program that only prints would pass."
        yield ("goal",), what, "a goal with `stays` or `overlap`", hint
    for loc, goal in goals_of(exercise):
        if goal.outcome in NOT_THE_SCENARIOS:
            what = f"{quoted(goal.outcome)} is never a program's own doing"
            yield (*loc, "outcome"), what, "how a run ends by itself", "Choose another."
        named: list[tuple[Loc, str]] = [
            *((("overlap", i, "of"), name) for i, it in enumerate(goal.overlap) for name in it.of),
            *((("stays", i, "of"), it.of) for i, it in enumerate(goal.stays)),
        ]
        for where, name in named:
            if name not in functions:
                what = f"the solution has no function {quoted(name)}"
                hint = did_you_mean(name, functions) or "Name one of its functions."
                yield (*loc, *where), what, ", ".join(sorted(functions)), hint
        for number, overlap in enumerate(goal.overlap):
            if overlap.together is None and overlap.at_most is None:
                what, hint = "it asks for nothing", "Say how many waits go on at the same time."
                yield (*loc, "overlap", number), what, "`together` or `at_most`", hint
