"""The verb `lessons record`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from bot.app import open_runner, read_settings
from bot.cli.context import wait_for
from bot.errors import LessonError
from bot.lessons.check import run_whole
from bot.lessons.load import load_file
from bot.lessons.model import Scenario
from bot.lessons.record import propose
from bot.lessons.request import request_for
from bot.runner.model import Runner, RunRequest, RunResult
from bot.settings import Settings


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--scenario", help="Only this scenario; by default each of the file.")
@click.option("--times", type=click.IntRange(1, 200), default=10, show_default=True)
@click.option("--at-once", type=click.IntRange(1, 100), default=5, show_default=True)
def record(file: Path, scenario: str | None, times: int, at_once: int) -> int:
    """Run scenarios several times and propose their `expect`: what held in every run."""
    settings = read_settings()
    lesson = load_file(file)
    chosen = [it for it in lesson.scenarios if scenario in {None, it.id}]
    if not chosen:
        known = ", ".join(it.id for it in lesson.scenarios) or "none"
        raise LessonError(f"{file} has no scenario {scenario}. It has: {known}.")
    return wait_for(_record(settings, chosen, times, at_once))


async def _record(settings: Settings, chosen: Sequence[Scenario], times: int, at_once: int) -> int:
    async with open_runner(settings) as runner:
        for scenario in chosen:
            request = request_for(scenario, "en", settings.limits)
            runs = await _run_often(runner, request, times=times, at_once=at_once)
            proposal = propose(scenario, "en", runs)
            click.echo(f"# {scenario.id}: what held in {times} runs")
            click.echo(proposal.text())
    return 0


async def _run_often(
    runner: Runner, request: RunRequest, *, times: int, at_once: int
) -> list[RunResult]:
    places = asyncio.Semaphore(at_once)

    async def one() -> RunResult:
        async with places:
            return await run_whole(runner, request)

    return await asyncio.gather(*(one() for _ in range(times)))
