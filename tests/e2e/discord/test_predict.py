"""Predict, run, see: a form under the quiz, through restarts and changed lessons."""

import pytest

from bot.platforms.discord.forms import FormId, values_of
from bot.tutor.forms import Ending, Guess
from bot.tutor.model import Predict
from tests.discord_standin.learner import Exchange, Learner
from tests.discord_standin.server import StandIn
from tests.discord_standin.tutor import ScriptedTutor
from tests.e2e.discord.conftest import StartBot

OPEN = "Make a prediction"


async def _quiz(learner: Learner) -> Exchange:
    return await (await learner.command("predict", scenario="gather")).finished()


async def _form(learner: Learner, quiz: Exchange, label: str = OPEN) -> Exchange:
    return await (await learner.interaction(quiz, label)).answered()


@pytest.mark.usefixtures("bot")
async def test_two_round_trips_predict_and_run(discord: StandIn, tutor: ScriptedTutor) -> None:
    tutor.endings = (Ending("ok", "It ends"), Ending("error:ValueError", "It raises ValueError"))
    learner = Learner(discord)
    quiz = await _quiz(learner)
    assert quiz.message.ephemeral
    form = await _form(learner, quiz)
    texts = [part["content"] for part in form.form["components"] if part["type"] == 10]
    assert "A\none starts\ntwo starts\ntwo ends\none ends\n\nB\none ends" in "\n".join(texts)
    result = await learner.send(form, time="2.5 s", order="B", ending="It raises ValueError")
    await result.until("3.00 s")
    assert result.message is quiz.message
    order = ("one ends", "two ends", "two starts", "one starts")
    assert tutor.asked[-1].what == Predict("gather", Guess(2.5, order, "error:ValueError"))


@pytest.mark.usefixtures("bot")
async def test_the_time_alone_can_be_predicted(discord: StandIn, tutor: ScriptedTutor) -> None:
    learner = Learner(discord, locale="ko")
    form = await _form(learner, await _quiz(learner), "예측하기")
    await (await learner.send(form, time="3초")).until("3.00 s")
    assert tutor.asked[-1].what == Predict("gather", Guess(3.0, ()))


@pytest.mark.usefixtures("bot")
async def test_a_form_with_nothing_chosen_is_told_so(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    learner = Learner(discord)
    sent = await learner.send(await _form(learner, await _quiz(learner)))
    await discord.until(lambda: sent.interaction.callback is not None)
    assert "Nothing was chosen" in sent.text
    assert tutor.asked[-1].what == Predict("gather")


async def test_a_prediction_is_finished_after_a_restart(
    discord: StandIn, start_bot: StartBot, tutor: ScriptedTutor
) -> None:
    learner = Learner(discord)
    first = await start_bot()
    form = await _form(learner, await _quiz(learner))
    await first.close()
    await start_bot()
    await (await learner.send(form, time="1 s")).until("3.00 s")
    assert tutor.asked[-1].what == Predict("gather", Guess(1.0, ()))


@pytest.mark.usefixtures("bot")
async def test_a_prediction_of_a_changed_lesson_explains_itself(
    discord: StandIn, tutor: ScriptedTutor
) -> None:
    learner = Learner(discord)
    quiz = await _quiz(learner)
    form = await _form(learner, quiz)
    tutor.lines = ("only", "two")
    sent = await (await learner.send(form, order="A")).answered()
    assert "older version" in sent.text
    pressed = await (await learner.interaction(quiz, OPEN)).answered()
    assert "older version" in pressed.text


@pytest.mark.parametrize(
    "custom_id", ["quiz:time:gather:3:0123:", "quiz:run:gather:3:0123", "guess:gather"]
)
@pytest.mark.usefixtures("bot")
async def test_a_quiz_of_an_older_version_explains_itself(discord: StandIn, custom_id: str) -> None:
    learner = Learner(discord)
    quiz = await _quiz(learner)
    stale = await (await learner.click(quiz.message, custom_id)).answered()
    assert "older version" in stale.text


def test_the_longest_id_fits_and_is_read_back() -> None:
    longest = FormId("guess", "x" * 32, "0123abcd", "ko")
    assert len(longest.write()) <= 100
    assert FormId.read("guess", longest.write()) == longest
    shortest = FormId("guess", "gather", "0123abcd", None)
    assert FormId.read("guess", "guess:gather:0123abcd") == shortest


@pytest.mark.parametrize("data", [None, {}, {"components": [None, {"component": 3}, {"value": 1}]}])
def test_whatever_a_form_is_sent_with_is_read(data: object) -> None:
    assert values_of(data) == {}
