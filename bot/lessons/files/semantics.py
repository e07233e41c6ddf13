"""What the models cannot say: code that parses, phrases that are used, patterns that compile."""

import io
import re
import sys
import tokenize
from collections.abc import Iterator

from bot.languages import english_name, locales
from bot.lessons.expectation import template_of, templates
from bot.lessons.files import honesty, phrases
from bot.lessons.files.document import Document, Loc
from bot.lessons.files.errors import Problem, did_you_mean, quoted
from bot.lessons.files.exercise_rules import exercise_problems
from bot.lessons.files.model_paths import fields_at, parts_at
from bot.lessons.model import Expected, Lesson, Localized, Pattern, Scenario
from bot.runner.model import NOT_THE_SCENARIOS, Outcome
from bot.text.parsing import NOT_PYTHON, compile_strictly

_LONGEST_PHRASE = 120
_NOT_IN_PHRASES = re.compile(r"""["'\\{}\n\r]|<<|>>""")
_STRINGS = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
_ONLY_IN_STRINGS = r"<<$\1>>"
"""What stands for a phrase while code is tried: a `$` is good in strings and comments only."""
_SYNTAX_ERRORS = {"SyntaxError", "IndentationError", "TabError"}


def semantic_problems(lesson: Lesson, document: Document) -> list[Problem]:
    """Return what is wrong with a lesson that fits the models, in the order of the file."""
    found = [
        *_twice("concepts", [concept.id for concept in lesson.concepts], document),
        *_twice("scenarios", [scenario.id for scenario in lesson.scenarios], document),
        *_twice("exercises", [exercise.id for exercise in lesson.exercises], document),
    ]
    for number, comparison in enumerate(lesson.comparisons):
        if len(set(comparison.scenarios)) < len(comparison.scenarios):
            loc = ("comparisons", number, "scenarios")
            what, accepted = "a scenario is named twice", "different scenarios"
            found.append(document.problem(loc, what, accepted, "Name each scenario once."))
    for number, exercise in enumerate(lesson.exercises):
        found += exercise_problems(exercise, document, ("exercises", number))
    for number, scenario in enumerate(lesson.scenarios):
        found += _Reader(scenario, document, ("scenarios", number)).problems()
    return sorted(found, key=lambda it: (it.line, it.column))


def untranslated(document: Document) -> Iterator[Problem]:
    """Find texts that lack a language in which others of the file are given.

    It looks at the plain data, so that it can be told together with fields that are wrong.
    """
    maps = [*_texts(document.data, ())]
    # Other things are given by language, too; the models tell which are texts.
    partial = [loc for loc, given in maps if len(given) < len(locales()) and _is_text(loc)]
    if not partial:
        return
    texts = {tuple(loc): given for loc, given in maps if _is_text(loc)}
    spoken = [it for it in locales() if any(it in given for given in texts.values())]
    for loc in partial:
        for locale in spoken:
            if locale not in texts[tuple(loc)]:
                what = f"the {english_name(locale)} text is missing"
                hint = f"Add `{locale}: …` beside the others."
                accepted = f"a text in each language of the lesson, {' and '.join(spoken)}"
                yield document.problem((*loc, locale), what, accepted, hint)


def _is_text(loc: Loc) -> bool:
    """Tell whether a text belongs at a place; a field that is unknown is most likely one."""
    return Localized in parts_at(loc) or str(loc[-1]) not in fields_at(loc[:-1])


def _texts(data: object, loc: tuple[str | int, ...]) -> Iterator[tuple[Loc, set[str]]]:
    """Yield where something is given by language, and in which languages."""
    if isinstance(data, dict):
        if data and set(data) <= set(locales()):
            yield loc, set(data)
            return
        for name, value in data.items():
            yield from _texts(value, (*loc, name))
    elif isinstance(data, list):
        for number, item in enumerate(data):
            yield from _texts(item, (*loc, number))


