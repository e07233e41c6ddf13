"""The verb `lessons check`."""

import asyncio
import time
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.cli.context import in_language
from bot.cli.inspection import inspect, too_long_for_discord
from bot.cli.lessons_report import Report, Round
from bot.errors import SandboxError
from bot.foundation import open_runner
from bot.languages import Locale
from bot.lessons.authoring.check import check_runs as run_all
from bot.lessons.authoring.check import jobs_for
from bot.runner.model import Runner, RunRequest, RunResult, collect
from bot.settings import Settings
from bot.timeline.hold_ups import hold_up_of
from bot.tutor.exercise_check import check_exercises, exercise_tries
from bot.tutor.own_code import limits_of_own_code


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--repeat",
    type=click.IntRange(1, 100),
    default=1,
    show_default=True,
    help="Run each scenario so many times in each language, to catch flaky ones.",
)
@click.option(
    "--at-once",
    type=click.IntRange(1, 200),
    default=16,
    show_default=True,
    help="How many scenarios run at the same time.",
)
@click.option(
    "--course", "as_course", is_flag=True, help="Also hold the lessons to the course's own rules."
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="text: for people; json: one object; github: annotations of a pull request.",
)
@click.option("--no-run", is_flag=True, help="Only read the files; run nothing.")
@click.option(
    "--python",
    "pythons",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Run scenarios with this Python, 3.11 or newer, instead of the tutor's own; may be given "
    "several times, for one round on each.",
)
@in_language
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def check(
    settings: Settings,
    locale: Locale,
    paths: tuple[Path, ...],
    repeat: int,
    at_once: int,
    *,
    pythons: tuple[Path, ...],
    style: str,
    as_course: bool,
    no_run: bool,
    as_json: bool,
) -> int:
    """Check lessons: the files, every scenario against its expectation, and every exercise.

    An exercise's exemplar must pass, in each language; its starter and wrong choices must not.

    PATHS are lesson files or folders; by default the whole course. The exit status is 1 if
    anything is wrong with them, or elsewhere in the course because of them, and if there was
    nothing to check. Warnings and notes only want to be read.
    """
    found = inspect(settings.lesson_folders, paths, as_course=as_course)
    report = Report(found, locale, to_run=not no_run)
    rounds = () if no_run else pythons or (None,)
    style = "json" if as_json else style
    status = asyncio.run(_check(settings, report, rounds, repeat, at_once, quiet=style != "text"))
    {"text": report.text, "json": report.json, "github": report.github}[style]()
    return status


async def _check(
    settings: Settings,
    report: Report,
    pythons: tuple[Path | None, ...],
    repeat: int,
    at_once: int,
    *,
    quiet: bool,
) -> int:
    """Do everything that needs a running loop; return the exit status."""
    found = report.inspection
    for lesson in found.lessons:
        report.discord += too_long_for_discord(found.library, lesson)
    something = any(lesson.scenarios or lesson.exercises for lesson in found.lessons)
    for python in pythons if something else ():
        try:
            async with open_runner(settings, python=python) as runner:
                await _round(settings, report, runner, repeat, at_once, quiet=quiet)
        except SandboxError as error:
            raise SandboxError(f"{python}: {error}" if python else str(error)) from None
    return int(not report.ok)


async def _round(
    settings: Settings,
    report: Report,
    runner: Runner,
    repeat: int,
    at_once: int,
    *,
    quiet: bool,
) -> None:
    """Run every scenario, and try every exercise, on one Python."""
    version = (await collect(runner.run(RunRequest("", "version")))).python
    one = Round(version)
    report.rounds.append(one)
    jobs = jobs_for(report.inspection.lessons, repeat=repeat, python=version)
    began = time.perf_counter()
    tries = [*exercise_tries(report.inspection.lessons)]
    limits = limits_of_own_code(settings.limits)
    with _progress(shown=not quiet and bool(jobs or tries)) as progress:
        bar = progress.add_task(f"Python {version}", total=len(jobs) + len(tries))
        async for ran in run_all(
            jobs, runner, at_once=at_once, limits=settings.limits, held_up=_held_up
        ):
            one.runs.append(ran)
            progress.advance(bar)
        async for tried in check_exercises(tries, runner, limits, at_once=at_once):
            one.tries.append(tried)
            progress.advance(bar)
    one.seconds = time.perf_counter() - began


def _held_up(code: str, result: RunResult) -> float:
    """Return for how many seconds the computer held a run up."""
    return hold_up_of(code, result).seconds


def _progress(*, shown: bool) -> Progress:
    """Return a bar on stderr, for people only."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not shown or not console.is_terminal,
        transient=True,
    )
