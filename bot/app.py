"""The composition root: the one place that makes the parts from the settings and joins them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.errors import LessonError
from bot.lessons.library import Library
from bot.lessons.load import load_folders
from bot.observe.metrics import Metrics, NoMetrics
from bot.runner.local import LocalRunner
from bot.runner.queue import RunQueue
from bot.settings import Settings
from bot.tutor.desk import Desk
from bot.tutor.service import TutorService


class Shelf:
    """Holds the library that is served now; a reload swaps it whole."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def __call__(self) -> Library:
        """Return the library as it is now."""
        return self.library


@dataclass(frozen=True, slots=True)
class House:
    """The parts, joined."""

    tutor: TutorService
    shelf: Shelf
    runner: LocalRunner
    queue: RunQueue
    metrics: Metrics


@asynccontextmanager
async def open_house(settings: Settings, *, metrics: Metrics | None = None) -> AsyncIterator[House]:
    """Make all parts, and free them in the end. The sandbox starts with the first run.

    :raises LessonError: if not one lesson can be used
    """
    metrics = metrics or NoMetrics()
    shelf = Shelf(await load_library(settings, metrics))
    runner = LocalRunner(strict=settings.sandbox == "strict", recycle_after=settings.recycle_after)
    queue = RunQueue(running=settings.runs_at_once, waiting=settings.runs_waiting, metrics=metrics)
    desk = Desk(shelf, runner, queue, settings.limits, metrics)
    try:
        yield House(TutorService(desk), shelf, runner, queue, metrics)
    finally:
        await runner.close()


@asynccontextmanager
async def open_tutor(settings: Settings) -> AsyncIterator[TutorService]:
    """Give a tutor that is ready to be asked.

    :raises LessonError: if not one lesson can be used
    """
    async with open_house(settings) as house:
        yield house.tutor


async def load_library(settings: Settings, metrics: Metrics) -> Library:
    """Read all lessons; files that cannot be used are logged, and the others are served.

    :raises LessonError: if not one can be used
    """
    loaded = await asyncio.to_thread(load_folders, settings.lesson_folders)
    log = structlog.get_logger(__name__)
    for error in loaded.errors:
        log.error("lesson cannot be used", problem=str(error))
    metrics.lessons_loaded(lessons=len(loaded.lessons), errors=len(loaded.errors))
    if not loaded.lessons:
        folders = ", ".join(map(str, settings.lesson_folders))
        why = "\n".join(str(error) for error in loaded.errors)
        raise LessonError(
            f"There is not one lesson to serve in {folders}. "
            f"Set TUTOR_LESSONS to a folder with lesson files.\n{why}".rstrip()
        )
    return Library(loaded.lessons)
