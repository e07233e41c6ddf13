"""Both languages are whole; mypy proves that none is missing, these that none is a stand-in."""

import inspect
import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from bot.lessons.exercise import ExerciseKind
from bot.lessons.judge import Difference
from bot.platforms.terminal.words import TerminalWords
from bot.runner.model import Finished, Limits, Outcome, Refusal, Refused
from bot.timeline.causes import Cause, CauseKind
from bot.timeline.findings import model as found
from bot.timeline.model import Measure
from bot.tutor.forms import Ending, Quiz
from bot.tutor.goals import GoalKind, GoalResult
from bot.tutor.grammar import Misunderstood, parse
from bot.tutor.pasted_code import Mended
from bot.tutor.words import Words, words
from bot.tutor.words.own_code import SourceTrouble
from bot.tutor.words.speech import FixedSentence, Speech, span
from tests.tutor.answers import HANGUL

CLUMSY = re.compile(
    r"을\(를\)|를\(을\)|이\(가\)|가\(이\)|은\(는\)|는\(은\)|와\(과\)|과\(와\)|\(으\)로"
)
FAULTS: dict[str, tuple[str, ...]] = {
    "blocked_loop": ("sleep", "computing", "lock"),
    "unfinished_task": ("cancelled", "destroyed"),
    "refused": get_args(Refused),
}
ARGUMENTS: dict[str, list[Any]] = {
    "kind": ["lesson", "concept", "scenario", "exercise"],
    "exercise_kind": list(get_args(ExerciseKind)),
    "goal": [
        GoalResult(
            kind,
            met,
            ("a", "b"),
            1.0,
            found,
            times=2,
            line=3,
            differences=(Difference("outcome", expected="ok", found="error"),),
        )
        for kind in get_args(GoalKind)
        for met, found in ((False, 0.5), (False, None), (True, 1.0))
    ],
    "finding": [
        Difference(kind, line="a", expected="b", found="c", at=1.0, bounds=(2.0, 3.0))
        for kind in ("early", "late", "missing", "extra", "outcome", "error", "fast", "slow")
    ],
    "fault": [
        found.Finding(
            kind,
            3,
            (1, 2),
            1.5,
            names=("a", "b"),
            what=what,
            detail="except",
            made=2,
            instead=0.5,
            count=2,
            waiting=(
                found.DeadlockedLane(1, "a", "Lock", 3),
                found.DeadlockedLane(2, "b", "Lock", None),
            ),
        )
        for kind in get_args(found.FindingKind)
        for what in (FAULTS.get(kind) or ("",))
    ],
    "cause": [
        Cause(kind, 1.0, 1, 3, by, "sleep(1)", 0.5, late, held_by)
        for kind in get_args(CauseKind)
        for by, late, held_by in ((2, 0.0, None), (None, 0.3, None), (2, 0.3, 2))
    ],
    "lanes": [{1: "a", 2: "b"}],
    "misread": [
        misread
        for line in ("/rnu x", "/xyzzy", "/run", "/compare a", "/run a, b", "/run a b=c", "/lang x")
        if isinstance(misread := parse(line), Misunderstood)
    ],
    "finished": [Finished(outcome, 1.0) for outcome in Outcome],
    "measure": [
        Measure(3.0, 5.0, 3.0, waited=3.0),
        Measure(5.0, 5.0, 5.0, waited=5.0),
        Measure(0.1, 0.0, 0.0),
        Measure(1.0, 1.0, 1.0, waited=1.0, worked=0.5, overlapped=0.5),
        Measure(1.0, 1.0, 0.5, waited=0.5, worked=0.5),
    ],
    "limits": [Limits()],
    "command": ["run", "explain", "compare"],
    "nearest": ["run", ""],
    "quiz": [
        Quiz("x", (1.0,), ()),
        Quiz("x", (), ("a", "b")),
        Quiz("x", (1.0,), ("a", "b"), decoys=True),
        Quiz("x", (1.0,), ("a", "b"), endings=(Ending("ok", "ok"),)),
    ],
    "outcome": list(Outcome),
    "mended": [get_args(Mended)],
    "lines": [("a",), ("a", "b")],
    "trouble": list(get_args(SourceTrouble)),
    "refused": [[Refusal(what, line)] for what in get_args(Refused) for line in (None, 3)],
}
NO_SENTENCES = {"locale", "sentences", "seconds", "milliseconds", "exactly"}
PLAIN = {
    "answer": "a",
    "known": "k",
    "message": "m",
    "why": "w",
    "typed": "t",
    "scenario": "s",
    "text": "T",
    "title": "T",
    "titles": "T",
    "name": "n",
    "error": "",
    "names": "a",
    "reference": "ff",
}


