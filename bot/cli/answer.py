"""One request of the tutor's, shown in the terminal."""

import asyncio
import os
from pathlib import Path

import click

from bot.app import open_tutor
from bot.cli.pictures import reply_status, save_pictures, save_replays
from bot.languages import Locale
from bot.platforms.terminal.chat import LEARNER
from bot.platforms.terminal.screen import make_console, show
from bot.settings import Settings
from bot.tutor.commands import command_named
from bot.tutor.grammar import Misunderstood, ask
from bot.tutor.model import Ask, Compare, Request, Run
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
        asked = Ask(LEARNER, locale, request, live=console.is_terminal)
        reply = await show(tutor, asked, console)
    if picture is not None:
        save_pictures(reply, locale, picture)
    if replay is not None:
        await asyncio.to_thread(save_replays, reply, locale, replay)
    return reply_status(reply)


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
