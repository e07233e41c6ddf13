from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.terminal.commands import (
    LONGEST,
    Choose,
    Meaning,
    Misunderstood,
    Nothing,
    Quit,
    SwitchTo,
    command_for,
    meaning,
)
from bot.platforms.terminal.words import TerminalWords
from bot.tutor.model import (
    Compare,
    Explain,
    Guess,
    Help,
    ListLessons,
    Predict,
    Request,
    Run,
)

SAY = TerminalWords("en")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("/run gather", Run("gather")),
        ("  /RUN   gather ", Run("gather")),
        ("/run create task", Run("create task")),
        ("/실행 gather", Run("gather")),
        ("/explain 코루틴", Explain("코루틴")),
        ("/설명 이벤트 루프", Explain("이벤트 루프")),
        ("/predict gather", Predict("gather")),
        ("/compare sync gather", Compare(("sync", "gather"))),
        ("/비교 sync, gather,thread", Compare(("sync", "gather", "thread"))),
        ("/lessons", ListLessons()),
        ("/수업 tasks", ListLessons("tasks")),
        ("/help", Help()),
        ("/도움말 whatever", Help()),
        ("/lang ko", SwitchTo("ko")),
        ("/언어 영어", SwitchTo("en")),
        ("/quit", Quit()),
        ("/끝", Quit()),
        ("/q", Quit()),
        ("coroutine", Explain("coroutine")),
        ("what is a task", Explain("what is a task")),
        ("3", Choose(3)),
        ("", Nothing()),
        ("   ", Nothing()),
        ("# a comment in a file of commands", Nothing()),
    ],
)
def test_what_a_line_means(line: str, wanted: Meaning) -> None:
    assert meaning(line, SAY) == wanted


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("/rnu gather", "/run"),
        ("/xyzzy", "/help"),
        ("/run", "/run gather"),
        ("/explain", "/explain coroutine"),
        ("/compare", "/compare sync gather"),
        ("/lang", "/lang en"),
        ("/lang klingon", "/lang en"),
        ("/" + "x" * LONGEST, "too long"),
    ],
)
def test_what_is_misunderstood_gets_a_hint(line: str, hint: str) -> None:
    found = meaning(line, SAY)
    assert isinstance(found, Misunderstood)
    assert hint in found.sentence
    assert len(found.sentence) < 300


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)
REQUESTS: st.SearchStrategy[Request] = st.one_of(
    st.just(Help()),
    st.just(ListLessons()),
    st.builds(ListLessons, NAMES),
    st.builds(Explain, NAMES),
    st.builds(Run, NAMES),
    st.builds(Predict, NAMES),
    st.builds(Compare, st.lists(NAMES, min_size=2, max_size=5).map(tuple)),
)


@given(REQUESTS)
def test_what_is_offered_can_be_typed(request_: Request) -> None:
    assert meaning(command_for(request_), SAY) == request_


def test_a_guess_is_not_part_of_a_command() -> None:
    assert command_for(Predict("x", Guess(1.0, ()))) == "/predict x"


@given(st.text())
def test_no_line_breaks_it(line: str) -> None:
    kinds = get_args(Meaning)
    assert isinstance(meaning(line, SAY), kinds)
    assert isinstance(meaning(f"/{line}", TerminalWords("ko")), kinds)
