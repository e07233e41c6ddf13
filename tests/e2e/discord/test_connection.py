"""Signing in, registering commands, and shards."""

import asyncio
import logging

import pytest
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.platforms.discord.client import DiscordBot
from tests.discord_standin.learner import Learner
from tests.discord_standin.server import StandIn
from tests.discord_standin.state import GUILD
from tests.discord_standin.tutor import ScriptedTutor
from tests.e2e.discord.conftest import StartBot, running_bot


async def test_a_wrong_token_is_named_with_the_way_out(
    discord: StandIn, tutor: ScriptedTutor, caplog: pytest.LogCaptureFixture
) -> None:
    bot = DiscordBot(tutor=tutor, token=SecretStr("not-the-one"))
    with pytest.raises(SettingsError, match="TUTOR_DISCORD_TOKEN") as raised:
        await bot.start()
    await bot.close()
    assert "https://discord.com/developers/applications" in str(raised.value)
    assert "not-the-one" not in str(raised.value) + caplog.text
    assert raised.value.__cause__ is None
    assert discord.state.registered == 0


async def test_a_token_that_is_revoked_while_connected_ends_the_bot(
    discord: StandIn, start_bot: StartBot
) -> None:
    bot = await start_bot()
    discord.state.token = "a-new-one"
    await discord.gateway.invalidate()
    with pytest.raises(SettingsError, match="TUTOR_DISCORD_TOKEN"):
        await asyncio.wait_for(bot.wait(), 30)


async def test_a_discord_that_cannot_be_reached_is_tried_again(
    discord: StandIn, tutor: ScriptedTutor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await discord.go_away()
    starting = asyncio.create_task(_serve_once(discord, tutor))
    await asyncio.sleep(0.5)
    await discord.start()
    await starting
    assert "cannot be reached" in caplog.text
    assert not any(record.exc_info for record in caplog.records)


async def _serve_once(discord: StandIn, tutor: ScriptedTutor) -> None:
    async with running_bot(discord, tutor):
        await (await Learner(discord).command("help")).finished()


async def test_commands_are_registered_once_and_again_only_when_they_changed(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    for _ in range(2):
        async with running_bot(discord, tutor, sync=True):
            pass
    assert discord.state.registered == 1
    discord.state.commands[""][0]["description"] = "something else"
    async with running_bot(discord, tutor, sync=True):
        pass
    assert discord.state.registered == 2
    discord.state.commands[""][1]["name_localizations"] = {}
    async with running_bot(discord, tutor, sync=True):
        pass
    assert discord.state.registered == 3


async def test_every_command_has_a_korean_name_and_is_usable_everywhere(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    async with running_bot(discord, tutor, sync=True):
        commands = {each["name"]: each for each in discord.state.commands[""]}
    assert set(commands) == {
        "lessons",
        "explain",
        "run",
        "compare",
        "predict",
        "help",
        "Explain this",
    }
    assert commands["run"]["name_localizations"]["ko"] == "실행"
    for command in commands.values():
        assert command["name_localizations"]["ko"]
        assert sorted(command["contexts"]) == [0, 1, 2]
        assert sorted(command["integration_types"]) == [0, 1]
        for option in command.get("options", []):
            assert option["autocomplete"]
            assert option["name_localizations"]["ko"]
            assert option["description_localizations"]["ko"]
    assert [each["required"] for each in commands["compare"]["options"]] == [True] * 2 + [False] * 3


async def test_commands_can_be_registered_for_one_server(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    async with running_bot(discord, tutor, sync=True, server=GUILD):
        pass
    assert len(discord.state.commands[f"guilds/{GUILD}/"]) == 7
    assert discord.state.commands.get("") is None


async def test_a_refusal_of_the_commands_does_not_stop_the_bot(
    discord: StandIn, tutor: ScriptedTutor, caplog: pytest.LogCaptureFixture
) -> None:
    discord.fail("PUT", "/commands", 403, code=50001)
    async with running_bot(discord, tutor, sync=True):
        await (await Learner(discord).command("help")).finished()
    assert "could not be registered" in caplog.text


async def test_readiness_follows_the_connection(discord: StandIn, start_bot: StartBot) -> None:
    bot = await start_bot()
    await _becomes(bot, connected=True)
    await discord.go_away()
    await _becomes(bot, connected=False)
    await discord.start()
    await _becomes(bot, connected=True)


async def _becomes(bot: DiscordBot, *, connected: bool) -> None:
    async with asyncio.timeout(30):
        while bot.connected != connected:  # noqa: ASYNC110 - as a monitor asks, now and then
            await asyncio.sleep(0.05)


async def test_no_intent_is_asked_for(discord: StandIn, start_bot: StartBot) -> None:
    await start_bot()
    assert [each["intents"] for each in discord.gateway.identified] == [0]


@pytest.mark.parametrize("shards", [0, 2])
async def test_shards_are_as_many_as_told_or_recommended(
    discord: StandIn, start_bot: StartBot, shards: int
) -> None:
    await start_bot(shards=shards)
    await discord.gateway.connected(sessions=2)
    assert [each["shard"] for each in discord.gateway.identified] == [[0, 2], [1, 2]]
    for shard in (0, 1):
        await (await Learner(discord, shard=shard).command("help")).finished()
