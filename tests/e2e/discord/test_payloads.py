"""What discord.py cannot read ends a session, and never the bot."""

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any

import pytest
from discord.state import AutoShardedConnectionState

from bot.platforms.discord.connection import PlatformDownError, Retry
from tests.discord_standin.learner import Exchange, Learner
from tests.discord_standin.server import StandIn
from tests.discord_standin.tutor import ScriptedTutor
from tests.e2e.discord.conftest import StartBot

EVENTS = sorted(
    name.removeprefix("parse_").upper()
    for name, _ in inspect.getmembers(AutoShardedConnectionState, inspect.isfunction)
    if name.startswith("parse_")
)
"""Every event that discord.py reads."""

MALFORMED: tuple[Any, ...] = ({}, None, [1], {"id": "x", "guild_id": {}, "type": "y", "data": 7})
PATIENT = Retry(first=0.01, longest=0.02, failures=10_000)


async def _answers(discord: StandIn) -> Exchange:
    """Ask until there is an answer: what is asked of a session that ends is lost, as on Discord."""
    async with asyncio.timeout(30):
        while True:
            with suppress(TimeoutError):
                return await (await Learner(discord).command("help")).finished(seconds=0.15)


def test_all_kinds_of_events_are_tried() -> None:
    assert len(EVENTS) > 50
    assert {"INTERACTION_CREATE", "GUILD_CREATE", "MESSAGE_CREATE", "READY"} <= set(EVENTS)


@pytest.mark.parametrize("part", range(4))
async def test_a_malformed_payload_of_any_event_does_not_silence_the_bot(
    discord: StandIn, start_bot: StartBot, part: int
) -> None:
    await start_bot(retry=PATIENT, server_requests_per_minute=100_000)
    for event in EVENTS[part::4]:
        for payload in MALFORMED[:1] if event != "INTERACTION_CREATE" else MALFORMED:
            await discord.gateway.dispatch(event, payload)
            exchange = await _answers(discord)
            assert "Type /lessons" in exchange.text, event


FRAMES: tuple[bytes | str, ...] = (
    "",
    "null",
    "[]",
    "{",
    '{"op": "x", "d": null, "s": null, "t": null}',
    '{"op": 0, "d": {}, "s": null}',
    '{"op": 0, "d": {}, "s": "x", "t": "NO_SUCH_EVENT"}',
    '{"op": 10, "d": {}, "s": null, "t": null}',
    '{"op": 10, "d": {"heartbeat_interval": "soon"}, "s": null, "t": null}',
    '{"op": 9, "d": "perhaps", "s": null, "t": null}',
    '{"op": 99, "d": null, "s": null, "t": null}',
    b"\x00\x00\xff\xff",
    b"not compressed\x00\x00\xff\xff",
)
"""What no gateway should send: no JSON, no object, unknown kinds, no part of the stream."""


@pytest.mark.parametrize("frame", FRAMES, ids=lambda it: repr(it)[:40])
async def test_a_frame_that_is_no_event_does_not_silence_the_bot(
    discord: StandIn, start_bot: StartBot, frame: bytes | str
) -> None:
    await start_bot(retry=PATIENT)
    await discord.gateway.send_raw(frame)
    assert "Type /lessons" in (await _answers(discord)).text


async def _sent_form(learner: Learner, quiz: Exchange) -> Exchange:
    form = await (await learner.interaction(quiz, "Make a prediction")).answered()
    return await learner.send(form, order="A")


Way = Callable[[Learner, Exchange], Coroutine[Any, Any, object]]
WAYS: dict[str, Way] = {
    "command": lambda learner, _: learner.command("run", scenario="gather"),
    "menu": lambda learner, _: learner.explain_this("about gather"),
    "button": lambda learner, quiz: learner.interaction(quiz, "한국어"),
    "suggestions": lambda learner, _: learner.complete("run", "scenario", "gat"),
    "form": _sent_form,
}
"""Each way in which a learner can ask."""


def _without_each(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield copies of a payload, each with one thing missing."""
    for key in payload:
        yield {name: kept for name, kept in payload.items() if name != key}
    if "data" in payload:
        yield from ({**payload, "data": less} for less in _without_each(payload["data"]))


@pytest.mark.parametrize("way", WAYS)
async def test_an_interaction_that_lacks_anything_does_not_silence_the_bot(
    discord: StandIn, start_bot: StartBot, way: str
) -> None:
    await start_bot(retry=PATIENT, server_requests_per_minute=100_000)
    learner = Learner(discord)
    quiz = await (await learner.command("predict", scenario="gather")).finished()
    await WAYS[way](learner, quiz)
    (session,) = discord.gateway.sessions.values()
    whole = session.sent[-1]["d"]
    damaged = list(_without_each(whole))
    assert len(damaged) > 15
    for payload in damaged:
        await discord.gateway.dispatch("INTERACTION_CREATE", payload)
        await _answers(discord)
    discord.state.wrong.clear()  # of what the learner of a damaged interaction was told


async def test_an_answer_under_way_outlives_its_session(
    discord: StandIn, start_bot: StartBot, tutor: ScriptedTutor
) -> None:
    await start_bot(retry=PATIENT)
    tutor.gate = asyncio.Event()
    running = await (await Learner(discord).command("run", scenario="gather")).until("one starts")
    await discord.gateway.dispatch("GUILD_CREATE", {})
    await discord.gateway.connected(identified=2)
    await _answers(discord)
    tutor.gate.set()
    await running.finished()
    assert "3.00 s" in running.text


async def test_one_that_fails_again_and_again_is_down(
    discord: StandIn, start_bot: StartBot
) -> None:
    bot = await start_bot(retry=Retry(first=0.01, longest=0.02, failures=3))
    for session in range(1, 4):
        await discord.gateway.connected(identified=session)
        await discord.gateway.dispatch("GUILD_CREATE", {})
    with pytest.raises(PlatformDownError, match="3 times in a row"):
        await asyncio.wait_for(bot.wait(), 30)
    assert not bot.connected
