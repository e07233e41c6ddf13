"""Is a quiz honest? Its question tells nothing, its decoys are decoys, its wrong answers wrong.

Pure rules over one scenario; `semantics` gives what they find its place in the file.
"""

import re
from collections.abc import Iterator, Sequence

from bot.languages import Locale, locales
from bot.lessons.expectation import MOST_LINES
from bot.lessons.files import phrases
from bot.lessons.files.document import Slip
from bot.lessons.files.errors import quoted
from bot.lessons.judge import wanted_line
from bot.lessons.model import Expected, Scenario
from bot.runner.model import Outcome

LEAST_APART = 0.05
"""Seconds by which two times differ at least."""
_SHARE_APART = 0.15
"""… and the share of the larger one."""
_LINE_THAT_TELLS = 8
"""A line of fewer characters may well stand in a question by chance."""
_UNITS = r"(?:s|secs?|seconds?|초)(?![a-z])"
_TIME = re.compile(
    rf"(\d+(?:\.\d+)?)(?:[\s-]*({_UNITS})|[\s-]*(ms|milliseconds?|밀리초))?", re.IGNORECASE
)
_NUMBER_WORDS = (
    ("zero", "영"),
    ("one", "일", "한"),
    ("two", "이", "두"),
    ("three", "삼", "세"),
    ("four", "사", "네"),
    ("five", "오", "다섯"),
    ("six", "육", "여섯"),
    ("seven", "칠", "일곱"),
    ("eight", "팔", "여덟"),
    ("nine", "구", "아홉"),
    ("ten", "십", "열"),
)
_SPELT = {word: float(value) for value, words in enumerate(_NUMBER_WORDS) for word in words}
_SPELT_TIME = re.compile(
    rf"(?<!\w)({'|'.join(sorted(_SPELT, key=len, reverse=True))})[\s-]*({_UNITS})", re.IGNORECASE
)


def slips(scenario: Scenario) -> Iterator[Slip]:
    """Return what is dishonest about a scenario's quiz, as far as its author wrote one."""
    yield from _question(scenario)
    yield from _decoys(scenario)
    yield from _times(scenario)
    yield from _endings(scenario)


def apart(one: float, other: float) -> bool:
    """Tell whether two times in seconds differ enough to be two answers."""
    return abs(one - other) >= max(LEAST_APART, _SHARE_APART * max(one, other))


def cases(scenario: Scenario) -> tuple[Expected, ...]:
    """Return all that may be expected of a scenario, on whichever Python."""
    return scenario.expect, *scenario.expect.versions


def _question(scenario: Scenario) -> Iterator[Slip]:
    """Find what a question tells before it is answered."""
    if scenario.question is None:
        return
    for locale in scenario.question.languages:
        text = scenario.question.text(locale)
        if told := next(_told(scenario, text, locale), ""):
            what = f"the question tells {told}"
            accepted = "a question that tells neither the time nor the outcome"
            yield ("question", locale), what, accepted, "Ask for it instead: learners predict it."


def _told(scenario: Scenario, text: str, locale: Locale) -> Iterator[str]:
    """Yield what a text tells of the run: its time, its exception, a line."""
    for expected in cases(scenario):
        right = expected.elapsed and expected.elapsed.about
        for seconds, words in _times_in(text) if right is not None else ():
            if abs(seconds - (right or 0.0)) < LEAST_APART:
                yield f"the time ({quoted(words)})"
        if expected.error and re.search(rf"\b{re.escape(expected.error)}\b", text):
            yield f"the outcome ({quoted(expected.error)})"
        for line in plain_lines(expected):
            printed = phrases.with_phrases(line, scenario, locale)
            if len(printed) >= _LINE_THAT_TELLS and printed in text:
                yield f"that {quoted(printed)} is printed"


def _times_in(text: str) -> Iterator[tuple[float, str]]:
    """Return the times that a text names: numbers with a unit, and those that have a fraction."""
    for found in _TIME.finditer(text):
        number, unit, thousandths = found.groups()
        if unit or thousandths or "." in number:
            yield float(number) / (1000 if thousandths else 1), found[0]
    for found in _SPELT_TIME.finditer(text):
        yield _SPELT[found[1].lower()], found[0]


