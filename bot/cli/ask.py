"""Verbs that ask the tutor one thing and show its answer."""

import asyncio
import os
import sys

import click

from bot.app import open_tutor
from bot.cli.answer import ask_and_show, requested, tell
from bot.cli.context import in_language
from bot.cli.pictures import reply_status
from bot.languages import Locale
from bot.platforms.terminal.prediction import Questionnaire, ask_quiz
from bot.platforms.terminal.reading import PipeReader
from bot.platforms.terminal.screen import make_console
from bot.platforms.terminal.words import TerminalWords
from bot.settings import Settings
from bot.tutor.forms import Quiz
from bot.tutor.model import Predict, Request


@click.command()
@click.argument("name", nargs=-1, required=True)
@in_language
def explain(settings: Settings, locale: Locale, name: tuple[str, ...]) -> int:
    """Explain a concept: tutor explain coroutine."""
    return asyncio.run(tell(settings, locale, requested("explain", " ".join(name))))


@click.command()
@click.argument("name")
@in_language
def why(settings: Settings, locale: Locale, name: str) -> int:
    """Run a scenario and tell why each line came when it did: tutor why gather.

    Each line is told with what made its task run; the last one with the whole chain of causes, back
    to the start of the program.
    """
    return asyncio.run(tell(settings, locale, requested("why", name)))


@click.command()
@click.argument("name")
@in_language
def predict(settings: Settings, locale: Locale, name: str) -> int:
    r"""Predict a scenario, then see it run.

    Shows the code and asks for the time and the order; the answers may come from a pipe, one a
    line, an empty line to pass over a question: printf '2\n3 1 2\n' | tutor predict NAME.
    """
    return asyncio.run(_predict(settings, locale, requested("predict", name)))


async def _predict(settings: Settings, locale: Locale, request: Request) -> int:
    console = make_console(plain="NO_COLOR" in os.environ)
    async with open_tutor(settings, warm=True) as tutor:
        reply = await ask_and_show(tutor, locale, request, console)
        for part in reply.parts:
            if isinstance(part, Quiz):
                reader = PipeReader(sys.stdin)
                say = TerminalWords(locale)
                guess = await ask_quiz(part, Questionnaire(reader, console.print, say), say)
                reply = await ask_and_show(tutor, locale, Predict(part.scenario, guess), console)
    return reply_status(reply)
