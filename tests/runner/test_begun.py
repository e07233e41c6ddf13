"""A run that begins before it is followed keeps the promises of every runner."""

import asyncio
from contextlib import aclosing

import pytest

from bot.errors import SandboxError
from bot.runner.begun import BegunRun
from bot.runner.model import Finished, Line, Outcome, RunRequest, Started, collect
from bot.testing import FakeRunner
from tests.processes import until

REQUEST = RunRequest("print(1)", "main")
EVENTS = (Started(python="3.13.0"), Line(0.1, "1"), Finished(Outcome.OK, 0.1))


async def test_it_begins_at_once_and_loses_nothing() -> None:
    runner = FakeRunner(default=EVENTS)
    begun = BegunRun(runner, REQUEST)
    await runner.has_begun()
    await until(lambda: runner.under_way == 0)
    assert (await collect(begun.run(REQUEST))).events == EVENTS
    assert len(runner.requests) == 1


async def test_leaving_it_ends_the_run() -> None:
    runner = FakeRunner(default=EVENTS, gate=asyncio.Event())
    async with aclosing(BegunRun(runner, REQUEST).run(REQUEST)) as events:
        async for event in events:
            if isinstance(event, Line):
                break
    assert (runner.under_way, runner.killed) == (0, 1)


async def test_a_sandbox_that_cannot_work_is_said_to_those_who_follow() -> None:
    begun = BegunRun(FakeRunner(error=SandboxError("no Landlock")), REQUEST)
    await asyncio.sleep(0)
    with pytest.raises(SandboxError, match="no Landlock"):
        await collect(begun.run(REQUEST))


async def test_another_run_is_not_given() -> None:
    begun = BegunRun(FakeRunner(default=EVENTS), REQUEST)
    with pytest.raises(ValueError, match="another run"):
        await collect(begun.run(RunRequest("print(2)", "main")))
    await begun.close()
