"""Whatever a reply holds, its message keeps Discord's limits and schema."""

import json
import os
import re
from typing import Any

import pytest
from discord import AllowedMentions
from discord.http import handle_message_parameters
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.lessons.model import LOCALES, Locale
from bot.platforms.discord import pages
from bot.platforms.discord.custom_ids import Chosen
from bot.platforms.discord.forms import FormId
from bot.platforms.discord.own_answers import own_row
from bot.platforms.discord.prediction import form, quiz_of, quiz_rows, quiz_version
from bot.platforms.discord.render import Rendered, Underway, file, render
from bot.platforms.discord.words import DiscordWords
from bot.runner.model import Outcome
from bot.timeline.model import Measure, Timeline
from bot.tutor.forms import Ending, Quiz
from bot.tutor.model import (
    Choice,
    Choices,
    Code,
    Compare,
    Explain,
    Heading,
    Help,
    ListLessons,
    Note,
    PageLink,
    Part,
    Predict,
    Reply,
    Run,
    Table,
    Text,
)
from bot.tutor.run_parts import Measured, Picture, SequenceLine
from bot.tutor.run_parts import Sequence as Printed
from tests.discord_standin.description import described
from tests.discord_standin.limits import components, form_faults, message_faults

PICTURE = b"\x89PNG\r\n\x1a\n"
TIMELINE = Timeline("gather", (), 3.0, Measure(3.0, 5.0, 3.0, waited=3.0))
NASTY = (
    "```",
    "`" * 7,
    "``` @everyone ```py",
    "@everyone @here <@123> <@!123> <@&123> <#123> </run:123> <t:1:R> <id:customize>",
    "\x00\x1b[31mred\x1b[0m\x07",
    "\u202eright to left\u2066\u200f",
    "한국어 문장입니다. " * 20,
    "👩‍👩‍👧‍👦🏳️‍🌈" * 40,
    "x" * 5_000,
    "> # ## - * _ ~~ || [a](https://b) \\",
    "\u200b\u3164\u00ad\ufeff",
    "\r\x0b\x0c\u2028\u2029\x85",
    "",
    " \t ",
    "\ud800",
    "<@" + "\u2060" + "1>",
    "```\n" * 30,
)
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=60),
    st.lists(st.sampled_from(NASTY), max_size=6).map("".join),
)
names = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)
requests = st.one_of(
    st.builds(Help),
    st.builds(ListLessons, st.one_of(st.just(""), names, texts)),
    st.builds(Explain, st.one_of(names, texts)),
    st.builds(Run, names),
    st.builds(Predict, names),
    st.builds(Compare, st.lists(names, min_size=2, max_size=5).map(tuple)),
)
choices = st.builds(Choices, st.lists(st.builds(Choice, texts, requests), max_size=60).map(tuple))
sequences = st.builds(
    Printed,
    st.lists(
        st.builds(
            SequenceLine,
            st.floats(0, 1e6),
            texts,
            texts,
            st.sampled_from(["stdout", "stderr"]),
        ),
        max_size=200,
    ).map(tuple),
    st.booleans(),
)
rows = st.lists(st.lists(texts, max_size=6).map(tuple), max_size=20).map(tuple)
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Heading, texts),
    st.builds(Text, texts),
    st.builds(Note, texts, st.sampled_from(["info", "good", "warning", "error"])),
    st.builds(Code, texts, st.sampled_from(["python", "text", "```"])),
    sequences,
    st.builds(Measured, texts, st.sampled_from(Outcome), st.floats(0, 100)),
    st.builds(Picture, st.just((TIMELINE,)), texts),
    st.builds(Table, st.lists(texts, max_size=6).map(tuple), rows),
    choices,
    st.builds(PageLink, texts, st.sampled_from(["https://docs.python.org/3/", "javascript:x"])),
)
replies = st.builds(
    Reply,
    st.lists(parts, max_size=25).map(tuple),
    final=st.booleans(),
    attachment=st.one_of(st.just(""), texts),
)
quizzes = st.builds(
    Quiz,
    names,
    st.lists(st.floats(0, 60).map(lambda time: round(time, 2)), max_size=40).map(
        lambda times: tuple(sorted(times))
    ),
    st.lists(texts, max_size=45).map(tuple),
    st.booleans(),
    st.lists(st.builds(Ending, st.uuids().map(str), texts), max_size=12).map(tuple),
    st.lists(st.lists(texts, max_size=10).map(tuple), max_size=12).map(tuple),
)
locales = st.sampled_from(LOCALES)
hard = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def faults(message: Rendered) -> list[str]:
    """Return what Discord would refuse about `message`, as discord.py would send it."""
    with handle_message_parameters(
        view=message.view,
        attachments=[file(each) for each in message.attachments],
        previous_allowed_mentions=AllowedMentions.none(),
    ) as sent:
        payload: Any = sent.payload
        if payload is None:
            assert sent.multipart is not None
            payload = json.loads(sent.multipart[0]["value"])
    found = message_faults(payload, {each.name: each.data for each in message.attachments})
    if described_at := os.environ.get("DISCORD_OPENAPI"):
        path = "/webhooks/1/t/messages/@original"
        found += described(described_at).faults("PATCH", path, payload)
    return found


