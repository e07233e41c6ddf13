"""The grammar: what is spelt is read back, nothing breaks it, and all its tolerances hold."""

import re
import unicodedata
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.lessons.model import LOCALES, Locale
from bot.tutor.command import Asked, Leave, SwitchLanguage, folded
from bot.tutor.commands import COMMANDS, REQUESTS, answer_to, command_named, command_of
from bot.tutor.forms import Guess
from bot.tutor.grammar import (
    LONGEST_LINE,
    LONGEST_NAME,
    Meaning,
    Misunderstood,
    Nothing,
    address,
    ask,
    from_address,
    parse,
    same_but,
    spell,
)
from bot.tutor.model import Compare, Explain, Help, ListLessons, Predict, Request, Run, Try
from bot.tutor.words import words
from tests.tutor.answers import HANGUL

ROOT = Path(__file__).parents[2]

NAMES = st.one_of(
    st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True),
    st.from_regex(r"[가-힣]{1,10}( [가-힣]{1,10})?", fullmatch=True),
    st.text(min_size=1, max_size=LONGEST_NAME).filter(str.strip),
)
REQUEST: st.SearchStrategy[Request] = st.one_of(
    st.just(Help()),
    st.just(ListLessons()),
    NAMES.map(ListLessons),
    NAMES.map(Explain),
    NAMES.map(Run),
    NAMES.map(Predict),
    st.lists(NAMES, min_size=2, max_size=5).map(lambda found: Compare(tuple(found))),
)
ASKED: st.SearchStrategy[Asked] = st.one_of(
    REQUEST, st.just(Leave()), st.sampled_from(LOCALES).map(SwitchLanguage)
)
LINES = st.one_of(
    st.text(max_size=300),
    st.tuples(
        st.sampled_from([name for command in COMMANDS for name in command.names]),
        st.text(
            alphabet=st.sampled_from("ab =:,，、-\"'`“”\\/\u3000\u200b\ud800한\n"), max_size=60
        ),
    ).map(lambda two: f"/{two[0]} {two[1]}"),
)


@given(ASKED, st.sampled_from(LOCALES))
@example(Try(origin="f(x); y"), "en")
def test_what_is_spelt_is_read_back(asked: Asked, locale: Locale) -> None:
    assert parse(spell(asked, locale)) == asked
    assert parse(f"  {spell(asked, locale)} ") == asked


@given(ASKED, st.sampled_from(LOCALES))
def test_a_composed_and_a_decomposed_command_are_the_same(asked: Asked, locale: Locale) -> None:
    command, _, rest = spell(asked, locale).partition(" ")
    assert parse(f"{unicodedata.normalize('NFD', command)} {rest}") == asked
    assert parse(f"{command.upper()} {rest}") == asked
    assert parse(f"{command.removeprefix('/')} {rest}") == asked or not rest


@given(LINES)
@example("/드 ;")
def test_no_line_breaks_it(line: str) -> None:
    meaning = parse(line)
    assert isinstance(meaning, get_args(Meaning))
    if isinstance(meaning, Misunderstood):
        for locale in LOCALES:
            sentence = words(locale).commands.sentence(meaning)
            assert len(sentence) < 400 + LONGEST_LINE
        if meaning.instead is not None:
            assert parse(spell(meaning.instead, "ko")) == meaning.instead
    elif isinstance(meaning, Try) and meaning.code:
        assert parse(spell(meaning, "en")) == Try(), "code has no spelling of its own"
    elif not isinstance(meaning, Nothing):
        assert parse(spell(meaning, "en")) == meaning


@given(REQUEST)
def test_every_request_has_an_address_that_leads_back(request: Request) -> None:
    path = address(request)
    assert path.isascii()
    names = "".join(command_of(request).names_in(request))
    if names.isprintable():  # lone surrogates have no place in an address
        assert from_address(path) == request


@given(st.text(max_size=400))
def test_whatever_is_put_in_an_address_is_understood_or_refused(text: str) -> None:
    found = from_address(text)
    assert found is None or isinstance(found, get_args(Request))


