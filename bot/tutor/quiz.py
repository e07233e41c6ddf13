"""The quiz: what a learner can predict of a scenario, and how right a prediction was.

Choices of time come from the lesson's expectation and from the waits that stand in the code.
What is right is decided by the run alone.
"""

import ast
import hashlib
from collections import Counter
from dataclasses import dataclass, replace

from bot.lessons import phrases
from bot.lessons.judge import judge
from bot.lessons.model import AnyOrder, Expected, Locale, Pattern, Scenario
from bot.runner.model import Finished, Line, Outcome, RunResult, Started
from bot.tutor.model import Guess, Quiz
from bot.tutor.take import Take

MOST_LINES = 10
"""Lines that can be put in order without losing patience."""

_MOST_TIMES = 4
_APART = 0.15
"""Two choices differ by at least this share of the larger one."""

_FEWEST_LINES = 2


def quiz_for(scenario: Scenario, locale: Locale, python: str) -> Quiz:
    """Return what can be predicted of a scenario on the Python of this version."""
    expected = scenario.expect.on(python)
    return Quiz(
        scenario.id,
        times(scenario, expected),
        shuffled(scenario, lines(scenario, expected, locale)),
    )


def lines(scenario: Scenario, expected: Expected, locale: Locale) -> tuple[str, ...]:
    """Return the lines to put in order, as they are expected; none where they vary or are many."""
    flat = [
        line
        for entry in expected.lines
        for line in (entry.any_order if isinstance(entry, AnyOrder) else (entry,))
    ]
    fixed = [phrases.line(line, scenario, locale) for line in flat if not isinstance(line, Pattern)]
    if len(fixed) > MOST_LINES or len(set(fixed)) < _FEWEST_LINES:
        return ()
    return tuple(fixed)


def shuffled(scenario: Scenario, expected: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines in an order that says nothing, the same one each time."""

    def key(numbered: tuple[int, str]) -> bytes:
        number, line = numbered
        return hashlib.sha256(f"{scenario.id}\0{number}\0{line}".encode()).digest()

    mixed = tuple(line for _, line in sorted(enumerate(expected), key=key))
    return mixed if mixed != expected else mixed[1:] + mixed[:1]


def times(scenario: Scenario, expected: Expected) -> tuple[float, ...]:
    """Return the seconds to choose from, in rising order: the expected time among wrong ones."""
    if expected.elapsed is None:
        return ()
    right = expected.elapsed.about
    waits = waits_in(scenario.code) or [right]
    total, longest = sum(waits), max(waits)
    tempting = (total, longest, total / 2, min(waits), right * 2, right / 2, total + longest)
    chosen = [right]
    for seconds in (*tempting, right * 3, right + 1, right + 2, right + 3):
        candidate = round(seconds, 2)
        if len(chosen) < _MOST_TIMES and all(_apart(candidate, other) for other in chosen):
            chosen.append(candidate)
    return tuple(sorted(chosen))


def waits_in(code: str) -> list[float]:
    """Return the seconds of every `sleep(...)` with a number that stands in the code, in order."""
    try:
        calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    except SyntaxError:
        return []  # a lesson may well be about code that does not parse
    waits = []
    for call in calls:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        name = call.func.id if isinstance(call.func, ast.Name) else name
        argument = call.args[0] if call.args else None
        if name == "sleep" and isinstance(argument, ast.Constant):
            value = argument.value
            if isinstance(value, int | float) and value > 0:
                waits.append(float(value))
    return waits


def _apart(one: float, other: float) -> bool:
    """Tell whether two times differ enough to be told apart, and are worth choosing."""
    return min(one, other) >= 0 and abs(one - other) >= max(0.05, _APART * max(one, other))


@dataclass(frozen=True, slots=True)
class Score:
    """How right a prediction was."""

    time: bool | None
    """None: no time was predicted."""
    order: bool | None
    """None: no order was predicted."""
    possible: bool
    """The order came differently, but the predicted one would have been right, too."""
    pairs: tuple[tuple[str, Line | None], ...]
    """Each predicted line beside the one that came in its place; None where none came."""

    @property
    def in_place(self) -> int:
        """How many lines stood in their place."""
        return sum(real is not None and real.text == line for line, real in self.pairs)

    @property
    def all_right(self) -> bool:
        """Nothing that was predicted was wrong."""
        return self.time is not False and (self.order is not False or self.possible)


def score(take: Take, guess: Guess, choices: tuple[float, ...]) -> Score:
    """Hold a prediction against what really happened."""
    finished = take.result.finished
    real = _real_lines(take, guess.order)
    texts = tuple(line.text for line in real)
    order = guess.order == texts if guess.order else None
    padded = (*real, *[None] * max(0, len(guess.order) - len(real)))
    return Score(
        time=_time_right(guess.seconds, finished.elapsed, choices),
        order=order,
        possible=order is False and len(real) == len(guess.order) and _could_be(take, guess.order),
        pairs=tuple(zip(guess.order, padded, strict=False)),
    )


def _time_right(guess: float | None, elapsed: float, choices: tuple[float, ...]) -> bool | None:
    """Right is the choice that came nearest; a time that was no choice must come near itself."""
    if guess is None:
        return None
    if guess in choices:
        return min(choices, key=lambda choice: abs(choice - elapsed)) == guess
    return abs(guess - elapsed) <= max(0.25, 0.1 * elapsed)


def _real_lines(take: Take, predicted: tuple[str, ...]) -> list[Line]:
    """Return those of the printed lines that were to be put in order, as they came."""
    wanted = Counter(predicted)
    real = []
    for line in take.result.lines:
        if line.stream == "stdout" and wanted[line.text] > 0:
            wanted[line.text] -= 1
            real.append(line)
    return real


def _could_be(take: Take, order: tuple[str, ...]) -> bool:
    """Tell whether the lesson's expectation allows the predicted order as well."""
    claimed = RunResult(
        (
            Started(python=take.result.python),
            *(Line(float(at), text) for at, text in enumerate(order)),
            Finished(Outcome.OK, 0.0),
        )
    )
    found = judge(take.scenario, take.locale, claimed).findings
    return not any(one.kind in {"early", "late", "extra"} for one in found)


def without_nonsense(guess: Guess, asked: Quiz) -> Guess:
    """Return the guess as far as it answers the quiz: an order must hold just its lines."""
    fits = Counter(guess.order) == Counter(asked.lines)
    return guess if fits or not guess.order else replace(guess, order=())
