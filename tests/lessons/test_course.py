"""The course that ships with the bot: complete, and in both languages."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.lessons.files import phrases
from bot.lessons.files.load import load_folders
from bot.lessons.library import Library
from bot.lessons.model import LOCALES, AnyOrder, Lesson, LessonPart, Localized, Scenario

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
    "how a coroutine works": ["coroutine_send", "tiny_event_loop", "own_future", "call_later"],
    "deadlock and barrier": ["deadlock", "barrier"],
    "exit stacks": ["async_exit_stack"],
    "hashing in threads": ["hashing_threads"],
    "retry and rate limits": ["retry", "rate_limit"],
    "shutting down on a signal": ["graceful_shutdown"],
    "testing": ["test_passes"],
    "whole programs": ["chat_broadcast", "crawl"],
    "looking into a running program": ["call_graph"],
}
# What learners type after /explain, and what has to come up.
TERMS = {
    "asynchronous": ["동시성", "sync vs async", "비동기 프로그래밍", "논블로킹", "non-blocking"],
    "asyncio": ["async/await", "파이썬 asyncio"],
    "coroutine": ["코루틴", "async def", "비동기 함수", "async function"],
    "await": ["어웨이터블", "awaitable", "대기 가능 객체"],
    "event_loop": ["이벤트 루프", "loop", "epoll"],
    "task": ["태스크", "asyncio.Task"],
    "create_task": ["ensure_future", "태스크 만들기"],
    "gather": ["asyncio.gather", "개더"],
    "asyncio_run": ["asyncio.run", "asyncio.Runner", "jupyter", "주피터", "nest_asyncio"],
    "lost_exception": ["never retrieved", "예외 처리", "exception handling"],
    "thread": ["threading", "쓰레드", "스레드와 코루틴"],
    "gil": ["GIL", "free-threaded", "PEP 779", "자유 스레드"],
    "asyncio_or_threads": [
        *("병렬성", "parallelism", "multiprocessing", "멀티프로세싱", "ProcessPoolExecutor"),
        *("CPU bound", "I/O bound", "스레드 풀", "asyncio vs threading", "concurrent.futures"),
    ],
    "forgotten_await": ["never awaited", "RuntimeWarning", "await 누락"],
    "blocking_call": ["time.sleep", "블로킹", "blocking"],
    "to_thread": ["run_in_executor", "asyncio.to_thread", "executor"],
    "yielding": ["sleep(0)", "asyncio.sleep", "starvation", "굶주림", "컨텍스트 스위칭"],
    "lazy_start": ["스케줄러", "scheduler"],
    "eager_tasks": ["eager_start", "eager_task_factory"],
    "coroutine_protocol": ["send", "제너레이터", "yield", "how a coroutine works"],
    "future": ["Future", "퓨처", "promise", "set_result"],
    "callbacks": ["콜백", "callback", "call_later", "타이머", "add_done_callback"],
    "gather_errors": ["return_exceptions"],
    "as_completed": ["asyncio.as_completed"],
    "wait": ["FIRST_COMPLETED", "asyncio.wait"],
    "which_wait": ["gather vs wait", "gather와 wait", "TaskGroup vs gather"],
    "cancellation": ["CancelledError", "취소", "task.cancel", "uncancel"],
    "timeout": ["타임아웃", "wait_for", "TimeoutError", "deadline"],
    "shield": ["asyncio.shield", "취소 막기"],
    "task_group": ["태스크 그룹", "nursery", "structured concurrency", "구조적 동시성"],
    "exception_group": ["except*", "ExceptionGroup"],
    "race_condition": ["경쟁 상태", "race", "critical section", "임계 구역"],
    "lock": ["락", "mutex", "뮤텍스"],
    "deadlock": ["deadlock", "교착 상태", "데드락"],
    "semaphore": ["세마포어", "동시 실행 제한", "max concurrency"],
    "event": ["이벤트", "asyncio.Event"],
    "condition": ["조건 변수", "notify_all"],
    "barrier": ["Barrier", "배리어"],
    "contextvars": ["ContextVar", "thread local", "스레드 로컬"],
    "queue": ["큐", "producer consumer", "생산자와 소비자", "워커", "pipeline"],
    "back_pressure": ["배압", "backpressure", "역압"],
    "queue_shutdown": ["센티널", "sentinel", "QueueShutDown"],
    "async_iterator": ["async for", "비동기 이터레이터"],
    "async_generator": ["aclosing", "비동기 제너레이터"],
    "async_context_manager": ["async with", "asynccontextmanager"],
    "async_exit_stack": ["AsyncExitStack"],
    "streams": ["StreamReader", "drain", "socketpair"],
    "subprocesses_and_servers": ["subprocess", "서브프로세스", "start_server", "aiohttp", "HTTP"],
    "task_reference": ["fire and forget", "weak reference", "백그라운드 태스크"],
    "debug_mode": ["디버그 모드", "PYTHONASYNCIODEBUG", "logging"],
    "event_loop_policy": ["get_event_loop", "uvloop", "run_until_complete", "정책"],
    "loop_closed": ["Event loop is closed", "attached to a different loop"],
    "call_soon_threadsafe": ["thread safety", "스레드 안전", "thread-safe"],
    "retry": ["retry", "재시도", "backoff", "백오프", "jitter"],
    "rate_limiting": ["rate limit", "속도 제한", "throttle", "token bucket", "429"],
    "graceful_shutdown": ["SIGTERM", "정상 종료", "Ctrl+C", "KeyboardInterrupt", "signal handler"],
    "testing_async": ["pytest", "테스트", "IsolatedAsyncioTestCase", "AsyncMock", "unittest"],
    "broadcast": ["chat", "채팅", "pub/sub"],
    "crawler": ["크롤러", "crawl", "scraping"],
    "call_graph": ["call graph", "all_tasks", "pstree", "introspection"],
}
# Whose time is a machine's: nothing to choose from.
WITHOUT_TIME = {"gil_computing", "coroutine_send"}


@pytest.fixture(scope="module")
def lessons() -> tuple[Lesson, ...]:
    loaded = load_folders([ROOT / "lessons"])
    assert loaded.errors == ()
    return tuple(sorted(loaded.lessons, key=lambda it: it.order))


@pytest.fixture(scope="module")
def scenarios(lessons: tuple[Lesson, ...]) -> tuple[Scenario, ...]:
    return tuple(it for lesson in lessons for it in lesson.scenarios)


def texts(part: LessonPart) -> Iterable[Localized]:
    """Every text in both languages, however deep."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        children = value.values() if isinstance(value, dict) else value
        if isinstance(value, Localized):
            yield value
        elif isinstance(value, LessonPart):
            yield from texts(value)
        elif not isinstance(value, str | int | float | None):
            for child in children:
                if isinstance(child, Localized):
                    yield child
                elif isinstance(child, LessonPart):
                    yield from texts(child)


