"""The composition root: the one place that makes the parts from the settings and joins them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from bot.alone import own_code_of
from bot.course import Course
from bot.foundation import open_runner
from bot.observe.metrics import Metrics
from bot.platforms.protocol import SharedLeases
from bot.runner.model import Runner
from bot.runner.queue import RunQueue
from bot.settings import Settings
from bot.timeline.drawing.pool import RendererPool
from bot.tutor.service import TutorService
from bot.tutor.services import Services


class ServedRunner(Runner, Protocol):
    """What makes learners' runs, here or elsewhere."""

    async def start(self) -> None:
        """Make ready what the first run needs.

        :raises SandboxError: if it cannot work
        """
        ...

    def describe(self) -> str:
        """Return how runs are made, for operators."""
        ...


class OtherFronts(Protocol):
    """What this process shares with other fronts."""

    @property
    def leases(self) -> SharedLeases:
        """What all of them agree on."""
        ...

    async def share_news(self, course: Course) -> None:
        """Tell the others when the lessons have changed, and read them again when they tell us."""
        ...


@dataclass(frozen=True, slots=True)
class App:
    """The parts, joined."""

    tutor: TutorService
    course: Course
    runner: ServedRunner
    queue: RunQueue
    metrics: Metrics
    renderer: RendererPool
    fronts: OtherFronts | None = None
    """What this process shares with other fronts; None where it is the only one."""


@asynccontextmanager
async def _open_served_runner(
    settings: Settings, queue: RunQueue, metrics: Metrics, *, alone: bool
) -> AsyncIterator[tuple[ServedRunner, OtherFronts | None]]:
    """Give what makes learners' runs: workers where NATS is set, else this machine's sandbox."""
    if settings.nats_url is None:
        async with open_runner(settings) as here:
            yield here, None
        return
    from bot.remote import open_remote_runner  # noqa: PLC0415 - NATS's client takes half a second

    async with open_remote_runner(settings, queue, metrics, alone=alone) as (there, fronts):
        yield there, fronts


@asynccontextmanager
async def open_app(
    settings: Settings,
    *,
    metrics: Metrics | None = None,
    warm: bool = False,
    alone: bool = False,
) -> AsyncIterator[App]:
    """Make all parts, and free them in the end. The sandbox starts with the first run.

    :param warm: start it at once, beside the reading of the lessons; whether it could start,
        the first run tells
    :param alone: there is one learner, at their own computer: their own code may run at any rate

    :raises LessonError: if not one lesson can be used
    """
    metrics = metrics or Metrics()
    course = Course(settings.lesson_folders, metrics=metrics)
    queue = RunQueue(running=settings.runs_at_once, waiting=settings.runs_waiting, metrics=metrics)
    renderer = RendererPool()
    warming: list[asyncio.Task[None]] = []
    try:
        async with _open_served_runner(settings, queue, metrics, alone=alone) as (runner, fronts):
            services = Services(
                course,
                runner,
                queue,
                settings.limits,
                metrics,
                own_code=own_code_of(settings, alone=alone),
                renderer=renderer,
                site=settings.web_url or "",
            )
            if warm:
                warming += [asyncio.create_task(it.start()) for it in (runner, renderer)]
            await course.open()
            yield App(TutorService(services), course, runner, queue, metrics, renderer, fronts)
    finally:
        await renderer.close()
        await asyncio.gather(*warming, return_exceptions=True)


@asynccontextmanager
async def open_tutor(settings: Settings, *, warm: bool = False) -> AsyncIterator[TutorService]:
    """Give a tutor that is ready to be asked by one learner.

    :raises LessonError: if not one lesson can be used
    """
    async with open_app(settings, warm=warm, alone=True) as app:
        yield app.tutor
