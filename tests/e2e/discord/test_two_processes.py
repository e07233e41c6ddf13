"""Two processes with the same shard, as while one takes over from the other: one answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.platforms.discord.shards import Shards
from tests.discord_standin.learner import Exchange, Learner
from tests.discord_standin.server import StandIn
from tests.e2e.discord.conftest import StartBot
from tests.processes import until


class NoMansShards:
    """Leases as after NATS lost its memory: two processes believe that a shard is theirs."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    @asynccontextmanager
    async def held(self, _key: str) -> AsyncIterator[asyncio.Event]:
        """Give the lease to everybody."""
        yield asyncio.Event()

    async def taken(self, key: str) -> bool:
        """Give an interaction to the first, and a session's beginning to everybody."""
        if key.startswith("identify"):
            return True
        before = len(self._taken)
        self._taken.add(key)
        return len(self._taken) > before


Asking = Callable[[Learner, Exchange], Awaitable[object]]


async def _sent(learner: Learner, quiz: Exchange) -> Exchange:
    form = await (await learner.interaction(quiz, "Make a prediction")).answered()
    return await learner.send(form, order="A")


ASKING: dict[str, Asking] = {
    "command": lambda learner, _: learner.command("help"),
    "suggestions": lambda learner, _: learner.complete("run", "scenario", "gat"),
    "button": lambda learner, quiz: learner.interaction(quiz, "한국어"),
    "stale": lambda learner, quiz: learner.click(quiz.message, "of-no-version"),
    "form": _sent,
}
"""Each way in which a learner can ask."""
ELSEWHERE = "interaction answered elsewhere"


@pytest.mark.parametrize("kind", ASKING)
async def test_what_two_processes_are_sent_one_answers(
    discord: StandIn, start_bot: StartBot, kind: str
) -> None:
    leases = NoMansShards()
    for _ in range(2):
        await start_bot(shards=Shards(1, (0,), leases))
    await discord.gateway.connected(sessions=2)
    learner = Learner(discord)
    quiz = await (await learner.command("predict", scenario="gather")).finished()
    discord.gateway.sent_to_all = True
    before = len(discord.requests("POST", "/callback"))
    with capture_logs() as logs:
        await ASKING[kind](learner, quiz)
        asked = 2 if kind == "form" else 1
        await until(lambda: [it["event"] for it in logs].count(ELSEWHERE) == asked)
        await discord.until(lambda: len(discord.requests("POST", "/callback")) >= before + asked)
    assert len(discord.requests("POST", "/callback")) == before + asked
