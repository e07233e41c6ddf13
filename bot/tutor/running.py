"""Use case: run a scenario and show what it does while it does it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from bot.lessons.library import Library
from bot.lessons.model import Scenario
from bot.runner.model import Outcome
from bot.tutor import following
from bot.tutor.desk import Desk, too_old, underway
from bot.tutor.ending import ending
from bot.tutor.model import Ask, Code, Heading, Note, Part, Picture, Reply, Text, Update
from bot.tutor.take import Take, whole_output
from bot.tutor.words import words
from bot.tutor.words.alt import alt_text


async def running(
    desk: Desk, library: Library, ask: Ask, scenario: Scenario
) -> AsyncGenerator[Update]:
    """Show the code, then the lines as they come, then the time, the picture and the verdict.

    :raises RunQueueError: if the learner may not run anything now
    :raises SandboxError: if the sandbox itself cannot work
    """
    take = desk.take(scenario, ask)
    head: tuple[Part, ...] = (
        Heading(take.title),
        Text(scenario.summary.text(ask.locale)),
        Code(take.request.code),
    )
    if desk.too_old_for(scenario):
        yield Reply((*head, too_old(desk, scenario, words(ask.locale))), failed=True)
        return
    updates = underway(desk, ask, [take], head, lambda takes: so_far(takes[0], live=ask.live))
    async with aclosing(updates):
        async for update in updates:
            yield update
    yield await desk.made(lambda: _final(library, ask, take, head))


def so_far(take: Take, *, live: bool) -> tuple[Part, ...]:
    """Return the lines of a run under way; with `live`, its picture as well."""
    if not live:
        return (take.sequence(None),)
    timeline = take.timeline()
    sequence = take.sequence(timeline)
    return (sequence, Picture((timeline,), "")) if timeline else (sequence,)


def _final(library: Library, ask: Ask, take: Take, head: tuple[Part, ...]) -> Reply:
    """Return the whole reply to a finished run."""
    say = words(ask.locale)
    timeline = take.timeline()
    sequence = take.sequence(timeline)
    outcome = take.result.finished.outcome
    parts: list[Part] = [*head]
    if sequence.lines:
        parts.append(sequence)
    elif timeline:
        parts.append(Note(say.run.silent))
    if timeline:
        parts.append(Picture((timeline,), alt_text((timeline,), ask.locale)))
    parts += ending(take, timeline, say)
    if timeline:
        parts.append(Text(take.scenario.because.text(ask.locale)))
    parts.append(
        following.after_scenario(
            library,
            take.scenario,
            ask.locale,
            following.run_again(take.scenario, ask.locale),
            following.predict(take.scenario, ask.locale),
        )
    )
    return Reply(
        tuple(parts),
        failed=outcome in {Outcome.REFUSED, Outcome.INTERRUPTED},
        attachment=whole_output(sequence),
    )
