"""Real discord.py against the stand-in: commands, buttons and menus, as learners use them."""

import asyncio
from itertools import pairwise

import pytest
import structlog
from structlog.testing import capture_logs

from bot.tutor.model import Compare, Explain, ListLessons, Run
from tests.discord_standin.learner import Learner
from tests.discord_standin.server import StandIn
from tests.discord_standin.state import Context
from tests.discord_standin.tutor import LINES, ScriptedTutor
from tests.e2e.discord.conftest import StartBot

DEFERRED, SHOWN = 5, 4


@pytest.mark.usefixtures("bot")
async def test_a_run_is_deferred_then_edited_then_finished(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    tutor.pause = 0.15
    exchange = await Learner(discord).command("run", scenario="gather")
    await exchange.finished()
    assert exchange.interaction.callback == {"type": DEFERRED}
    assert "3.00 s" in exchange.text
    assert all(line in exchange.text for line in LINES)
    assert list(exchange.buttons) == ["Run again", "Predict", "한국어", "Delete"]
    assert len(exchange.message.history) > 2
    assert tutor.asked[0].what == Run("gather")
    assert tutor.asked[0].learner.startswith("discord:")
    assert tutor.asked[0].place.startswith("discord:server:")


async def test_edits_keep_their_pace(
    discord: StandIn, start_bot: StartBot, tutor: ScriptedTutor
) -> None:
    await start_bot(edit_seconds=0.5)
    tutor.lines, tutor.pause = [f"line {n}" for n in range(60)], 0.02
    exchange = await Learner(discord).command("run", scenario="gather")
    await exchange.finished()
    times = [at for at, _ in exchange.message.history]
    gaps = [later - earlier for earlier, later in pairwise(times[:-1])]
    assert len(times) < 10
    assert all(gap > 0.4 for gap in gaps)


@pytest.mark.parametrize("at", ["guild", "dm", "private"])
@pytest.mark.usefixtures("bot")
async def test_it_answers_wherever_it_is_asked(discord: StandIn, at: Context) -> None:
    learner = Learner(discord, at=at)
    exchange = await (await learner.command("explain", concept="coroutine")).finished()
    assert exchange.interaction.callback is not None
    assert exchange.interaction.callback["type"] == SHOWN
    assert "It *pauses*." in exchange.text
    assert not exchange.message.ephemeral


@pytest.mark.usefixtures("bot")
async def test_a_korean_is_answered_in_korean(discord: StandIn, tutor: ScriptedTutor) -> None:
    exchange = await (
        await Learner(discord, locale="ko").command("explain", concept="coroutine")
    ).finished()
    assert "만나서" in exchange.text
    assert tutor.asked[0].locale == "ko"


@pytest.mark.usefixtures("bot")
async def test_help_and_errors_are_for_the_asker_alone(discord: StandIn) -> None:
    learner = Learner(discord)
    for name, options in (("help", {}), ("explain", {"concept": "nonsense"})):
        exchange = await (await learner.command(name, **options)).finished()
        assert exchange.message.ephemeral


@pytest.mark.usefixtures("bot")
async def test_lessons_open_chapter_by_chapter_in_one_private_message(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    learner = Learner(discord)
    course = await (await learner.command("lessons")).finished()
    assert [each["label"] for each in course.menus[0]["options"]] == [
        "Chapter 1",
        "Chapter 2",
        "Chapter 3",
    ]
    chapter = await (await learner.pick(course, "Chapter 2")).finished()
    assert tutor.asked[-1].what == ListLessons("chapter_2")
    assert chapter.message is course.message
    assert "chapter_2" in chapter.text


@pytest.mark.usefixtures("bot")
async def test_up_to_five_scenarios_are_compared(discord: StandIn, tutor: ScriptedTutor) -> None:
    options = dict(
        zip(
            ("first", "second", "third", "fourth", "fifth"),
            ("sync", "await", "create_task", "gather", "thread"),
            strict=True,
        )
    )
    await (await Learner(discord).command("compare", **options)).finished()
    assert tutor.asked[0].what == Compare(("sync", "await", "create_task", "gather", "thread"))


@pytest.mark.usefixtures("bot")
async def test_names_are_completed(discord: StandIn) -> None:
    offered = await Learner(discord).complete("run", "scenario", "gat")
    assert offered == [{"name": "gather", "value": "gather"}]
    korean = await Learner(discord, locale="ko").complete("explain", "concept", "코루")
    assert korean == [{"name": "코루틴", "value": "coroutine"}]


@pytest.mark.parametrize("locale", ["en-US", "ko"])
@pytest.mark.usefixtures("bot")
async def test_a_message_that_names_a_concept_is_explained(
    discord: StandIn, tutor: ScriptedTutor, locale: str
) -> None:
    learner = Learner(discord, locale=locale)
    said = {"en-US": "what are Coroutines, @everyone?", "ko": "도대체 코루틴이 뭐예요?"}
    await (await learner.explain_this(said[locale])).finished()
    assert tutor.asked[0].what == Explain("coroutine")


@pytest.mark.usefixtures("bot")
async def test_our_own_answers_can_be_explained_though_they_have_no_content(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    learner = Learner(discord)
    ours = await (await learner.command("explain", concept="coroutine")).finished()
    await (await learner.explain_this(ours)).finished()
    assert tutor.asked[-1].what == Explain("coroutine")
    assert len(tutor.asked) == 2


@pytest.mark.parametrize("locale", ["en-US", "ko"])
@pytest.mark.usefixtures("bot")
async def test_an_unknown_command_is_not_told_about_a_button(discord: StandIn, locale: str) -> None:
    exchange = await (await Learner(discord, locale=locale).command("juggle")).finished()
    assert exchange.message.ephemeral
    assert ("no such command" if locale == "en-US" else "없는 명령") in exchange.text
    assert not any(word in exchange.text for word in ("button", "버튼"))
    assert len(exchange.buttons) == 2


async def test_picks_pages_and_stale_items_count_as_well(
    discord: StandIn, start_bot: StartBot, tutor: ScriptedTutor
) -> None:
    tutor.lines = [f"line {n} " + "x" * 200 for n in range(120)]
    tutor.pause = 0.0
    await start_bot(learner_requests_per_minute=4)
    first = Learner(discord)
    run = await (await first.command("run", scenario="gather")).finished()
    page = await (await first.interaction(run, "Show all output")).finished()
    for _ in range(2):
        page = await (await first.interaction(page, "Next page")).finished()
    assert "line 0 " not in page.text
    assert "Please wait" in (await (await first.interaction(page, "Next page")).finished()).text
    tutor.lines = LINES
    other = Learner(discord)
    quiz = await (await other.command("predict", scenario="gather")).finished()
    for _ in range(3):
        assert (await (await other.interaction(quiz, "Make a prediction")).answered()).form
    refused = await (await other.interaction(quiz, "Make a prediction")).answered()
    assert "Please wait" in refused.text
    third = Learner(discord)
    run.buttons["Run again"]["custom_id"] = "ask:juggle"
    told = [(await (await third.interaction(run, "Run again")).finished()).text for _ in range(5)]
    assert ["older version" in text for text in told] == [True] * 4 + [False]
    assert "Please wait" in told[-1]


@pytest.mark.usefixtures("bot")
async def test_a_message_that_names_none_is_no_fault_of_the_learners(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    exchange = await (await Learner(discord).explain_this("good morning")).finished()
    assert "/explain" in exchange.text
    assert exchange.message.ephemeral
    assert tutor.asked == []


async def test_buttons_work_for_anyone_and_after_a_restart(
    discord: StandIn, start_bot: StartBot, tutor: ScriptedTutor
) -> None:
    first = await start_bot()
    exchange = await (await Learner(discord).command("run", scenario="gather")).finished()
    await first.close()
    await start_bot()
    again = await (await Learner(discord).interaction(exchange, "Run again")).finished()
    assert again.message is not exchange.message
    assert tutor.asked[-1].what == Run("gather")
    assert tutor.asked[-1].learner != tutor.asked[0].learner


@pytest.mark.parametrize("custom_id", ["ask:juggle:gather", "v0-run-gather", "quiz:shuffle:x"])
@pytest.mark.usefixtures("bot")
async def test_a_stale_button_explains_itself(discord: StandIn, custom_id: str) -> None:
    learner = Learner(discord)
    exchange = await (await learner.command("run", scenario="gather")).finished()
    exchange.buttons["Run again"]["custom_id"] = custom_id
    stale = await (await learner.interaction(exchange, "Run again")).finished()
    assert "older version" in stale.text
    assert stale.message.ephemeral
    assert list(stale.buttons) == ["/lessons", "/help"]


async def test_who_asks_too_often_is_told_how_long_to_wait(
    discord: StandIn, start_bot: StartBot
) -> None:
    await start_bot(learner_requests_per_minute=2, server_requests_per_minute=4)
    learner = Learner(discord)
    for _ in range(2):
        await (await learner.command("explain", concept="coroutine")).finished()
    with capture_logs([structlog.contextvars.merge_contextvars]) as logs:
        refused = await (await learner.command("explain", concept="coroutine")).finished()
    assert "30 seconds" in refused.text
    (line,) = [line for line in logs if line["event"] == "refused"]
    assert (line["cause"], line["platform"]) == ("learner's rate", "discord")
    assert len(line["reference"]) == 8
    assert refused.message.ephemeral
    for _ in range(2):
        await (await Learner(discord).command("explain", concept="coroutine")).finished()
    refused = await (await Learner(discord).command("explain", concept="coroutine")).finished()
    assert "This server" in refused.text
    elsewhere = Learner(discord, at="dm")
    served = await (await elsewhere.command("explain", concept="coroutine")).finished()
    assert "pauses" in served.text


@pytest.mark.usefixtures("bot")
async def test_long_output_is_shortened_and_whole_in_a_file(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    tutor.lines = [f"line {n} " + "x" * 200 for n in range(120)]
    tutor.pause = 0.0
    learner = Learner(discord)
    exchange = await (await learner.command("run", scenario="gather")).finished()
    assert "lines left out" in exchange.text
    whole = [f"{number:6.2f}│{line}" for number, line in enumerate(tutor.lines)]
    assert exchange.message.files["output.txt"].decode() == "\n".join(whole)
    page = await (await learner.interaction(exchange, "Show all output")).finished()
    assert page.message.ephemeral
    assert page.interaction.callback is not None
    assert page.interaction.callback["type"] == DEFERRED, "to read a file takes its time"
    assert "line 0 " in page.text
    second = await (await learner.interaction(page, "Next page")).finished()
    assert second.message is page.message
    assert "line 0 " not in second.text
    exchange.message.files.clear()
    gone = await (await learner.interaction(exchange, "Show all output")).finished()
    assert gone.message.ephemeral
    assert "no longer here" in gone.text


@pytest.mark.usefixtures("bot")
async def test_our_own_fault_is_admitted(
    discord: StandIn, tutor: ScriptedTutor, caplog: pytest.LogCaptureFixture
) -> None:
    tutor.error = RuntimeError("no more mana")
    exchange = await (await Learner(discord).command("run", scenario="gather")).finished()
    assert "went wrong on our side" in exchange.text
    assert "no more mana" not in exchange.text
    assert "no more mana" in caplog.text
    tutor.error = None
    await (await Learner(discord).command("run", scenario="gather")).finished()


@pytest.mark.usefixtures("bot")
async def test_learners_are_served_side_by_side(discord: StandIn, tutor: ScriptedTutor) -> None:
    tutor.pause = 0.2
    exchanges = [await Learner(discord).command("run", scenario="gather") for _ in range(20)]
    await asyncio.gather(*(each.finished() for each in exchanges))
    answered = [each.interaction.answered_at or 0.0 for each in exchanges]
    assert max(answered) < min(each.message.history[-1][0] for each in exchanges)


async def test_in_a_rush_everyone_is_answered_first_and_errors_still_turn_private(
    discord: StandIn, start_bot: StartBot, tutor: ScriptedTutor
) -> None:
    await start_bot(server_requests_per_minute=1_000)
    tutor.pause = 0.05
    names = ["gather" if number % 10 else "nonsense" for number in range(60)]
    exchanges = await asyncio.gather(
        *(Learner(discord).command("run", scenario=name) for name in names)
    )
    for name, exchange in zip(names, exchanges, strict=True):
        await exchange.finished()
        assert exchange.message.ephemeral == (name == "nonsense")
        assert ("3.00 s" in exchange.text) == (name == "gather")
    deferred = [each for each in exchanges if each.interaction.callback == {"type": DEFERRED}]
    assert len(deferred) > 20
