"""Discord's stand-in, a tutor, and the bot between them, for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from bot.platforms.discord.bot import DiscordBot
from bot.tutor.protocol import Tutor
from tests.discord_standin.server import StandIn, standin
from tests.discord_standin.state import TOKEN
from tests.discord_standin.tutor import ScriptedTutor

StartBot = Callable[..., Awaitable[DiscordBot]]


async def started_bot(discord: StandIn, tutor: Tutor, **options: Any) -> DiscordBot:
    """Start a bot and wait until it is connected."""
    options = {"edit_seconds": 0.1, "sync": False} | options
    bot = DiscordBot(tutor=tutor, token=SecretStr(TOKEN), **options)
    await bot.start()
    await discord.gateway.connected()
    return bot


@asynccontextmanager
async def running_bot(discord: StandIn, tutor: Tutor, **options: Any) -> AsyncIterator[DiscordBot]:
    """Run a bot until the block ends."""
    bot = await started_bot(discord, tutor, **options)
    try:
        yield bot
    finally:
        await bot.close()


@pytest.fixture
async def discord() -> AsyncIterator[StandIn]:
    """Discord's stand-in. Whatever the real one would have refused fails the test."""
    async with standin() as server:
        yield server
    assert server.state.wrong == []


@pytest.fixture(autouse=True)
def _logs_of_all() -> Iterator[None]:
    """Send the logs of structlog to those of the standard library, where `caplog` reads both."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    yield
    structlog.reset_defaults()


@pytest.fixture
def tutor() -> ScriptedTutor:
    return ScriptedTutor()


@pytest.fixture
async def start_bot(discord: StandIn, tutor: ScriptedTutor) -> AsyncIterator[StartBot]:
    """Start bots; they end with the test."""
    async with AsyncExitStack() as stack:

        async def start(**options: Any) -> DiscordBot:
            return await stack.enter_async_context(running_bot(discord, tutor, **options))

        yield start


@pytest.fixture
async def bot(start_bot: StartBot) -> DiscordBot:
    """A bot that has registered nothing and edits ten times a second."""
    return await start_bot()
