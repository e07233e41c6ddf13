"""Verbs that ask the tutor one thing and show its answer."""

import os
import sys

import click

from bot.app import open_tutor
from bot.cli.answer import requested, tell
from bot.cli.context import lang_option, language, wait_for
from bot.cli.pictures import reply_status
from bot.foundation import read_settings
from bot.languages import Locale
from bot.platforms.terminal.chat import LEARNER
from bot.platforms.terminal.prediction import Questionnaire, ask_quiz
from bot.platforms.terminal.reading import PipeReader
from bot.platforms.terminal.screen import make_console, show
from bot.platforms.terminal.words import TerminalWords
from bot.settings import Settings
from bot.tutor.forms import Quiz
from bot.tutor.model import Ask, Predict, Reply, Request


@click.command()
@click.argument("name", nargs=-1, required=True)
@lang_option
def explain(name: tuple[str, ...], lang: str | None) -> int:
    """Explain a concept: tutor explain coroutine."""
    settings = read_settings()
    return wait_for(tell(settings, language(lang, settings), requested("explain", " ".join(name))))


@click.command()
@click.argument("name")
@lang_option
def why(name: str, lang: str | None) -> int:
    """Run a scenario and tell why each line came when it did: tutor why gather.

    Each line is told with what made its task run; the last one with the whole chain of causes, back
    to the start of the program.
    """
    settings = read_settings()
    return wait_for(tell(settings, language(lang, settings), requested("why", name)))


@click.command()
@click.argument("name")
@lang_option
def predict(name: str, lang: str | None) -> int:
    r"""Predict a scenario, then see it run.

    Shows the code and asks for the time and the order; the answers may come from a pipe, one a
    line, an empty line to pass over a question: printf '2\n3 1 2\n' | tutor predict NAME.
    """
    settings = read_settings()
    return wait_for(_predict(settings, language(lang, settings), requested("predict", name)))


async def _predict(settings: Settings, locale: Locale, request: Request) -> int:
    console = make_console(plain="NO_COLOR" in os.environ)

    async def answer(request: Request) -> Reply:
        ask = Ask(LEARNER, locale, request, live=console.is_terminal)
        return await show(tutor, ask, console)

    async with open_tutor(settings, warm=True) as tutor:
        reply = await answer(request)
        for part in reply.parts:
            if isinstance(part, Quiz):
                reader = PipeReader(sys.stdin)
                say = TerminalWords(locale)
                guess = await ask_quiz(part, Questionnaire(reader, console.print, say), say)
                reply = await answer(Predict(part.scenario, guess))
    return reply_status(reply)
