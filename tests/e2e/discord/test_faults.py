"""Discord's faults: a learner is told the truth, or the log says why not, and the bot goes on."""

import asyncio
import logging
from typing import Any

import pytest

from bot.platforms.discord.connection import Retry
from tests.discord_standin.learner import Exchange, Learner
from tests.discord_standin.server import StandIn
from tests.discord_standin.state import TOKEN, Fault
from tests.discord_standin.tutor import ScriptedTutor
from tests.e2e.discord.conftest import StartBot

WAY_OUT = "https://discord.com/developers/applications"


@pytest.fixture(autouse=True)
def no_traceback_and_no_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


@pytest.fixture(autouse=True)
def the_log_is_for_people(caplog: pytest.LogCaptureFixture) -> object:
    yield
    for record in caplog.records:
        assert record.exc_info is None, record
        assert TOKEN not in record.getMessage()


async def _serves(discord: StandIn) -> Exchange:
    return await (await Learner(discord).command("run", scenario="gather")).finished()


@pytest.mark.usefixtures("bot")
async def test_a_dropped_connection_is_resumed_and_nothing_is_lost(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    tutor.pause = 0.3
    running = await Learner(discord).command("run", scenario="gather")
    await running.answered()
    await discord.gateway.drop()
    meanwhile = await Learner(discord).command("explain", concept="coroutine")
    await discord.gateway.connected(resumed=1)
    await meanwhile.finished()
    await running.finished()
    assert "3.00 s" in running.text
    assert (await _serves(discord)).text


@pytest.mark.usefixtures("bot")
async def test_a_request_to_reconnect_is_followed(discord: StandIn) -> None:
    await discord.gateway.ask_to_reconnect()
    await discord.gateway.connected(resumed=1)
    assert (await _serves(discord)).text


@pytest.mark.usefixtures("bot")
async def test_an_invalid_session_is_begun_again(discord: StandIn, tutor: ScriptedTutor) -> None:
    tutor.pause = 0.2
    running = await Learner(discord).command("run", scenario="gather")
    await running.answered()
    await discord.gateway.invalidate()
    await discord.gateway.connected(identified=2)
    await running.finished()
    assert (await _serves(discord)).text


@pytest.mark.usefixtures("bot")
async def test_edits_that_come_too_fast_wait_and_none_is_piled_up(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    discord.state.rate = (2, 1.0)
    tutor.lines, tutor.pause = [f"line {n}" for n in range(40)], 0.05
    exchange = await _serves(discord)
    assert "line 39" in exchange.text
    statuses = [each.status for each in discord.requests("PATCH", "@original")]
    assert statuses.count(200) < 10
    assert len(statuses) - statuses.count(200) <= 2, "the headers were not obeyed"


@pytest.mark.usefixtures("bot")
async def test_a_429_on_the_last_edit_is_waited_for(discord: StandIn) -> None:
    discord.fail(
        "PATCH",
        "@original",
        429,
        times=2,
        headers={"Via": "1.1 google"},
        retry_after=0.2,
        **{"global": False},
    )
    assert "3.00 s" in (await _serves(discord)).text


@pytest.mark.usefixtures("bot")
async def test_a_fault_of_discords_on_the_first_answer_is_tried_again(discord: StandIn) -> None:
    discord.fail("POST", "/callback", 502)
    assert "3.00 s" in (await _serves(discord)).text


@pytest.mark.usefixtures("bot")
async def test_an_answer_that_arrived_though_discord_said_no_is_taken_up(discord: StandIn) -> None:
    discord.fail("POST", "/callback", 500, swallow=False)
    assert "3.00 s" in (await _serves(discord)).text


@pytest.mark.usefixtures("bot")
async def test_an_expired_token_is_in_the_log_and_ends_the_run(
    discord: StandIn, tutor: ScriptedTutor, caplog: pytest.LogCaptureFixture
) -> None:
    tutor.gate = asyncio.Event()
    exchange = await (await Learner(discord).command("run", scenario="gather")).until("one starts")
    exchange.interaction.expired = True
    tutor.gate.set()
    await discord.until(lambda: discord.requests("PATCH", "@original")[-1].status == 401)
    assert (await _serves(discord)).text
    assert "token has expired" in caplog.text


@pytest.mark.usefixtures("bot")
async def test_an_interaction_that_came_too_late_is_in_the_log(
    discord: StandIn, tutor: ScriptedTutor, caplog: pytest.LogCaptureFixture
) -> None:
    tutor.gate = asyncio.Event()
    discord.fail("POST", "/callback", 404, code=10062)
    await Learner(discord).command("run", scenario="gather")
    await discord.until(lambda: discord.requests("POST", "/callback"))
    tutor.gate = None
    assert (await _serves(discord)).text
    assert "10062" in caplog.text
    assert tutor.left == 1


@pytest.mark.usefixtures("bot")
async def test_a_deleted_message_ends_its_run(
    discord: StandIn, tutor: ScriptedTutor, caplog: pytest.LogCaptureFixture
) -> None:
    tutor.lines = [f"line {n}" for n in range(200)]
    exchange = await (await Learner(discord).command("run", scenario="gather")).until("line 1")
    assert exchange.interaction.original is not None
    exchange.interaction.original.deleted = True
    await discord.until(lambda: discord.requests("PATCH", "@original")[-1].status == 404)
    tutor.lines = ("short",)
    assert (await _serves(discord)).text
    assert tutor.left == 1
    assert "10008" in caplog.text


@pytest.mark.usefixtures("bot")
async def test_discord_gone_for_a_while(
    discord: StandIn, tutor: ScriptedTutor, caplog: pytest.LogCaptureFixture
) -> None:
    tutor.gate = asyncio.Event()
    exchange = await (await Learner(discord).command("run", scenario="gather")).until("one starts")
    await discord.go_away()
    tutor.gate.set()
    await asyncio.sleep(1.5)
    await discord.start()
    await discord.gateway.connected()
    await exchange.finished()
    assert "3.00 s" in exchange.text
    assert "answer delayed" in caplog.text
    assert (await _serves(discord)).text


async def test_discord_gone_for_long_is_back_at_once(
    discord: StandIn, start_bot: StartBot, caplog: pytest.LogCaptureFixture
) -> None:
    await start_bot(retry=Retry(longest=0.05))
    await discord.go_away()
    async with asyncio.timeout(30):  # discord.py's own pauses would add up to many minutes
        while caplog.text.count("Attempting a reconnect") < 12:  # noqa: ASYNC110 - a log tells nobody
            await asyncio.sleep(0.02)
    await discord.start()
    await discord.gateway.connected(seconds=10)
    assert (await _serves(discord)).text


@pytest.mark.usefixtures("bot")
async def test_discord_killed_and_restarted(
    discord: StandIn, tutor: ScriptedTutor, caplog: pytest.LogCaptureFixture
) -> None:
    tutor.gate = asyncio.Event()
    exchange = await (await Learner(discord).command("run", scenario="gather")).until("one starts")
    await discord.crash()
    tutor.gate.set()
    await discord.start()
    await discord.gateway.connected(identified=2)
    await exchange.finished()
    assert "3.00 s" in exchange.text, "it is in Discord's database"
    assert (await _serves(discord)).text
    assert "discord disconnected" in caplog.text


TAKEN = 3.0
"""Seconds that a request may take here: a busy machine's own requests must not reach them."""


def _wait_an_hour(
    discord: StandIn, method: str, path: str, *, times: int = 1, everywhere: bool = False
) -> Fault:
    """Tell the bot to wait for an hour; `everywhere`: with all that it sends."""
    headers = {"Via": "1.1 google", "Retry-After": "3600"}
    more: dict[str, Any] = {"retry_after": 3600.0, "global": everywhere}
    return discord.fail(method, path, 429, times=times, headers=headers, **more)


@pytest.mark.parametrize("everywhere", [False, True])
async def test_told_to_wait_an_hour_with_its_edits_it_serves_others_and_ends_in_time(
    discord: StandIn, start_bot: StartBot, caplog: pytest.LogCaptureFixture, *, everywhere: bool
) -> None:
    await start_bot(request_seconds=TAKEN)
    fault = _wait_an_hour(discord, "PATCH", "@original", times=1_000_000, everywhere=everywhere)
    waiting = await (await Learner(discord).command("run", scenario="gather")).answered()
    await discord.until(lambda: len(discord.requests("PATCH", "@original")) >= 2)
    other = await (await Learner(discord).command("explain", concept="coroutine")).finished()
    assert "pauses" in other.text
    fault.times = 0
    await waiting.finished()
    assert "3.00 s" in waiting.text
    assert f"not taken within {TAKEN:g} s" in caplog.text


@pytest.mark.parametrize("kind", ["command", "button", "form", "suggestions"])
async def test_told_to_wait_an_hour_with_a_first_answer_it_gives_that_one_up_and_serves(
    discord: StandIn,
    start_bot: StartBot,
    tutor: ScriptedTutor,
    caplog: pytest.LogCaptureFixture,
    kind: str,
) -> None:
    bot = await start_bot(request_seconds=TAKEN)
    learner = Learner(discord)
    shown = await (await learner.command("predict", scenario="gather")).finished()
    _wait_an_hour(discord, "POST", "/callback")
    if kind == "command":
        tutor.gate = asyncio.Event()
        await learner.command("run", scenario="gather")
    elif kind == "button":
        await learner.interaction(shown, "한국어")
    elif kind == "form":
        await learner.interaction(shown, "Make a prediction")
    else:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(learner.complete("run", "scenario", "gat"), TAKEN / 2)
    await discord.until(lambda: discord.requests("POST", "/callback")[-1].status == 429)
    async with asyncio.timeout(30):
        while "not taken within" not in caplog.text:  # noqa: ASYNC110 - a log tells nobody
            await asyncio.sleep(0.02)
        await bot.idle()
    tutor.gate = None
    assert (await _serves(discord)).text


async def test_a_restart_in_the_middle_of_a_run_is_admitted_and_can_be_repeated(
    discord: StandIn, start_bot: StartBot, tutor: ScriptedTutor
) -> None:
    tutor.gate = asyncio.Event()
    first = await start_bot()
    learner = Learner(discord)
    exchange = await (await learner.command("run", scenario="gather")).until("one starts")
    assert list(exchange.buttons) == ["Ask again", "Stop"], "a crash leaves it as it is"
    await first.close()
    await exchange.until("restarting")
    assert "one starts" in exchange.text
    assert tutor.left == 1
    tutor.gate = None
    await start_bot()
    again = await (await learner.interaction(exchange, "Ask again")).finished()
    assert "3.00 s" in again.text


@pytest.mark.usefixtures("bot")
async def test_a_rejected_message_is_replaced_by_a_plain_one(
    discord: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    discord.fail("POST", "/callback", 400, code=50035)
    exchange = await (await Learner(discord).command("explain", concept="coroutine")).finished()
    assert "did not accept the full answer" in exchange.text
    assert "50035" in caplog.text