def test_it_is_a_whole_course(lessons: tuple[Lesson, ...], scenarios: tuple[Scenario, ...]) -> None:
    assert len(scenarios) >= 65
    assert len(lessons) >= 18


@pytest.mark.parametrize("concept", TERMS)
def test_what_learners_type_is_found(concept: str, lessons: tuple[Lesson, ...]) -> None:
    library = Library(lessons)
    assert {term: library.concept(term).id for term in TERMS[concept]} == dict.fromkeys(
        TERMS[concept], concept
    )


def test_every_concept_has_names_that_learners_type(lessons: tuple[Lesson, ...]) -> None:
    assert set(TERMS) <= {it.id for lesson in lessons for it in lesson.concepts}
    assert sum(len(names) for names in TERMS.values()) >= 84


def test_endings_come_right_after_tasks(lessons: tuple[Lesson, ...]) -> None:
    ids = [it.id for it in lessons]
    assert ids[2:5] == ["tasks", "endings", "threads"]
    held = {it.id: {one.id for one in it.scenarios} for it in lessons}
    assert {"main_ends_first", "lost_exception"} <= held["endings"]
    assert {"gil_waiting", "gil_computing"} <= held["threads"]


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
        assert scenario.question, scenario.id
        assert scenario.expect.lines, scenario.id
        assert bool(scenario.choices) is (scenario.id not in WITHOUT_TIME), scenario.id


def test_the_right_time_is_not_always_in_the_same_place(scenarios: tuple[Scenario, ...]) -> None:
    """Sorted by size, the right answer is the shortest, the longest and one between, often."""
    places = Counter(
        "shortest" if right < min(wrong) else "longest" if right > max(wrong) else "between"
        for wrong, right in (
            ([it.seconds for it in scenario.choices], scenario.expect.elapsed.about)
            for scenario in scenarios
            if scenario.choices and scenario.expect.elapsed
        )
    )
    assert min(places[it] for it in ("shortest", "longest", "between")) >= 5, places


def test_runs_are_short(scenarios: tuple[Scenario, ...]) -> None:
    times = [it.expect.elapsed.about for it in scenarios if it.expect.elapsed]
    assert len(times) >= len(scenarios) - 1
    assert max(times) <= 5
    # The five scenarios of the notes take the notes' own seconds.
    assert sum(time < 2 for time in times) == len(times) - 5


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
        used = "\n".join((scenario.code, *scenario.decoys))
        assert set(phrases.keys(used)) == set(scenario.phrases), scenario.id
        for locale in LOCALES:
            compile(phrases.code_in(scenario, locale), scenario.id, "exec")


def test_expected_lines_can_be_told_apart_in_each_language(
    scenarios: tuple[Scenario, ...],
) -> None:
    for scenario in scenarios:
        for entry in scenario.expect.lines:
            if isinstance(entry, AnyOrder):
                plain = [it for it in entry.any_order if isinstance(it, str)]
                for locale in LOCALES:
                    lines = [phrases.with_phrases(it, scenario, locale) for it in plain]
                    assert len(set(lines)) == len(plain), scenario.id


def test_korean_readers_get_korean_pages_where_there_are_some(lessons: tuple[Lesson, ...]) -> None:
    links = [link for lesson in lessons for it in lesson.concepts for link in it.links]
    translated = [link for link in links if link.translated]
    assert len(translated) > len(links) // 2
    for link in translated:
        assert link.address("ko") == link.url.replace(".org/3/", ".org/ko/3/"), link.url
        assert link.address("en") == link.url
