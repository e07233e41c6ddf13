"""Where lines come from: a prompt with completion and history, or a pipe."""

import asyncio
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, TextIO

from bot.lessons.model import Locale
from bot.tutor.completion import Completion
from bot.tutor.grammar import LONGEST


class Reader(Protocol):
    """Gives one line after another."""

    interactive: bool
    """Whether a person sits there, to be asked again and greeted."""

    async def read(self, prompt: str) -> str | None:
        """Return the next line without its newline, or None at the end.

        :raises KeyboardInterrupt: if the person pressed Ctrl-C instead
        """
        ...


class PipeReader:
    """Reads lines from a file or pipe, in a thread, so that the loop goes on meanwhile."""

    interactive = False

    def __init__(self, source: TextIO | None) -> None:
        """Read from a text stream; None, as `sys.stdin` is where it was closed, has no lines."""
        self._source = source
        self._ended = source is None
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._thread: threading.Thread | None = None

    async def read(self, prompt: str) -> str | None:
        """Return the next line, or None at the end, however often. The prompt is not shown."""
        del prompt
        if self._ended:
            return None
        if self._thread is None:
            # A daemon: a read that never returns must not keep the process alive.
            loop = asyncio.get_running_loop()
            self._thread = threading.Thread(target=self._pump, args=(loop,), daemon=True)
            self._thread.start()
        line = await self._lines.get()
        self._ended = line is None
        return line

    def _pump(self, loop: asyncio.AbstractEventLoop) -> None:
        assert self._source is not None

        def put(line: str | None) -> None:
            with suppress(RuntimeError):  # the chat is over, and its loop closed
                loop.call_soon_threadsafe(self._lines.put_nowait, line)

        with suppress(OSError, ValueError):  # whatever was there to read has come
            while line := self._source.readline(LONGEST * 4):
                put(line.rstrip("\r\n"))
        put(None)


class PromptReader:
    """Asks at a prompt with line editing, history of this chat, and completion."""

    interactive = True

    def __init__(self, complete: Callable[[str, Locale], list[Completion]]) -> None:
        from prompt_toolkit import PromptSession  # noqa: PLC0415 - slow to import; a pipe needs none of it
        from prompt_toolkit.output import ColorDepth  # noqa: PLC0415 - as above

        from bot.platforms.terminal.completion import NameCompleter  # noqa: PLC0415 - as above

        self.completer = NameCompleter(complete)
        plain = "NO_COLOR" in os.environ
        self._session: PromptSession[str] = PromptSession(
            completer=self.completer,
            complete_while_typing=True,
            color_depth=ColorDepth.DEPTH_1_BIT if plain else None,
        )

    async def read(self, prompt: str) -> str | None:
        """Return the next line, or None on Ctrl-D."""
        try:
            # In its raw mode Ctrl-C is a key. Its own signal handler would, when it goes, take
            # the chat's along.
            return await self._session.prompt_async(prompt, handle_sigint=False)
        except EOFError:
            return None
