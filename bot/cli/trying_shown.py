"""Shows a run of own code: to a person, or as events. It is imported while the run goes on."""

import asyncio
import os

from bot.alone import tutor_of
from bot.cli.events import draw, print_events, run_status
from bot.cli.pictures import reply_status, save_pictures
from bot.cli.trying import OwnRun
from bot.errors import TutorError
from bot.lessons.library import Library
from bot.platforms.terminal.chat import LEARNER
from bot.platforms.terminal.screen import make_console, show
from bot.runner.model import Runner
from bot.tutor.model import Ask, Try
from bot.tutor.pasted_code import is_too_long
from bot.tutor.words import words


async def show_reply(asked: OwnRun, runner: Runner) -> int:
    """Show the run to a person; return the exit status."""
    console = make_console(plain="NO_COLOR" in os.environ)
    tutor = tutor_of(Library(()), runner, asked.settings, own_code_limits=asked.limits)
    ask = Ask(LEARNER, asked.locale, Try(asked.code, asked.origin), live=console.is_terminal)
    reply = await show(tutor, ask, console)
    if asked.picture is not None:
        save_pictures(reply, asked.locale, asked.picture)
    return reply_status(reply)


async def show_events(asked: OwnRun, runner: Runner) -> int:
    """Print the run's events; return the exit status."""
    say = words(asked.locale).own_code
    if asked.settings.own_code == "off":
        raise TutorError(say.off)
    if is_too_long(asked.code):
        raise TutorError(say.too_long(len(asked.code.encode("utf-8", "surrogatepass"))))
    events = await print_events(runner, asked.run, why=asked.locale)
    if asked.picture is not None:
        title = asked.origin or say.title
        await asyncio.to_thread(draw, events, title, asked.locale, asked.picture)
    return run_status(events)
