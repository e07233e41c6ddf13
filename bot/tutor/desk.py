"""What every use case works with, and the steps that they share."""

import platform
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from bot.lessons.check import runnable_on
from bot.lessons.library import Library
from bot.lessons.model import Scenario
from bot.lessons.request import request_for
from bot.observe.metrics import Metrics, NoMetrics
from bot.runner.model import Limits, Runner
from bot.runner.queue import Place, RunQueue
from bot.tutor.model import Ask, Note, Part, Reply
from bot.tutor.stage import Stage
from bot.tutor.take import Take
from bot.tutor.words import Words, words


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that the tutor works with."""

    shelf: Callable[[], Library]
    """Returns the library as it is now; a reload swaps it whole."""
    runner: Runner
    queue: RunQueue
    limits: Limits = field(default_factory=Limits)
    metrics: Metrics = field(default_factory=NoMetrics)
    python: str = field(default_factory=platform.python_version)
    """The version of the Python that runs scenarios."""

    def take(self, scenario: Scenario, ask: Ask) -> Take:
        """Return a take of this scenario that has not begun."""
        return Take(scenario, ask.locale, request_for(scenario, ask.locale, self.limits))

    def stage(self, ask: Ask, place: Place, *takes: Take) -> Stage:
        """Return the stage for these takes, which have come to their turn."""
        told = {"learner": ask.learner, "waited": round(place.waited, 3)}
        return Stage(self.runner, takes, metrics=self.metrics, told=told)

    def too_old_for(self, scenario: Scenario) -> bool:
        """Tell whether the Python here is older than the scenario needs."""
        return not runnable_on(scenario, self.python)


async def queueing(place: Place, ask: Ask, parts: tuple[Part, ...]) -> AsyncIterator[Reply]:
    """Say where a place stands in the waiting line, below `parts`, until it is its turn.

    :raises ShuttingDownError: if the queue closes meanwhile
    """
    async for position in place.positions():
        yield Reply((*parts, Note(words(ask.locale).run.waiting(position))), final=False)


def too_old(desk: Desk, scenario: Scenario, say: Words) -> Note:
    """Say that the Python here is older than the scenario needs."""
    return Note(say.run.needs_python(scenario.python or "", desk.python), "warning")
