"""The verb `sandbox`: any file under exactly the lessons' confinement."""

import asyncio
import sys
from contextlib import aclosing
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.cli.context import json_option, read_settings, wait_for
from bot.cli.running import print_events, status_of
from bot.errors import TutorError
from bot.platforms.terminal.harmless import harmless
from bot.runner.local import LocalRunner
from bot.runner.model import Finished, Limits, Line, RunRequest, Warned
from bot.settings import Settings

_LARGEST = 2**20
Verb = TypeVar("Verb")


@click.group()
def sandbox() -> None:
    """Run files in the sandbox that scenarios run in."""


def _limit_options(verb: Any) -> Any:
    """Add an option for each limit, named as in `Limits`."""
    for name, field in reversed(Limits.model_fields.items()):
        kind = float if field.annotation is float else int
        verb = click.option(
            f"--{name.replace('_', '-')}",
            type=kind,
            help=f"By default {name.upper()} of the settings, which has {field.default:g}.",
        )(verb)
    return verb


@sandbox.command("run")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@_limit_options
def run_file(file: Path, *, as_json: bool, **limits: float | None) -> int:
    """Run any Python file under exactly the confinement of the lessons.

    The exit status is 0 only if it ended with the outcome `ok`.
    """
    settings = read_settings()
    wanted = {name: value for name, value in limits.items() if value is not None}
    request = RunRequest(_read(file), _name(file), _limits(settings, wanted))
    return wait_for(_run(settings, request, as_json=as_json))


def _read(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as source:
            code = source.read(_LARGEST + 1)
    except OSError as error:
        raise TutorError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise TutorError(f"{file} is not UTF-8 text. Save it as UTF-8.") from None
    if len(code) > _LARGEST:
        raise TutorError(f"{file} is larger than 1 MiB. Run something smaller.")
    return code


def _name(file: Path) -> str:
    return "".join(c if c.isalnum() or c in "_-" else "_" for c in file.stem)[:60] or "scenario"


def _limits(settings: Settings, wanted: dict[str, float]) -> Limits:
    from pydantic import ValidationError  # noqa: PLC0415 - only for its name

    try:
        return Limits.model_validate({**settings.limits.model_dump(), **wanted})
    except ValidationError as error:
        detail = error.errors()[0]
        option = str(detail["loc"][0]).replace("_", "-")
        raise click.BadParameter(detail["msg"], param_hint=f"--{option}") from None


async def _run(settings: Settings, request: RunRequest, *, as_json: bool) -> int:
    runner = LocalRunner(strict=settings.sandbox == "strict", cgroup=settings.sandbox_cgroup)
    try:
        if as_json:
            return status_of(await print_events(runner, request))
        return await _run_for_people(runner, request)
    finally:
        await runner.close()


async def _run_for_people(runner: LocalRunner, request: RunRequest) -> int:
    finished: Finished | None = None
    async with aclosing(runner.run(request)) as events:
        async for event in events:
            if isinstance(event, Line):
                click.echo(
                    f"+{event.at:.3f} s  {harmless(event.text)}", err=event.stream != "stdout"
                )
            elif isinstance(event, Warned):
                click.echo(f"tutor: {event.what}: {harmless(event.detail)}", err=True)
            elif isinstance(event, Finished):
                finished = event
            await asyncio.sleep(0)
    assert finished is not None
    sys.stdout.flush()
    click.echo(_summary(finished), err=True)
    return status_of([finished])


def _summary(finished: Finished) -> str:
    usage = finished.usage
    lines: list[str] = []
    if finished.failure:
        failure = finished.failure
        lines += map(harmless, (failure.traceback or failure.message).rstrip().splitlines())
    told = f"{finished.outcome} after {finished.elapsed:.3f} s"
    told += f" ({finished.limit})" if finished.limit else ""
    told += f": {harmless(finished.detail)}" if finished.detail else ""
    lines.append(
        f"{told}; {usage.cpu_seconds:.2f} s of processor time, "
        f"{usage.peak_memory_bytes / 2**20:.1f} MiB, {usage.output_lines} lines, "
        f"{usage.events} events"
    )
    return "\n".join(lines)
