import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.terminal.harmless import harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 한글 🎉", "plain 한글 🎉"),
        ("\x1b[2J\x1b]0;title\x07", "␛[2J␛]0;title␇"),
        ("a\tb", "a    b"),
        ("a\nb\rc", "a␊b␍c"),
        ("\x00\x7f\x9b31m", "␀␡\ufffd31m"),
        ("\u202eevil\u2066", "\ufffdevil\ufffd"),
        ("\u2028\u00a0x", "\ufffd x"),
        ("\ud800", "\ufffd"),
        ("👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_what_steers_a_terminal_becomes_visible(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_steers_and_everything_can_be_encoded(text: str) -> None:
    shown = harmless(text)
    shown.encode()
    assert all(c.isprintable() or c in "\u200c\u200d" for c in shown)
    assert harmless(shown) == shown


@given(st.text(st.characters(categories=["L", "N", "P"])))
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
