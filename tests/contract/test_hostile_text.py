"""One border for hostile text: whatever a scenario prints, no platform shows what does harm."""

import html
import io
import logging
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.observe.logs import set_up_logging
from bot.platforms.discord import escape
from bot.platforms.discord.blocks import Fence, Prose
from bot.platforms.terminal.screen import Screen
from bot.platforms.web.render import HtmlRenderer
from bot.runner.model import Outcome
from bot.text.visible import Fate, fate
from bot.tutor.model import Code, Heading, Note, Part, Reply, Text
from bot.tutor.run_parts import Measured, Sequence, SequenceLine
from tests.platforms.terminal.terminals import console, output

ANYTHING = st.text(st.characters(exclude_categories=()))
CHUNK = 0x1000
FREELY = {Fate.SHOWN, Fate.MARK, Fate.JOINER, Fate.SELECTOR}
"""What a code point's fate is that can come out as itself."""


@cache
def _special_codes() -> list[int]:
    """All code points that something could be wrong with, and a sample of those that are alike.

    That the border holds for each and every one, the tests of bot/text/visible.py show; here it
    is whether each platform passes everything through it.
    """
    kinds = [(fate(code), unicodedata.category(chr(code))) for code in range(sys.maxunicode + 1)]
    return [
        code
        for code, (kind, category) in enumerate(kinds)
        if (kind is not Fate.SHOWN and category not in {"Cn", "Co"})
        or code % 61 == 0
        or kinds[code - 1] != kinds[code]
    ]


def parts_of(text: str) -> tuple[Part, ...]:
    """An answer in which a scenario's text stands wherever one can."""
    return (
        Heading(text),
        Text(text),
        Note(text),
        Code(text, "text"),
        Sequence((SequenceLine(0.0, text[:40], text),)),
        Measured(text, Outcome.OK, 1.0),
    )


def terminal(text: str) -> str:
    made = console(width=100)
    with Screen(made, "en") as screen:
        screen.update(Reply(parts_of(text)))
    return output(made)


def web(text: str) -> str:
    shown = HtmlRenderer("en").parts(parts_of(text))
    return html.unescape(re.sub(r"<[^>]*>", "", shown))


def discord(text: str) -> str:
    fence = Fence(tuple(text.split("\n")))
    prose = Prose(text)
    whole = [fence.text(), fence.shortened(2_000), prose.text(), prose.shortened(2_000)]
    return "\n".join([*whole, escape.one_line(text), escape.plain(text)]).replace(escape.JOINER, "")


def log_for_people(text: str) -> str:
    return _logged("console", text)


def log_for_machines(text: str) -> str:
    return _logged("json", text)


def _logged(style: str, text: str) -> str:
    stream = io.StringIO()
    set_up_logging(level="info", style="json" if style == "json" else "console", stream=stream)
    structlog.get_logger("bot.x").warning("it", cause=text)
    logging.getLogger("library").warning("%s", text)
    return stream.getvalue()


@pytest.fixture(autouse=True, scope="module")
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = handlers, level


EVERYWHERE = pytest.mark.parametrize(
    "show", [terminal, web, discord, log_for_people, log_for_machines], ids=lambda it: it.__name__
)


def harmless(shown: str) -> bool:
    """Whether all of it can be encoded, and none of it steers, hides or turns what is around it."""
    shown.encode()
    return {fate(ord(it)) for it in set(shown) - set("\n\t")} <= FREELY


@EVERYWHERE
def test_no_code_point_does_harm_anywhere(show: Callable[[str], str]) -> None:
    codes = _special_codes()
    assert len(codes) > 20_000
    for at in range(0, len(codes), CHUNK):
        text = "".join(f"a{chr(code)}b" for code in codes[at : at + CHUNK])
        assert harmless(show(text)), f"{codes[at]:#x}"


@EVERYWHERE
@settings(deadline=None, max_examples=50)
@given(text=ANYTHING)
def test_no_text_does_harm_anywhere(show: Callable[[str], str], text: str) -> None:
    assert harmless(show(text))


@EVERYWHERE
def test_a_stack_of_marks_stays_on_its_line(show: Callable[[str], str]) -> None:
    assert "\u0301" * 7 not in show("a" + "\u0301" * 500)
