"""One suite over every platform that is served."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest
from pydantic import SecretStr

from bot.platforms.discord.bot import DiscordBot
from bot.platforms.protocol import Platform
from bot.platforms.web.server import Playground
from tests.discord_standin.learner import Learner
from tests.discord_standin.server import standin
from tests.discord_standin.state import TOKEN
from tests.discord_standin.tutor import ScriptedTutor

Ask = Callable[[], Awaitable[str]]


@dataclass
class Served:
    """A platform, and a way for a learner to run something there and read the whole answer."""

    platform: Platform
    ask: Ask
    tutor: ScriptedTutor


@asynccontextmanager
async def discord(tutor: ScriptedTutor) -> AsyncIterator[Served]:
    async with standin() as server:

        async def ask() -> str:
            await server.gateway.connected()
            exchange = await Learner(server).command("run", scenario="gather")
            return (await exchange.finished()).text

        bot = DiscordBot(tutor=tutor, token=SecretStr(TOKEN), sync=False, edit_seconds=0.05)
        yield Served(bot, ask, tutor)


@asynccontextmanager
async def playground(tutor: ScriptedTutor) -> AsyncIterator[Served]:
    web = Playground(tutor=tutor, port=0)

    async def ask() -> str:
        body = {"path": "/run/gather", "lang": "en"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{web.url}/api/ask", json=body) as answer,
        ):
            return await answer.text()

    yield Served(web, ask, tutor)


@pytest.fixture(params=[discord, playground], ids=lambda it: it.__name__)
async def served(request: pytest.FixtureRequest) -> AsyncIterator[Served]:
    tutor = ScriptedTutor()
    async with request.param(tutor) as found:
        try:
            yield found
        finally:
            await found.platform.close()


async def _ready(platform: Platform) -> None:
    async with asyncio.timeout(20):
        while await platform.ready():  # noqa: ASYNC110 - as a probe asks, now and then
            await asyncio.sleep(0.02)


async def test_it_is_ready_after_its_start_and_says_so(served: Served) -> None:
    platform = served.platform
    assert platform.name
    assert await platform.ready(), "it has not begun"
    assert not platform.describe().startswith("on")
    await platform.start()
    await _ready(platform)
    assert platform.describe().startswith("on, ")


async def test_it_answers(served: Served) -> None:
    await served.platform.start()
    assert "3.00 s" in await served.ask()
    await asyncio.wait_for(served.platform.idle(), 10)


async def test_it_is_not_idle_while_an_answer_is_under_way(served: Served) -> None:
    served.tutor.gate = asyncio.Event()
    await served.platform.start()
    asking = asyncio.create_task(_asked(served))
    await _began(served)
    idle = asyncio.create_task(served.platform.idle())
    await asyncio.sleep(0.1)
    assert not idle.done()
    served.tutor.gate.set()
    await asyncio.wait_for(idle, 10)
    assert "3.00 s" in await asking


async def test_an_answer_under_way_may_end_within_the_grace(served: Served) -> None:
    served.tutor.gate = asyncio.Event()
    await served.platform.start()
    asking = asyncio.create_task(_asked(served))
    await _began(served)
    closing = asyncio.create_task(served.platform.close(grace=20))
    await asyncio.sleep(0.1)
    assert not closing.done()
    served.tutor.gate.set()
    assert "3.00 s" in await asking
    await asyncio.wait_for(closing, 20)


async def test_an_answer_that_takes_longer_is_ended_and_says_so(served: Served) -> None:
    served.tutor.gate = asyncio.Event()
    await served.platform.start()
    asking = asyncio.create_task(_asked(served))
    await _began(served)
    await asyncio.wait_for(served.platform.close(grace=0.1), 20)
    text = await asking
    assert "3.00 s" not in text
    assert "restarting" in text or "shutting down" in text
    assert served.tutor.left == 1


async def test_closing_ends_the_waiting_and_can_be_asked_twice(served: Served) -> None:
    await served.platform.start()
    await _ready(served.platform)
    waiting = asyncio.create_task(served.platform.wait())
    await asyncio.sleep(0.05)
    assert not waiting.done()
    for _ in range(2):
        await served.platform.close()
    await asyncio.wait_for(waiting, 10)
    assert await served.platform.ready(), "it is closed"


async def test_it_can_be_closed_before_it_begins(served: Served) -> None:
    await served.platform.close()
    assert await served.platform.ready(), "it says what keeps it from answering"


async def _asked(served: Served) -> str:
    return await served.ask()


async def _began(served: Served) -> None:
    async with asyncio.timeout(20):
        while not served.tutor.asked:  # noqa: ASYNC110 - the learner asks over a socket
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)  # what has come so far is shown
