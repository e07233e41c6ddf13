"""The composition root: the one place that makes the parts from the settings and joins them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.course import Course
from bot.observe.metrics import Metrics, NoMetrics
from bot.runner.local import LocalRunner
from bot.runner.queue import RunQueue
from bot.settings import Settings
from bot.timeline.drawing.pool import RendererPool
from bot.tutor.desk import Desk
from bot.tutor.service import TutorService


@dataclass(frozen=True, slots=True)
class House:
    """The parts, joined."""

    tutor: TutorService
    course: Course
    runner: LocalRunner
    queue: RunQueue
    metrics: Metrics
    renderer: RendererPool


@asynccontextmanager
async def open_house(
    settings: Settings, *, metrics: Metrics | None = None, warm: bool = False
) -> AsyncIterator[House]:
    """Make all parts, and free them in the end. The sandbox starts with the first run.

    :param warm: start it at once, beside the reading of the lessons; whether it could start,
        the first run tells

    :raises LessonError: if not one lesson can be used
    """
    metrics = metrics or NoMetrics()
    course = Course(settings.lesson_folders, metrics=metrics)
    runner = LocalRunner(
        strict=settings.sandbox == "strict",
        recycle_after=settings.recycle_after,
        cgroup=settings.sandbox_cgroup,
    )
    queue = RunQueue(running=settings.runs_at_once, waiting=settings.runs_waiting, metrics=metrics)
    renderer = RendererPool()
    desk = Desk(course, runner, queue, settings.limits, metrics, renderer=renderer)
    parts = (runner.start, renderer.start) if warm else ()
    warming = [asyncio.create_task(start()) for start in parts]
    try:
        await course.open()
        yield House(TutorService(desk), course, runner, queue, metrics, renderer)
    finally:
        await runner.close()
        await renderer.close()
        await asyncio.gather(*warming, return_exceptions=True)


@asynccontextmanager
async def open_tutor(settings: Settings, *, warm: bool = False) -> AsyncIterator[TutorService]:
    """Give a tutor that is ready to be asked.

    :raises LessonError: if not one lesson can be used
    """
    async with open_house(settings, warm=warm) as house:
        yield house.tutor
