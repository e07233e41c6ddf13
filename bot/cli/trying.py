"""The verb `try`: a learner's own file gets what scenarios get."""

import asyncio
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import click

from bot.cli.ahead import begun_sandbox
from bot.cli.context import in_language, json_option, picture_option
from bot.cli.lazy_group import imported
from bot.cli.limit_options import limit_options, limits_of
from bot.errors import SandboxError
from bot.foundation import open_runner
from bot.languages import Locale
from bot.platforms.terminal.source_file import read_source, read_stream
from bot.runner.begun import BegunRun
from bot.runner.host.server_process import ServerProcess
from bot.runner.model import Limits, RunRequest
from bot.settings import Settings
from bot.tutor.own_code import OWN_CODE_LIMITS, limits_of_own_code, run_of
from bot.tutor.pasted_code import is_too_long, read_pasted

_STDIN = Path("-")


@dataclass(frozen=True, slots=True)
class OwnRun:
    """What is to be run, and how it is to be shown."""

    settings: Settings
    locale: Locale
    code: str
    origin: str
    """The file's name; "" for code from stdin."""
    limits: Limits
    picture: Path | None

    @property
    def run(self) -> RunRequest:
        """The run of what was handed over, read as the code that is meant."""
        return run_of(read_pasted(self.code).code, self.origin, self.limits)


@click.command("try")
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path))
@in_language
@json_option
@picture_option
@limit_options(OWN_CODE_LIMITS)
def try_(
    settings: Settings,
    locale: Locale,
    file: Path,
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
    asked = OwnRun(
        settings,
        locale,
        _read(file, locale),
        "" if file == _STDIN else file.name,
        limits_of(limits_of_own_code(settings.limits), limits),
        picture,
    )
    return asyncio.run(_try(asked, begun_sandbox(), as_json=as_json))


def _read(file: Path, locale: Locale) -> str:
    """Return what a file, or stdin, holds.

    :raises TutorError: if it cannot be read, or is no text
    """
    if file != _STDIN:
        return read_source(file, locale)
    return read_stream(sys.stdin.buffer if sys.stdin is not None else None, locale)


async def _try(asked: OwnRun, begun: ServerProcess | None, *, as_json: bool) -> int:
    """Begin the run, and import what shows it while it goes on."""
    async with open_runner(asked.settings, begun=begun) as runner:
        # What is not to be run is left to what shows it: that says why.
        runs = asked.settings.own_code != "off" and asked.code.strip()
        if runs:  # first of all: importing takes the interpreter from everything else
            with suppress(SandboxError):  # the run will say so, too
                await runner.start()
        run = BegunRun(runner, asked.run) if runs and not is_too_long(asked.code) else runner
        shown = await asyncio.to_thread(imported, "bot.cli.trying_shown")
        show = shown.show_events if as_json else shown.show_reply
        status: int = await show(asked, run)
    return status
