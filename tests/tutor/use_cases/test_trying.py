"""A learner's own code gets what scenarios get, for the asker alone, within limits of its own."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.lessons.library import Library
from bot.lessons.model import LOCALES, Locale
from bot.runner.model import Event, Failure, Finished, Limits, Line, Outcome, Started
from bot.runner.queue import RunQueue
from bot.testing import FakeRunner, gather_events
from bot.tutor.forms import Editor
from bot.tutor.model import Ask, Choices, Code, Heading, Run, Try
from bot.tutor.own_code import OWN_CODE_LIMITS, OwnCode, RunsOfLearners
from bot.tutor.pasted_code import LONGEST_CODE
from bot.tutor.run_parts import Measured, Picture
from bot.tutor.run_parts import Sequence as Printed
from bot.tutor.service import TutorService
from bot.tutor.services import Services
from tests.tutor.answers import HANGUL, KOREAN_LINES, answer, one, told, updates

CODE = "import asyncio\nprint('mine')\n"


def tutor_of(
    library: Library, runner: FakeRunner | None = None, queue: RunQueue | None = None, **rules: Any
) -> TutorService:
    services = Services(
        lambda: library,
        runner or FakeRunner(),
        queue or RunQueue(running=8, waiting=8),
        Limits(),
        own_code=OwnCode(**rules),
    )
    return TutorService(services)


async def ended(library: Library, *events: Event, locale: Locale = "en") -> str:
    runner = FakeRunner(default=[Started(python="3.13.0"), *events])
    return told(await answer(tutor_of(library, runner), Try(CODE), locale))


async def test_it_is_shown_as_a_scenario_is_with_its_python_for_the_asker_alone(
    library: Library,
) -> None:
    runner = FakeRunner(default=gather_events(KOREAN_LINES, python="3.12.1"))
    *before, last = await updates(tutor_of(library, runner), Try(CODE, "mine.py"))
    assert all(reply.private for reply in (*before, last))
    assert one(last, Heading).text == "mine.py"
    assert one(last, Code).text == CODE
    assert [line.text for line in one(last, Printed).lines] == list(KOREAN_LINES)
    assert one(last, Measured).elapsed == 3.003
    assert one(last, Picture)
    assert "Python 3.12.1" in told(last)
    (request,) = runner.requests
    assert (request.code, request.name, request.limits) == (CODE, "mine", OWN_CODE_LIMITS)


@pytest.mark.parametrize("locale", LOCALES)
async def test_what_was_mended_is_told(library: Library, locale: Locale) -> None:
    runner = FakeRunner()
    reply = await answer(tutor_of(library, runner), Try("```\n>>> print(“x”)\n```"), locale)
    assert runner.requests[0].code == 'print("x")\n'
    assert ">>>" in told(reply)
    assert bool(HANGUL.search(told(reply))) is (locale == "ko")


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_timeout_says_that_time_is_real(library: Library, locale: Locale) -> None:
    text = await ended(library, Finished(Outcome.TIMEOUT, 10.0), locale=locale)
    assert text.count({"en": "real", "ko": "실제로"}[locale]) == 1


async def test_an_await_outside_a_function_is_explained(library: Library) -> None:
    failure = Failure("SyntaxError", "'await' outside function", 1)
    assert "async def main" in await ended(library, Finished(Outcome.ERROR, 0.0, failure=failure))
    failure = Failure("SyntaxError", "invalid syntax", 1)
    assert "async def main" not in await ended(
        library, Finished(Outcome.ERROR, 0.0, failure=failure)
    )


@pytest.mark.parametrize("locale", LOCALES)
async def test_without_code_it_tells_how_to_hand_some_over(
    library: Library, locale: Locale
) -> None:
    runner = FakeRunner()
    reply = await answer(tutor_of(library, runner), Try(" \n"), locale)
    assert "20 kB" in told(reply)
    assert not reply.failed
    begun = await answer(tutor_of(library, runner), Try("", "gather"), locale)
    assert "asyncio.gather" in one(begun, Editor).code
    unknown = await answer(tutor_of(library, runner), Try("", "gathr"), locale)
    assert unknown.failed
    assert not runner.requests


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("code", "rules"),
    [("x" * (LONGEST_CODE + 1), {}), ("가" * LONGEST_CODE, {}), (CODE, {"mode": "off"})],
)
async def test_what_may_not_run_is_refused_and_nothing_runs(
    library: Library, code: str, rules: dict[str, Any], locale: Locale
) -> None:
    runner = FakeRunner()
    reply = await answer(tutor_of(library, runner, **rules), Try(code), locale)
    assert reply.failed
    assert reply.private
    assert len(told(reply)) < 200
    assert not runner.requests


async def test_the_seventh_run_of_a_minute_must_wait_and_those_turned_away_do_not_count(
    library: Library,
) -> None:
    runner = FakeRunner()
    tutor = tutor_of(library, runner, runs=RunsOfLearners(clock=lambda: 0.0))
    for _ in range(6):
        assert not (await answer(tutor, Try(CODE))).failed
    refused = await answer(tutor, Try(CODE))
    assert refused.failed
    assert "60 s" in told(refused)
    assert len(runner.requests) == 6
    *_, other = await updates(tutor, Try(CODE), learner="another")
    assert not other.failed
    assert not (await answer(tutor, Run("gather"))).failed, "lessons are counted elsewhere"


async def test_own_code_takes_a_quarter_of_the_places_and_lessons_do_not_wait(
    library: Library,
) -> None:
    gate = asyncio.Event()
    line = (Started(python="3.13.0"), Line(0.0, "x"), Finished(Outcome.OK, 0.0))
    runner = FakeRunner(default=line, gate=gate)
    queue = RunQueue(running=8, waiting=8)
    tutor = tutor_of(library, runner, queue)

    async def ask(learner: str, what: Run | Try) -> bool:
        return (await updates(tutor, what, learner=learner))[-1].failed

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        own = [group.create_task(ask(f"own{n}", Try(CODE))) for n in range(6)]
        while queue.waiting < 2:  # noqa: ASYNC110 - the queue has no event for that
            await asyncio.sleep(0)
        assert (queue.running, queue.waiting) == (2, 2), "the others were turned away"
        lessons = [group.create_task(ask(f"l{n}", Run("gather"))) for n in range(6)]
        while queue.running < 8:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
        gate.set()
    assert sum(it.result() for it in own) == 2
    assert not any(it.result() for it in lessons)


async def test_code_is_never_logged_but_a_hash_of_it_is(library: Library) -> None:
    secret = "print('a secret thought')"
    tutor = tutor_of(library, FakeRunner(error=RuntimeError("broken")))
    working = tutor_of(library, FakeRunner())
    with capture_logs() as logs:
        await answer(tutor, Try(secret, "x.py"))
        await answer(working, Try(secret, "x.py"))
    assert "secret" not in repr(logs)
    assert "secret" not in repr(Ask("l", "en", Try(secret)))
    ended = next(it for it in logs if it["event"] == "run ended")
    assert ended["scenario"] == "own-code"
    assert len(ended["code"]) == 8


@pytest.mark.parametrize("locale", LOCALES)
async def test_why_each_line_came_is_a_choice_and_is_told(library: Library, locale: Locale) -> None:
    runner = FakeRunner(default=gather_events(KOREAN_LINES))
    tutor = tutor_of(library, runner)
    first = await answer(tutor, Try(CODE, "mine.py"), locale)
    (choice,) = one(first, Choices).choices
    assert choice.what == Try(CODE, "mine.py", why=True)
    asked = await answer(tutor, choice.what, locale)
    assert asked.private
    assert len(runner.requests) == 1, "the run that was shown is the one that is explained"
    back = {"ko": "처음까지 거슬러 올라가면", "en": "back to the start"}
    assert back[locale] in told(asked)
    assert back[locale] not in told(first)
    line = one(first, Printed).lines[-1]
    assert "3.002" in line.why[0]
    assert line.why[-1] == {"ko": "프로그램이 시작되었습니다.", "en": "the program began."}[locale]


async def test_why_of_a_run_that_is_kept_counts_as_no_run(library: Library) -> None:
    runner = FakeRunner(default=gather_events(KOREAN_LINES))
    tutor = tutor_of(library, runner, runs=RunsOfLearners(1))
    await answer(tutor, Try(CODE))
    assert "back to the start" in told(await answer(tutor, Try(CODE, why=True)))
    assert "six times a minute" in told(await answer(tutor, Try(CODE + "#", why=True)))
    assert len(runner.requests) == 1
