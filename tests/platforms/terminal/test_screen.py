import re

import pytest
from rich.console import Console
from wcwidth import wcswidth

from bot.lessons.model import LOCALES, Locale
from bot.platforms.terminal.screen import Screen, show
from bot.runner.model import Outcome
from bot.testing import gather_events
from bot.timeline.layout import lay_out
from bot.tutor.forms import Quiz
from bot.tutor.grammar import spell
from bot.tutor.model import (
    Ask,
    Choice,
    Choices,
    Code,
    Compare,
    Heading,
    Note,
    PageLink,
    Part,
    Reply,
    Run,
    Table,
    Text,
)
from bot.tutor.run_parts import Measured, Picture, Sequence, SequenceLine
from bot.tutor.words.captions import captions
from tests.platforms.terminal.terminals import console, fixed, output
from tests.tutor.answers import KOREAN_LINES

TIMELINE = lay_out(gather_events(KOREAN_LINES), title="gather", captions=captions("en"))
LINES = tuple(SequenceLine(i / 10, "worker", f"line {i}") for i in range(3))
EVERYTHING: tuple[Part, ...] = (
    Heading("A title"),
    Text("Some **bold** prose with `code`.\n\n- one\n- two"),
    Code("print('hello')\n\nprint('there')\n"),
    Note("mind this", "warning"),
    Sequence(LINES),
    Picture((TIMELINE,), "alt"),
    Measured("Measured: **3.0 s**", Outcome.OK, 3.0),
    Table(("a", "b"), (("1", "한글"), ("2", "x"))),
    PageLink("The docs", "https://docs.python.org/3/"),
    Choices((Choice("Again", Run("gather")), Choice("All", Compare(("a", "b"))))),
    Quiz("gather", (1.0,), ("x", "y")),
)
ASKED = Run("gather")
ESCAPES = re.compile(r"\x1b")


async def shown(made: Console, locale: Locale, *replies: Reply) -> None:
    """Show an answer that consists of these replies."""
    await show(fixed({ASKED: replies}), Ask("terminal:here", locale, ASKED), made)


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_pipe_gets_plain_text(locale: Locale) -> None:
    made = console()
    await shown(made, locale, Reply(EVERYTHING))
    text = output(made)
    assert not ESCAPES.search(text)
    for words in (
        "A title",
        "Some bold prose with code.",
        "    print('hello')\n\n    print('there')\n",
        "mind this",
        "+0.100 s  worker            line 1",
        "sleep(3)",
        "Measured: 3.0 s",
        "한글",
        "https://docs.python.org/3/",
        f"1  {spell(Run('gather'), locale)}  ",
        f"2  {spell(Compare(('a', 'b')), locale)}",
    ):
        assert words in text
    assert not re.search(r"[ \t]$", text, re.MULTILINE), "no blanks at the ends of lines"
    assert "\n\n\n" not in text


async def test_a_terminal_gets_colour() -> None:
    made = console(terminal=True)
    await shown(made, "en", Reply(EVERYTHING))
    assert ESCAPES.search(output(made))


@pytest.mark.parametrize("terminal", [True, False])
async def test_lines_are_printed_once_as_they_come(*, terminal: bool) -> None:
    made = console(terminal=terminal)
    head = (Heading("T"), Code("x"))
    seen = []
    with Screen(made, "en") as screen:
        for count in range(4):
            parts = (*head, Sequence(LINES[:count], running=True), Picture((TIMELINE,), ""))
            screen.update(Reply(parts, final=False))
            seen.append(output(made).count("line "))
        screen.update(Reply((*head, Sequence(LINES), Picture((TIMELINE,), "")), final=True))
    assert seen[0] == 0
    assert seen[1] < seen[2] < seen[3]
    text = output(made)
    for number in range(3):
        assert text.count(f"line {number}") == 1
    assert text.count("T\n") == 1 or terminal


async def test_only_the_last_picture_stays_in_a_pipe() -> None:
    made = console()
    running = Reply((Heading("T"), Picture((TIMELINE,), "")), final=False)
    final = Reply((Heading("T"), Picture((TIMELINE,), "")))
    await shown(made, "en", running, running, final)
    assert output(made).count("sleep(3)") == 1


async def test_the_place_in_line_is_told_once_each() -> None:
    made = console()
    second, first = (Reply((Heading("T"), Note(f"number {n}")), final=False) for n in (2, 1))
    with Screen(made, "en") as screen:
        for reply in (second, second, first, Reply((Heading("T"),))):
            screen.update(reply)
    assert output(made).count("number 2") == output(made).count("number 1") == 1


HOSTILE = "\x1b[2J\x1b]0;x\x07\u202e\r\n[red]x[/red] :smile: \ud800"


@pytest.mark.parametrize("terminal", [True, False])
async def test_a_hostile_scenario_cannot_steer_the_terminal(*, terminal: bool) -> None:
    made = console(terminal=terminal)
    parts: tuple[Part, ...] = (
        Heading(HOSTILE),
        Code(HOSTILE, "pytb"),
        Sequence((SequenceLine(0.0, HOSTILE, HOSTILE, "stderr"),)),
        Table((HOSTILE,), ((HOSTILE,),)),
        Choices((Choice(HOSTILE, Run("x")),)),
    )
    await shown(made, "en", Reply(parts))
    text = output(made)
    assert "\x1b[2J" not in text
    assert "\x1b]" not in text
    assert "\u202e" not in text
    assert "\r" not in text.replace("\r\n", "") or terminal
    assert "[red]x[/red] :smile:" in text, "markup is text"
    text.encode()


async def test_a_wide_language_stays_in_its_columns() -> None:
    made = console(width=60)
    lines = tuple(SequenceLine(0.0, "한글이름" * 5, "한글 " * 40) for _ in range(2))
    await shown(made, "ko", Reply((Sequence(lines), Text("한글 " * 80))))
    assert max(map(wcswidth, output(made).splitlines())) <= 60


@pytest.mark.parametrize("columns", range(24, 60))
async def test_no_word_of_a_note_is_cut_off_wherever_its_lines_break(columns: int) -> None:
    said = '흔한 오해 — "바로 실행된다"고 생각하기 쉽습니다. 호출은 객체를 만들 뿐입니다.'
    made = console(width=columns)
    await shown(made, "ko", Reply((Note(said),)))
    assert "…" not in output(made)
    assert "".join(output(made).split()) == "·" + "".join(said.split())
