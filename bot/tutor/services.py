"""What every use case works with, and the steps that they share."""

import asyncio
import platform
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from bot.lessons.authoring.check import runnable_on
from bot.lessons.library import Library
from bot.lessons.model import Scenario
from bot.lessons.request import request_for
from bot.observe.metrics import Metrics
from bot.runner.model import Limits, Runner
from bot.runner.queue import RunQueue
from bot.timeline.drawing.renderer import PictureRenderer, ThreadRenderer
from bot.together import together
from bot.tutor.execution import Execution
from bot.tutor.live_run import LiveRun
from bot.tutor.model import Ask, Draft, Note, Part, Reply, Solve, Try, Update
from bot.tutor.own_code import OwnCode
from bot.tutor.run_memory import RunMemory
from bot.tutor.words import Words, words

_Made = TypeVar("_Made")
Parts = tuple[Part, ...]
SoFar = Callable[[Sequence[LiveRun]], Parts]
"""Returns what is shown of runs under way. It is called in a thread, with copies of them."""


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that the tutor works with."""

    shelf: Callable[[], Library]
    """Returns the library as it is now; a reload swaps it whole."""
    runner: Runner
    queue: RunQueue
    limits: Limits = field(default_factory=Limits)
    metrics: Metrics = field(default_factory=Metrics)
    python: str = field(default_factory=platform.python_version)
    """The version of the Python that runs scenarios."""
    own_code: OwnCode = field(default_factory=OwnCode)
    renderer: PictureRenderer = field(default_factory=ThreadRenderer)
    memory: RunMemory = field(default_factory=RunMemory)
    site: str = ""
    """The playground's public address, without a slash at its end; "" where there is none."""
    _room: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(1), init=False, repr=False
    )
    """Replies are made one at a time: more threads would take turns with the event loop."""

    def live_run(self, scenario: Scenario, ask: Ask) -> LiveRun:
        """Return a live run of this scenario that has not begun."""
        title = scenario.title.text(ask.locale)
        request = request_for(scenario, ask.locale, self.limits)
        return LiveRun(title, ask.locale, request, scenario)

    async def lay_out(self, live_runs: Sequence[LiveRun], *, replay: bool = False) -> None:
        """Lay runs out, as far as they have got; with `replay`, to be stepped through as well."""
        await together(live_run.lay_out(self.renderer, replay=replay) for live_run in live_runs)

    async def made(self, make: Callable[[], _Made]) -> _Made:
        """Return what `make` returns, called in a thread: judging takes long."""
        async with self._room:
            return await asyncio.to_thread(make)

    def too_old_for(self, scenario: Scenario) -> bool:
        """Tell whether the Python here is older than the scenario needs."""
        return not runnable_on(scenario, self.python)


async def only(reply: Reply) -> AsyncGenerator[Update]:
    """Yield the whole answer to a request that is answered at once."""
    yield reply


async def counted(
    services: Services, ask: Ask, updates: AsyncGenerator[Update]
) -> AsyncGenerator[Update]:
    """Yield the updates of a run of own code, which counts among its learner's from the first one.

    A learner who is turned away has not begun a run.
    """
    begun = False
    async with aclosing(updates):
        async for update in updates:
            if not begun:
                services.own_code.runs.note(ask.learner)
                begun = True
            yield update


async def for_the_asker(
    updates: AsyncGenerator[Update], *, shareable: bool
) -> AsyncGenerator[Update]:
    """Yield updates that are for the asker alone: what runs a learner's own code, until they share.

    :param shareable: whether they may show it to everybody
    """

    async def drafted(draft: Draft) -> Reply:
        return replace(await draft.make(), private=True, shareable=shareable)

    async with aclosing(updates):
        async for update in updates:
            if isinstance(update, Draft):
                yield Draft(partial(drafted, update))
            else:
                yield replace(update, private=True, shareable=shareable)


async def underway(
    services: Services, ask: Ask, live_runs: Sequence[LiveRun], head: Parts, so_far: SoFar
) -> AsyncGenerator[Update]:
    """Wait for a place in the queue, then run `live_runs` side by side to their ends.

    Yields `head`, with the place in the waiting line below it while there is one, and then
    drafts of `head` and `so_far`. In the end they are laid out; what is final is left to the
    caller.

    :raises RunQueueError: if the learner may not run anything now
    :raises SandboxError: if the sandbox itself cannot work
    """
    say = words(ask.locale).run

    async def drafted() -> Reply:
        copies = [live_run.copy() for live_run in live_runs]
        if ask.live:
            await services.lay_out(copies)
        return await services.made(lambda: Reply((*head, *so_far(copies)), final=False))

    async with services.queue.place(
        ask.learner, own_code=isinstance(ask.what, Try | Solve)
    ) as place:
        yield Reply(head, final=False)
        async for position in place.positions():
            yield Reply((*head, Note(say.waiting(position))), final=False)
        logged = {"learner": ask.learner, "waited": round(place.waited, 3)}
        execution = Execution(services.runner, live_runs, metrics=services.metrics, told=logged)
        async with aclosing(execution.updates(live=ask.live)) as updates:
            async for _ in updates:
                if not all(live_run.finished for live_run in live_runs):
                    yield Draft(drafted)
    await services.lay_out(live_runs, replay=ask.page)


def too_old(services: Services, scenario: Scenario, say: Words) -> Note:
    """Say that the Python here is older than the scenario needs."""
    return Note(say.run.needs_python(scenario.python or "", services.python), "warning")