def plain_lines(expected: Expected) -> Iterator[str]:
    """Return the lines that are the same in every run, as they are written."""
    for stage in expected.stages:
        yield from (line for line in stage if isinstance(line, str))


def _decoys(scenario: Scenario) -> Iterator[Slip]:
    """Find decoys that are printed, or given twice."""
    accepted = "lines that are never printed, each once"
    count = len([*plain_lines(scenario.expect)])
    if scenario.decoys and not 1 <= count <= MOST_LINES:
        what = f"no quiz can ask for them: the scenario prints {count} lines that are fixed"
        hint = "Print fewer lines, or remove the decoys."
        yield ("decoys",), what, f"decoys among 1 to {MOST_LINES} printed lines", hint
    for number, decoy in enumerate(scenario.decoys):
        loc = ("decoys", number)
        if decoy in scenario.decoys[:number]:
            yield loc, f"{quoted(decoy)} is given twice", accepted, "Remove one of the two."
        for locale in locales():
            line = phrases.with_phrases(decoy, scenario, locale)
            if any(_may_print(expected, scenario, locale, line) for expected in cases(scenario)):
                what = f"{quoted(line)} is printed, as `expect` says"
                yield loc, what, accepted, "Write a line that somebody wrongly expects."
                break


def _may_print(expected: Expected, scenario: Scenario, locale: Locale, line: str) -> bool:
    """Tell whether a line is one of those that are expected."""
    return any(
        wanted_line(one, scenario, locale).fits(line) for stage in expected.stages for one in stage
    )


def _times(scenario: Scenario) -> Iterator[Slip]:
    """Find wrong times that are right, alike, or answer nothing of their own."""
    right = scenario.expect.elapsed
    if scenario.choices and right is None:
        what, accepted = "there is no right time among them", "choices where `elapsed` is expected"
        yield ("choices",), what, accepted, "Add `elapsed` to `expect`, or remove the choices."
    seconds = [choice.seconds for choice in scenario.choices]
    for number, wrong in enumerate(seconds):
        loc, accepted = ("choices", number, "seconds"), "times that can be told apart"
        if right is not None and not apart(wrong, right.about):
            what = f"{wrong:g} s is too near the right time, {right.about:g} s"
            yield loc, what, accepted, "Choose delays in the code that tell the two apart."
        elif any(not apart(wrong, other) for other in seconds[:number]):
            what = f"{wrong:g} s is too near another choice"
            yield loc, what, accepted, "Leave one of the two out."
    yield from _answers("choices", [it.believes.text("en") for it in scenario.choices])


def _endings(scenario: Scenario) -> Iterator[Slip]:
    """Find wrong endings that are right, alike, or answer nothing of their own."""
    seen: list[tuple[Outcome, str]] = []
    right = (scenario.expect.outcome, scenario.expect.error or "")
    for number, ending in enumerate(scenario.endings):
        loc = ("endings", number)
        this = (ending.outcome, ending.error or "")
        accepted = "wrong endings, each once"
        if (ending.outcome is Outcome.ERROR) != bool(ending.error):
            what, hint = "`error` and `outcome: error` go together", "Write both, or neither."
            yield loc, what, "outcome: error with the class of the exception", hint
        elif this == right:
            yield loc, "this is how it really ends", accepted, "The quiz adds that by itself."
        elif this in seen:
            yield loc, "this ending is given twice", accepted, "Remove one of the two."
        seen.append(this)
    yield from _answers("endings", [it.believes.text("en") for it in scenario.endings])


def _answers(field: str, answers: Sequence[str]) -> Iterator[Slip]:
    """Find answers that are given to more than one choice."""
    for number, answer in enumerate(answers):
        if answer in answers[:number]:
            what, accepted = "another choice has the same answer", "an answer of its own for each"
            hint = "Say what would have to be true for just this one."
            yield (field, number, "believes"), what, accepted, hint
