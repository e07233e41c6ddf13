"""The quiz: what a learner can predict of a scenario, and how right a prediction was.

Choices of time come from the lesson's expectation and from the waits that stand in the code.
What is right is decided by the run alone.
"""

import ast
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TypeVar

from bot.languages import Locale
from bot.lessons.exercise import mixed_up
from bot.lessons.expectation import MOST_LINES
from bot.lessons.files import phrases
from bot.lessons.files.honesty import LEAST_APART, apart, plain_lines
from bot.lessons.judge import judge
from bot.lessons.model import Expected, Scenario
from bot.runner.model import Finished, Line, Outcome, RunResult, Started
from bot.timeline.expressions import called_name, constant
from bot.tutor.forms import Ending, Guess, Quiz
from bot.tutor.live_run import LiveRun
from bot.tutor.orders import wrong_orders
from bot.tutor.words import words

_FEWEST_LINES = 2
_WRONG_TIMES = 3

_Item = TypeVar("_Item")


def quiz_for(scenario: Scenario, locale: Locale, python: str) -> Quiz:
    """Return what can be predicted of a scenario on the Python of this version."""
    expected = scenario.expect.on(python)
    printed = lines(scenario, expected, locale)
    decoys = [phrases.with_phrases(decoy, scenario, locale) for decoy in scenario.decoys]
    offered = (*printed, *decoys) if printed else ()
    if len(set(offered)) < _FEWEST_LINES:
        offered = ()
    return Quiz(
        scenario.id,
        _placed(scenario, times(scenario, expected)),
        _never_solved(shuffled(scenario, offered), offered),
        decoys=bool(offered and decoys),
        endings=_placed(scenario, endings(scenario, expected, locale)),
        orders=_orders(scenario, locale, python, printed if offered else (), decoys),
    )


