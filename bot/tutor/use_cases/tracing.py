"""Use case: run a scenario, and tell of each line why it was printed when it was."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

from bot.lessons.library import Library
from bot.lessons.model import Scenario
from bot.runner.model import Line
from bot.timeline.model import Timeline
from bot.tutor import following
from bot.tutor.live_run import LiveRun
from bot.tutor.model import Ask, Heading, Note, Part, Reply, Text, Update
from bot.tutor.services import Services, too_old
from bot.tutor.translation import mark
from bot.tutor.use_cases.running import running_code
from bot.tutor.words import Words, words
from bot.tutor.words.speech import span


async def tracing(
    services: Services, library: Library, ask: Ask, scenario: Scenario
) -> AsyncGenerator[Update]:
    """Run a scenario like `running`, and tell below it who woke whom.

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
        yield Reply((*head, too_old(services, scenario, say)), failed=True)
        return

    def after(_timeline: Timeline | None) -> Iterator[Part]:
        yield from causes(live_run, say)
        again = following.run_choice(scenario, ask.locale)
        yield following.after_scenario(library, scenario, ask.locale, again, python=services.python)

    async with aclosing(running_code(services, ask, live_run, head, after)) as updates:
        async for update in updates:
            yield update


def causes(live_run: LiveRun, say: Words) -> Iterator[Part]:
    """Yield why each of a finished run's lines was printed when it was.

    Every line gets its last cause; the very last one gets the whole chain, back to the start.
    """
    explanation = live_run.explanation
    if not explanation.chains:
        yield Note(say.causes.nothing)
        return
    printed = [event.text for event in live_run.events if isinstance(event, Line)]
    names = explanation.names or {}
    told = [
        f"{one.number}. {span(printed[one.number - 1])}: {say.causes.told(one.causes[1], names)}"
        for one in explanation.chains
        if len(one.causes) > 1
    ]
    yield Text("\n".join([say.causes.each, "", *told]))
    last = explanation.chains[-1]
    if len(printed) > len(explanation.chains):
        yield Note(say.causes.more(len(printed) - len(explanation.chains)))
    steps = [f"- {say.causes.told(cause, names)}" for cause in last.causes[1:]]
    yield Text("\n".join([say.causes.back(span(printed[last.number - 1])), "", *steps]))
