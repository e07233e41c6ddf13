"""One request of the tutor's, shown in the terminal."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from bot.app import open_tutor
from bot.cli.pictures import reply_status, save_pictures, save_replays
from bot.errors import TutorError
from bot.languages import Locale
from bot.lessons.library import UnknownNameError
from bot.platforms.terminal.chat import LEARNER
from bot.platforms.terminal.screen import make_console, show
from bot.settings import Settings
from bot.tutor.commands import command_named
from bot.tutor.grammar import Misunderstood, ask
from bot.tutor.model import Ask, Compare, Reply, Request, Run
from bot.tutor.protocol import Tutor
from bot.tutor.words import words


async def tell(
    settings: Settings,
    locale: Locale,
    request: Request,
    picture: Path | None = None,
    replay: Path | None = None,
) -> int:
    """Answer one request; return the exit status: 0 only where a run ended `ok`.

    :raises TutorError: if the lessons, the sandbox or the picture's file cannot be used
    """
    console = make_console(plain="NO_COLOR" in os.environ)
    warm = isinstance(request, Run | Compare)
    async with open_tutor(settings, warm=warm) as tutor:
        reply = await ask_and_show(tutor, locale, request, console)
    if picture is not None:
        save_pictures(reply, locale, picture)
    if replay is not None:
        await asyncio.to_thread(save_replays, reply, locale, replay)
    return reply_status(reply)


async def ask_and_show(tutor: Tutor, locale: Locale, request: Request, console: Console) -> Reply:
    """Ask the tutor, show its answer, and return that."""
    return await show(tutor, Ask(LEARNER, locale, request, live=console.is_terminal), console)


@contextmanager
def naming(kind: str, name: str, listing: str) -> Iterator[None]:
    """Look a name up: where nothing has it, say so, and with which command all are listed.

    :raises TutorError: if there is none of this name
    """
    try:
        yield
    except UnknownNameError as error:
        hint = f" Did you mean {', '.join(error.nearest)}?" if error.nearest else ""
        raise TutorError(f"No {kind} is called {name!r}.{hint} `{listing}` shows all.") from None


def requested(verb: str, *arguments: str) -> Request:
    """Return what a verb asks with these arguments: its name is the command's.

    :raises click.UsageError: if they are none that the command takes; says what it does take
    """
    command = command_named(verb)
    assert command is not None
    asked = ask(command, arguments)
    if isinstance(asked, Misunderstood):
        sentence = words("en").commands.sentence(asked)
        raise click.UsageError(sentence.replace("`/", "`tutor "))
    assert isinstance(asked, Request)
    return asked
