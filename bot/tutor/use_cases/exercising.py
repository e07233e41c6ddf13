"""Use case: set an exercise, give hints, run what is handed in, and grade it by its run."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from bot.errors import RunQueueError
from bot.languages import Locale
from bot.lessons.exercise import Exercise
from bot.lessons.library import Library
from bot.tutor.attempts import (
    Attempt,
    UnusableAnswerError,
    attempt_request,
    exemplar_attempt,
    graded,
    read_answer,
)
from bot.tutor.hints import name_and_hint
from bot.tutor.live_run import LiveRun
from bot.tutor.model import (
    Ask,
    Choice,
    Choices,
    Code,
    Heading,
    Part,
    Reply,
    Solve,
    Update,
)
from bot.tutor.own_code import digest
from bot.tutor.services import Parts, Services, counted, for_the_asker, only, underway
from bot.tutor.use_cases.exercise_parts import exercise_list, graded_reply, hint_reply, task_reply
from bot.tutor.use_cases.running import so_far
from bot.tutor.words import words


def exercising(
    services: Services, library: Library, ask: Ask, request: Solve
) -> AsyncGenerator[Update]:
    """List exercises, set one, give a hint, or grade an answer, as the request says.

    :raises UnknownNameError: if no exercise goes by the name
    :raises RunQueueError: if the learner may not run anything now
    :raises SandboxError: if the sandbox itself cannot work
    """
    if not request.name:
        return only(exercise_list(library, ask.locale))
    name, number = name_and_hint(request.name)
    exercise = library.exercise(name)
    if number:
        return only(hint_reply(library, exercise, number, ask.locale))
    if not request.answer:
        off = services.own_code.mode == "off"
        return only(task_reply(library, exercise, ask.locale, off=off))
    told = _handed_in(services, library, ask, exercise, request.answer)
    return for_the_asker(told, shareable=services.own_code.mode == "on")


async def _handed_in(
    services: Services, library: Library, ask: Ask, exercise: Exercise, answer: str
) -> AsyncGenerator[Update]:
    """Run an answer, where it can be run, and grade it."""
    say = words(ask.locale)
    if services.own_code.mode == "off" and exercise.kind != "predict-why":
        yield _refused(exercise, say.own_code.off, ask.locale)
        return
    if wait := services.own_code.runs.wait(ask.learner):
        yield _refused(exercise, say.own_code.too_often(wait), ask.locale)
        return
    try:
        attempt = await services.made(lambda: read_answer(exercise, answer, ask.locale))
    except UnusableAnswerError as error:
        yield _refused(exercise, str(error), ask.locale)
        return
    live_run = _live_run(services, ask, exercise, attempt)
    head: tuple[Part, ...] = (
        Heading(say.exercise.title(exercise.title.text(ask.locale))),
        Code(attempt.code),
    )
    async with aclosing(counted(services, ask, _run(services, ask, live_run, head))) as updates:
        async for update in updates:
            yield update
    grade = await services.made(lambda: graded(exercise, attempt, live_run.result, ask.locale))
    others = [it async for it in _beside(services, ask, exercise)] if grade.passed else []
    yield await services.made(
        lambda: graded_reply(
            library, exercise, attempt, live_runs=(live_run, *others), head=head, grade=grade
        )
    )


def _live_run(
    services: Services, ask: Ask, exercise: Exercise, attempt: Attempt, title: str = ""
) -> LiveRun:
    return LiveRun(
        title or words(ask.locale).exercise.yours,
        ask.locale,
        attempt_request(exercise, attempt, services.own_code.limits),
        digest=digest(attempt.code),
    )


def _run(services: Services, ask: Ask, live_run: LiveRun, head: Parts) -> AsyncGenerator[Update]:
    return underway(services, ask, [live_run], head, so_far)


async def _beside(services: Services, ask: Ask, exercise: Exercise) -> AsyncGenerator[LiveRun]:
    """Yield the exemplar's run, for the picture; nothing where there is no room for it now."""
    if exercise.kind == "predict-why":
        return
    title = words(ask.locale).exercise.exemplar
    live_run = _live_run(services, ask, exercise, exemplar_attempt(exercise, ask.locale), title)
    try:
        async with aclosing(_run(services, ask, live_run, ())) as updates:
            async for _ in updates:
                pass
    except RunQueueError:
        return
    yield live_run


def _refused(exercise: Exercise, sentence: str, locale: Locale) -> Reply:
    again = Choice(words(locale).exercise.again, Solve(exercise.id))
    return Reply.refusing(sentence, Choices((again,)))
