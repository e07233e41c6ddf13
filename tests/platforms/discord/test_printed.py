from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.discord import printed
from bot.platforms.discord.words import DiscordWords
from bot.tutor.run_parts import Sequence, SequenceLine

PHONE = 36
"""Columns of a code block on a phone of 375 px, at most."""
ENGLISH = DiscordWords("en")


def shown(*lines: SequenceLine, **options: Any) -> list[str]:
    return [it.text() for it in printed.sequence(Sequence(lines, **options), ENGLISH)]


def test_a_line_has_its_moment_and_nothing_more_where_one_lane_prints() -> None:
    assert shown(SequenceLine(0.001, "main", "a"), SequenceLine(12.345, "main", "b")) == [
        "```\n 0.00│a\n12.35│b\n```"
    ]
    assert shown(SequenceLine(0.0, "", "oh", "stderr"), running=True) == ["```\n0.00!oh\n…\n```"]


def test_of_several_lanes_each_line_has_a_letter_that_is_explained() -> None:
    lines = (
        SequenceLine(0.0, "async_task_1", "one"),
        SequenceLine(0.0, "async_task_2", "two"),
        SequenceLine(3.0, "async_task_1", "three"),
    )
    legend, block = shown(*lines)
    assert legend == "-# **a** `async_task_1` · **b** `async_task_2`"
    assert block == "```\n0.00 a│one\n0.00 b│two\n3.00 a│three\n```"


def test_many_lanes_keep_their_columns() -> None:
    legend, block = shown(*(SequenceLine(0.0, f"task #{n}", "x") for n in range(40)))
    assert legend.endswith("…")
    assert {line.index("│") for line in block.split("\n")[1:-1]} == {len("0.00 aa")}
    assert len(set(block.split("\n")[1:-1])) == 40


def test_a_table_is_a_list() -> None:
    (item,) = printed.table(
        ("scenario", "measured", "saved"), (("sync_1", "5.003 s", ""), ("b", "", "0 %")), ENGLISH
    )
    assert item.text() == "- `sync_1`: measured **5.003 s**\n- `b`: saved **0 %**"


def test_a_prediction_is_two_short_lines_where_it_was_wrong() -> None:
    rows = (
        ("✗", "+0.001", "async_task_2 waits 2 s", "async_task_1 waits 3 s"),
        ("✓", "+3.005", "async_task_1 resumed", "async_task_1 resumed"),
        ("✗", "", "never", ""),
    )
    legend, block = printed.table(("", "time", "your prediction", "reality"), rows, ENGLISH)
    assert legend.text() == "-# ✗ your prediction · 0.00│reality"
    lines = block.text().split("\n")[1:-1]
    assert lines == [
        "✗ async_task_2 waits 2 s",
        "  0.00│async_task_1 waits 3 s",
        "✓ 3.00│async_task_1 resumed",
        "✗ never",
        "  —│—",
    ]
    assert max(map(printed.width, lines)) <= PHONE


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("Explain: asyncio.create_task()", "Explain: asyncio.create_task()"),
        ("Run: gather — registered in one go, 3 seconds", "Run: gather"),
        ("Next lesson: How a program ends, and lost exceptions", "Next lesson: How a program…"),
        ("Next lesson: Threads, compared with tasks", "Next lesson: Threads…"),
        ("다음 강의: 프로그램이 끝나는 방식과 사라진 예외", "다음 강의: 프로그램이 끝나는…"),
        ("x" * 50, "x" * 29 + "…"),
    ],
)
def test_a_label_is_cut_at_its_explanation_or_at_a_word(label: str, short: str) -> None:
    assert printed.short_label(label) == short


@given(st.text())
def test_no_label_is_wider_than_a_button(label: str) -> None:
    assert printed.width(printed.short_label(label)) <= printed.LABEL_COLUMNS


def test_a_label_of_any_length_is_cut_without_measuring_each_of_its_beginnings() -> None:
    assert printed.short_label("한" * 100_000) == "한" * 14 + "…"
