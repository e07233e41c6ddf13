"""The verb `try`: a learner's own file gets what scenarios get."""

import asyncio
import os
import sys
from pathlib import Path

import click

from bot.app import open_runner, read_settings, tutor_of
from bot.cli.answer import reply_status, save_pictures
from bot.cli.context import json_option, lang_option, language, picture_option, wait_for
from bot.cli.limit_options import limit_options, limits_of
from bot.errors import TutorError
from bot.languages import Locale
from bot.lessons.library import Library
from bot.platforms.terminal.chat import LEARNER
from bot.platforms.terminal.screen import make_console, show
from bot.platforms.terminal.source_file import LARGEST_FILE, read_source
from bot.runner.model import Limits, RunRequest
from bot.settings import Settings
from bot.tutor.model import Ask, Try
from bot.tutor.own_code import limits_of_own_code
from bot.tutor.pasted_code import is_too_long, read_pasted
from bot.tutor.words import words

_STDIN = Path("-")


@click.command("try")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@lang_option
@json_option
@picture_option
@limit_options
def try_(
    file: Path,
    lang: str | None,
    picture: Path | None,
    *,
    as_json: bool,
    **limits: float | None,
) -> int:
    """Run your own asyncio code, and see what it did and why: tutor try FILE.

    With - for FILE it comes from stdin. It runs unchanged, confined like the lessons, within 10 s,
    2 s of processor time and 256 MiB unless the options or the settings say otherwise. What
    surrounds pasted code (a fence, >>> prompts) is taken away. The exit status is 0 only if it
    ended with the outcome `ok`.
    """
    settings = read_settings()
    locale = language(lang, settings)
    own = limits_of(limits_of_own_code(settings.limits), limits)
    request = Try(_read(file), "" if file == _STDIN else file.name)
    run = _json if as_json else _tell
    return wait_for(run(settings, locale, request, own, picture))


def _read(file: Path) -> str:
    """Return what a file, or stdin, holds.

    :raises TutorError: if it is no text
    """
    if file != _STDIN:
        return read_source(file)
    data = sys.stdin.buffer.read(LARGEST_FILE + 1) if sys.stdin is not None else b""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TutorError("What came from stdin is not text in UTF-8.") from None


async def _tell(
    settings: Settings, locale: Locale, request: Try, limits: Limits, picture: Path | None
) -> int:
    """Show the run to a person."""
    console = make_console(plain="NO_COLOR" in os.environ)
    async with open_runner(settings) as runner:
        tutor = tutor_of(Library(()), runner, settings, own_code_limits=limits)
        ask = Ask(LEARNER, locale, request, live=console.is_terminal)
        reply = await show(tutor, ask, console)
    if picture is not None:
        save_pictures(reply, locale, picture)
    return reply_status(reply)


async def _json(
    settings: Settings, locale: Locale, request: Try, limits: Limits, picture: Path | None
) -> int:
    """Print the run's events."""
    from bot.cli.running import draw, print_events  # noqa: PLC0415 - lessons are not needed else
    from bot.cli.running import run_status as status_of_events  # noqa: PLC0415 - as above

    say = words(locale).own_code
    if settings.own_code == "off":
        raise TutorError(say.off)
    if is_too_long(request.code):
        raise TutorError(say.too_long(len(request.code.encode("utf-8", "surrogatepass"))))
    code = read_pasted(request.code).code
    title = request.origin or say.title
    async with open_runner(settings) as runner:
        run = RunRequest(code, Path(title).stem if request.origin else "main", limits)
        events = await print_events(runner, run, why=locale)
    if picture is not None:
        await asyncio.to_thread(draw, events, title, locale, picture)
    return status_of_events(events)