@pytest.mark.parametrize(
    "path",
    [
        "/run",
        "/run/",
        "/",
        "/nothing/x",
        "/compare/one",
        "//",
        "/../x",
        "/lang/ko",
        "/quit",
        "/%ff",
    ],
)
def test_addresses_that_ask_nothing(path: str) -> None:
    assert from_address(path) is None


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("/run gather", Run("gather")),
        ("run gather", Run("gather")),
        ("  /RUN   create task ", Run("create task")),
        ("/run create task", Run("create task")),
        ("/실행 gather", Run("gather")),
        ("실행 gather", Run("gather")),
        ("／ＲＵＮ\u3000ｇａｔｈｅｒ", Run("gather")),
        ("/ run gather", Run("gather")),
        ("\ufeff/run\u200b gather", Run("gather")),
        ("/run/gather", Run("gather")),
        ("/%EC%8B%A4%ED%96%89/gather", Run("gather")),
        ("/run `gather`", Run("gather")),
        ("/run “create task”", Run("create task")),
        ("/run scenario=gather", Run("gather")),
        ("/run scenario: gather", Run("gather")),
        ("/실행 시나리오:gather", Run("gather")),
        ("/explain asyncio:run", Explain("asyncio:run")),
        ("/explain 코루틴", Explain("코루틴")),
        ("/설명 이벤트 루프", Explain("이벤트 루프")),
        ("/설명 코루틴", Explain("코루틴")),
        ("/predict gather", Predict("gather")),
        ("/예측 gather", Predict("gather")),
        ("/compare sync gather", Compare(("sync", "gather"))),
        ("/compare sync,gather", Compare(("sync", "gather"))),
        ("compare sync, gather", Compare(("sync", "gather"))),
        ("/compare/sync,gather", Compare(("sync", "gather"))),
        ("/비교 sync, gather,thread", Compare(("sync", "gather", "thread"))),
        ("/비교 sync， gather、thread", Compare(("sync", "gather", "thread"))),
        ("/비교 sync gather", Compare(("sync", "gather"))),
        ('/compare "create task" gather', Compare(("create task", "gather"))),
        ("/compare first=sync second=gather", Compare(("sync", "gather"))),
        ("/lessons", ListLessons()),
        ("lessons", ListLessons()),
        ("/강의", ListLessons()),
        ("/강의 tasks", ListLessons("tasks")),
        ("/수업 tasks", ListLessons("tasks")),
        ("/수업 await", ListLessons("await")),
        ("/help", Help()),
        ("/도움말 whatever", Help()),
        ("/lang ko", SwitchLanguage("ko")),
        ("/언어 영어", SwitchLanguage("en")),
        ("/lang English", SwitchLanguage("en")),
        ("/quit", Leave()),
        ("/끝", Leave()),
        ("/q", Leave()),
        ("coroutine", Explain("coroutine")),
        ("https://a.example/run", Explain("https://a.example/run")),
        ("코루틴", Explain("코루틴")),
        ("what is a task", Explain("what is a task")),
        ("what's a task=1?", Explain("what's a task=1?")),
        ("", Nothing()),
        ("   ", Nothing()),
        ("\u200b", Nothing()),
        (", ,", Nothing()),
    ],
)
def test_what_a_line_means(typed: str, wanted: Meaning) -> None:
    assert parse(typed) == wanted


@pytest.mark.parametrize(
    ("line", "why", "hint"),
    [
        ("/rnu gather", "unknown", "`/run gather`"),
        ("/lesons tasks", "unknown", "`/lessons tasks`"),
        ("/싱행 gather", "unknown", "`/run gather`"),
        ("/rnu", "unknown", "`/run gather`"),
        ("/xyzzy", "unknown", "`/help`"),
        ("/dance", "unknown", "no command `/dance`"),
        ("/", "unknown", "`/help`"),
        ("/run", "missing", "name of a scenario, as in `/run gather`"),
        ('/run ""', "missing", "`/run gather`"),
        ("/explain", "missing", "`/explain coroutine`"),
        ("/compare", "missing", "`/compare sync gather`"),
        ("/compare one", "count", "2 to 5 different scenarios"),
        ("/compare a b c d e f", "count", "`/compare sync gather`"),
        ("/run gather, sync", "several", "side by side: `/compare gather sync`"),
        ("/explain task, future", "several", "`/explain task`"),
        ("/run gather tasks=5", "argument", "no argument `tasks`. Type `/run gather`"),
        ("/run tasks=5", "argument", "`/run gather`"),
        ("/run --json gather", "argument", "no argument `json`"),
        ("/help tasks=5", "argument", "Type `/help`"),
        ("/lang", "language", "`/lang en`"),
        ("/lang klingon", "language", "`/lang ko`"),
        ("/" + "x" * LONGEST_LINE, "long", "too long"),
        ("x" * (LONGEST_NAME + 1), "long", "too long"),
        ("/run " + "x" * (LONGEST_NAME + 1), "long", "too long"),
        ("/run " + "a=b " * 250, "argument", "no argument `a`"),
    ],
)
def test_what_is_misunderstood_gets_a_hint(line: str, why: str, hint: str) -> None:
    found = parse(line)
    assert isinstance(found, Misunderstood)
    assert found.why == why
    assert hint in words("en").commands.sentence(found)
    assert len(words("en").commands.sentence(found)) < 300
    assert HANGUL.search(words("ko").commands.sentence(found))


