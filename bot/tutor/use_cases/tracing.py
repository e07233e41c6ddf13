"""Use case: run a scenario, and tell of each line why it was printed when it was."""

from collections.abc import AsyncGenerator, Iterator

from bot.lessons.library import Library
from bot.lessons.model import Scenario
from bot.tutor import following
from bot.tutor.ending import causes
from bot.tutor.model import Ask, Heading, Part, Reply, Update
from bot.tutor.services import Services, only, too_old
from bot.tutor.translation import mark
from bot.tutor.use_cases.running import running_code
from bot.tutor.words import words


def tracing(
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
        return only(Reply((*head, too_old(services, scenario, say)), failed=True))

    def after() -> Iterator[Part]:
        yield from causes(live_run, say)
        again = following.run_choice(scenario, ask.locale)
        yield following.after_scenario(library, scenario, ask.locale, again, python=services.python)

    kept = services.memory.find(ask.learner, live_run.request)
    return running_code(services, ask, live_run, head, after, kept=kept)
