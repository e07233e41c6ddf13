"""Predict, run, see: the quiz on one private message, through restarts and changed lessons."""

import pytest

from bot.platforms.discord.prediction import Prediction
from bot.tutor.model import Ending, Guess, Predict
from tests.discord_standin.learner import Exchange, Learner
from tests.discord_standin.server import StandIn
from tests.discord_standin.tutor import ScriptedTutor
from tests.e2e.discord.conftest import StartBot

RUN_IT, TAKE_BACK = "Run it and see", "Take back a line"


async def _quiz(learner: Learner) -> Exchange:
    return await (await learner.command("predict", scenario="gather")).finished()


@pytest.mark.usefixtures("bot")
async def test_a_prediction_is_made_line_by_line_and_then_checked(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    learner = Learner(discord)
    quiz = await _quiz(learner)
    assert quiz.message.ephemeral
    assert quiz.buttons[RUN_IT]["disabled"]
    quiz = await (await learner.pick(quiz, "2.5 s")).finished()
    for line in ("two starts", "one starts", "two ends"):
        quiz = await (await learner.pick(quiz, line, menu=1)).finished()
    assert "1. two starts\n2. one starts\n3. two ends\n4. one ends" in quiz.text
    assert len(quiz.menus) == 1
    result = await (await learner.interaction(quiz, RUN_IT)).finished()
    assert result.message is quiz.message
    assert "3.00 s" in result.text
    order = ("two starts", "one starts", "two ends", "one ends")
    assert tutor.asked[-1].what == Predict("gather", Guess(2.5, order))


@pytest.mark.usefixtures("bot")
async def test_a_line_can_be_taken_back(discord: StandIn) -> None:
    learner = Learner(discord)
    quiz = await _quiz(learner)
    for line in ("one starts", "two starts", "one ends"):
        quiz = await (await learner.pick(quiz, line, menu=1)).finished()
    assert not quiz.buttons[RUN_IT].get("disabled")
    quiz = await (await learner.interaction(quiz, TAKE_BACK)).finished()
    assert quiz.buttons[RUN_IT]["disabled"]
    assert {each["label"] for each in quiz.menus[1]["options"]} == {"one ends", "two ends"}


@pytest.mark.usefixtures("bot")
async def test_the_time_alone_can_be_predicted(discord: StandIn, tutor: ScriptedTutor) -> None:
    learner = Learner(discord, locale="ko")
    quiz = await (await learner.pick(await _quiz(learner), "3초")).finished()
    await (await learner.interaction(quiz, "실행해서 확인하기")).finished()
    assert tutor.asked[-1].what == Predict("gather", Guess(3.0, ()))


async def test_a_prediction_is_finished_after_a_restart(
    discord: StandIn, start_bot: StartBot, tutor: ScriptedTutor
) -> None:
    learner = Learner(discord)
    first = await start_bot()
    quiz = await (await learner.pick(await _quiz(learner), "1 s")).finished()
    await first.close()
    await start_bot()
    await (await learner.interaction(quiz, RUN_IT)).finished()
    assert tutor.asked[-1].what == Predict("gather", Guess(1.0, ()))


@pytest.mark.usefixtures("bot")
async def test_a_prediction_of_a_changed_lesson_explains_itself(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    learner = Learner(discord)
    quiz = await _quiz(learner)
    for line in ("two ends", "one ends"):
        quiz = await (await learner.pick(quiz, line, menu=1)).finished()
    tutor.lines = ("only", "two")
    stale = await (await learner.pick(quiz, "two starts", menu=1)).finished()
    assert "older version" in stale.text
    assert stale.message is not quiz.message


@pytest.mark.usefixtures("bot")
async def test_where_there_are_decoys_the_other_lines_are_left_out(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    tutor.decoys = True
    tutor.endings = (Ending("ok", "It ends"), Ending("error:ValueError", "It raises ValueError"))
    learner = Learner(discord)
    quiz = await _quiz(learner)
    assert quiz.buttons[RUN_IT]["disabled"]
    for line in ("two starts", "one ends"):
        quiz = await (await learner.pick(quiz, line, menu=1)).finished()
        assert not quiz.buttons[RUN_IT].get("disabled")
        assert "count as never printed" in quiz.text
    quiz = await (await learner.pick(quiz, "It raises ValueError", menu=2)).finished()
    assert "Ending: **It raises ValueError**" in quiz.text
    quiz = await (await learner.interaction(quiz, TAKE_BACK)).finished()
    quiz = await (await learner.interaction(quiz, RUN_IT)).finished()
    assert tutor.asked[-1].what == Predict(
        "gather", Guess(None, ("two starts",), "error:ValueError")
    )


@pytest.mark.usefixtures("bot")
async def test_all_lines_with_decoys_may_be_taken_back_one_by_one(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    tutor.decoys = True
    learner = Learner(discord)
    quiz = await _quiz(learner)
    for line in tutor.lines:
        quiz = await (await learner.pick(quiz, line, menu=1)).finished()
    assert len(quiz.menus) == 1
    quiz = await (await learner.interaction(quiz, TAKE_BACK)).finished()
    assert [each["label"] for each in quiz.menus[1]["options"]] == [tutor.lines[-1]]


def test_a_prediction_sent_before_endings_were_asked_is_still_read() -> None:
    old = Prediction.read("quiz:run:gather:3:0123")
    assert old == ("run", Prediction("gather", "3", "0123"))
    longest = Prediction("x" * 32, "99999.99", "z" * 36, "9").write("ending")
    assert len(longest) <= 100
    assert Prediction.read(longest) is not None
