"""`tutor serve` with Discord: everything wired by the composition root, Discord a stand-in."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.errors import SettingsError
from bot.platforms.discord.connection import PlatformDownError, Retry
from bot.serving import Server
from bot.settings import Settings, load_settings
from tests.bench.watched import watched
from tests.discord_standin.learner import Learner
from tests.discord_standin.server import StandIn, standin
from tests.discord_standin.state import TOKEN
from tests.tutor.answers import tells_what_was_saved

NOWHERE = Path("/nonexistent/.env")


@pytest.fixture
def settings() -> Settings:
    """Discord alone. A fixture, because reading a file blocks.

    One shard: discord.py leaves a thread behind where it is closed while a further one signs in.
    """
    fields = {"discord_token": SecretStr(TOKEN), "web_enabled": False, "discord_shards": 1}
    return load_settings(NOWHERE).model_copy(update=fields)


async def test_a_run_in_flight_is_shown_to_its_end_before_it_stops(settings: Settings) -> None:
    said: list[str] = []
    async with asyncio.timeout(90), standin() as discord:
        serving = asyncio.create_task(Server(settings, say=said.append).serve())
        await discord.gateway.connected()
        exchange = await Learner(discord).command("run", scenario="create_task")
        await exchange.until("async_task_2 waits")
        os.kill(os.getpid(), signal.SIGTERM)
        assert await serving == 0
        assert tells_what_was_saved(exchange.text)
    assert "Stopping: 1 run may go on for up to 20 s." in said
    assert said[-1] == "Stopped."
    assert discord.state.wrong == []


async def test_one_that_was_killed_answers_again_once_it_is_back(tmp_path: Path) -> None:
    async with asyncio.timeout(90), standin() as discord:
        learner = Learner(discord)
        async with watched(discord, tmp_path / "first.log", {}) as bot:
            exchange = await learner.command("run", scenario="create_task")
            await exchange.until("async_task_2 waits")
            bot.process.kill()
            await bot.process.wait()
        assert list(exchange.buttons) == ["Ask again", "Stop"], "all that a crash leaves"
        discord.gateway.forget()
        async with watched(discord, tmp_path / "second.log", {}):
            stopped = await (await learner.interaction(exchange, "Stop")).finished()
            assert "does not run any more" in stopped.text
            again = await (await learner.interaction(exchange, "Ask again")).finished()
            assert tells_what_was_saved(again.text)
    assert discord.state.wrong == []


async def test_a_refused_token_ends_it_with_the_way_out(settings: Settings) -> None:
    wrong = settings.model_copy(update={"discord_token": SecretStr("not-the-one")})
    async with asyncio.timeout(60), standin():
        with pytest.raises(SettingsError, match="developers/applications") as caught:
            await Server(wrong, say=lambda _: None).serve()
    assert "not-the-one" not in str(caught.value)


@asynccontextmanager
async def beside_the_web(
    settings: Settings, said: list[str], retry: Retry | None = None
) -> AsyncIterator[str]:
    """Serve Discord and the playground until the block ends; yields the playground's address."""
    both = settings.model_copy(update={"web_enabled": True, "web_port": 0})
    serving = asyncio.create_task(Server(both, say=said.append, retry=retry).serve())
    await _said(said, "playground: on")
    (sentence,) = [it for it in said if it.startswith("playground: on")]
    yield sentence.partition(", at ")[2]
    os.kill(os.getpid(), signal.SIGTERM)
    assert await serving == 0


async def _said(said: list[str], begin: str) -> None:
    while not any(it.startswith(begin) for it in said):  # noqa: ASYNC110 - as an admin looks, now and then
        await asyncio.sleep(0.02)


async def _ready(address: str) -> tuple[int, str]:
    """Return what the probes are told: readiness's status, and what it says of Discord."""
    async with aiohttp.ClientSession() as probe:
        async with probe.get(f"{address}/healthz") as alive:
            assert alive.status == 200
        async with probe.get(f"{address}/readyz") as ready:
            return ready.status, (await ready.json())["checks"]["discord"]


async def _becomes(address: str, status: int, discord: str) -> None:
    while not (found := await _ready(address))[1].startswith(discord):  # noqa: ASYNC110 - as above
        await asyncio.sleep(0.1)
    assert found[0] == status


