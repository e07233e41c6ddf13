"""The verb `lessons record`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from bot.cli.context import near
from bot.errors import LessonError, TutorError
from bot.foundation import open_runner, read_settings
from bot.lessons.authoring.check import run_whole
from bot.lessons.authoring.propose import Proposal, propose, with_expectation
from bot.lessons.files.load import load_file
from bot.lessons.files.phrases import code_in
from bot.lessons.files.read_file import read_file
from bot.lessons.model import Lesson, Scenario
from bot.lessons.request import request_for
from bot.runner.model import Limits, Runner, RunRequest, RunResult
from bot.settings import Settings
from bot.timeline.hold_ups import hold_up_of
from bot.together import together

_MOST_RUNS = 200
"""Runs of one scenario, however often its order varies."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--scenario", help="Only this scenario; by default each of the file.")
@click.option(
    "--times",
    type=click.IntRange(1, _MOST_RUNS),
    default=10,
    show_default=True,
    help="Runs to begin with; where the order varies, it runs on until no more places change.",
)
@click.option("--at-once", type=click.IntRange(1, 100), default=5, show_default=True)
@click.option("--write", is_flag=True, help="Write the proposals into the file.")
def record(file: Path, scenario: str | None, times: int, at_once: int, *, write: bool) -> int:
    """Run scenarios several times and propose their `expect`: what held in every run.

    Where the order varied, the number of runs is doubled until a doubling shows nothing new, so
    that lines which only seldom change places are in one group, too.
    """
    settings = read_settings()
    lesson = load_file(file)
    chosen = [it for it in lesson.scenarios if scenario in {None, it.id}]
    if not lesson.scenarios:
        raise LessonError(f"{file} has no scenarios: there is nothing to record.")
    if not chosen:
        known = ", ".join(it.id for it in lesson.scenarios)
        raise LessonError(f"{file} has no scenario {scenario}. It has: {known}.")
    return asyncio.run(
        _record(settings, file, lesson, chosen, times=times, at_once=at_once, write=write)
    )


async def _record(
    settings: Settings,
    file: Path,
    lesson: Lesson,
    chosen: Sequence[Scenario],
    *,
    times: int,
    at_once: int,
    write: bool,
) -> int:
    made: dict[int, Proposal] = {}
    async with open_runner(settings) as runner:
        for scenario in chosen:
            runs = await until_settled(
                runner, scenario, settings.limits, times=times, at_once=at_once
            )
            telling = await _telling(scenario, runs)
            proposal = propose(scenario, "en", telling or runs)
            made[lesson.scenarios.index(scenario)] = proposal
            click.echo(f"# {scenario.id}: {held_in(len(runs), len(telling))}")
            click.echo(proposal.text())
    if write:
        await asyncio.to_thread(_write, file, made)
    return 0


async def until_settled(
    runner: Runner, scenario: Scenario, limits: Limits, *, times: int, at_once: int
) -> list[RunResult]:
    """Run a scenario until what varied shows nothing new; return all runs."""
    request = request_for(scenario, "en", limits)
    runs = await _run_often(runner, request, times=times, at_once=at_once)
    before: object = None
    while now := _variation(propose(scenario, "en", await _telling(scenario, runs) or runs)):
        if now == before:
            break
        before = now
        more = min(len(runs), _MOST_RUNS - len(runs))
        if not more:
            break
        runs += await _run_often(runner, request, times=more, at_once=at_once)
    return runs


async def _telling(scenario: Scenario, runs: Sequence[RunResult]) -> Sequence[RunResult]:
    """Return the runs that tell what a scenario does: those that the computer did not hold up.

    What is told apart by sleeps comes in another order where one of them is late.
    """
    code = code_in(scenario, "en")
    return await asyncio.to_thread(lambda: [it for it in runs if not hold_up_of(code, it).spoils])


def held_in(made: int, telling: int) -> str:
    """Say of how many of the runs made a proposal tells what held."""
    if not telling:
        return f"what held in {made} runs, which this busy computer held up: record it once more"
    late = made - telling
    more = f"; left out: {late} that this busy computer held up" if late else ""
    return f"what held in {telling} runs{more}"


def _variation(proposal: Proposal) -> object:
    """Return what differed from run to run, but for times; None where nothing did."""
    expect = {name: value for name, value in proposal.expect.items() if name != "elapsed"}
    varied = any(isinstance(line, dict) for line in expect.get("lines", ()))
    return expect if varied or not expect.get("complete", True) else None


async def _run_often(
    runner: Runner, request: RunRequest, *, times: int, at_once: int
) -> list[RunResult]:
    places = asyncio.Semaphore(at_once)

    async def one() -> RunResult:
        async with places:
            return await run_whole(runner, request)

    return await together(one() for _ in range(times))


def _write(file: Path, made: dict[int, Proposal]) -> None:
    """Write the proposals into the file, whole or not at all.

    :raises LessonError: if the lesson would no longer be one; then the file stays as it is
    """
    text = read_file(file)
    for number, proposal in made.items():
        text = with_expectation(file, text, number, proposal)
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        load_file(beside)
        beside.chmod(file.stat().st_mode & 0o777)
        beside.replace(file)
    except OSError as error:
        raise TutorError(f"{file} cannot be written: {error.strerror}.") from None
    finally:
        beside.unlink(missing_ok=True)
    click.echo(f"written: {near(file)}")
