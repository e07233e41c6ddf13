"""The verbs of `tutor lessons`: a workshop for authors."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from bot.cli.checking import check
from bot.cli.context import json_option, lang_option, language, read_settings, wait_for
from bot.errors import LessonError, TutorError
from bot.lessons import schema as lesson_schema
from bot.lessons.check import run_whole
from bot.lessons.load import load_file, load_folders
from bot.lessons.model import Scenario
from bot.lessons.new import lesson_text
from bot.lessons.record import propose
from bot.lessons.request import request_for
from bot.runner.local import LocalRunner
from bot.runner.model import Runner, RunRequest, RunResult
from bot.settings import Settings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class LessonVerbs(click.Group):
    """Imports `preview`, which waits for changed files, only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs by name."""
        return sorted([*super().list_commands(ctx), "preview"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one verb, or None if there is none of this name."""
        if cmd_name != "preview":
            return super().get_command(ctx, cmd_name)
        from bot.cli.previewing import preview  # noqa: PLC0415 - see above

        return preview


@click.group(cls=LessonVerbs)
def lessons() -> None:
    """List, check, start, record and preview lessons."""


@lessons.command("list")
@lang_option
@json_option
def list_(lang: str | None, *, as_json: bool) -> int:
    """List every lesson with its concepts and scenarios."""
    settings = read_settings()
    locale = language(lang, settings)
    loaded = load_folders(settings.lesson_folders)
    for error in loaded.errors:
        click.echo(f"tutor: {error}", err=True)
    for lesson in loaded.lessons:
        if as_json:
            fields = {
                "id": lesson.id,
                "title": lesson.title.text(locale),
                "concepts": [it.id for it in lesson.concepts],
                "scenarios": [it.id for it in lesson.scenarios],
                "file": str(loaded.files[lesson.id]),
            }
            click.echo(json.dumps(fields, ensure_ascii=False))
            continue
        click.echo(f"{lesson.id:<20} {lesson.title.text(locale)}")
        for concept in lesson.concepts:
            click.echo(f"  explain {concept.id:<22} {concept.title.text(locale)}")
        for scenario in lesson.scenarios:
            click.echo(f"  run     {scenario.id:<22} {scenario.title.text(locale)}")
    return int(not loaded.lessons)


@lessons.command()
@click.option("--write", is_flag=True, help="Write it beside the course's lessons.")
def schema(*, write: bool) -> None:
    """Print the JSON Schema of lesson files (draft-07), for editors."""
    if not write:
        click.echo(lesson_schema.text(), nl=False)
        return
    target = read_settings().lesson_folders[0] / lesson_schema.FILE_NAME
    _write(target, lesson_schema.text())
    click.echo(f"written: {target}")


lessons.add_command(check)


@lessons.command()
@click.argument("id_", metavar="ID")
@click.option("--title-ko", help="The title in Korean.")
@click.option("--title-en", help="The title in English.")
@click.option("--order", type=click.IntRange(0, 100_000), help="By default after all others.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write it; by default the last lessons folder of the settings.",
)
def new(
    id_: str,
    title_ko: str | None,
    title_en: str | None,
    order: int | None,
    folder: Path | None,
) -> None:
    """Start a lesson: write a commented file ID.yaml that passes the check as it is.

    Asks for what is not given, where somebody is there to answer.
    """
    settings = read_settings()
    known = load_folders(settings.lesson_folders).lessons
    if any(lesson.id == id_ for lesson in known):
        raise LessonError(f"There is a lesson {id_} already. Choose another id.")
    text = lesson_text(
        id_,
        order=order if order is not None else max((it.order for it in known), default=0) + 100,
        title_ko=title_ko or _ask("Title in Korean"),
        title_en=title_en or _ask("Title in English"),
    )
    target = (folder or settings.lesson_folders[-1]) / f"{id_}.yaml"
    if target.exists():
        raise LessonError(f"{target} exists already. Choose another id, or remove the file.")
    _write(target, text)
    click.echo(f"written: {target}\nNext: tutor lessons preview {target}")


def _ask(question: str) -> str:
    """Return the answer of whoever is there; "" where nobody is: then the id makes the title."""
    if not sys.stdin.isatty():
        return ""
    answer: str = click.prompt(question, default="", show_default=False)
    return answer


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise TutorError(
            f"{target} cannot be written: {error.strerror}. Name another folder."
        ) from None


@lessons.command()
@click.argument("file", type=_FILE)
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
    runner = LocalRunner(strict=settings.sandbox == "strict")
    try:
        for scenario in chosen:
            request = request_for(scenario, "en", settings.limits)
            runs = await _run_often(runner, request, times=times, at_once=at_once)
            proposal = propose(scenario, "en", runs)
            click.echo(f"# {scenario.id}: what held in {times} runs")
            click.echo(proposal.text())
    finally:
        await runner.close()
    return 0


async def _run_often(
    runner: Runner, request: RunRequest, *, times: int, at_once: int
) -> list[RunResult]:
    places = asyncio.Semaphore(at_once)

    async def one() -> RunResult:
        async with places:
            return await run_whole(runner, request)

    return await asyncio.gather(*(one() for _ in range(times)))
