"""The worst that each kind of answer can be: each limit of Discord's holds, and nothing is lost."""

from pathlib import Path

import pytest

from bot.languages import LOCALES, Locale
from bot.lessons.files.load import load_folders
from bot.lessons.library import Library
from bot.platforms.discord import pages
from bot.platforms.discord.custom_ids import Chosen
from bot.platforms.discord.forms import FormId
from bot.platforms.discord.own_answers import own_row
from bot.platforms.discord.prediction import form, quiz_rows, quiz_version
from bot.platforms.discord.render import Underway, render
from bot.platforms.discord.replay import replay_items
from bot.platforms.discord.words import DiscordWords
from bot.runner.model import Limits, Outcome
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
    Reply,
    Request,
    Run,
    Table,
    Text,
)
from bot.tutor.run_parts import Measured, Picture, SequenceLine
from bot.tutor.run_parts import Sequence as Printed
from bot.tutor.use_cases.explaining import answer
from tests.contract.test_discord_render import PICTURE, TIMELINE, faults, text_of
from tests.discord_standin.limits import form_faults

LIMITS = Limits()
CHOSEN = Chosen("ko", private=True)
NAME = "n" * 32
FENCES = "```" * 40
MENTIONS = "@everyone <@1> " * 40


def _printed(text: str, *, lanes: int = 1) -> Printed:
    """Return as many lines as a run may print, each as long as one may be."""
    length = LIMITS.output_bytes // LIMITS.output_lines
    line = (text * length)[:length]
    return Printed(
        tuple(SequenceLine(n / 100, f"task {n % lanes}", line) for n in range(LIMITS.output_lines))
    )


WORST: dict[str, tuple[Part, ...]] = {
    "a title without an end": (Heading("t" * 10_000),),
    "a chapter of text": (Text("word " * 40_000),),
    "text that is one word": (Text("w" * 200_000),),
    "a list of a thousand items": (Text("\n".join(f"- item {n}" for n in range(1_000))),),
    "notes of every tone": tuple(
        Note("n" * 3_000, tone) for tone in ("info", "good", "warning", "error")
    ),
    "a file of code": (Code("\n".join(f"x{n} = {n}" for n in range(5_000)), "python"),),
    "code that is one line": (Code("x" * 64 * 1024, "python"),),
    "all that a run may print": (_printed("x"),),
    "all of it fences": (_printed(FENCES),),
    "all of it mentions": (_printed(MENTIONS),),
    "all of it wide": (_printed("가"),),
    "all of it surrogates": (_printed("\ud800"),),
    "lines of a thousand lanes": (_printed("x", lanes=1_000),),
    "a traceback of recursion": (Code('  File "main.py", line 1\n    f()\n' * 1_000, "pytb"),),
    "a picture with a long description": (Picture((TIMELINE,), "d" * 50_000),),
    "a table of many rows": (Table(("name", "a", "b"), (("r" * 300, "1", "2"),) * 500),),
    "a prediction of many lines": (
        Table(("", "time", "guess", "real"), (("✗", "+0.001", "g" * 300, "r" * 300),) * 500),
    ),
    "sixty ways on": (Choices(tuple(Choice("c" * 300, Run(f"{NAME}{n}")) for n in range(60))),),
    "a course of a hundred lessons": (
        Choices(tuple(Choice("l" * 300, ListLessons(f"{NAME}{n}")) for n in range(100))),
    ),
    "a comparison that no button holds": (
        Choices((Choice("all", Compare(tuple(f"{NAME}{n}" for n in range(5)))),)),
    ),
    "twenty pages to read on": tuple(
        PageLink("p" * 300, f"https://docs.python.org/{n}") for n in range(20)
    ),
    "a hundred parts": tuple(Text(f"part {n}") for n in range(100)),
    "everything at once": (
        Heading("t" * 10_000),
        Text("word " * 10_000),
        Code("x = 1\n" * 5_000, "python"),
        _printed(FENCES, lanes=30),
        Picture((TIMELINE,), "d" * 5_000),
        Measured("m" * 500, Outcome.OK, 3.0),
        Table(("name", "a"), (("row", "1"),) * 500),
        Choices(tuple(Choice("c" * 300, Explain(f"{NAME}{n}")) for n in range(60))),
        PageLink("Python", "https://docs.python.org/3/"),
    ),
}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("case", WORST)
async def test_the_worst_of_each_kind_is_taken_by_discord(case: str, locale: Locale) -> None:
    for final in (False, True):
        again = Choice("again", Run(NAME))
        reply = Reply(WORST[case], final=final)
        below = own_row(
            Run(NAME),
            locale,
            final=final,
            private=False,
            shareable=True,
            report="https://example.org/",
            first=replay_items(reply, Run(NAME), DiscordWords(locale), CHOSEN),
        )
        message = render(
            reply, locale, picture=PICTURE, underway=Underway(1_800_000_000, again), below=below
        )
        assert faults(message) == []


@pytest.mark.parametrize("case", [name for name in WORST if name.startswith(("all", "lines"))])
async def test_what_a_run_printed_is_whole_in_its_file_and_on_its_pages(case: str) -> None:
    (part,) = WORST[case]
    assert isinstance(part, Printed)
    message = render(Reply((part,)), "en")
    (file,) = message.attachments
    text = file.data.decode()
    assert text.count("│") == LIMITS.output_lines
    count = len(pages.split(text))
    for page in (0, count - 1, count):
        assert faults(pages.render_page(text, page, DiscordWords("en"))) == []


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_longest_quiz_and_its_form(locale: Locale) -> None:
    words = DiscordWords(locale)
    lines = tuple(f"{n} " + "l" * 400 for n in range(60))
    quiz = Quiz(
        NAME,
        tuple(n / 10 for n in range(40)),
        lines,
        decoys=True,
        endings=tuple(Ending(f"{NAME}{n}", "e" * 300) for n in range(12)),
        orders=tuple(lines[n:] + lines[:n] for n in range(4)),
    )
    reply = Reply((Heading("t" * 300), Code("x" * 20_000), quiz))
    assert faults(render(reply, locale, extra=quiz_rows(quiz, words, locale))) == []
    asked = FormId("guess", quiz.scenario, quiz_version(quiz), locale)
    opened = form(reply, quiz, words, asked).to_dict()
    assert form_faults(dict(opened), 2) == []


@pytest.fixture(scope="module")
def library() -> Library:
    """The course."""
    return Library(load_folders([Path(__file__).parents[2] / "lessons"]).lessons)


@pytest.mark.parametrize("locale", LOCALES)
async def test_everything_to_read_of_the_course_fits_into_one_message(
    library: Library, locale: Locale
) -> None:
    requests: list[Request] = [
        Help(),
        ListLessons(),
        *(ListLessons(it.id) for it in library.lessons),
    ]
    requests += [Explain(concept.id) for it in library.lessons for concept in it.concepts]
    assert len(requests) > 50
    for request in requests:
        reply = answer(library, request, locale, "https://learn.example")
        below = own_row(
            request,
            locale,
            final=True,
            private=False,
            shareable=True,
            report="https://example.org/",
        )
        message = render(reply, locale, below=below)
        assert faults(message) == [], request
        assert message.attachments == (), f"{request} was cut"
        assert text_of(message)