def _orders(
    scenario: Scenario, locale: Locale, python: str, printed: tuple[str, ...], decoys: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """Return whole orders to choose from, the right one in a place that says nothing."""
    wrong = wrong_orders(printed, decoys, lambda order: possible(scenario, locale, python, order))
    return _placed(scenario, (printed, *wrong)) if printed and wrong else ()


def lines(scenario: Scenario, expected: Expected, locale: Locale) -> tuple[str, ...]:
    """Return the lines to put in order, as they are expected; none where they are many."""
    fixed = tuple(phrases.with_phrases(line, scenario, locale) for line in plain_lines(expected))
    return fixed if len(fixed) <= MOST_LINES else ()


def shuffled(scenario: Scenario, answers: Sequence[_Item]) -> tuple[_Item, ...]:
    """Return answers in an order that says nothing, the same one each time."""
    return mixed_up(scenario.id, answers, lambda answer: f"\0{answer}")


def _placed(scenario: Scenario, answers: Sequence[_Item]) -> tuple[_Item, ...]:
    """Return answers, the right one first, with that one in a place that says nothing."""
    if not answers:
        return ()
    wrong = shuffled(scenario, answers[1:])
    place = int.from_bytes(hashlib.sha256(scenario.id.encode()).digest()) % len(answers)
    return *wrong[:place], answers[0], *wrong[place:]


def _never_solved(mixed: tuple[str, ...], solution: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines in another order than that in which they are printed."""
    return mixed if mixed != solution else mixed[1:] + mixed[:1]


def times(scenario: Scenario, expected: Expected) -> tuple[float, ...]:
    """Return the seconds to choose from: the expected time first, then wrong ones.

    Those that the lesson's author wrote; where there are none, those that the delays in the code
    suggest. How many of these are less than the right time differs from scenario to scenario, so
    that the middle is no better a guess than the ends.
    """
    if expected.elapsed is None:
        return ()
    right = expected.elapsed.about
    if scenario.choices:
        wrong = (choice.seconds for choice in scenario.choices)
        return right, *(seconds for seconds in wrong if apart(seconds, right))
    if right < LEAST_APART:
        return ()  # that nothing waits is no question
    waits = waits_in(scenario.code) or [right]
    total, longest = sum(waits), max(waits)
    less = (total, longest, total / 2, min(waits), right / 2, right / 3, right * 2 / 3)
    more = (total, longest, total + longest, right * 2, right * 1.5, right * 3)
    below = [it for it in _distinct(right, less) if it < right]
    # The last ones are for where the sums lie between all others and leave none of them apart.
    spare = (right + 1, right + 2, right + 3, right * 4, right * 6, right * 9)
    above = [it for it in _distinct(right, (*more, *spare)) if it > right]
    # The sum, which most believe in, is never left out.
    most = _WRONG_TIMES - (total > right and apart(total, right))
    digest = hashlib.sha256(scenario.id.encode()).digest()
    below = below[: digest[0] % (most + 1)]
    return right, *below, *above[: _WRONG_TIMES - len(below)]


def _distinct(right: float, candidates: Sequence[float]) -> list[float]:
    """Return the candidates that can be told from the right time and from each other."""
    chosen: list[float] = []
    for seconds in candidates:
        candidate = round(seconds, 2)
        if candidate > 0 and all(apart(candidate, other) for other in (right, *chosen)):
            chosen.append(candidate)
    return chosen


def endings(scenario: Scenario, expected: Expected, locale: Locale) -> tuple[Ending, ...]:
    """Return the endings to choose from, the expected one first; none if that is no question."""
    if not scenario.endings:
        return ()
    ways = [(expected.outcome, expected.error or "")]
    ways += [(wrong.outcome, wrong.error or "") for wrong in scenario.endings]
    label = words(locale).quiz.ending
    return tuple(Ending(ending_key(*way), label(*way)) for way in dict.fromkeys(ways))


def ending_key(outcome: Outcome, error: str) -> str:
    """Return what tells an ending from others; how far an exception is qualified does not."""
    return f"{outcome}:{error.rpartition('.')[2]}" if error else outcome.value


def waits_in(code: str) -> list[float]:
    """Return the seconds of every `sleep(...)` with a number that stands in the code, in order."""
    try:
        calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    except SyntaxError:
        return []  # a lesson may well be about code that does not parse
    waits = (constant(call.args[0]) for call in calls if called_name(call) == "sleep" and call.args)
    return [seconds for seconds in waits if seconds is not None and seconds > 0]


@dataclass(frozen=True, slots=True)
class Score:
    """How right a prediction was."""

    time: bool | None
    """None: no time was predicted."""
    ending: bool | None
    """None: no ending was predicted."""
    order: bool | None
    """None: no order was predicted."""
    possible: bool
    """The order came differently, but the predicted one would have been right, too."""
    believed: tuple[str, ...]
    """Predicted lines that were never printed."""
    missed: tuple[str, ...]
    """Printed lines that were left out."""
    pairs: tuple[tuple[str, Line | None], ...]
    """Each predicted line beside the one that came in its place; None where none came, and ""
    where more came than were predicted."""

    @property
    def in_place(self) -> int:
        """How many lines stood in their place."""
        return sum(real is not None and real.text == line for line, real in self.pairs)

    @property
    def all_right(self) -> bool:
        """Nothing that was predicted was wrong."""
        order = self.order is not False or self.possible
        return self.time is not False and self.ending is not False and order


def score(live_run: LiveRun, guess: Guess, asked: Quiz) -> Score:
    """Hold a prediction against what really happened."""
    finished = live_run.result.finished
    real = _real_lines(live_run, asked.lines) if guess.order else []
    texts = tuple(line.text for line in real)
    order = guess.order == texts if guess.order else None
    raised = finished.failure.type if finished.failure else ""
    ended = ending_key(finished.outcome, raised)
    return Score(
        time=_time_right(guess.seconds, finished.elapsed, asked.times),
        ending=None if guess.ending is None else guess.ending == ended,
        order=order,
        possible=order is False
        and Counter(guess.order) == Counter(texts)
        and live_run.scenario is not None
        and possible(live_run.scenario, live_run.locale, live_run.result.python, guess.order),
        believed=tuple((Counter(guess.order) - Counter(texts)).elements()),
        missed=tuple((Counter(texts) - Counter(guess.order)).elements()) if guess.order else (),
        pairs=tuple((line or "", came) for line, came in zip_longest(guess.order, real)),
    )


def _time_right(guess: float | None, elapsed: float, choices: tuple[float, ...]) -> bool | None:
    """Right is the choice that came nearest; a time that was no choice must come near itself."""
    if guess is None:
        return None
    if guess in choices:
        return min(choices, key=lambda choice: abs(choice - elapsed)) == guess
    return abs(guess - elapsed) <= max(0.25, 0.1 * elapsed)


def _real_lines(live_run: LiveRun, offered: tuple[str, ...]) -> list[Line]:
    """Return those of the printed lines that were offered, as they came."""
    wanted = Counter(offered)
    real = []
    for line in live_run.result.lines:
        if line.stream == "stdout" and wanted[line.text] > 0:
            wanted[line.text] -= 1
            real.append(line)
    return real


def possible(scenario: Scenario, locale: Locale, python: str, order: tuple[str, ...]) -> bool:
    """Tell whether the lesson's expectation allows an order of the same lines as well."""
    claimed = RunResult(
        (
            Started(python=python),
            *(Line(float(at), text) for at, text in enumerate(order)),
            Finished(Outcome.OK, 0.0),
        )
    )
    found = judge(scenario, locale, claimed).differences
    return not any(one.kind in {"early", "late", "extra", "missing"} for one in found)


def without_nonsense(guess: Guess, asked: Quiz) -> Guess:
    """Return the guess as far as it answers the quiz.

    An order must hold just its lines, fewer only where there are decoys; an ending be its own.
    """
    too_many = Counter(guess.order) - Counter(asked.lines)
    too_few = not asked.decoys and len(guess.order) < len(asked.lines)
    order = () if too_many or too_few else guess.order
    known = {ending.key for ending in asked.endings}
    return replace(guess, order=order, ending=guess.ending if guess.ending in known else None)


def answers(scenario: Scenario, guess: Guess, locale: Locale) -> tuple[str | None, str | None]:
    """Return what the author answers to the predicted time and the predicted ending, if wrong."""
    times_ = (it.believes for it in scenario.choices if it.seconds == guess.seconds)
    endings_ = (
        it.believes
        for it in scenario.endings
        if ending_key(it.outcome, it.error or "") == guess.ending
    )
    time, ending = next(times_, None), next(endings_, None)
    return (
        time.text(locale) if time else None,
        ending.text(locale) if ending else None,
    )
