"""With the shipped course: what is offered before and while something is typed."""

import pytest

from bot.lessons.model import LOCALES, Locale
from bot.platforms.discord.suggestions import Suggestions
from bot.runner.queue import RunQueue
from bot.testing import FakeRunner
from bot.tutor.command import Argument
from bot.tutor.commands import command_named
from bot.tutor.model import Run
from bot.tutor.service import TutorService
from bot.tutor.services import Services
from tests.lessons.shipped import shipped_course


@pytest.fixture
def suggestions() -> Suggestions:
    queue = RunQueue(running=1, waiting=1)
    return Suggestions(TutorService(Services(shipped_course, FakeRunner(), queue)))


def argument(command: str) -> Argument:
    found = command_named(command)
    assert found is not None
    assert found.argument is not None
    return found.argument


def test_nothing_typed_gives_the_course_by_lesson_and_the_next_ones_first(
    suggestions: Suggestions,
) -> None:
    first = suggestions.of("a", argument("run"), [], "", "en")
    assert first[0].id == shipped_course().lessons[0].scenarios[0].id
    assert first[0].title.startswith(f"{shipped_course().lessons[0].title.en}: ")
    suggestions.note("a", Run("create_task"))
    assert suggestions.of("a", argument("run"), [], "", "en")[0].id == "gather"
    assert suggestions.of("a", argument("explain"), [], "", "en")[0].id in {
        it.id for it in shipped_course().chapter_of("create_task").concepts
    } | {it.id for it in shipped_course().lesson("tasks").concepts}
    assert suggestions.of("b", argument("run"), [], "", "en")[0] == first[0]


@pytest.mark.parametrize(
    ("typed", "locale"),
    [("seconds registered go", "en"), ("3초 등록해", "ko"), ("go registered", "ko")],
)
def test_words_of_titles_in_either_language_find_it(
    suggestions: Suggestions, typed: str, locale: Locale
) -> None:
    assert "gather" in {it.id for it in suggestions.of("a", argument("run"), [], typed, locale)}


def test_the_courses_comparisons_come_first(suggestions: Suggestions) -> None:
    wanted = argument("compare")
    first = suggestions.of("a", wanted, [], "", "en")[0]
    assert shipped_course().comparison(first.id.split()) is not None
    others = suggestions.of("a", wanted, ["create_task"], "", "en")
    assert shipped_course().comparison(["create_task", *others[0].id.split()]) is not None
    assert "create_task" not in {it.id for it in others}


@pytest.mark.parametrize("typed", ["", "gather"])
@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_to_be_predicted_is_not_told_beforehand(
    suggestions: Suggestions, typed: str, locale: Locale
) -> None:
    found = suggestions.of("a", argument("predict"), [], typed, locale)
    titles = {it.title.text(locale) for one in shipped_course().lessons for it in one.scenarios}
    assert found
    assert not [it for it in found if it.title.removeprefix(f"{it.id}: ") in titles]
    gather = shipped_course().scenario("gather")
    assert gather.question is not None
    told = {it.id: it.title for it in found}
    assert typed == "" or told["gather"] == f"gather: {gather.question.text(locale)}"
