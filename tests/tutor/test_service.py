import asyncio
import re
from contextlib import suppress

import pytest
import structlog
from structlog.testing import capture_logs

from bot.errors import SandboxError
from bot.lessons.model import LOCALES, Locale
from bot.observe.prometheus import PrometheusMetrics
from bot.runner.queue import RunQueue
from bot.testing import FakeRunner, gather_events
from bot.tutor.forms import Guess
from bot.tutor.model import Compare, Explain, Help, Note, Predict, Run
from tests.tutor.answers import answer, one, told
from tests.tutor.conftest import MakeTutor

REFERENCE = re.compile("`([0-9a-f]{8})`")
RUNS = [Run("gather"), Compare(("sync", "gather")), Predict("gather", Guess(3.0, ()))]


async def figures_of(metrics: PrometheusMetrics) -> str:
    """All figures as Prometheus reads them; they are gathered in a thread, as /proc is read."""
    return (await asyncio.to_thread(metrics.exposition)).body.decode()


@pytest.mark.parametrize("what", RUNS, ids=lambda it: type(it).__name__)
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "error",
    [SandboxError("no Landlock at /secret/path"), ValueError("bug in /secret/path")],
    ids=["sandbox", "bug"],
)
async def test_our_own_failures_are_told_by_reference_and_logged(
    make_tutor: MakeTutor, error: Exception, locale: Locale, what: Run
) -> None:
    with capture_logs([structlog.contextvars.merge_contextvars]) as logs:
        reply = await answer(make_tutor(FakeRunner(error=error)), what, locale)
    assert reply.failed
    assert reply.private
    assert "secret" not in repr(reply)
    found = REFERENCE.search(one(reply, Note).markdown)
    assert found
    (line,) = [it for it in logs if it["log_level"] == "error"]
    assert line["reference"] == found[1]
    assert "/secret/path" in line["cause"]


@pytest.mark.parametrize("what", RUNS, ids=lambda it: type(it).__name__)
async def test_one_run_at_a_time(make_tutor: MakeTutor, what: Run) -> None:
    queue = RunQueue(running=5, waiting=5)
    async with queue.place("l"):
        reply = await answer(make_tutor(queue=queue), what)
    assert reply.failed
    assert "still under way" in told(reply)
    assert not (await answer(make_tutor(queue=queue), what)).failed


async def test_a_full_line(make_tutor: MakeTutor) -> None:
    queue = RunQueue(running=1, waiting=0)
    async with queue.place("other"):
        reply = await answer(make_tutor(queue=queue), Run("gather"), "ko")
    assert reply.failed
    assert "너무 많습니다" in told(reply)


async def test_a_closing_bot(make_tutor: MakeTutor) -> None:
    queue = RunQueue(running=1, waiting=0)
    queue.close()
    reply = await answer(make_tutor(queue=queue), Run("gather"), "ko")
    assert reply.failed
    assert "다시 시작" in told(reply)


async def test_a_run_is_told_in_one_line_at_its_end(make_tutor: MakeTutor) -> None:
    with capture_logs([structlog.contextvars.merge_contextvars]) as logs:
        await answer(make_tutor(), Help())
        await answer(make_tutor(), Run("gather"))
        await answer(make_tutor(), Compare(("sync", "gather")))
    asked = [it for it in logs if it["event"] == "asked"]
    assert [it["request"] for it in asked] == ["Help", "Run", "Compare"]
    assert len({it["reference"] for it in asked}) == 3
    ended = [it for it in logs if it["event"] == "run ended"]
    assert sorted(it["scenario"] for it in ended) == ["gather", "gather", "sync"]
    assert [it["reference"] for it in ended] == [
        *[asked[1]["reference"]],
        *[asked[2]["reference"]] * 2,
    ]
    assert {(it["outcome"], it["elapsed"], it["learner"]) for it in ended} == {("ok", 0.0, "l")}
    assert all(it["waited"] >= 0 for it in ended)


async def test_a_run_that_nobody_waits_for_is_told_as_left(make_tutor: MakeTutor) -> None:
    runner = FakeRunner(default=gather_events("abcdef"), gate=asyncio.Event())
    metrics = PrometheusMetrics()
    with capture_logs() as logs:
        asking = asyncio.create_task(
            answer(make_tutor(runner, metrics=metrics), Run("gather"))  # never gets to its end
        )
        await runner.has_begun()
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
    (ended,) = [it for it in logs if it["event"] == "run ended"]
    assert (ended["scenario"], ended["outcome"]) == ("gather", "left")
    figures = await figures_of(metrics)
    assert 'tutor_runs_total{outcome="left",scenario="gather"} 1.0' in figures


async def test_an_unknown_name_is_neither_logged_nor_a_label(make_tutor: MakeTutor) -> None:
    metrics = PrometheusMetrics()
    tutor = make_tutor(metrics=metrics)
    with capture_logs() as logs:
        for what in (Run("my-secret"), Explain("my-secret"), Compare(("sync", "my-secret"))):
            assert (await answer(tutor, what)).failed
    assert "my-secret" not in repr(logs)
    assert "my-secret" not in await figures_of(metrics)


@pytest.mark.parametrize("cause", ["busy", "full", "closing"])
async def test_a_refusal_is_told_with_its_cause(make_tutor: MakeTutor, cause: str) -> None:
    queue = RunQueue(running=1, waiting=0)
    async with queue.place("l" if cause == "busy" else "other"):
        if cause == "closing":
            queue.close()
        metrics = PrometheusMetrics()
        with capture_logs() as logs:
            assert (await answer(make_tutor(queue=queue, metrics=metrics), Run("gather"))).failed
    (refused,) = [it for it in logs if it["event"] == "refused"]
    assert (refused["cause"], refused["request"], refused["learner"]) == (cause, "Run", "l")
    assert f'tutor_refusals_total{{cause="{cause}",' in await figures_of(metrics)