def topics(locale: Any) -> list[Speech]:
    return [*vars(Words(locale)).values(), TerminalWords(locale)]


def sentences(topic: Speech) -> Iterator[tuple[str, str]]:
    """Every sentence of a topic, with made-up arguments."""
    for name, member in inspect.getmembers(type(topic)):
        if name.startswith("_") or name in NO_SENTENCES:
            continue
        if isinstance(member, property | FixedSentence):
            value = getattr(topic, name)
            yield name, " ".join(filter(None, value)) if isinstance(value, tuple) else value
        elif inspect.isfunction(member):
            yield from _called(topic, name, member)


def _called(topic: Speech, name: str, member: Any) -> Iterator[tuple[str, str]]:
    wanted = list(inspect.signature(member).parameters)[1:]
    varied = next((it for it in wanted if it in ARGUMENTS and it != "limits"), "")
    for number, value in enumerate(ARGUMENTS.get(varied, [None])):
        given = {it: _argument(it) for it in wanted}
        if varied:
            given[varied] = value
        yield f"{name}[{number}]", getattr(topic, name)(**given)


def _argument(name: str) -> Any:
    return ARGUMENTS[name][0] if name in ARGUMENTS else PLAIN.get(name, 2)


@pytest.mark.parametrize("number", range(len(topics("ko"))))
def test_every_sentence_is_said_in_both_languages(number: int) -> None:
    korean, english = (dict(sentences(topics(locale)[number])) for locale in ("ko", "en"))
    assert korean.keys() == english.keys()
    assert korean
    for name, sentence in korean.items():
        assert HANGUL.search(sentence), name
        assert not HANGUL.search(english[name]), name
        assert not CLUMSY.search(sentence), name
        assert sentence.strip() == sentence, name
        assert english[name].strip() == english[name], name


def test_an_exception_is_named_without_its_module() -> None:
    label = words("en").quiz.ending(Outcome.ERROR, "asyncio.exceptions.CancelledError")
    assert label == "It raises CancelledError"


def test_words_are_made_once() -> None:
    assert words("ko") is words("ko")
    assert words("ko") is not words("en")


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0.00 s"), (0.012, "0.012 s"), (0.25, "0.25 s"), (3.004, "3.0 s"), (12.0, "12.0 s")],
)
def test_seconds_have_the_decimals_that_say_something(value: float, said: str) -> None:
    assert Speech("en").seconds(value) == said


def test_the_example_of_the_course_is_said_as_promised() -> None:
    sentence = words("en").run.measured(
        Measure(elapsed=3.002, waits=5.002, longest=3.001, waited=3.001)
    )
    assert "5.0 s of waiting took 3.0 s: **40 % overlapped**" in sentence


@pytest.mark.parametrize("text", ["a`b", "a\nb", "`" * 9, "\x00\u202e", "x" * 999, ""])
def test_a_strangers_text_stays_inside_its_span(text: str) -> None:
    shown = span(text)
    assert shown.startswith("`")
    assert shown.endswith("`")
    assert "`" not in shown[1:-1]
    assert shown.isprintable()
    assert len(shown) <= 82
