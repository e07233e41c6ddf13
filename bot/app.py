"""The composition root: the one place that makes the parts from the settings and joins them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from bot.course import Course
from bot.languages import languages
from bot.lessons.library import Library
from bot.observe.logs import set_up_logging
from bot.observe.metrics import Metrics, NoMetrics
from bot.runner.host.local import LocalRunner
from bot.runner.model import Limits, Runner
from bot.runner.queue import RunQueue
from bot.settings import Settings, load_settings
from bot.timeline.drawing.pool import RendererPool
from bot.tutor.own_code import OwnCode, RunsOfLearners, limits_of_own_code
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


@dataclass(frozen=True, slots=True)
class App:
    """The parts, joined."""

    tutor: TutorService
    course: Course
    runner: ServedRunner
    queue: RunQueue
    metrics: Metrics
    renderer: RendererPool


def read_settings(*, quiet: bool = True) -> Settings:
    """Read the settings and the languages, and set up logging as they say.

    :param quiet: log warnings and worse only, unless the operator set a level
    :raises SettingsError: if a setting cannot be used
    :raises LanguageError: if a language's file cannot be used
    """
    languages()
    settings = load_settings()
    level = settings.log_level
    if quiet and "log_level" not in settings.model_fields_set:
        level = "warning"
    held = (settings.discord_token, settings.nats_nkey)
    secrets = [secret.get_secret_value() for secret in held if secret]
    set_up_logging(level=level, style=settings.log_format, secrets=secrets)
    return settings


@asynccontextmanager
async def open_runner(
    settings: Settings, *, python: Path | None = None, strict: bool | None = None
) -> AsyncIterator[LocalRunner]:
    """Give a sandbox, and free it in the end. It starts with the first run.

    :param python: the Python that runs scenarios; by default the tutor's own
    :param strict: refuse to run what cannot be confined; by default as the settings say
    """
    as_set = settings.sandbox == "strict"
    runner = _runner(settings, python, strict=as_set if strict is None else strict)
    try:
        yield runner
    finally:
        await runner.close()


def _runner(settings: Settings, python: Path | None, *, strict: bool) -> LocalRunner:
    return LocalRunner(
        strict=strict,
        python=python and python.absolute(),  # not resolved: a link names its virtual environment
        recycle_after=settings.recycle_after,
        cgroup=settings.sandbox_cgroup,
    )


@asynccontextmanager
async def _open_served_runner(
    settings: Settings, queue: RunQueue, metrics: Metrics, *, alone: bool
) -> AsyncIterator[ServedRunner]:
    """Give what makes learners' runs: workers where NATS is set, else this machine's sandbox."""
    if settings.nats_url is None:
        async with open_runner(settings) as here:
            yield here
        return
    from bot.remote import open_remote_runner  # noqa: PLC0415 - NATS's client takes half a second

    async with open_remote_runner(settings, queue, metrics, alone=alone) as there:
        yield there


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
    metrics = metrics or NoMetrics()
    course = Course(settings.lesson_folders, metrics=metrics)
    queue = RunQueue(running=settings.runs_at_once, waiting=settings.runs_waiting, metrics=metrics)
    renderer = RendererPool()
    warming: list[asyncio.Task[None]] = []
    try:
        async with _open_served_runner(settings, queue, metrics, alone=alone) as runner:
            services = Services(
                course,
                runner,
                queue,
                settings.limits,
                metrics,
                own_code=_own_code(settings, alone=alone),
                renderer=renderer,
                site=settings.web_url or "",
            )
            if warm:
                warming += [asyncio.create_task(it.start()) for it in (runner, renderer)]
            await course.open()
            yield App(TutorService(services), course, runner, queue, metrics, renderer)
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


def _own_code(settings: Settings, *, alone: bool) -> OwnCode:
    runs = RunsOfLearners(None) if alone else RunsOfLearners()
    return OwnCode(settings.own_code, limits_of_own_code(settings.limits), runs)


def tutor_of(
    library: Library,
    runner: Runner,
    settings: Settings,
    *,
    own_code_limits: Limits | None = None,
) -> TutorService:
    """Return a tutor of these lessons alone, for one learner.

    :param own_code_limits: what their own code may use; by default as for all learners
    """
    queue = RunQueue(running=1, waiting=1)
    own_code = _own_code(settings, alone=True)
    if own_code_limits is not None:
        own_code = replace(own_code, limits=own_code_limits)
    services = Services(lambda: library, runner, queue, settings.limits, own_code=own_code)
    return TutorService(services)
