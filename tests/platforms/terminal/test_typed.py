"""What only a terminal understands; the commands are tested with the grammar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.terminal.chat import Choose, meaning
from bot.tutor.grammar import Nothing, parse
from bot.tutor.model import Explain, Run


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("3", Choose(3)),
        (" 12 ", Choose(12)),
        ("12345", Explain("12345")),
        ("# a comment in a file of commands", Nothing()),
        ("", Nothing()),
        ("/실행 gather", Run("gather")),
    ],
)
def test_what_a_line_means(line: str, wanted: object) -> None:
    assert meaning(line) == wanted


@given(st.text())
def test_no_line_breaks_it(line: str) -> None:
    found = meaning(line)
    assert isinstance(found, Choose | Nothing) or found == parse(line)
    meaning(f"/{line}")