async def test_beside_the_playground_a_lost_token_does_not_end_it(settings: Settings) -> None:
    said: list[str] = []
    async with asyncio.timeout(60), standin() as discord, beside_the_web(settings, said) as address:
        await _becomes(address, 200, "ok")
        discord.state.token = "a-new-one"
        await discord.gateway.invalidate()
        await _becomes(address, 503, "Discord refused the bot's token")
        assert (await _ready(address))[0] == 503, "the web still answers"


async def test_beside_the_playground_a_wrong_token_is_told_and_the_web_goes_on(
    settings: Settings,
) -> None:
    wrong = settings.model_copy(update={"discord_token": SecretStr("not-the-one")})
    said: list[str] = []
    with capture_logs() as logs:
        async with asyncio.timeout(60), standin(), beside_the_web(wrong, said) as address:
            while not any(line["event"] == "platform down" for line in logs):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.02)
            status, discord = await _ready(address)
    assert status == 503
    assert "Discord refused the bot's token" in discord
    (line,) = [line for line in logs if line["event"] == "platform down"]
    assert line["problem"] == discord
    assert "not-the-one" not in repr(logs) + repr(said) + discord


async def test_without_a_way_to_discord_it_is_alive_but_not_ready(settings: Settings) -> None:
    said: list[str] = []
    async with asyncio.timeout(60), standin() as discord:
        await discord.go_away()
        async with beside_the_web(settings, said) as address:
            await _said(said, "Discord: not reached")
            assert await _ready(address) == (503, "not connected to Discord")
    assert "Discord: signing in" in said


async def test_it_says_who_it_is_once_discord_let_it_in(settings: Settings) -> None:
    said: list[str] = []
    async with asyncio.timeout(60), standin() as discord, beside_the_web(settings, said) as address:
        await discord.gateway.connected()
        await _said(said, "Discord: on, as ")
        await _becomes(address, 200, "ok")
        async with aiohttp.ClientSession() as probe, probe.get(f"{address}/metrics") as figures:
            text = await figures.text()
    assert re.search(r"tutor_discord_request_seconds_count\{route=\"GET /users/@me\"", text)


async def _keeps_failing(discord: StandIn) -> None:
    """Send what discord.py cannot read to each of three sessions."""
    for session in range(1, 4):
        await discord.gateway.connected(identified=session)
        await discord.gateway.dispatch("GUILD_CREATE", {})


@pytest.fixture
def _no_traceback_is_printed() -> Iterator[None]:
    with capture_logs():
        yield


FEW = Retry(first=0.01, longest=0.02, failures=3)


@pytest.mark.usefixtures("_no_traceback_is_printed")
async def test_discord_down_for_good_ends_it_where_nothing_else_is_served(
    settings: Settings,
) -> None:
    async with asyncio.timeout(60), standin() as discord:
        serving = asyncio.create_task(Server(settings, say=lambda _: None, retry=FEW).serve())
        await _keeps_failing(discord)
        with pytest.raises(PlatformDownError, match="3 times in a row"):
            await serving


@pytest.mark.usefixtures("_no_traceback_is_printed")
async def test_beside_the_playground_discord_down_for_good_is_told_to_all_who_ask(
    settings: Settings,
) -> None:
    said: list[str] = []
    async with (
        asyncio.timeout(60),
        standin() as discord,
        beside_the_web(settings, said, FEW) as address,
    ):
        await _keeps_failing(discord)
        await _becomes(address, 503, "Discord's connection failed 3 times in a row")
        async with aiohttp.ClientSession() as probe:
            async with probe.get(f"{address}/healthz") as alive:
                assert "3 times in a row" in (await alive.json())["down"]["Discord"]
            async with probe.get(
                f"{address}/healthz", headers={"X-Forwarded-For": "1.2.3.4"}
            ) as it:
                assert await it.json() == {"status": "alive"}
            async with probe.get(f"{address}/metrics") as figures:
                text = await figures.text()
        asked = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "health"),
            env={**os.environ, "TUTOR_WEB_PORT": address.rpartition(":")[2]},
            stderr=asyncio.subprocess.PIPE,
        )
        _, told = await asked.communicate()
        assert asked.returncode == 1
        assert b"Discord is down: Discord's connection failed 3 times" in told
    assert 'tutor_platform_failures_total{platform="discord"} 3.0' in text
    assert 'tutor_platform_down{platform="discord"} 1.0' in text
