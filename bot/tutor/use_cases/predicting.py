"""Use case: predict a run, run it, and see both side by side."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from bot.lessons.library import Library
from bot.lessons.model import Scenario
from bot.lessons.request import request_for
from bot.runner.model import Line, Outcome
from bot.tutor import following, quiz
from bot.tutor.ending import ending_parts, finished_reply
from bot.tutor.forms import Guess, Quiz
from bot.tutor.live_run import LiveRun
from bot.tutor.model import (
    Ask,
    Choice,
    Code,
    Fold,
    Heading,
    Note,
    Part,
    Predict,
    Reply,
    Table,
    Text,
    Update,
)
from bot.tutor.pictures import picture_of
from bot.tutor.quiz import Score
from bot.tutor.services import Services, too_old, underway
from bot.tutor.translation import mark
from bot.tutor.use_cases.running import so_far
from bot.tutor.words import Words, words

_COMPARABLE = frozenset({Outcome.OK, Outcome.ERROR})


def asking_prediction(services: Services, library: Library, ask: Ask, scenario: Scenario) -> Reply:
    """Show the code and ask what it will do. Nothing runs."""
    say = words(ask.locale)
    # The title says what happens; until it has happened, the id and a neutral question stand there.
    question = scenario.question
    head: tuple[Part, ...] = (
        Heading(say.quiz.title(scenario.id)),
        *mark(scenario.title, ask.locale),
        *((Text(f"**{question.text(ask.locale)}**"),) if question else ()),
        Code(request_for(scenario, ask.locale, services.limits).code),
    )
    if services.too_old_for(scenario):
        return Reply((*head, too_old(services, scenario, say)), failed=True)
    quiz_ = quiz.quiz_for(scenario, ask.locale, services.python)
    run = following.run_choice(scenario, ask.locale)
    if not (quiz_.times or quiz_.lines or quiz_.endings):
        choices = following.after_scenario(
            library, scenario, ask.locale, run, python=services.python
        )
        return Reply((*head, Note(say.quiz.nothing_to_predict), choices))
    return Reply((*head[:-1], Text(say.quiz.invitation(quiz_)), head[-1], quiz_))


async def predicting(
    services: Services, library: Library, ask: Ask, scenario: Scenario, guess: Guess
) -> AsyncGenerator[Update]:
    """Really run it, and show the prediction beside reality.

    :raises RunQueueError: if the learner may not run anything now
    :raises SandboxError: if the sandbox itself cannot work
    """
    asked = quiz.quiz_for(scenario, ask.locale, services.python)
    live_run = services.live_run(scenario, ask)
    say = words(ask.locale)
    code = Fold(say.run.code, (Code(live_run.request.code),))
    head: tuple[Part, ...] = (Heading(say.quiz.title(live_run.title)), code)
    async with aclosing(underway(services, ask, [live_run], head, so_far)) as updates:
        async for update in updates:
            yield update
    services.memory.keep(ask.learner, live_run.request, live_run.events)
    fitting = quiz.without_nonsense(guess, asked)
    yield await services.made(
        lambda: _final(
            library,
            ask,
            scenario,
            live_run,
            (*head, *_compared(scenario, live_run, fitting, asked)),
        )
    )


def _compared(scenario: Scenario, live_run: LiveRun, guess: Guess, asked: Quiz) -> Iterator[Part]:
    """Yield the prediction beside what really happened."""
    say = words(live_run.locale)
    expected = scenario.expect.on(live_run.result.python).outcome
    if live_run.starved(live_run.verdict()):
        yield Note(say.quiz.held_up, "warning")  # nobody predicts a busy computer
    elif live_run.result.finished.outcome in {*_COMPARABLE, expected}:
        yield from _scored(scenario, live_run, guess, asked)
    else:
        yield Note(say.quiz.not_comparable, "warning")
    if not guess.order:
        sequence = live_run.sequence()
        if sequence.lines:
            yield sequence


def _final(
    library: Library, ask: Ask, scenario: Scenario, live_run: LiveRun, parts: tuple[Part, ...]
) -> Reply:
    """Return the whole reply to a finished run, `parts` first."""
    say = words(ask.locale)
    again = Choice(say.quiz.again, Predict(scenario.id))
    run = following.run_choice(scenario, ask.locale)
    choices = following.after_scenario(
        library, scenario, ask.locale, again, run, python=live_run.result.python
    )
    reason = (Text(scenario.because.text(ask.locale)),) if live_run.timeline else ()
    seen = (*picture_of([live_run], ask.locale), *ending_parts(live_run, say), *reason)
    return finished_reply(live_run, live_run.sequence(), *parts, *seen, choices)


def _scored(scenario: Scenario, live_run: LiveRun, guess: Guess, asked: Quiz) -> Iterator[Part]:
    """Yield how right the prediction was, line by line."""
    say = words(live_run.locale)
    score = quiz.score(live_run, guess, asked)
    elapsed = live_run.result.finished.elapsed
    about_time, about_ending = quiz.answers(scenario, guess, live_run.locale)
    if guess.seconds is not None:
        told = say.quiz.time(guess.seconds, elapsed, right=bool(score.time))
        yield _judged(told, right=bool(score.time), answer=about_time)
    if score.ending is not None:
        told = _ending_told(live_run, guess, asked, right=score.ending)
        yield _judged(told, right=score.ending, answer=about_ending)
    yield from _order_told(say, score)
    if score.pairs:
        yield Table(say.quiz.header, tuple(map(_row, score.pairs)))
    if not score.all_right and scenario.mistake:
        yield Note(say.quiz.mistake(scenario.mistake.text(live_run.locale)))


def _judged(told: str, *, right: bool, answer: str | None) -> Note:
    """Return what is said of one answer; to a wrong one, the author's own answer is added."""
    if right:
        return Note(told, "good")
    return Note(f"{told}\n\n{answer}" if answer else told, "warning")


def _ending_told(live_run: LiveRun, guess: Guess, asked: Quiz, *, right: bool) -> str:
    """Say how the run ended, beside how it was predicted to end."""
    say = words(live_run.locale)
    if right:
        return say.quiz.ending_right
    finished = live_run.result.finished
    raised = finished.failure.type if finished.failure else ""
    labels = {ending.key: ending.label for ending in asked.endings}
    return say.quiz.ending_wrong(
        labels.get(guess.ending or "", ""), say.quiz.ending(finished.outcome, raised)
    )


def _order_told(say: Words, score: Score) -> Iterator[Part]:
    """Yield what was right in the order, and which lines should not or should have been in it."""
    if score.order:
        yield Note(say.quiz.order_right, "good")
    elif score.possible:
        yield Note(say.quiz.order_possible, "good")
    elif score.order is False:
        yield Note(say.quiz.order_wrong(score.in_place, len(score.pairs)), "warning")
    if score.believed:
        yield Note(say.quiz.never_printed(score.believed), "warning")
    if score.missed:
        yield Note(say.quiz.printed_after_all(score.missed), "warning")


def _row(pair: tuple[str, Line | None]) -> tuple[str, str, str, str]:
    """Return one row of the prediction beside reality: right or not, when, predicted, real."""
    line, real = pair
    if real is None:
        return "✗", "", line, ""
    return "✓" if real.text == line else "✗", f"+{real.at:.3f}", line, real.text
