"""The asker in charge: private answers, sharing, deleting, stopping, and languages."""

import asyncio
from dataclasses import replace

import pytest

from bot.platforms.discord.admission import Access
from bot.tutor.model import Explain, Run
from tests.discord_standin.learner import Exchange, Learner
from tests.discord_standin.server import StandIn
from tests.discord_standin.tutor import ScriptedTutor
from tests.e2e.discord.conftest import StartBot


async def _run(learner: Learner, **options: str | bool) -> Exchange:
    return await (await learner.command("run", scenario="gather", **options)).finished()


@pytest.mark.usefixtures("bot")
async def test_a_private_answer_stays_private_until_it_is_shared(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    tutor.lines, tutor.pause = [f"line {n} " + "x" * 200 for n in range(60)], 0.0
    learner = Learner(discord)
    private = await _run(learner, private=True)
    assert private.message.ephemeral
    assert "Delete" not in private.buttons
    again = await (await learner.interaction(private, "Run again")).finished()
    assert again.message.ephemeral
    shared = await (await learner.interaction(private, "Share here")).finished()
    assert not shared.message.ephemeral
    assert shared.text == private.text
    assert shared.message.files == private.message.files
    assert "Share here" not in shared.buttons
    await (await learner.interaction(shared, "Delete")).answered()
    await discord.until(lambda: shared.message.deleted)


@pytest.mark.usefixtures("bot")
async def test_what_cannot_be_shared_any_more_is_told_to_the_asker_alone(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    tutor.lines, tutor.pause = [f"line {n} " + "x" * 200 for n in range(60)], 0.0
    learner = Learner(discord)
    private = await _run(learner, private=True)
    private.message.files.clear()
    told = await (await learner.interaction(private, "Share here")).finished()
    assert told.message.ephemeral
    assert "no longer gives out" in told.text


@pytest.mark.usefixtures("bot")
async def test_a_public_answer_is_deleted_by_its_asker_alone(discord: StandIn) -> None:
    learner = Learner(discord)
    ran = await _run(learner)
    refused = await (await Learner(discord).interaction(ran, "Delete")).answered()
    await discord.until(lambda: refused.interaction.callback is not None)
    assert not ran.message.deleted
    assert "Only who asked" in str(refused.interaction.callback)
    await (await learner.interaction(ran, "Delete")).answered()
    await discord.until(lambda: ran.message.deleted)


async def test_a_run_is_stopped_by_its_asker_and_after_a_restart_that_is_said(
    discord: StandIn, start_bot: StartBot, tutor: ScriptedTutor
) -> None:
    tutor.gate = asyncio.Event()
    first = await start_bot()
    learner = Learner(discord)
    running = await (await learner.command("run", scenario="gather")).until("one starts")
    other = await (await Learner(discord).interaction(running, "Stop")).answered()
    assert "Only who asked" in str(other.interaction.callback)
    await learner.interaction(running, "Stop")
    await running.until("Stopped, as you asked")
    assert "one starts" in running.text
    assert tutor.left == 1
    stale = await (await learner.command("run", scenario="gather")).until("one starts")
    stop = stale.buttons["Stop"]["custom_id"]
    as_killed = replace(stale.message)
    await first.close()
    await start_bot()
    await discord.gateway.connected(identified=2)
    told = await (await learner.click(as_killed, stop)).answered()
    assert "does not run any more" in str(told.interaction.callback)


@pytest.mark.usefixtures("bot")
async def test_languages_are_chosen_in_their_order(discord: StandIn, tutor: ScriptedTutor) -> None:
    korean = Learner(discord, locale="ko")
    chosen = await (await korean.command("explain", concept="coroutine", language="en")).finished()
    assert "It *pauses*." in chosen.text
    carried = await (await korean.interaction(chosen, "Run it")).finished()
    assert tutor.asked[-1].locale == "en", "the button carries it on"
    assert "한국어" in carried.buttons
    community = Learner(discord, guild_locale="ko")
    answer = await (await community.command("explain", concept="coroutine")).finished()
    assert "만나서" in answer.text, "a Community server's language goes before the asker's"
    chosen = await (
        await community.command("explain", concept="coroutine", language="en")
    ).finished()
    assert "It *pauses*." in chosen.text


@pytest.mark.usefixtures("bot")
async def test_ones_own_answer_switches_in_place_and_anothers_beside_it(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    learner = Learner(discord)
    english = await (await learner.command("explain", concept="coroutine")).finished()
    other = await (await Learner(discord).interaction(english, "한국어")).finished()
    assert other.message is not english.message
    assert other.message.ephemeral
    assert "만나서" in other.text
    korean = await (await learner.interaction(english, "한국어")).finished()
    assert korean.message is english.message
    assert "만나서" in korean.text
    assert tutor.asked[-1].what == Explain("coroutine")
    assert "English" in korean.buttons


async def test_operators_choose_where_it_answers_and_how(
    discord: StandIn, start_bot: StartBot, tutor: ScriptedTutor
) -> None:
    learner = Learner(discord)
    access = Access(frozenset({learner.guild}), frozenset({learner.channel}), "ko", private=True)
    await start_bot(access=access, report="https://example.org/issues")
    answer = await _run(learner)
    assert answer.message.ephemeral
    assert tutor.asked[-1].locale == "ko"
    assert answer.buttons["잘못된 점 알리기"]["url"] == "https://example.org/issues"
    assert not (await _run(learner, private=False)).message.ephemeral
    asked = len(tutor.asked)
    for elsewhere in (Learner(discord, guild=5), Learner(discord, channel=6)):
        refused = await _run(elsewhere)
        assert "다른 채널" in refused.text
    assert len(tutor.asked) == asked
    await _run(Learner(discord, at="dm"))
    assert tutor.asked[-1].what == Run("gather")
