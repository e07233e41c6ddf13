"""Exercises on Discord: solved, solved wrongly, left alone; over the stand-in, with real runs."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import pytest

from bot.languages import Locale
from bot.lessons.files.load import load_folders
from bot.lessons.library import Library
from bot.runner.host.local import LocalRunner
from bot.runner.queue import RunQueue
from bot.tutor.attempts import exemplar_attempt, in_words
from bot.tutor.own_code import OwnCode, RunsOfLearners
from bot.tutor.service import TutorService
from bot.tutor.services import Services
from tests.discord_standin.learner import Exchange, Learner
from tests.discord_standin.server import StandIn
from tests.e2e.discord.conftest import running_bot
from tests.held_up import held_up

ANSWER = {"en": "Answer", "ko": "답하기"}
PASSED = {"en": "every goal is met", "ko": "모든 목표를 이루었습니다"}
NOT_YET = {"en": "Not yet", "ko": "아직입니다"}
BOTH = pytest.mark.parametrize("locale", ["en", "ko"])


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(load_folders([Path(__file__).parents[3] / "lessons"]).lessons)


@pytest.fixture
async def served(discord: StandIn, library: Library) -> AsyncIterator[StandIn]:
    """A bot whose learners may try as often as they like."""
    runner = LocalRunner(strict=False)
    own_code = OwnCode(runs=RunsOfLearners(None))
    services = Services(lambda: library, runner, RunQueue(running=4, waiting=4), own_code=own_code)
    async with running_bot(discord, TutorService(services)):
        yield discord
    await runner.close()


def learner_of(served: StandIn, locale: Locale) -> Learner:
    return Learner(served, locale="en-US" if locale == "en" else "ko")


async def form_of(learner: Learner, name: str, locale: Locale) -> Exchange:
    task = await (await learner.command("exercise", exercise=name)).finished()
    assert task.message.ephemeral
    return await (await learner.interaction(task, ANSWER[locale])).answered()


async def graded(
    learner: Learner, name: str, locale: Locale, hand_in: Callable[[Exchange], Awaitable[Exchange]]
) -> Exchange:
    """Hand an answer in, and once more whenever that is asked for: its run was held up."""
    while True:
        form = await form_of(learner, name, locale)
        answer = await (await hand_in(form)).finished()
        if not held_up(answer.text):
            return answer


def labels(form: Exchange) -> list[dict[str, Any]]:
    """The components of an open form, in order."""
    assert form.modal is not None
    return [it["component"] for it in form.modal["components"] if "component" in it]


def label_of(component: dict[str, Any], value: str) -> str:
    return next(str(it["label"]) for it in component["options"] if it["value"] == value)


@BOTH
async def test_code_is_repaired(served: StandIn, library: Library, locale: Locale) -> None:
    learner, exercise = learner_of(served, locale), library.exercise("fetch_together")
    form = await form_of(learner, exercise.id, locale)
    starter = in_words(exercise, exercise.starter, locale)
    assert form.begun.strip() == starter.strip()
    wrong = await graded(learner, exercise.id, locale, lambda it: learner.submit(it, starter))
    assert NOT_YET[locale] in wrong.text
    assert "gather" in wrong.text, "the finding says what to change"
    solved = exemplar_attempt(exercise, locale).answer
    right = await graded(learner, exercise.id, locale, lambda it: learner.submit(it, solved))
    assert PASSED[locale] in right.text
    assert right.message.ephemeral


@BOTH
async def test_blocks_are_put_in_order_by_menus(
    served: StandIn, library: Library, locale: Locale
) -> None:
    learner, exercise = learner_of(served, locale), library.exercise("start_then_wait")
    shown = exercise.blocks_shown
    right = [str(shown.index(it)) for it in exercise.blocks if it.decoy is None]
    decoy = next(str(i) for i, it in enumerate(shown) if it.decoy is not None)
    letters = ascii_uppercase[: len(shown)]

    async def choose(form: Exchange, order: list[str]) -> Exchange:
        menus = labels(form)
        assert len(menus) == len(right)
        assert [it["label"][0] for it in menus[0]["options"]] == list(letters)
        chosen = {
            menu["custom_id"]: label_of(menu, value)
            for menu, value in zip(menus, order, strict=True)
        }
        return await learner.send(form, **chosen)

    for order, said in ((right, PASSED), ([decoy, *right[1:]], NOT_YET)):
        answer = await graded(learner, exercise.id, locale, partial(choose, order=order))
        assert said[locale] in answer.text


@BOTH
async def test_a_number_is_tuned(served: StandIn, locale: Locale) -> None:
    learner = learner_of(served, locale)
    for number, said in (("1", NOT_YET[locale]), ("99", "`LIMIT`"), ("2", PASSED[locale])):
        answer = await graded(learner, "at_most_two", locale, partial(learner.submit, code=number))
        assert said in answer.text


@BOTH
async def test_a_reason_is_chosen(served: StandIn, library: Library, locale: Locale) -> None:
    learner, exercise = learner_of(served, locale), library.exercise("two_sleeps")

    async def choose(form: Exchange, id_: str) -> Exchange:
        return await learner.send(form, reason=label_of(labels(form)[0], id_))

    for choice in exercise.choices:
        answer = await graded(learner, exercise.id, locale, partial(choose, id_=choice.id))
        assert choice.believes.text(locale) in answer.text
    nothing = await form_of(learner, exercise.id, locale)
    told = await (await learner.send(nothing)).finished()
    assert ("Nothing was chosen" if locale == "en" else "고른 것이 없어") in told.text


@BOTH
async def test_hints_come_one_at_a_time(served: StandIn, library: Library, locale: Locale) -> None:
    learner, exercise = learner_of(served, locale), library.exercise("let_others_run")
    answer = await (await learner.command("exercise", exercise=exercise.id)).finished()
    for number, hint in enumerate(exercise.hints, start=1):
        label = next(it for it in answer.buttons if f"{number}" in it and hint_word(locale) in it)
        answer = await (await learner.interaction(answer, label)).finished()
        assert hint.text(locale) in answer.text.replace("\\", "")
    label = {"en": "Show the exemplar", "ko": "모범 답안 보기"}[locale]
    answer = await (await learner.interaction(answer, label)).finished()
    assert "await asyncio.sleep(0)" in answer.text


def hint_word(locale: Locale) -> str:
    return "Hint" if locale == "en" else "힌트"


async def test_exercises_are_suggested_listed_and_offered(served: StandIn) -> None:
    learner = learner_of(served, "en")
    suggested = await learner.complete("exercise", "exercise", "fetch")
    assert "fetch_together" in [it["value"] for it in suggested]
    every = await (await learner.command("exercise")).finished()
    assert "at_most_two" in every.text
    lesson = await (await learner.command("lessons", lesson="tasks")).finished()
    assert "fetch_together" in lesson.text


async def test_a_form_of_a_changed_lesson_explains_itself(served: StandIn) -> None:
    learner = learner_of(served, "en")
    form = await form_of(learner, "fetch_together", "en")
    assert form.modal is not None
    form.modal["custom_id"] = "solve:fetch_together:00000000"
    answer = await (await learner.submit(form, "print(1)")).finished()
    assert "changed" in answer.text or "no longer" in answer.text or "again" in answer.text
