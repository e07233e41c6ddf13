"""Where lines come from: a prompt with completion and history, or a pipe."""

import asyncio
import os
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, TextIO

from bot.languages import Locale
from bot.tutor.completion import Completion
from bot.tutor.pasted_code import LONGEST_CODE

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

LONGEST_INPUT = LONGEST_CODE * 2
"""Characters of a line, or of a piece of code, that are kept: more than any that is accepted."""

_FENCE = re.compile(r"\s*(?P<mark>`{3,}|~{3,})")


class Reader(Protocol):
    """Gives one line after another."""

    interactive: bool
    """Whether a person sits there, to be asked again and greeted."""

    async def read(self, prompt: str) -> str | None:
        """Return the next line without its newline, or None at the end.

        :raises KeyboardInterrupt: if the person pressed Ctrl-C instead
        """
        ...

    async def code(self, begun: str, hint: str) -> str | None:
        """Return the piece of code that comes now; None where none does.

        :param begun: what a person has in the editor to begin with
        :param hint: how a person ends or leaves the editor
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
        self._returned: str | None = None
        """A line that was looked at and is to be read again."""
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._thread: threading.Thread | None = None

    async def read(self, prompt: str) -> str | None:
        """Return the next line, or None at the end, however often. The prompt is not shown."""
        del prompt
        if self._returned is not None:
            returned, self._returned = self._returned, None
            return returned
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

    async def code(self, begun: str, hint: str) -> str | None:
        """Return the fenced block that comes next, its fences included; None if none does."""
        del hint
        first: str | None = begun
        while first is not None and not first.strip():
            first = await self.read("")
        opened = _FENCE.match(first) if first is not None else None
        if first is None or opened is None:
            self._returned = first
            return None
        lines, mark, size = [first], opened["mark"], 0
        while (line := await self.read("")) is not None:
            if size <= LONGEST_INPUT:  # what is longer is refused, and need not be kept
                lines.append(line)
            size += len(line) + 1
            if line.strip().startswith(mark) and not line.strip().strip(mark[0]):
                break
        return "\n".join(lines)

    def _pump(self, loop: asyncio.AbstractEventLoop) -> None:
        assert self._source is not None

        def put(line: str | None) -> None:
            with suppress(RuntimeError):  # the chat is over, and its loop closed
                loop.call_soon_threadsafe(self._lines.put_nowait, line)

        with suppress(OSError, ValueError):  # whatever was there to read has come
            while line := self._source.readline(LONGEST_INPUT):
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
            key_bindings=_early_end(),
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

    async def code(self, begun: str, hint: str) -> str | None:
        """Let the person write code in an editor of several lines; None on Ctrl-D."""
        from prompt_toolkit import PromptSession  # noqa: PLC0415 - as above
        from prompt_toolkit.lexers import PygmentsLexer  # noqa: PLC0415 - as above
        from pygments.lexers.python import PythonLexer  # noqa: PLC0415 - as above

        plain = "NO_COLOR" in os.environ
        editor: PromptSession[str] = PromptSession(
            multiline=True,
            lexer=None if plain else PygmentsLexer(PythonLexer),
            prompt_continuation="  ",
            bottom_toolbar=hint,
        )
        try:
            return await editor.prompt_async("  ", default=begun, handle_sigint=False)
        except EOFError:
            return None


def _early_end() -> "KeyBindings":
    """Return the binding that ends the chat for a Ctrl-D pressed while an answer was being shown.

    Between two prompts the terminal is in its canonical mode and keeps such a Ctrl-D as the end of
    a line. Linux hands it on as a NUL character once the next prompt switches that mode off
    (seen on Linux 6; n_tty.c stores it as __DISABLED_CHAR).
    """
    from prompt_toolkit.application import get_app  # noqa: PLC0415 - as above
    from prompt_toolkit.filters import Condition  # noqa: PLC0415 - as above
    from prompt_toolkit.key_binding import KeyBindings  # noqa: PLC0415 - as above

    bindings = KeyBindings()

    @bindings.add("c-@", filter=Condition(lambda: not get_app().current_buffer.text))
    def end(event: "KeyPressEvent") -> None:
        event.app.exit(exception=EOFError())

    return bindings
