"""`tutor serve` with Discord: everything wired by the composition root, Discord a stand-in."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.serving import Server
from bot.settings import Settings, load_settings
from tests.discord_standin.learner import Learner
from tests.discord_standin.server import standin
from tests.discord_standin.state import TOKEN

NOWHERE = Path("/nonexistent/.env")


@pytest.fixture
def settings() -> Settings:
    """Discord alone. A fixture, because reading a file blocks."""
    fields = {"discord_token": SecretStr(TOKEN), "web_enabled": False}
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
        assert "40 % saved" in exchange.text
    assert "Stopping: 1 run may go on for up to 20 s." in said
    assert said[-1] == "Stopped."
    assert discord.state.wrong == []


async def test_a_refused_token_ends_it_with_the_way_out(settings: Settings) -> None:
    wrong = settings.model_copy(update={"discord_token": SecretStr("not-the-one")})
    async with asyncio.timeout(60), standin():
        with pytest.raises(SettingsError, match="developers/applications") as caught:
            await Server(wrong, say=lambda _: None).serve()
    assert "not-the-one" not in str(caught.value)


async def test_beside_the_playground_a_lost_token_does_not_end_it(settings: Settings) -> None:
    said: list[str] = []
    async with asyncio.timeout(60), standin() as discord:
        both = settings.model_copy(update={"web_enabled": True, "web_port": 0})
        serving = asyncio.create_task(Server(both, say=said.append).serve())
        await discord.gateway.connected()
        discord.state.token = "a-new-one"
        await discord.gateway.invalidate()
        await asyncio.sleep(1)
        assert not serving.done()
        os.kill(os.getpid(), signal.SIGTERM)
        assert await serving == 0
    assert any("playground: on" in sentence for sentence in said)
