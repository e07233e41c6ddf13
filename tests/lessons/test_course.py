"""The course that ships with the bot: complete, and in both languages."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.lessons import phrases
from bot.lessons.library import Library
from bot.lessons.load import load_folders
from bot.lessons.model import LOCALES, AnyOrder, Lesson, Localized, Part, Scenario

ROOT = Path(__file__).parents[2]
HANGUL = re.compile(r"[가-힣]")
# What the course promises to run, and where it does.
TOPICS = {
    "one after the other": ["sync", "await"],
    "at the same time": ["create_task", "gather", "thread"],
    "forgetting await": ["forgotten_await"],
    "await create_task, one by one": ["sequential_tasks"],
    "blocking the loop": ["blocking_sleep", "to_thread"],
    "lazy and eager start": ["lazy_start", "eager_start"],
    "sleep(0) and starvation": ["sleep_zero", "starvation"],
    "gather's results and failures": ["gather_order", "gather_failure", "return_exceptions"],
    "task groups": ["task_group", "task_group_failure", "except_star"],
    "as_completed and wait": ["as_completed", "wait_first"],
    "timeouts and shield": ["wait_for", "timeout", "shield"],
    "cancellation": ["cancel_cleanup", "cancel_swallowed", "cancel_before_start"],
    "races and locks": ["race", "lock"],
    "semaphore, event, condition": ["semaphore", "event", "condition"],
    "queues": ["queue_backpressure", "producers_consumers", "queue_sentinel", "queue_shutdown"],
    "async iteration": ["async_iterator", "async_generator", "generator_closing"],
    "async context managers": ["async_with"],
    "context variables": ["contextvars"],
    "lifetimes": ["main_ends_first", "unreferenced_task", "lost_exception", "nested_run"],
    "the GIL": ["gil_waiting", "gil_computing"],
    "from thread to loop": ["late_wake_up", "call_soon_threadsafe", "run_coroutine_threadsafe"],
    "debug mode": ["slow_callback"],
    "streams": ["streams"],
}


@pytest.fixture(scope="module")
def lessons() -> tuple[Lesson, ...]:
    loaded = load_folders([ROOT / "lessons"])
    assert loaded.errors == ()
    return tuple(sorted(loaded.lessons, key=lambda it: it.order))


@pytest.fixture(scope="module")
def scenarios(lessons: tuple[Lesson, ...]) -> tuple[Scenario, ...]:
    return tuple(it for lesson in lessons for it in lesson.scenarios)


def texts(part: Part) -> Iterable[Localized]:
    """Every text in both languages, however deep."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        children = value.values() if isinstance(value, dict) else value
        if isinstance(value, Localized):
            yield value
        elif isinstance(value, Part):
            yield from texts(value)
        elif not isinstance(value, str | int | float | None):
            for child in children:
                if isinstance(child, Localized):
                    yield child
                elif isinstance(child, Part):
                    yield from texts(child)


def test_it_is_a_whole_course(lessons: tuple[Lesson, ...], scenarios: tuple[Scenario, ...]) -> None:
    assert len(scenarios) >= 40
    assert len(lessons) >= 12


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_is_run(topic: str, scenarios: tuple[Scenario, ...]) -> None:
    assert set(TOPICS[topic]) <= {it.id for it in scenarios}


def test_no_id_is_used_twice(lessons: tuple[Lesson, ...]) -> None:
    for kind in (
        [it.id for it in lessons],
        [it.id for lesson in lessons for it in lesson.concepts],
        [it.id for lesson in lessons for it in lesson.scenarios],
    ):
        assert [name for name, times in Counter(kind).items() if times > 1] == []


def test_every_file_is_named_after_its_lesson(lessons: tuple[Lesson, ...]) -> None:
    assert {path.stem for path in (ROOT / "lessons").glob("*.yaml")} == {it.id for it in lessons}


def test_every_name_leads_to_its_owner(lessons: tuple[Lesson, ...]) -> None:
    library = Library(lessons)
    for lesson in lessons:
        for name in (lesson.id, *lesson.aliases):
            assert library.lesson(name) is lesson
        for concept in lesson.concepts:
            for name in (concept.id, *concept.aliases):
                assert library.concept(name) is concept
        for scenario in lesson.scenarios:
            for name in (scenario.id, *scenario.aliases):
                assert library.scenario(name) is scenario


def test_references_lead_somewhere(lessons: tuple[Lesson, ...]) -> None:
    concepts = {it.id for lesson in lessons for it in lesson.concepts}
    scenarios = {it.id for lesson in lessons for it in lesson.scenarios}
    for lesson in lessons:
        for concept in lesson.concepts:
            assert set(concept.next) <= concepts | scenarios, concept.id
        for scenario in lesson.scenarios:
            assert scenario.counterpart in scenarios - {scenario.id}, scenario.id
        for comparison in lesson.comparisons:
            assert set(comparison.scenarios) <= scenarios, lesson.id


def test_what_a_lesson_requires_comes_before_it(lessons: tuple[Lesson, ...]) -> None:
    orders = {it.id: it.order for it in lessons}
    assert len(set(orders.values())) == len(lessons)
    for lesson in lessons:
        assert all(orders[name] < lesson.order for name in lesson.requires), lesson.id


def test_every_concept_tells_all_it_should(lessons: tuple[Lesson, ...]) -> None:
    for concept in (it for lesson in lessons for it in lesson.concepts):
        assert concept.belief, concept.id
        assert concept.next, concept.id
        assert any(it.url.startswith("https://docs.python.org/3/") for it in concept.links)


def test_every_scenario_tells_all_it_should(scenarios: tuple[Scenario, ...]) -> None:
    for scenario in scenarios:
        assert scenario.mistake, scenario.id
        assert scenario.expect.lines, scenario.id


def test_runs_are_short(scenarios: tuple[Scenario, ...]) -> None:
    times = [it.expect.elapsed.about for it in scenarios if it.expect.elapsed]
    assert len(times) >= len(scenarios) - 1
    assert max(times) <= 5
    assert sum(time <= 1.5 for time in times) >= len(times) - 5


def test_both_languages_are_complete(lessons: tuple[Lesson, ...]) -> None:
    for lesson in lessons:
        for text in texts(lesson):
            if not HANGUL.search(text.ko):
                # A bare API name is the same in both.
                assert text.ko == text.en, text
            assert not HANGUL.search(text.en), text


def test_everything_has_a_korean_name(lessons: tuple[Lesson, ...]) -> None:
    concepts = [(it.id, *it.aliases) for lesson in lessons for it in lesson.concepts]
    scenarios = [(it.id, *it.aliases) for lesson in lessons for it in lesson.scenarios]
    for names in concepts + scenarios:
        assert any(HANGUL.search(name) for name in names), names


def test_every_phrase_is_printed(scenarios: tuple[Scenario, ...]) -> None:
    for scenario in scenarios:
        assert set(phrases.keys(scenario.code)) == set(scenario.phrases), scenario.id
        for locale in LOCALES:
            compile(phrases.code(scenario, locale), scenario.id, "exec")


def test_expected_lines_can_be_told_apart_in_each_language(
    scenarios: tuple[Scenario, ...],
) -> None:
    for scenario in scenarios:
        for entry in scenario.expect.lines:
            if isinstance(entry, AnyOrder):
                plain = [it for it in entry.any_order if isinstance(it, str)]
                for locale in LOCALES:
                    lines = [phrases.line(it, scenario, locale) for it in plain]
                    assert len(set(lines)) == len(plain), scenario.id
