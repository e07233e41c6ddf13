"""The lessons of the notes: their printed lines to the letter, their order and their times."""

from pathlib import Path

import pytest

from bot.lessons.files import phrases
from bot.lessons.files.load import load_folders
from bot.lessons.library import Library
from bot.lessons.model import AnyOrder, Locale, Scenario

LESSONS = Path(__file__).parents[2] / "lessons"

ASYNC_1 = ("async_task_1 시작", "sync_task_1 3초 대기")
ASYNC_2 = ("async_task_2 시작", "sync_task_2 2초 대기")
AGAIN_1, AGAIN_2 = "sync_task_1 재시작", "sync_task_2 재시작"
SYNC_1 = ("sync_task_1 시작", "sync_task_1 3초 대기")
SYNC_2 = ("sync_task_2 시작", "sync_task_2 2초 대기")
END_1, END_2 = "sync_task_1 종료", "sync_task_2 종료"

TABLE = {
    "sync": ((*SYNC_1, END_1, *SYNC_2, END_2), 5.0),
    "await": ((*ASYNC_1, AGAIN_1, *ASYNC_2, AGAIN_2), 5.0),
    "create_task": ((*ASYNC_1, *ASYNC_2, AGAIN_2, AGAIN_1), 3.0),
    "gather": ((*ASYNC_1, *ASYNC_2, AGAIN_2, AGAIN_1), 3.0),
    "thread": ((*SYNC_1, *SYNC_2, END_2, END_1), 3.0),
}


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(load_folders([LESSONS]).lessons)


def expected_lines(scenario: Scenario, locale: Locale) -> tuple[str, ...]:
    lines: list[str] = []
    for entry in scenario.expect.lines:
        for line in entry.any_order if isinstance(entry, AnyOrder) else (entry,):
            assert isinstance(line, str)
            lines.append(phrases.with_phrases(line, scenario, locale))
    return tuple(lines)


@pytest.mark.parametrize("name", TABLE)
def test_the_korean_lines_and_times_are_those_of_the_notes(library: Library, name: str) -> None:
    scenario = library.scenario(name)
    lines, seconds = TABLE[name]
    assert expected_lines(scenario, "ko") == lines
    assert scenario.expect.complete
    assert scenario.expect.elapsed is not None
    assert scenario.expect.elapsed.about == seconds


@pytest.mark.parametrize("name", TABLE)
def test_the_code_prints_each_line_in_each_language(library: Library, name: str) -> None:
    scenario = library.scenario(name)
    for locale in ("ko", "en"):
        code = phrases.code_in(scenario, locale)
        for line in expected_lines(scenario, locale):
            assert f'print("{line}")' in code
        assert "<<" not in code


def test_the_threads_lines_may_mix_but_each_thread_keeps_its_own_order(library: Library) -> None:
    scenario = library.scenario("thread")
    group = scenario.expect.lines[0]
    assert isinstance(group, AnyOrder)
    assert len(group.any_order) == 4
    assert len(scenario.expect.before) == 2


def test_what_the_notes_explain_is_explained(library: Library) -> None:
    for name in ("asyncio", "비동기", "코루틴", "thread", "create_task", "gather"):
        concept = library.concept(name)
        assert concept.summary.ko
        assert concept.links
        assert concept.belief is not None
    assert library.concept("asyncio").since == "3.4"
    assert library.concept("coroutine").since == "3.5"
    assert library.concept("create_task").since == "3.7"


def test_the_whole_story_can_be_compared(library: Library) -> None:
    story = library.comparison(TABLE)
    assert story is not None
    assert story.scenarios == tuple(TABLE)


def test_each_scenario_of_the_notes_has_a_counterpart(library: Library) -> None:
    for name in TABLE:
        counterpart = library.scenario(name).counterpart
        assert counterpart in TABLE
        assert counterpart is not None
        assert library.comparison((name, counterpart)) is not None
