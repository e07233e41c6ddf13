import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.discord import escape

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@given(st.text(st.characters(exclude_categories=())))
def test_nothing_invisible_or_harmful_is_left(text: str) -> None:
    for escaped in (escape.code(text), escape.prose(text), escape.one_line(text)):
        assert not CONTROLS.search(escaped)
        escaped.encode()


@given(st.text("`\n a"))
def test_code_can_never_end_its_block(text: str) -> None:
    assert "``" not in escape.code(text)


@given(st.text("@<>!&#/:0123 everyonehere`"))
def test_no_mention_is_left(text: str) -> None:
    for escaped in (escape.code(text), escape.prose(text)):
        assert not re.search(r"<@[!&]?\d|<#\d|@everyone|@here", escaped)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("a\x00b", "a␀b"),
        ("\u202eabc", "\\u202eabc"),
        ("코루틴 👩‍👧", "코루틴 👩‍👧"),
        ("tab\tnew\nline", "tab\tnew\nline"),
    ],
)
def test_what_cannot_be_seen_is_shown(text: str, shown: str) -> None:
    assert escape.code(text) == shown


def test_an_open_fence_is_closed() -> None:
    assert escape.prose("```py\nx").endswith("\n```")


@given(st.text(), st.integers(2, 50))
def test_clipping_keeps_to_its_limit(text: str, limit: int) -> None:
    assert escape.size(escape.clip(text, limit)) <= limit
    assert escape.size(escape.clip_middle(text, limit)) <= limit
    if escape.size(text) <= limit:
        assert escape.clip(text, limit) == escape.clip_middle(text, limit) == text


def test_commands_can_be_clicked_where_their_ids_are_known() -> None:
    ids = {"run": 7, "help": 8}
    assert escape.mentioned("Type `/run gather` or `/help`.", ids) == (
        "Type </run:7> `gather` or </help:8>."
    )
    for kept in ("`/juggle`", "```\n`/run`\n```", "``/run``", "/run", "`x /run`"):
        assert escape.mentioned(kept, ids) == kept
