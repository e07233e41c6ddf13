"""Use case: run a scenario and show what it does while it does it."""

from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing

from bot.lessons.library import Library
from bot.lessons.model import Scenario
from bot.runner.model import Event, Outcome
from bot.timeline.model import Timeline
from bot.tutor import following
from bot.tutor.ending import ending_parts
from bot.tutor.live_run import LiveRun, whole_output
from bot.tutor.model import Ask, Code, Heading, Note, Part, Reply, Text, Update
from bot.tutor.pictures import picture_of, picture_so_far, replay_of
from bot.tutor.reasons import with_reasons
from bot.tutor.services import Parts, Services, too_old, underway
from bot.tutor.translation import mark
from bot.tutor.words import words

After = Callable[[Timeline | None], Iterable[Part]]
"""Returns what to say below a finished run, whose timeline is given if it has one."""


async def running_scenario(
    services: Services, library: Library, ask: Ask, scenario: Scenario
) -> AsyncGenerator[Update]:
    """Show the code, then the lines as they come, then the time, the picture and the verdict.

    :raises RunQueueError: if the learner may not run anything now
    :raises SandboxError: if the sandbox itself cannot work
    """
    live_run = services.live_run(scenario, ask)
    head: tuple[Part, ...] = (
        Heading(live_run.title),
        *mark(scenario.title, ask.locale),
        Text(scenario.summary.text(ask.locale)),
        Code(live_run.request.code),
    )
    if services.too_old_for(scenario):
        yield Reply((*head, too_old(services, scenario, words(ask.locale))), failed=True)
        return

    def after(timeline: Timeline | None) -> Iterator[Part]:
        if timeline:
            yield Text(scenario.because.text(ask.locale))
        again = following.run_again(scenario, ask.locale)
        predict = following.predict_choice(scenario, ask.locale)
        why = following.why_choice(scenario, ask.locale)
        change = [following.change(scenario, ask.locale)] if services.own_code.mode != "off" else []
        yield following.after_scenario(
            library, scenario, ask.locale, again, why, predict, *change, python=services.python
        )

    kept = services.memory.find(ask.learner, live_run.request) if ask.replay else ()
    async with aclosing(running_code(services, ask, live_run, head, after, kept=kept)) as updates:
        async for update in updates:
            yield update


async def running_code(
    services: Services,
    ask: Ask,
    live_run: LiveRun,
    head: Parts,
    after: After,
    *,
    kept: Sequence[Event] = (),
) -> AsyncGenerator[Update]:
    """Run any piece of code: show its lines as they come, then its time, picture and verdict.

    For a replay, its picture moves in the end, and what it printed is not told once more.

    :param head: what stands above them
    :param after: returns what stands below them once the run is over
    :param kept: the events of such a run, which is then not made once more
    :raises RunQueueError: if the learner may not run anything now
    :raises SandboxError: if the sandbox itself cannot work
    """
    if kept:
        live_run.events.extend(kept)
        await services.lay_out([live_run])
    else:
        updates = underway(
            services, ask, [live_run], head, lambda live_runs: so_far(live_runs[0], live=ask.live)
        )
        async with aclosing(updates):
            async for update in updates:
                yield update
        services.memory.keep(ask.learner, live_run.request, live_run.events)
    final = await services.made(lambda: _final(live_run, head, after))
    yield replay_of(final, live_run, remembered=bool(kept)) if ask.replay else final


def so_far(live_run: LiveRun, *, live: bool) -> tuple[Part, ...]:
    """Return the lines of a run under way; with `live`, its picture as well."""
    if not live:
        return (live_run.sequence(None),)
    timeline = live_run.timeline()
    sequence = live_run.sequence(timeline)
    return (sequence, *picture_so_far([live_run]))


def _final(live_run: LiveRun, head: Parts, after: After) -> Reply:
    """Return the whole reply to a finished run."""
    say = words(live_run.locale)
    timeline = live_run.timeline()
    sequence = with_reasons(live_run.sequence(timeline), live_run, say)
    parts: list[Part] = [*head]
    if sequence.lines:
        parts.append(sequence)
    elif timeline:
        parts.append(Note(say.run.silent))
    parts += picture_of([live_run], live_run.locale)
    parts += [*ending_parts(live_run, timeline, say), *after(timeline)]
    return Reply(
        tuple(parts),
        failed=live_run.result.finished.outcome in {Outcome.REFUSED, Outcome.INTERRUPTED},
        attachment=whole_output(sequence),
    )
