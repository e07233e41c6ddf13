"""Use case: predict a run, run it, and see both side by side."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from bot.lessons.library import Library
from bot.lessons.model import Scenario
from bot.lessons.request import request_for
from bot.runner.model import Outcome
from bot.timeline.model import Timeline
from bot.tutor import following, quiz
from bot.tutor.desk import Desk, too_old, underway
from bot.tutor.ending import ending
from bot.tutor.model import (
    Ask,
    Choice,
    Code,
    Guess,
    Heading,
    Note,
    Part,
    Picture,
    Predict,
    Quiz,
    Reply,
    Table,
    Text,
    Update,
)
from bot.tutor.running import so_far
from bot.tutor.take import Take, whole_output
from bot.tutor.words import words
from bot.tutor.words.alt import alt_text

_COMPARABLE = frozenset({Outcome.OK, Outcome.ERROR})


def asking(desk: Desk, library: Library, ask: Ask, scenario: Scenario) -> Reply:
    """Show the code and ask what it will do. Nothing runs."""
    say = words(ask.locale)
    head: tuple[Part, ...] = (
        Heading(say.quiz.title(scenario.title.text(ask.locale))),
        Code(request_for(scenario, ask.locale, desk.limits).code),
    )
    if desk.too_old_for(scenario):
        return Reply((*head, too_old(desk, scenario, say)), failed=True)
    quiz_ = quiz.quiz_for(scenario, ask.locale, desk.python)
    run = following.run(scenario, ask.locale)
    if not quiz_.times and not quiz_.lines:
        choices = following.after_scenario(library, scenario, ask.locale, run)
        return Reply((*head, Note(say.quiz.nothing_to_predict), choices))
    invitation = say.quiz.invitation if quiz_.lines else say.quiz.time_only
    return Reply((head[0], Text(invitation), *head[1:], quiz_))


async def predicting(
    desk: Desk, library: Library, ask: Ask, scenario: Scenario, guess: Guess
) -> AsyncGenerator[Update]:
    """Really run it, and show the prediction beside reality.

    :raises RunQueueError: if the learner may not run anything now
    :raises SandboxError: if the sandbox itself cannot work
    """
    asked = quiz.quiz_for(scenario, ask.locale, desk.python)
    take = desk.take(scenario, ask)
    head: tuple[Part, ...] = (Heading(words(ask.locale).quiz.title(take.title)),)
    updates = underway(desk, ask, [take], head, lambda takes: so_far(takes[0], live=ask.live))
    async with aclosing(updates):
        async for update in updates:
            yield update
    fitting = quiz.without_nonsense(guess, asked)
    yield await desk.made(
        lambda: _final(library, ask, take, (*head, *_compared(take, fitting, asked)))
    )


def _compared(take: Take, guess: Guess, asked: Quiz) -> Iterator[Part]:
    """Yield the prediction beside what really happened."""
    say = words(take.locale)
    if take.result.finished.outcome in _COMPARABLE:
        yield from _scored(take, guess, asked)
    else:
        yield Note(say.quiz.not_comparable, "warning")
    if not guess.order:
        sequence = take.sequence(take.timeline())
        if sequence.lines:
            yield sequence


def _final(library: Library, ask: Ask, take: Take, parts: tuple[Part, ...]) -> Reply:
    """Return the whole reply to a finished run, `parts` first."""
    say = words(ask.locale)
    timeline = take.timeline()
    again = Choice(say.quiz.again, Predict(take.scenario.id))
    run = following.run(take.scenario, ask.locale)
    choices = following.after_scenario(library, take.scenario, ask.locale, again, run)
    return Reply(
        (*parts, *_seen(take, timeline, ask), choices),
        failed=take.result.finished.outcome in {Outcome.REFUSED, Outcome.INTERRUPTED},
        attachment=whole_output(take.sequence(timeline)),
    )


def _seen(take: Take, timeline: Timeline | None, ask: Ask) -> Iterator[Part]:
    """Yield the picture, the measured time and the reason."""
    if timeline:
        yield Picture((timeline,), alt_text((timeline,), ask.locale))
    yield from ending(take, timeline, words(ask.locale))
    if timeline:
        yield Text(take.scenario.because.text(ask.locale))


def _scored(take: Take, guess: Guess, asked: Quiz) -> Iterator[Part]:
    """Yield how right the prediction was, line by line."""
    say = words(take.locale)
    score = quiz.score(take, guess, asked.times)
    elapsed = take.result.finished.elapsed
    if guess.seconds is not None:
        tell = say.quiz.time_right if score.time else say.quiz.time_wrong
        yield Note(tell(guess.seconds, elapsed), "good" if score.time else "warning")
    if score.order:
        yield Note(say.quiz.order_right, "good")
    elif score.possible:
        yield Note(say.quiz.order_possible, "good")
    elif score.order is False:
        yield Note(say.quiz.order_wrong(score.in_place, len(score.pairs)), "warning")
    if score.pairs:
        rows = tuple(
            (
                "✓" if real and real.text == line else "✗",
                f"+{real.at:.3f}" if real else "",
                line,
                real.text if real else "",
            )
            for line, real in score.pairs
        )
        yield Table(say.quiz.header, rows)
    if not score.all_right and take.scenario.mistake:
        yield Note(say.quiz.mistake(take.scenario.mistake.text(take.locale)))