def _twice(field: str, ids: list[str], document: Document) -> Iterator[Problem]:
    """Find ids that are used twice in one file."""
    for number, id_ in enumerate(ids):
        if id_ in ids[:number]:
            what = f"the id {quoted(id_)} is used twice in {field}"
            first, _ = document.place((field, ids.index(id_), "id"))
            hint = f"Choose another id; line {first} has this one."
            yield document.problem((field, number, "id"), what, "an id of its own", hint)


class _Reader:
    """Reads one scenario."""

    def __init__(self, scenario: Scenario, document: Document, loc: Loc) -> None:
        self._scenario = scenario
        self._document = document
        self._loc = tuple(loc)

    def problems(self) -> Iterator[Problem]:
        """Return all that is wrong with the scenario."""
        yield from self._phrases()
        yield from self._code()
        expect = self._scenario.expect
        yield from self._expected(expect, (*self._loc, "expect"))
        for number, case in enumerate(expect.versions):
            yield from self._expected(case, (*self._loc, "expect", "versions", number))
        unusable = [
            problem
            for number, decoy in enumerate(self._scenario.decoys)
            for problem in self._line(decoy, (*self._loc, "decoys", number))
        ]
        yield from unusable
        if not unusable:
            yield from self._dishonest()

    def _phrases(self) -> Iterator[Problem]:
        """Check each phrase's text, and that the code prints it."""
        used = set(phrases.keys("\n".join((self._scenario.code, *self._scenario.decoys))))
        for key, phrase in self._scenario.phrases.items():
            loc = (*self._loc, "phrases", key)
            if key not in used:
                what = f"the phrase {quoted(key)} is not used in the code"
                hint = f"Print it with <<{key}>>, or remove it."
                yield self._document.problem(loc, what, "phrases of the code", hint, key=True)
            for locale in phrase.languages:
                text = phrase.given(locale)
                if found := _NOT_IN_PHRASES.search(text):
                    what = f"the phrase holds {quoted(found[0])}"
                    accepted = "no quotes, backslashes, braces, << >> or line breaks"
                    hint = "Write that part into the code, around the phrase."
                    yield self._document.problem((*loc, locale), what, accepted, hint)
                elif len(text) > _LONGEST_PHRASE:
                    what, accepted = f"found {len(text)} characters", f"at most {_LONGEST_PHRASE}"
                    yield self._document.problem((*loc, locale), what, accepted, "Shorten it.")

    def _dishonest(self) -> Iterator[Problem]:
        """Check what is asked in the quiz; it needs lines whose phrases and patterns hold."""
        try:
            found = [*honesty.slips(self._scenario)]
        except (KeyError, re.error, RecursionError, OverflowError):
            return  # the expected lines are wrong themselves, and reported so
        for loc, what, accepted, hint in found:
            yield self._document.problem((*self._loc, *loc), what, accepted, hint)

    def _code(self) -> Iterator[Problem]:
        """Check that the code parses and that its phrases exist and stand inside strings."""
        loc = (*self._loc, "code")
        code = self._scenario.code
        unknown = set(phrases.keys(code)) - self._scenario.phrases.keys()
        for number, text in enumerate(code.split("\n"), 1) if unknown else ():
            for found in phrases.PLACEHOLDER.finditer(text):
                if found[1] in unknown:
                    yield self._inside(number, found.start() + 1, *self._unknown(found[1]))
        if self._is_for_another_python():
            return
        try:
            compile_strictly(phrases.PLACEHOLDER.sub(_ONLY_IN_STRINGS, code))
        except NOT_PYTHON:
            yield from self._not_python()
        node = self._document.node(loc)
        if getattr(node, "style", None) == ">":
            what, hint = "the code is folded, which joins its lines", "Write `code: |`."
            yield self._document.problem(loc, what, "a literal block", hint)

    def _not_python(self) -> Iterator[Problem]:
        """Tell code that is not Python from code that has a phrase outside a string."""
        code = self._scenario.code
        try:
            compile_strictly(code)
        except NOT_PYTHON as error:
            yield self._syntax(error)
            return
        for number, column, key in _outside_strings(code):
            what = f"<<{key}>> stands outside a string"
            hint = f'Write "<<{key}>>"; for shifts of bits, put spaces around << and >>.'
            yield self._inside(number, column, what, "phrases inside string literals", hint)

    def _is_for_another_python(self) -> bool:
        """Tell whether it is no mistake that this Python does not take the code."""
        if (self._scenario.expect.error or "") in _SYNTAX_ERRORS:
            return True
        release = self._scenario.python
        return release is not None and int(release.split(".")[1]) > sys.version_info[1]

    def _syntax(self, error: Exception) -> Problem:
        """Return the problem of code that is not Python."""
        if not isinstance(error, SyntaxError):
            hint = "Make it simpler."
            return self._inside(1, 1, f"the code cannot be parsed ({error})", "Python", hint)
        what = f"the code is not Python: {error.msg}"
        hint = "Correct this line of the code or the one above it."
        if getattr(self._document.node((*self._loc, "code")), "style", None) != "|":
            hint = "Write `code: |` and the code below it, indented."
        return self._inside(error.lineno or 1, error.offset or 1, what, "Python", hint)

    def _inside(self, line: int, column: int, what: str, accepted: str, hint: str) -> Problem:
        """Return a problem at a line and column of the code."""
        loc = (*self._loc, "code")
        problem = self._document.problem(loc, what, accepted, hint)
        row, place = self._document.place_inside(loc, line, column)
        return Problem(problem.file, row, place, problem.path, what, accepted, hint)

    def _unknown(self, key: str) -> tuple[str, str, str]:
        """Say that there is no such phrase, what there is, and what to do."""
        known = self._scenario.phrases
        hint = did_you_mean(key, known) or f"Add {key} to phrases, in each language."
        return f"there is no phrase {quoted(key)}", ", ".join(known) or "no phrases yet", hint

    def _expected(self, expected: Expected, loc: Loc) -> Iterator[Problem]:
        """Check the expected outcome, and each expected line."""
        if expected.outcome in NOT_THE_SCENARIOS:
            accepted = ", ".join(it for it in Outcome if it not in NOT_THE_SCENARIOS)
            what = f"{quoted(expected.outcome)} is never a scenario's own doing"
            hint = "Expect what the scenario does itself."
            yield self._document.problem((*loc, "outcome"), what, accepted, hint)
        if expected.error is not None and expected.outcome is not Outcome.ERROR:
            what = f"an exception is expected, but the outcome {quoted(expected.outcome)}"
            hint = "Add `outcome: error`, or remove `error`."
            yield self._document.problem((*loc, "error"), what, "error with outcome: error", hint)
        for place, line in templates(expected):
            yield from self._line(line, (*loc, *place))

    def _line(self, line: str | Pattern, loc: Loc) -> Iterator[Problem]:
        """Check one expected line."""
        template = template_of(line)
        here = (*loc, "matches") if isinstance(line, Pattern) else tuple(loc)
        unknown = [key for key in phrases.keys(template) if key not in self._scenario.phrases]
        for key in unknown:
            yield self._document.problem(here, *self._unknown(key))
        if isinstance(line, Pattern) and not unknown:
            try:
                for locale in locales():
                    phrases.pattern(template, self._scenario, locale)
            except (re.error, RecursionError, OverflowError) as error:
                what = f"the pattern is not a regular expression: {error}"
                hint = "Escape special characters with a backslash."
                yield self._document.problem(here, what, "a pattern of Python's re module", hint)


def _outside_strings(code: str) -> Iterator[tuple[int, int, str]]:
    """Return line, column (both from 1) and key of each placeholder outside string literals."""
    inside: set[tuple[int, int]] = set()
    lines = code.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type in _STRINGS:
            (row, start), (last, end) = token.start, token.end
            for number in range(row, last + 1):
                left = start if number == row else 0
                right = end if number == last else len(lines[number - 1])
                inside |= {(number, column) for column in range(left, right)}
    for number, text in enumerate(lines, 1):
        for found in phrases.PLACEHOLDER.finditer(text):
            if (number, found.start()) not in inside:
                yield number, found.start() + 1, found[1]
