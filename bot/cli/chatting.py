"""The verb `chat`."""

import asyncio
import os
import signal
import sys

import click

from bot.app import open_app
from bot.cli.context import EXIT_INTERRUPTED, in_language, somebody_answers
from bot.errors import SandboxError
from bot.languages import Locale
from bot.platforms.terminal.chat import Chat
from bot.platforms.terminal.reading import PipeReader, PromptReader, Reader
from bot.platforms.terminal.screen import make_console
from bot.settings import Settings
from bot.tutor.completion import complete

_OFFERED = 12
"""How many ways to go on are offered while one types."""


@click.command()
@in_language
def chat(settings: Settings, locale: Locale) -> int:
    r"""Chat with the tutor: /run gather, /explain coroutine, /help.

    Commands may come from a pipe, one a line: printf '/run gather\n' | tutor chat. Then nothing
    but the answers is printed, and the exit status is 1 if any command could not be served.
    """
    return asyncio.run(_chat(settings, locale))


async def _chat(settings: Settings, locale: Locale) -> int:
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    console = make_console(plain=plain)
    async with open_app(settings, alone=True) as app:
        dumb = os.environ.get("TERM") == "dumb"
        at_prompt = somebody_answers() and sys.stdout.isatty() and not dumb
        reader: Reader = (
            PromptReader(lambda typed, shown: complete(app.tutor, typed, shown, _OFFERED))
            if at_prompt
            else PipeReader(sys.stdin)
        )
        chatting = Chat(tutor=app.tutor, reader=reader, console=console, locale=locale)
        if at_prompt:
            try:
                await app.runner.start()  # so that the first run is as quick as the others
            except SandboxError as error:
                click.echo(f"tutor: {error}", err=True)
        if await _interrupted(chatting):
            return EXIT_INTERRUPTED
    return int(chatting.failures > 0 and not at_prompt)


async def _interrupted(chatting: Chat) -> bool:
    """Chat until the end; Ctrl-C stops the run under way. Where there is none: return True."""
    whole = asyncio.create_task(chatting.run())

    def interrupt() -> None:
        if not chatting.interrupt():
            whole.cancel()

    # It stays to the very end: a late Ctrl-C must not strike while the loop is being closed.
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupt)
    await asyncio.wait([whole])
    if whole.cancelled():
        return True
    await whole
    return False
