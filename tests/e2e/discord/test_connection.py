"""Signing in, registering commands, and shards."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.observe.prometheus import PrometheusMetrics
from bot.platforms.discord.bot import DiscordBot
from bot.platforms.discord.connection import Retry
from bot.platforms.discord.shards import Shards
from bot.runner.remote.leases import Leases
from bot.tutor.commands import REQUESTS
from tests.discord_standin.learner import Learner
from tests.discord_standin.server import StandIn
from tests.discord_standin.state import GUILD
from tests.discord_standin.tutor import ScriptedTutor
from tests.e2e.discord.conftest import StartBot, running_bot
from tests.nats_server import NatsServer, link
from tests.processes import until

ONE_SERVER = f"guilds/{GUILD}/"
NAMES = {command.id for command in REQUESTS} | {"Explain this", "Run this code"}
"""What Discord shows: one command for each request, and one in the menu of a message."""


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
    assert "discord unreachable" in caplog.text
    assert not any(record.exc_info for record in caplog.records)


async def _serve_once(discord: StandIn, tutor: ScriptedTutor) -> None:
    async with running_bot(discord, tutor):
        await (await Learner(discord).command("help")).finished()


@asynccontextmanager
async def registered(
    discord: StandIn, tutor: ScriptedTutor, *, server: int | None = None
) -> AsyncIterator[dict[str, list[dict[str, Any]]]]:
    """Run a bot that has told Discord its commands; yields what Discord has, by scope."""
    before = len(discord.requests("GET", "/commands"))
    async with running_bot(discord, tutor, sync=True, server=server):
        # Both scopes are looked at: the one that is used, and the one that is not (any more).
        await discord.until(lambda: len(discord.requests("GET", "/commands")) == before + 2)
        yield discord.state.commands


async def test_commands_are_registered_once_and_again_only_when_they_changed(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    for _ in range(2):
        async with registered(discord, tutor):
            pass
    assert discord.state.registered == 1
    discord.state.commands[""][0]["description"] = "something else"
    async with registered(discord, tutor):
        pass
    assert discord.state.registered == 2
    discord.state.commands[""][1]["name_localizations"] = {}
    async with registered(discord, tutor):
        pass
    assert discord.state.registered == 3


async def test_every_command_has_a_korean_name_and_is_usable_everywhere(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    async with registered(discord, tutor) as found:
        commands = {each["name"]: each for each in found[""]}
    assert set(commands) == NAMES
    assert set(commands) > {"lessons", "explain", "run", "compare", "predict", "help"}
    assert commands["run"]["name_localizations"]["ko"] == "실행"
    for command in commands.values():
        assert command["name_localizations"]["ko"]
        assert sorted(command["contexts"]) == [0, 1, 2]
        assert sorted(command["integration_types"]) == [0, 1]
        for option in command.get("options", []):
            named = option["name"] not in {"language", "private"}
            assert bool(option.get("autocomplete")) == named
            assert option["name_localizations"]["ko"]
            assert option["description_localizations"]["ko"]
    options = commands["compare"]["options"]
    assert [each["required"] for each in options] == [True] + [False] * 6, "the first may hold all"
    assert [each["name"] for each in options[-2:]] == ["language", "private"]


async def test_commands_can_be_registered_for_one_server(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    async with registered(discord, tutor, server=GUILD) as found:
        assert len(found[ONE_SERVER]) == len(NAMES)
        assert found.get("") is None


async def test_a_trial_in_one_server_leaves_no_command_twice(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    async with registered(discord, tutor, server=GUILD):
        pass
    async with registered(discord, tutor) as found:
        await discord.until(lambda: found[ONE_SERVER] == [])
        assert len(found[""]) == len(NAMES)
    async with registered(discord, tutor, server=GUILD) as found:
        await discord.until(lambda: found[""] == [])
        assert len(found[ONE_SERVER]) == len(NAMES)


async def test_a_server_that_lets_us_see_no_commands_is_passed_over(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    discord.state.commands[""] = [{"name": "old", "type": 1, "id": "1"}]
    discord.gateway.servers = 2
    discord.fail("GET", f"guilds/{GUILD + 1}/commands", 403, code=50001)
    async with running_bot(discord, tutor, sync=True, server=GUILD):
        await discord.until(lambda: discord.state.commands[""] == [])
        assert discord.gateway.servers == 2, "the one that refused is still ours"


async def test_a_refusal_of_the_commands_does_not_stop_the_bot_and_is_tried_again(
    discord: StandIn, tutor: ScriptedTutor, caplog: pytest.LogCaptureFixture
) -> None:
    discord.fail("PUT", "/commands", 403, code=50001)
    retry = Retry(first=0.01, longest=0.2)
    async with running_bot(discord, tutor, sync=True, retry=retry):
        await discord.until(lambda: discord.requests("PUT", "/commands"))
        await (await Learner(discord).command("help")).finished()
        await discord.until(lambda: discord.state.registered == 1)
    assert "commands not registered" in caplog.text


async def test_a_rate_limit_of_an_hour_on_the_commands_does_not_keep_the_bot_offline(
    discord: StandIn, tutor: ScriptedTutor, caplog: pytest.LogCaptureFixture
) -> None:
    discord.fail(
        "GET",
        "/commands",
        429,
        headers={"Via": "1.1 google", "Retry-After": "3600"},
        retry_after=3600.0,
        **{"global": False},
    )
    async with running_bot(discord, tutor, sync=True), asyncio.timeout(20):
        await (await Learner(discord).command("help")).finished()
        await discord.until(lambda: discord.requests("GET", "/commands"))
        await (await Learner(discord).command("help")).finished()
        while "commands not registered" not in caplog.text:  # noqa: ASYNC110 - a log tells nobody
            await asyncio.sleep(0.01)
    assert "retry=3600" in caplog.text
    assert discord.state.registered == 0


async def test_readiness_follows_the_connection(discord: StandIn, start_bot: StartBot) -> None:
    bot = await start_bot()
    await _becomes(bot, connected=True)
    await discord.go_away()
    await _becomes(bot, connected=False)
    assert not bot.connected
    await discord.start()
    await _becomes(bot, connected=True)
    assert bot.connected


async def _becomes(bot: DiscordBot, *, connected: bool) -> None:
    async with asyncio.timeout(30):
        while bot.connected != connected:  # noqa: ASYNC110 - as a monitor asks, now and then
            await asyncio.sleep(0.05)


async def test_the_servers_are_counted(discord: StandIn, start_bot: StartBot) -> None:
    discord.gateway.servers = 3
    metrics = PrometheusMetrics()
    await start_bot(metrics=metrics)
    async with asyncio.timeout(10):
        while "tutor_discord_servers 3.0" not in await _figures(metrics):  # noqa: ASYNC110 - as Prometheus does
            await asyncio.sleep(0.01)
    assert "tutor_discord_servers 3.0" in await _figures(metrics)


async def _figures(metrics: PrometheusMetrics) -> str:
    return (await asyncio.to_thread(metrics.exposition)).body.decode()


async def test_a_blocked_user_gets_a_sentence_and_no_answer(
    discord: StandIn, start_bot: StartBot
) -> None:
    metrics = PrometheusMetrics()
    learner, other = Learner(discord), Learner(discord)
    await start_bot(blocked=frozenset({int(learner.id)}), metrics=metrics)
    exchange = await learner.command("run", scenario="gather")
    await exchange.finished()
    assert "have blocked you" in exchange.text
    assert exchange.message.ephemeral
    refused = 'tutor_refusals_total{cause="blocked",platform="discord"} 1.0'
    assert refused in await _figures(metrics)
    exchange = await other.command("run", scenario="gather")
    await exchange.finished()
    assert "blocked" not in exchange.text


async def test_the_one_intent_is_direct_messages(discord: StandIn, start_bot: StartBot) -> None:
    await start_bot()
    (identified,) = discord.gateway.identified
    assert identified["intents"] == 1 << 12
    assert "/help" in str(identified["presence"])


async def test_a_direct_message_gets_a_plain_answer_and_a_flood_none(
    discord: StandIn, start_bot: StartBot
) -> None:
    await start_bot(learner_requests_per_minute=2)
    learner = Learner(discord, at="dm")
    for _ in range(4):
        await learner.write("hello?")
    await discord.until(lambda: len(discord.state.written) == 2)
    shown = str(discord.state.written[0].payload)
    assert "I answer commands" in shown
    assert "명령에 답합니다" in shown
    await (await Learner(discord).command("help")).finished()
    assert len(discord.state.written) == 2


@pytest.mark.parametrize("locale", ["en-US", "ko"])
async def test_commands_can_be_clicked_in_english_once_their_ids_are_known(
    discord: StandIn, start_bot: StartBot, locale: str
) -> None:
    bot = await start_bot(sync=True)
    await discord.until(lambda: discord.requests("GET", "/commands")[2:])
    exchange = await (await Learner(discord, locale=locale).explain_this("hi")).finished()
    assert ("</explain:" in exchange.text) == (locale == "en-US")
    assert ("`/설명`" in exchange.text) == (locale == "ko")
    assert bot.connected


@pytest.mark.parametrize("shards", [0, 2])
async def test_shards_are_as_many_as_told_or_recommended(
    discord: StandIn, start_bot: StartBot, shards: int
) -> None:
    await start_bot(shards=Shards(shards))
    await discord.gateway.connected(sessions=2)
    assert [each["shard"] for each in discord.gateway.identified] == [[0, 2], [1, 2]]
    for shard in (0, 1):
        await (await Learner(discord, shard=shard).command("help")).finished()


async def test_a_registration_under_way_has_ended_when_the_bot_is_closed(
    discord: StandIn, start_bot: StartBot
) -> None:
    discord.fail("GET", "/commands", 500, times=100)
    bot = await start_bot()
    await discord.until(lambda: discord.requests("GET", "/commands"))
    assert "registration" in {task.get_name() for task in asyncio.all_tasks()}
    await bot.close()
    assert "registration" not in {task.get_name() for task in asyncio.all_tasks()}


async def test_two_processes_share_the_shards_and_never_both_answer(
    discord: StandIn, start_bot: StartBot, nats_server: "Callable[[], NatsServer]"
) -> None:
    async with AsyncExitStack() as stack:

        async def leases() -> Leases:
            connection = link(nats_server())
            await connection.open()
            stack.push_async_callback(connection.close)
            return Leases(connection)

        first = await start_bot(shards=Shards(2, (0,), await leases()))
        await discord.gateway.connected(sessions=1)
        began = time.monotonic()
        standby = asyncio.ensure_future(start_bot(shards=Shards(2, (0,), await leases())))
        await start_bot(shards=Shards(2, (1,), await leases()))
        await discord.gateway.connected(sessions=2)
        assert time.monotonic() - began > 4, "one session in five seconds, of all processes"
        assert [each["shard"] for each in discord.gateway.identified] == [[0, 2], [1, 2]]
        waiting = await standby
        assert not waiting.connected, "its shard is served elsewhere"
        await first.close()
        await until(lambda: waiting.connected)
        assert [each["shard"] for each in discord.gateway.identified][2:] == [[0, 2]]