def test_arguments_of_their_own_are_parted_by_commas_only() -> None:
    compare, run = command_named("compare"), command_named("run")
    assert compare is not None
    assert run is not None
    assert ask(compare, ["create task", "gather"]) == Compare(("create task", "gather"))
    assert ask(compare, ["sync,gather", "thread"]) == Compare(("sync", "gather", "thread"))
    assert ask(run, ["create task"]) == Run("create task")
    assert isinstance(ask(run, ["  "]), Misunderstood)


def test_a_guess_is_not_part_of_a_command() -> None:
    assert spell(Predict("x", Guess(1.0, ())), "en") == "/predict x"
    assert answer_to(Predict("x", Guess(1.0, ()))) == "run"
    assert answer_to(Predict("x")) == "quiz"


def test_one_name_is_replaced_and_all_else_stays() -> None:
    guess = Guess(1.0, ("a",))
    assert same_but(Predict("gahter", guess), "gahter", "gather") == Predict("gather", guess)
    assert same_but(Compare(("a", "b")), "b", "c") == Compare(("a", "c"))
    assert same_but(ListLessons("x"), "x", "y") == ListLessons("y")


def test_the_table_holds_what_discord_demands_of_commands() -> None:
    said = [name for command in COMMANDS for name in command.names]
    assert len(set(map(folded, said))) == len(said)
    for command in REQUESTS:
        for locale in LOCALES:
            assert re.fullmatch(r"[\w-]{1,32}", command.name.text(locale))
            assert 1 <= len(command.about.text(locale)) <= 100
        for name in command.argument.names if command.argument else ():
            assert re.fullmatch(r"[a-z_]{1,32}", name.en)
            assert re.fullmatch(r"[\w-]{1,32}", name.ko)
    assert {command.asks for command in REQUESTS} == set(get_args(Request))


DOCUMENTS = [
    *ROOT.glob("README*.md"),
    *(ROOT / "docs").glob("learners*.md"),
    *(ROOT / "lessons").glob("*.yaml"),
    *(ROOT / "bot/platforms").glob("*/words.py"),
    *(ROOT / "bot/tutor/words").glob("*.py"),
]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_in_the_documents_can_be_typed(path: Path) -> None:
    for typed in re.findall(r"`(/[^`{}]+)`", path.read_text("utf-8")):
        meaning = parse(typed)
        alone = isinstance(meaning, Misunderstood) and meaning.why in {"missing", "language"}
        assert alone or not isinstance(meaning, Misunderstood | Nothing), typed


@pytest.mark.parametrize("locale", LOCALES)
def test_every_example_of_the_table_can_be_typed(locale: Locale) -> None:
    for command in COMMANDS:
        for shown in command.examples:
            assert parse(spell(shown, locale)) == shown


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("/try", Try()),
        ("/코드", Try()),
        ("try", Try()),
        ("/try gather", Try("", "gather")),
        ("/try\n```python\nprint(1)\n```", Try("```python\nprint(1)\n```")),
        ("/try ```\nx\n```", Try("```\nx\n```")),
        ("/코드 print('/run gather')", Try("print('/run gather')")),
        ("/try\nx = 1\ny, z = 2, 3", Try("x = 1\ny, z = 2, 3")),
        ("/try " + "x = 1;" * 1000, Try("x = 1;" * 1000)),
    ],
)
def test_code_after_try_is_taken_as_it_is(typed: str, wanted: Try) -> None:
    meaning = parse(typed)
    assert isinstance(meaning, Try)
    assert (meaning.code.strip(), meaning.origin) == (wanted.code, wanted.origin)
