"""The verb `lessons preview`: what a learner would see, again and again as the file is saved."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from watchfiles import awatch

from bot.alone import tutor_of
from bot.cli.answer import ask_and_show
from bot.cli.context import in_language, near
from bot.cli.inspection import Inspection, inspect
from bot.foundation import open_runner
from bot.languages import Locale
from bot.lessons.model import Lesson
from bot.platforms.terminal.screen import make_console
from bot.settings import Settings
from bot.tutor.grammar import spell
from bot.tutor.model import (
    Explain,
    ListLessons,
    Predict,
    Request,
    Run,
)
from bot.tutor.protocol import Tutor

_LOOK_MS = 500
"""Milliseconds after which the file is looked at though nobody told that it changed."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--no-run", is_flag=True, help="Show scenarios' code only; run nothing.")
@click.option("--once", is_flag=True, help="Show it once; do not wait for changes.")
@in_language
def preview(settings: Settings, locale: Locale, file: Path, *, no_run: bool, once: bool) -> int:
    """Show a lesson as learners see it, and again whenever the file is saved.

    Above each answer stands the command that a learner would give. Ctrl-C ends it. In a pipe the
    lesson is shown once.
    """
    return asyncio.run(_preview(settings, locale, file, run=not no_run, once=once))


async def _preview(settings: Settings, locale: Locale, file: Path, *, run: bool, once: bool) -> int:
    console = make_console(plain="NO_COLOR" in os.environ)
    once = once or not sys.stdout.isatty()
    status = 0
    async with open_runner(settings) as runner:
        async for number in _savings(file, once=once):
            if number:
                console.rule(f"{file.name}, {time.strftime('%H:%M:%S')}")
            found = await asyncio.to_thread(inspect, settings.lesson_folders, [file])
            status = _tell_problems(found)
            tutor = tutor_of(found.library, runner, settings)
            for lesson in found.lessons:
                status = max(
                    status, await _show(tutor, console, locale, _requests(lesson, run=run))
                )
            if not once:
                console.rule("save the file to see it again; Ctrl-C ends", style="dim")
    return status


async def _savings(file: Path, *, once: bool) -> AsyncIterator[int]:
    """Yield 0 at once, and a growing number whenever the file has been saved."""
    seen = await asyncio.to_thread(_version, file)
    yield 0
    if once:
        return
    number = 0
    # It looks by itself now and then, for what was saved before the watch began.
    async for _ in awatch(
        file.parent, recursive=False, yield_on_timeout=True, rust_timeout=_LOOK_MS
    ):
        version = await asyncio.to_thread(_version, file)
        if version not in {seen, ()}:
            seen = version
            number += 1
            yield number


def _version(file: Path) -> tuple[int, ...]:
    """Return what changes when a file is saved; nothing while it is gone."""
    try:
        status = file.stat()
    except OSError:
        return ()
    return status.st_ino, status.st_size, status.st_mtime_ns


def _tell_problems(found: Inspection) -> int:
    for problem in found.problems:
        click.echo(str(replace(problem, file=near(problem.file))), err=True)
    return int(bool(found.errors))


def _requests(lesson: Lesson, *, run: bool) -> list[Request]:
    """Return all that a learner could ask of a lesson."""
    asked: list[Request] = [ListLessons(lesson.id)]
    asked += [Explain(concept.id) for concept in lesson.concepts]
    for scenario in lesson.scenarios:
        asked.append(Run(scenario.id) if run else Predict(scenario.id))
    return asked


async def _show(tutor: Tutor, console: Console, locale: Locale, requests: list[Request]) -> int:
    failed = False
    for request in requests:
        console.print(f"\n> {spell(request, locale)}", style="bold cyan")
        failed |= (await ask_and_show(tutor, locale, request, console)).failed
    return int(failed)
