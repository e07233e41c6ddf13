import pytest

from bot.lessons.library import Library
from bot.lessons.model import LOCALES, Locale
from bot.tutor.commands import REQUESTS
from bot.tutor.model import (
    Choices,
    Compare,
    Explain,
    Heading,
    Help,
    ListLessons,
    PageLink,
    Predict,
    Run,
)
from bot.tutor.use_cases.explaining import explaining, helping, listing, opening
from tests.tutor.answers import HANGUL, answer, one, parts, told
from tests.tutor.conftest import MakeTutor


@pytest.mark.parametrize("locale", LOCALES)
async def test_help_names_every_command_and_is_for_the_asker(
    make_tutor: MakeTutor, locale: Locale
) -> None:
    reply = await answer(make_tutor(), Help(), locale)
    for command in REQUESTS:
        assert f"`/{command.name.text(locale)}" in told(reply)
        assert command.about.text(locale) in told(reply)
    if locale == "en":
        for name in ("lessons", "explain", "run", "compare", "predict", "help"):
            assert f"`/{name}" in told(reply)
    assert reply.private
    assert not reply.failed
    assert bool(HANGUL.search(told(reply))) is (locale == "ko")


@pytest.mark.parametrize("locale", LOCALES)
async def test_help_links_to_privacy_and_terms_where_there_is_a_public_site(
    library: Library, locale: Locale
) -> None:
    def links(site: str) -> list[str]:
        return [it.url for it in helping(library, locale, site).parts if isinstance(it, PageLink)]

    assert links("") == []
    assert links("https://learn.example") == [
        f"https://learn.example/{name}?lang={locale}" for name in ("privacy", "terms")
    ]


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_course_is_listed_in_order(
    make_tutor: MakeTutor, library: Library, locale: Locale
) -> None:
    reply = await answer(make_tutor(), ListLessons(), locale)
    text = told(reply)
    places = [text.index(f"(`{lesson.id}`)") for lesson in library.lessons]
    assert places == sorted(places)
    assert [choice.what for choice in one(reply, Choices).choices] == [
        ListLessons(lesson.id) for lesson in library.lessons
    ]


def test_an_empty_course_says_so() -> None:
    assert listing(Library(()), "en").failed


async def test_a_lesson_shows_all_that_is_in_it(make_tutor: MakeTutor, library: Library) -> None:
    lesson = library.lesson("tasks")
    reply = await answer(make_tutor(), ListLessons("tasks"), "ko")
    offered = {choice.what for choice in one(reply, Choices).choices}
    assert {Explain(it.id) for it in lesson.concepts} <= offered
    assert {Run(it.id) for it in lesson.scenarios} <= offered
    assert {Compare(it.scenarios) for it in lesson.comparisons} <= offered
    following = library.following("tasks")
    assert following is not None
    assert ListLessons(following.id) in offered
    assert library.lesson(lesson.requires[0]).title.ko in told(reply)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_concept_is_explained_whole(library: Library, locale: Locale) -> None:
    for lesson in library.lessons:
        assert opening(library, lesson, locale).parts
        for concept in lesson.concepts:
            reply = explaining(library, concept, locale)
            text = told(reply)
            assert concept.title.text(locale) == one(reply, Heading).text
            assert concept.summary.text(locale) in text
            assert concept.explanation.text(locale) in text
            assert all(pitfall.text(locale) in text for pitfall in concept.pitfalls)
            assert concept.belief is None or concept.belief.text(locale) in text
            assert concept.since is None or concept.since in text
            assert [link.url for link in parts(reply, PageLink)] == [
                it.address(locale) for it in concept.links
            ]
            assert not reply.failed


async def test_names_are_found_in_both_languages(make_tutor: MakeTutor) -> None:
    english = await answer(make_tutor(), Explain("Coroutine"), "ko")
    korean = await answer(make_tutor(), Explain("코루틴"), "ko")
    assert english == korean


@pytest.mark.parametrize(
    ("what", "wanted"),
    [
        (Explain("corutine"), Explain("coroutine")),
        (Run("gathr"), Run("gather")),
        (Predict("gathr"), Predict("gather")),
        (ListLessons("task"), ListLessons("tasks")),
        (Compare(("sync", "gathr")), Compare(("sync", "gather"))),
    ],
)
@pytest.mark.parametrize("locale", LOCALES)
async def test_a_misspelt_name_is_met_with_what_was_meant(
    make_tutor: MakeTutor,
    what: Explain | Run,
    wanted: Explain | Run,
    locale: Locale,
) -> None:
    reply = await answer(make_tutor(), what, locale)
    assert reply.failed
    assert reply.private
    assert wanted in [choice.what for choice in one(reply, Choices).choices]


async def test_a_name_of_another_kind_is_offered_as_that_kind(make_tutor: MakeTutor) -> None:
    reply = await answer(make_tutor(), Run("coroutine"))
    assert one(reply, Choices).choices[0].what == Explain("coroutine")
    reply = await answer(make_tutor(), Explain("sync"))
    assert Run("sync") in [choice.what for choice in one(reply, Choices).choices]


async def test_a_name_that_nothing_is_like_leads_to_the_course(make_tutor: MakeTutor) -> None:
    reply = await answer(make_tutor(), Run("zzzzqqqq"))
    assert [choice.what for choice in one(reply, Choices).choices] == [ListLessons()]


@pytest.mark.parametrize(
    "name", ["`", "```\n@everyone", "a" * 5_000, "\x1b[2J", "\u202egnp", "[x](https://evil)", ""]
)
async def test_a_hostile_name_cannot_break_out_of_the_sentence(
    make_tutor: MakeTutor, name: str
) -> None:
    reply = await answer(make_tutor(), Explain(name))
    sentence = told(reply).split("\n")[0]
    assert reply.failed
    assert sentence.count("`") == 2
    assert len(sentence) < 200
    assert sentence.isprintable()


def test_suggestions_come_in_the_learners_language(make_tutor: MakeTutor) -> None:
    tutor = make_tutor()
    (first, *_) = tutor.suggest("concept", "코루", "ko")
    assert (first.id, first.title) == ("coroutine", "코루틴")
    assert tutor.suggest("scenario", "gath", "en", 1)[0].id == "gather"
    assert len(tutor.suggest("scenario", "", "en", 3)) == 3


@pytest.mark.parametrize(
    ("python", "why"), [("3.11.7", "needs Python 3.12"), ("3.12.0", ""), ("", "")]
)
def test_a_run_that_is_too_new_is_offered_with_the_reason(
    library: Library, python: str, why: str
) -> None:
    reply = explaining(library, library.concept("eager_tasks"), "en", python)
    offered = {it.what: it.hindered for it in one(reply, Choices).choices}
    assert offered[Run("eager_start")] == why
    assert offered[Run("lazy_start")] == ""
