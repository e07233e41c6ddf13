from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lessons.files import honesty
from bot.lessons.model import Scenario

WORDS = {"ko": "까닭입니다.", "en": "Because."}
CODE = 'print("<<a>>")'
PHRASES = {"a": {"ko": "가나다라마바사아자차", "en": "a long line of words"}}


def scenario(expect: dict[str, Any], **fields: Any) -> Scenario:
    base = {"id": "one", "title": WORDS, "summary": WORDS, "because": WORDS, "code": CODE}
    phrases = {"phrases": PHRASES}
    return Scenario.model_validate({**base, **phrases, "expect": expect, **fields})


def whats(each: Scenario) -> list[str]:
    return [what for _, what, _, _ in honesty.slips(each)]


def asks(english: str, korean: str = "어떻게 될까요?") -> dict[str, Any]:
    return {"question": {"ko": korean, "en": english}}


TAKES_3 = {"elapsed": {"about": 3.0}}


@pytest.mark.parametrize(
    "text",
    [
        "Why does it take 3 seconds?",
        "It takes 3 s, does it not?",
        "How do 3.0 and 5 differ?",
        "Why three seconds?",
        "A three-second wait?",
        "Why 3000 ms?",
        "Why 3s?",
    ],
)
def test_a_question_must_not_tell_the_time(text: str) -> None:
    assert "tells the time" in whats(scenario(TAKES_3, **asks(text)))[0]


@pytest.mark.parametrize("text", ["왜 3초일까요?", "왜 3 초가 걸릴까요?", "왜 삼 초일까요?"])
def test_nor_in_korean(text: str) -> None:
    assert "tells the time" in whats(scenario(TAKES_3, **asks("What happens?", text)))[0]


@pytest.mark.parametrize(
    "text",
    [
        "What do 3 tasks print?",
        "How long do waits of 5 seconds and 2 seconds take?",
        "How long do 3 sockets stay open?",
        "What do three tasks print?",
        "Is 13 s too long?",
    ],
)
def test_numbers_that_are_no_answer_may_stand_there(text: str) -> None:
    assert whats(scenario(TAKES_3, **asks(text))) == []


def test_the_time_of_another_python_is_not_told_either() -> None:
    versions = {"versions": [{"python": "<3.12", "elapsed": {"about": 0.7}}]}
    assert "tells the time" in whats(scenario({**TAKES_3, **versions}, **asks("Is it 0.7?")))[0]


def test_a_question_must_not_tell_the_exception_or_a_line() -> None:
    raises = {"outcome": "error", "error": "RuntimeError"}
    assert "RuntimeError" in whats(scenario(raises, **asks("Who sees the RuntimeError?")))[0]
    prints = {"lines": ["<<a>>"]}
    assert "is printed" in whats(scenario(prints, **asks("When is a long line of words seen?")))[0]
    korean = asks("When?", "가나다라마바사아자차는 언제 나올까요?")
    assert "is printed" in whats(scenario(prints, **korean))[0]


def test_a_decoy_must_not_be_printed_on_any_python() -> None:
    lines = {"lines": ["<<a>>", {"any_order": [{"matches": r"n \d"}, "x"]}]}
    versions = {"versions": [{"python": "<3.12", "lines": ["old"]}]}
    each = scenario({**lines, **versions}, decoys=["<<a>>", "n 7", "x", "never", "never"])
    found = [(loc, what) for loc, what, _, _ in honesty.slips(each)]
    assert [loc for loc, _ in found] == [("decoys", number) for number in (0, 1, 2, 4)]
    assert "given twice" in found[-1][1]
    each = scenario({**lines, **versions}, decoys=["old"])
    assert whats(each) == ['"old" is printed, as `expect` says']


def choice(seconds: float, believes: str) -> dict[str, Any]:
    return {"seconds": seconds, "believes": {"ko": believes, "en": believes}}


def test_wrong_times_are_wrong_and_differ() -> None:
    choices = [choice(3.1, "one"), choice(5, "two"), choice(5.1, "three"), choice(1, "two")]
    assert whats(scenario(TAKES_3, choices=choices)) == [
        "3.1 s is too near the right time, 3 s",
        "5.1 s is too near another choice",
        "another choice has the same answer",
    ]


def test_choices_need_a_right_time() -> None:
    assert whats(scenario({}, choices=[choice(1, "one")])) == ["there is no right time among them"]


def ending(believes: str, **fields: str) -> dict[str, Any]:
    return {"believes": {"ko": believes, "en": believes}, **fields}


def test_wrong_endings_are_wrong_and_differ() -> None:
    expect = {"outcome": "error", "error": "ValueError"}
    endings = [
        ending("one"),
        ending("two", outcome="error", error="ValueError"),
        ending("three"),
        ending("four", error="KeyError"),
    ]
    assert whats(scenario(expect, endings=endings)) == [
        "this is how it really ends",
        "this ending is given twice",
        "`error` and `outcome: error` go together",
    ]


@given(st.floats(0, 60), st.floats(0, 60))
def test_times_are_apart_both_ways(one: float, other: float) -> None:
    assert honesty.apart(one, other) == honesty.apart(other, one)
    assert not honesty.apart(one, one)
