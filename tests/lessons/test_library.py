from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lessons.files.load import load_file
from bot.lessons.library import Kind, Library, UnknownNameError

LESSONS = Path(__file__).parents[2] / "lessons"
NOTES = ("asynchronous", "await", "tasks", "threads")


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(load_file(LESSONS / f"{name}.yaml") for name in reversed(NOTES))


def test_lessons_are_in_course_order(library: Library) -> None:
    assert [lesson.id for lesson in library.lessons] == list(NOTES)
    following = library.following("await")
    assert following is not None
    assert following.id == "tasks"
    assert library.following("threads") is None


@pytest.mark.parametrize(
    ("typed", "id_"),
    [
        ("gather", "gather"),
        ("GATHER", "gather"),
        ("create-task", "create_task"),
        (" Create Task ", "create_task"),
        ("createtask", "create_task"),
        ("asyncio.gather()", "gather"),
        ("동기", "sync"),
        ("순차 await", "await"),
        ("순차await", "await"),
        ("스레드", "thread"),
        ("sequential await", "await"),
    ],
)
def test_a_scenario_goes_by_many_names(library: Library, typed: str, id_: str) -> None:
    assert library.scenario(typed).id == id_


@pytest.mark.parametrize(
    ("typed", "id_"),
    [("비동기", "asynchronous"), ("코루틴", "coroutine"), ("Event Loop", "event_loop")],
)
def test_a_concept_goes_by_many_names(library: Library, typed: str, id_: str) -> None:
    assert library.concept(typed).id == id_
    assert library.lesson("코루틴과 어웨이트").id == "await"


@pytest.mark.parametrize(
    ("typed", "id_"), [("gahter", "gather"), ("craete_task", "create_task"), ("게더", "gather")]
)
def test_a_slip_gets_a_suggestion(library: Library, typed: str, id_: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        library.scenario(typed)
    assert caught.value.nearest[0] == id_
    assert (caught.value.kind, caught.value.name) == ("scenario", typed)


def test_what_resembles_nothing_gets_none(library: Library) -> None:
    for typed in ("qqqqqqqqqqqqqq", "", "   ", "\0", "x" * 100_000):
        with pytest.raises(UnknownNameError) as caught:
            library.concept(typed)
        assert caught.value.nearest == ()
        assert len(caught.value.name) <= 100


def test_suggestions_while_typing(library: Library) -> None:
    assert library.suggest("scenario", "", "ko")[0] == ("sync", "동기 — 하나씩 차례로")
    assert library.suggest("concept", "cor", "en")[0] == ("coroutine", "Coroutine")
    assert library.suggest("concept", "코루", "ko")[0] == ("coroutine", "코루틴")
    assert library.suggest("concept", "ㅋ", "ko")
    assert library.suggest("lesson", "task", "en")[0][0] == "tasks"
    assert len(library.suggest("concept", "", "en", limit=2)) == 2


@given(st.text(max_size=30), st.sampled_from(["lesson", "concept", "scenario"]), st.integers(1, 25))
def test_suggestions_never_fail(typed: str, kind: Kind, limit: int) -> None:
    library = _shared()
    found = library.suggest(kind, typed, "ko", limit)
    assert len(found) <= limit
    assert len({id_ for id_, _ in found}) == len(found)


def test_chapters_and_comparisons(library: Library) -> None:
    assert library.chapter_of("gather").id == "tasks"
    assert library.chapter_of("event_loop").id == "await"
    assert library.chapter_of("await", "concept").id == "await"
    with pytest.raises(UnknownNameError):
        library.chapter_of("nothing")
    story = library.comparison(["thread", "gather", "create_task", "await", "sync"])
    assert story is not None
    assert story.scenarios == ("sync", "await", "create_task", "gather", "thread")
    assert library.comparison(["sync", "gather"]) is None


@cache
def _shared() -> Library:
    """One library for all examples of a property; hypothesis does not take fixtures well."""
    return Library(load_file(LESSONS / f"{name}.yaml") for name in NOTES)
