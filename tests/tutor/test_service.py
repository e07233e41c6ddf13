import re

import pytest
import structlog
from structlog.testing import capture_logs

from bot.errors import SandboxError
from bot.lessons.model import LOCALES, Locale
from bot.runner.queue import RunQueue
from bot.tutor.model import Compare, Guess, Help, Note, Predict, Run
from tests.fakes import FakeRunner
from tests.tutor.answers import answer, one, told
from tests.tutor.conftest import MakeTutor

REFERENCE = re.compile("`([0-9a-f]{8})`")
RUNS = [Run("gather"), Compare(("sync", "gather")), Predict("gather", Guess(3.0, ()))]


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


async def test_a_request_is_logged_without_its_learner(make_tutor: MakeTutor) -> None:
    tutor = make_tutor()
    with capture_logs([structlog.contextvars.merge_contextvars]) as logs:
        await answer(tutor, Help())
        await answer(tutor, Run("gather"))
    first, second = (it for it in logs if it["event"] == "asked")
    assert (first["request"], second["request"]) == ("Help", "Run")
    assert first["reference"] != second["reference"]
    assert first["learner"] == second["learner"] != "l"
    assert len(first["learner"]) == 8
