import asyncio

import pytest

from bot.lessons.library import Library
from bot.lessons.model import LOCALES, Locale
from bot.runner.model import Failure, Finished, Outcome, Started
from bot.runner.queue import RunQueue
from bot.testing import FakeRunner, gather_events
from bot.tutor.model import Choices, Compare, Run, Table
from bot.tutor.run_parts import Picture
from tests.tutor.answers import KOREAN_LINES, answer, one, parts, told, updates
from tests.tutor.conftest import MakeTutor

RUNS = {
    "gather": gather_events(KOREAN_LINES),
    "create_task": gather_events(KOREAN_LINES),
    "sync": (Started(python="3.13.0"), Finished(Outcome.OK, 5.0)),
}


@pytest.mark.parametrize("locale", LOCALES)
async def test_one_picture_one_table_one_reason(
    make_tutor: MakeTutor, library: Library, locale: Locale
) -> None:
    names = ("sync", "await", "create_task", "gather", "thread")
    reply = await answer(make_tutor(FakeRunner(RUNS)), Compare(names), locale)
    assert len(one(reply, Picture).timelines) == 5
    rows = one(reply, Table).rows
    assert [row[0] for row in rows] == list(names)
    assert rows[3][1:] == (("3.003초", "5.0초") if locale == "ko" else ("3.003 s", "5.0 s")) + (
        "40 %",
    )
    comparison = library.comparison(names)
    assert comparison
    assert comparison.why.text(locale) in told(reply)


async def test_they_run_at_the_same_time_in_one_place(make_tutor: MakeTutor) -> None:
    gate = asyncio.Event()
    runner = FakeRunner(RUNS, default=RUNS["gather"], gate=gate)
    queue = RunQueue(running=1, waiting=0)
    tutor = make_tutor(runner, queue=queue)
    task = asyncio.create_task(updates(tutor, Compare(("thread", "create_task", "gather"))))
    async with asyncio.timeout(10):
        await runner.has_begun(3)
        assert queue.running == 1
        gate.set()
        assert (await task)[-1].final
    assert runner.most == 3


async def test_without_a_written_reason_each_tells_its_own(
    make_tutor: MakeTutor, library: Library
) -> None:
    reply = await answer(make_tutor(FakeRunner(RUNS)), Compare(("sync", "lock")))
    assert library.scenario("sync").because.en in told(reply)
    assert library.scenario("lock").because.en in told(reply)


@pytest.mark.parametrize(
    "names",
    [(), ("gather",), ("gather", "GATHER"), ("sync", "await", "gather", "thread", "lock", "race")],
)
async def test_two_to_five_different_ones(make_tutor: MakeTutor, names: tuple[str, ...]) -> None:
    runner = FakeRunner()
    reply = await answer(make_tutor(runner), Compare(names))
    assert reply.failed
    assert "two to five" in told(reply)
    assert runner.requests == []


async def test_aliases_and_repetitions_are_the_same_scenario(make_tutor: MakeTutor) -> None:
    runner = FakeRunner(RUNS)
    reply = await answer(make_tutor(runner), Compare(("gather", "sync", "Gather")))
    assert sorted(request.name for request in runner.requests) == ["gather", "sync"]
    offered = [choice.what for choice in one(reply, Choices).choices]
    assert offered == [Compare(("gather", "sync")), Run("gather"), Run("sync")]


async def test_one_that_fails_does_not_hide_the_others(make_tutor: MakeTutor) -> None:
    failed = Finished(Outcome.ERROR, 0.2, failure=Failure("OSError", "no", 1, "Traceback"))
    runs = {**RUNS, "sync": (Started(python="3.13.0"), failed)}
    reply = await answer(make_tutor(FakeRunner(runs)), Compare(("sync", "gather")))
    rows = one(reply, Table).rows
    assert rows[0][1] == "0.200 s (error)"
    assert rows[1][1] == "3.003 s"
    assert "`OSError` in line 1" in told(reply)
    assert not reply.failed


async def test_updates_show_who_still_runs(make_tutor: MakeTutor) -> None:
    gate = asyncio.Event()
    tutor = make_tutor(FakeRunner(RUNS, gate=gate))
    asyncio.get_running_loop().call_later(0.3, gate.set)
    replies = await updates(tutor, Compare(("sync", "gather")), live=True)
    tables = [one(it, Table) for it in replies if parts(it, Table)]
    assert any(row[1] == "running" for table in tables for row in table.rows)
    assert replies[-1].final
