"""The verbs of `tutor exercise`: for people, and for scripts and editors."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from bot.app import App, open_app, open_tutor
from bot.cli.answer import ask_and_show, naming, requested, tell
from bot.cli.context import in_language, json_option
from bot.cli.exercise_json import graded_fields, listed_fields, refused_fields, shown_fields
from bot.errors import TutorError
from bot.languages import Locale
from bot.lessons.exercise import Exercise
from bot.platforms.terminal.exercise_forms import ExerciseForm, ask_exercise
from bot.platforms.terminal.prediction import Questionnaire
from bot.platforms.terminal.reading import PipeReader
from bot.platforms.terminal.screen import make_console
from bot.platforms.terminal.words import TerminalWords
from bot.runner.model import Outcome
from bot.settings import Settings
from bot.text.visible import json_text
from bot.tutor.attempts import UnusableAnswerError, read_answer, run_until_decided
from bot.tutor.model import Note, Request, Solve
from bot.tutor.own_code import limits_of_own_code
from bot.tutor.pasted_code import LONGEST_CODE
from bot.tutor.words import words

_STDIN = Path("-")


class ExerciseGroup(click.Group):
    """A group in which anything that is no verb names an exercise to do."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb; for the name of an exercise, that which sets it."""
        name = args[0] if args else ""
        if name.startswith("-") or self.get_command(ctx, name) is not None:
            return super().resolve_command(ctx, args)
        return "NAME", set_exercise, args


@click.group(cls=ExerciseGroup, subcommand_metavar="[NAME | list | show | check] [ARGS]...")
def exercise() -> None:
    """Do an exercise, graded by its real run: tutor exercise NAME.

    For scripts and editors: list, show NAME and check NAME FILE, each with --json.
    """


@click.command()
@click.argument("name", nargs=-1, required=True)
@in_language
def set_exercise(settings: Settings, locale: Locale, name: tuple[str, ...]) -> int:
    r"""Set an exercise, and grade the answer.

    The answer may come from a pipe: printf '2\n' | tutor exercise NAME. Code stands between two
    lines of ```. The exit status is 0 only if it passed, or was only read.
    """
    return asyncio.run(_do(settings, locale, requested("exercise", " ".join(name))))


async def _do(settings: Settings, locale: Locale, request: Request) -> int:
    console = make_console(plain="NO_COLOR" in os.environ)
    async with open_tutor(settings, warm=True) as tutor:
        reply = await ask_and_show(tutor, locale, request, console)
        form = next((part for part in reply.parts if isinstance(part, ExerciseForm)), None)
        if form is None:
            return 2 if reply.failed else 0
        say, reader = TerminalWords(locale), PipeReader(sys.stdin)
        asked = await ask_exercise(form, Questionnaire(reader, console.print, say), reader, say)
        if asked is None:
            return 0
        reply = await ask_and_show(tutor, locale, asked, console)
    passed = any(isinstance(part, Note) and part.tone == "good" for part in reply.parts)
    return 0 if passed else 1


@exercise.command("list")
@in_language
@json_option
def list_exercises(settings: Settings, locale: Locale, *, as_json: bool) -> int:
    """List every exercise with its kind and lesson."""
    if not as_json:
        return asyncio.run(tell(settings, locale, Solve()))
    return asyncio.run(_list_json(settings, locale))


async def _list_json(settings: Settings, locale: Locale) -> int:
    async with open_app(settings) as app:
        for lesson in app.course().lessons:
            for one in lesson.exercises:
                _print(listed_fields(one, lesson.id, locale))
    return 0


@exercise.command("show")
@click.argument("name")
@in_language
@json_option
def show_exercise(settings: Settings, locale: Locale, name: str, *, as_json: bool) -> int:
    """Show an exercise: its task, what to begin with, its goals."""
    if not as_json:
        return asyncio.run(tell(settings, locale, requested("exercise", name)))
    return asyncio.run(_show_json(settings, locale, name))


async def _show_json(settings: Settings, locale: Locale, name: str) -> int:
    async with open_app(settings) as app:
        one = _found(app, name)
        _print(shown_fields(one, app.course().chapter_of(one.id, "exercise").id, locale))
    return 0


@exercise.command("check")
@click.argument("name")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@in_language
@json_option
def check_answer(
    settings: Settings, locale: Locale, name: str, file: Path, *, as_json: bool
) -> int:
    """Run an answer and grade it: tutor exercise check NAME FILE.

    FILE, or stdin with -, holds Python, the whole program; for the kind predict-why the id of the
    chosen reason. The exit status is 0 only if it passed.
    """
    return asyncio.run(_check(settings, locale, name, file, as_json=as_json))


async def _check(
    settings: Settings, locale: Locale, name: str, file: Path, *, as_json: bool
) -> int:
    async with open_app(settings, warm=True, alone=True) as app:
        one = _found(app, name)
        if settings.own_code == "off" and one.kind != "predict-why":
            raise TutorError(words(locale).own_code.off)
        fields = await _graded(settings, app, one, _read(file), locale)
    if as_json:
        _print(fields)
    else:
        _tell(fields, locale)
    return 0 if fields["passed"] else 1


async def _graded(
    settings: Settings, app: App, one: Exercise, data: bytes, locale: Locale
) -> dict[str, Any]:
    """Return what an answer comes to, as plain data."""
    say = words(locale).exercise
    try:
        handed_in = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return refused_fields(one, say.no_text)
    try:
        attempt = read_answer(one, handed_in, locale)
    except UnusableAnswerError as error:
        return refused_fields(one, str(error))
    limits = limits_of_own_code(settings.limits)
    grade, result = await run_until_decided(app.runner, one, attempt, limits, locale)
    finished = result.finished
    if finished.outcome in {Outcome.REFUSED, Outcome.INTERRUPTED}:
        return refused_fields(one, say.not_run(finished.detail))
    return graded_fields(one, attempt, result, grade, locale)


def _tell(fields: dict[str, Any], locale: Locale) -> None:
    """Say to a person what came of it."""
    say = words(locale).exercise
    if fields["passed"]:
        click.echo(f"✓ {say.passed}")
    else:
        click.echo(f"{'?' if fields['late'] else '✗'} {fields['reason']}")
    for goal in fields["goals"]:
        sign = "?" if goal["undecided"] else "✓" if goal["met"] else "✗"
        click.echo(f"  {sign} {goal['text']}")
    for finding in fields["findings"] if not (fields["passed"] or fields["late"]) else ():
        click.echo(f"  → {finding['text']}")


def _found(app: App, name: str) -> Exercise:
    with naming("exercise", name, "tutor exercise list"):
        return app.course().exercise(name)


def _read(file: Path) -> bytes:
    """Return what a file, or stdin, holds, a little more than may be handed in at most.

    :raises TutorError: if it cannot be read
    """
    if file == _STDIN:
        return sys.stdin.buffer.read(LONGEST_CODE * 2) if sys.stdin is not None else b""
    try:
        with file.open("rb") as opened:
            return opened.read(LONGEST_CODE * 2)
    except OSError as error:
        raise TutorError(f"{file} cannot be read: {error.strerror or error}.") from None


def _print(fields: dict[str, Any]) -> None:
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.write(json_text(text) + "\n")