def text_of(message: Rendered) -> str:
    """Return all text of a message."""
    payload = {"components": message.view.to_components()}  # type: ignore[no-untyped-call]  # discord.py has no type here
    return "\n".join(each["content"] for each in components(payload) if each["type"] == 10)


@hard
@given(reply=replies, locale=locales, drawn=st.booleans(), again=requests)
async def test_every_reply_keeps_the_limits(
    *, reply: Reply, locale: Locale, drawn: bool, again: Any
) -> None:
    underway = Underway(1_800_000_000, Choice("again", again))
    picture = PICTURE if drawn else None
    for private in (False, True):
        below = own_row(
            again,
            locale,
            final=reply.final,
            private=private,
            shareable=private,
            report="https://example.org/issues",
        )
        chosen = Chosen(locale, private=private)
        message = render(
            reply, locale, picture=picture, underway=underway, below=below, chosen=chosen
        )
        assert faults(message) == []


@hard
@given(quiz=quizzes, locale=locales, code=texts)
async def test_every_quiz_and_its_form_keep_the_limits(
    quiz: Quiz, locale: Locale, code: str
) -> None:
    words = DiscordWords(locale)
    reply = Reply((Heading("Predict"), Code(code), quiz))
    message = render(reply, locale, extra=quiz_rows(quiz, words, locale))
    assert faults(message) == []
    assert quiz_of(reply) is quiz
    if quiz.times or quiz.orders or quiz.endings:
        asked = FormId("guess", quiz.scenario, quiz_version(quiz), locale)
        opened: Any = form(reply, quiz, words, asked).to_dict()
        assert form_faults(opened, 3) == []


@hard
@given(text=st.lists(texts, max_size=40).map("\n".join), page=st.integers(0, 9999))
async def test_every_page_of_an_output_keeps_the_limits(text: str, page: int) -> None:
    assert faults(pages.render_page(text, page, DiscordWords("en"))) == []


@pytest.mark.parametrize("text", NASTY)
async def test_output_stays_in_its_code_block(text: str) -> None:
    reply = Reply((Printed((SequenceLine(0.0, "main", text), SequenceLine(1.0, "main", "end"))),))
    shown = text_of(render(reply, "en"))
    assert shown.count("```") == 2
    assert shown.startswith("```")
    assert re.search(r"```(\n-# .*)?$", shown)


async def test_two_hundred_lines_of_five_thousand_characters() -> None:
    lines = tuple(SequenceLine(n / 100, "main", f"{n} " + "가" * 5_000) for n in range(200))
    reply = Reply((Heading("gather"), Printed(lines)))
    message = render(reply, "ko")
    assert faults(message) == []
    file = message.attachments[0].data.decode()
    assert file == "\n".join(f"{line.at:.2f}│{line.text}" for line in lines)
    shown = text_of(message)
    assert "줄 생략" in shown
    assert "│0 가" in shown
    assert "│199 가" in shown


async def test_what_was_cut_is_whole_in_the_file() -> None:
    lines = tuple(SequenceLine(n, f"task {n % 20}", "x" * 500) for n in range(20))
    prose = "\n".join(f"- because of {n}, " + "y" * 60 for n in range(90))
    printed = render(Reply((Heading("a"), Printed(lines), Text("short"))), "en")
    file = printed.attachments[0].data.decode()
    assert file.startswith("a = task 0\nb = task 1\n")
    assert "t = task 19\n" in file, "a message has room for twelve"
    assert "short" not in file
    explained = render(Reply((Heading("a"), Printed(lines), Text(prose))), "en")
    assert prose in explained.attachments[0].data.decode()
    compared = render(Reply((Heading("a"), Text(prose)), attachment="all output"), "en")
    assert compared.attachments[0].data.decode() == f"a\n\n{prose}\n\nall output"


async def test_a_tracebacks_marks_stand_under_lines_that_fit() -> None:
    traceback = f"    a.b()\n    ^^^\n    {'c' * 40}()\n    {'^' * 40}~~\nKeyError"
    shown = text_of(render(Reply((Code(traceback, "pytb"),)), "en"))
    assert "    ^^^\n" in shown
    assert "^" * 40 not in shown
    assert "c" * 40 in shown


async def test_short_replies_are_shown_as_they_are() -> None:
    reply = Reply((Heading("gather"), Text("one *two*"), Code("print(1)\n"), Note("so", "good")))
    message = render(reply, "en")
    assert text_of(message) == "## gather\none *two*\n```py\nprint(1)\n```\n✅ so"
    assert message.attachments == ()


async def test_a_choice_that_no_button_can_hold_is_a_command_to_type() -> None:
    long = tuple(f"{'a' * 31}{n}" for n in range(5))
    message = render(Reply((Choices((Choice("all", Compare(long)),)),)), "en")
    assert f"/compare {' '.join(long)}" in text_of(message)
