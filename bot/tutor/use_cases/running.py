"""Use cases: run a scenario, or any code, show what it does while it does it, and tell why."""

from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing

from bot.lessons.library import Library
from bot.lessons.model import Scenario
from bot.runner.model import Event
from bot.tutor import following
from bot.tutor.ending import causes, ending_parts, finished_reply, with_reasons
from bot.tutor.live_run import LiveRun
from bot.tutor.model import (
    Ask,
    Choice,
    Code,
    Heading,
    Note,
    Part,
    Predict,
    Reply,
    Run,
    Text,
    Try,
    Update,
    Why,
)
from bot.tutor.pictures import picture_of, picture_so_far, replay_of
from bot.tutor.services import Parts, Services, only, too_old, underway
from bot.tutor.translation import mark
from bot.tutor.words import words

After = Callable[[], Iterable[Part]]
"""Returns what to say below a run that is finished and laid out."""


def running_scenario(
    services: Services, library: Library, ask: Ask, scenario: Scenario
) -> AsyncGenerator[Update]:
    """Show the code, then the lines as they come, then the time, the picture and the verdict.

    :raises RunQueueError: if the learner may not run anything now
    :raises SandboxError: if the sandbox itself cannot work
    """
    live_run = services.live_run(scenario, ask)
    say = words(ask.locale)
    head: tuple[Part, ...] = (
        Heading(live_run.title),
        *mark(scenario.title, ask.locale),
        Text(scenario.summary.text(ask.locale)),
        Code(live_run.request.code),
    )
    if services.too_old_for(scenario):
        return only(Reply((*head, too_old(services, scenario, say)), failed=True))

    def after() -> Iterator[Part]:
        if live_run.timeline:
            yield Text(scenario.because.text(ask.locale))
        choices = [
            Choice(say.run.run_again, Run(scenario.id)),
            Choice(say.causes.ask, Why(scenario.id)),
            Choice(say.run.predict, Predict(scenario.id)),
        ]
        if services.own_code.mode != "off":
            choices.append(Choice(say.own_code.change_it, Try("", scenario.id)))
        yield following.after_scenario(
            library, scenario, ask.locale, *choices, python=services.python
        )

    kept = services.memory.find(ask.learner, live_run.request) if ask.replay else ()
    return running_code(services, ask, live_run, head, after, kept=kept)


def tracing(
    services: Services, library: Library, ask: Ask, scenario: Scenario
) -> AsyncGenerator[Update]:
    """Run a scenario like `running_scenario`, and tell below it who woke whom.

    :raises RunQueueError: if the learner may not run anything now
    :raises SandboxError: if the sandbox itself cannot work
    """
    live_run = services.live_run(scenario, ask)
    say = words(ask.locale)
    head: tuple[Part, ...] = (
        Heading(say.causes.title(live_run.title)),
        *mark(scenario.title, ask.locale),
    )
    if services.too_old_for(scenario):
        return only(Reply((*head, too_old(services, scenario, say)), failed=True))

    def after() -> Iterator[Part]:
        yield from causes(live_run, say)
        again = following.run_choice(scenario, ask.locale)
        yield following.after_scenario(library, scenario, ask.locale, again, python=services.python)

    kept = services.memory.find(ask.learner, live_run.request)
    return running_code(services, ask, live_run, head, after, kept=kept)


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
        async with aclosing(underway(services, ask, [live_run], head, so_far)) as updates:
            async for update in updates:
                yield update
        services.memory.keep(ask.learner, live_run.request, live_run.events)
    final = await services.made(lambda: _final(live_run, head, after))
    yield replay_of(final, live_run, remembered=bool(kept)) if ask.replay else final


def so_far(live_runs: Sequence[LiveRun]) -> Parts:
    """Return the lines of the one run under way and, where it is laid out, its picture."""
    (live_run,) = live_runs
    return (live_run.sequence(), *picture_so_far(live_runs))


def _final(live_run: LiveRun, head: Parts, after: After) -> Reply:
    """Return the whole reply to a finished run."""
    say = words(live_run.locale)
    sequence = with_reasons(live_run.sequence(), live_run, say)
    parts: list[Part] = [*head]
    if sequence.lines:
        parts.append(sequence)
    elif live_run.timeline:
        parts.append(Note(say.run.silent))
    parts += picture_of([live_run], live_run.locale)
    return finished_reply(live_run, sequence, *parts, *ending_parts(live_run, say), *after())
