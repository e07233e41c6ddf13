import json
import sys
import unicodedata
from collections import Counter
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcwidth

from bot.text import visible
from bot.text.visible import MOST_COMBINING_MARKS, Fate, fate

EVERY = range(sys.maxunicode + 1)
FREELY = {Fate.SHOWN, Fate.MARK, Fate.JOINER, Fate.SELECTOR}
"""What a code point's fate is that can come out as itself."""

ANYTHING = st.text(st.characters(exclude_categories=()))
BLOCKS = [range(low, low + 0x100) for low in range(0, len(EVERY), 0x100)]
"""All code points, a few at a time: a text of nothing but simple characters is passed at once."""
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mn", "Me", "Mc"}
DIRECTIONS = {"LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"}
HOSTILE = st.text(
    st.one_of(
        st.sampled_from('a1한👩💻❤#क\u094d\u0301\u20e3\u200c\u200d\ufe0f\ufe0e\u1161\u202e\n\t "'),
        st.characters(exclude_categories=()),
    )
)


def test_one_table_over_all_code_points() -> None:
    """What comes out, for every code point there is, is harmless and can be encoded."""
    written = set[str]()
    for block in BLOCKS:
        shown = visible.line("".join(f"a{chr(code)}" for code in block) + "b")
        shown.encode()
        written |= set(shown)
        assert len(shown) <= len(block) * len("a\\U0010ffff") + 1
    assert {fate(ord(it)) for it in written} <= FREELY


@given(ANYTHING | HOSTILE)
def test_a_block_is_its_lines(text: str) -> None:
    untabbed = text.replace("\t", "")
    assert visible.block(untabbed) == "\n".join(map(visible.line, untabbed.split("\n")))
    assert visible.block(f"a\t{text}").startswith("a\t")


def test_nothing_is_shown_that_steers_hides_or_reorders() -> None:
    seen: Counter[Fate] = Counter()
    for code in EVERY:
        character = chr(code)
        kind, category = fate(code), unicodedata.category(character)
        seen[kind] += 1
        if kind is Fate.SHOWN:
            assert category not in HIDDEN, hex(code)
            assert unicodedata.bidirectional(character) not in DIRECTIONS, hex(code)
            assert wcwidth(character) > 0, hex(code)
    assert set(seen) == set(Fate)
    assert seen[Fate.SHOWN] > 100_000


def test_what_is_simple_is_shown() -> None:
    simple = [code for code in EVERY if visible._SIMPLE.fullmatch(chr(code))]
    assert len(simple) > 30_000
    assert {fate(code) for code in simple} == {Fate.SHOWN}


def test_json_means_the_same_for_every_code_point() -> None:
    for block in BLOCKS:
        text = "".join(map(chr, block))
        document = json.dumps({"text": text}, ensure_ascii=False)
        escaped = visible.json_text(document)
        assert json.loads(escaped) == json.loads(json.dumps({"text": text}))
        escaped.encode()
        assert visible.line(escaped) == escaped


@given(ANYTHING | HOSTILE)
def test_json_means_the_same(text: str) -> None:
    document = json.dumps([text, {text: 1}], ensure_ascii=False)
    escaped = visible.json_text(document)
    assert json.loads(escaped) == json.loads(json.dumps([text, {text: 1}]))
    assert visible.line(escaped) == escaped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 한글 🎉", "plain 한글 🎉"),
        ("\x1b[2J\x1b]0;title\x07", "␛[2J␛]0;title␇"),
        ("a\tb", "a    b"),
        ("a\nb\rc", "a␊b␍c"),
        ("\x00\x7f\x9b31m", "␀␡\\x9b31m"),
        ("\u202eevil\u2066\u061c", "\\u202eevil\\u2066\\u061c"),
        ("\u2028\u00a0x\u2800", "\\u2028 x "),
        ("\ud800", "\\ud800"),
        ("\ufeffa\u200bb\u3164c\u00ad", "\\ufeffa\\u200bb\\u3164c\\xad"),
        ("\U000e0041", "\\U000e0041"),
        ("👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3 👍🏽", "👩\u200d💻 ❤\ufe0f 1\ufe0f\u20e3 👍🏽"),
        ("a\u200db", "a\\u200db"),
        ("a\ufe0f", "a\\ufe0f"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f\\ufe0f"),
        ("\u0646\u200c\u0645", "\u0646\u200c\u0645"),
        ("क्\u200dष", "क्\u200dष"),
        ("e\u0301", "e\u0301"),
        ("\u0301", "◌\u0301"),
        ("a" + "\u0301" * 8, "a" + "\u0301" * 6 + "\\u0301" * 2),
        ("ᄒ" + "\u1161" * 7, "ᄒ" + "\u1161" * 6 + "\\u1161"),
    ],
)
def test_examples(text: str, shown: str) -> None:
    assert visible.line(text) == shown
    assert visible.line(shown) == shown


@given(ANYTHING | HOSTILE)
def test_what_came_out_stays_as_it_is(text: str) -> None:
    assert visible.line(visible.line(text)) == visible.line(text)
    assert visible.block(visible.block(text)) == visible.block(text)


@given(HOSTILE)
def test_nothing_is_stacked_high(text: str) -> None:
    for form in (visible.line, visible.block):
        stacked = groupby(form(text), key=lambda it: fate(ord(it)) is Fate.MARK)
        assert all(
            len(list(marks)) <= MOST_COMBINING_MARKS for are_marks, marks in stacked if are_marks
        )


@given(st.text(st.characters(categories=["L", "N", "P"]), max_size=40))
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    harmless = "".join(it for it in text if fate(ord(it)) is Fate.SHOWN)
    assert visible.line(harmless) == harmless


@given(ANYTHING | HOSTILE, st.integers(0, 80))
def test_a_label_is_short_and_on_one_line(text: str, limit: int) -> None:
    label = visible.label(text, limit)
    assert len(label) <= limit
    label.encode()
    assert not set(label) & set("\n\t\r")
    assert all(fate(ord(it)) in FREELY for it in label)


def test_a_label_composes_and_cuts() -> None:
    assert visible.label("  a \n\t b\u00a0", 9) == "a b"
    assert visible.label("한", 9) == "한"
    assert visible.label("abcdef", 4) == "abc…"
    assert visible.label("x" * 10_000_000, 4) == "xxx…"


def test_a_block_keeps_its_lines() -> None:
    assert visible.block("a\n\tb\r\n\x1b") == "a\n\tb␍\n␛"
