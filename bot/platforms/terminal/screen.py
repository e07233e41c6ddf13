"""Shows a reply while it grows: what is certain stays, what moves is drawn below it."""

import sys
from collections import Counter
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live

from bot.languages import Locale
from bot.platforms.delivery import Deliveries, Pace, deliver
from bot.platforms.terminal.render import TerminalRenderer
from bot.tutor.model import Ask, Code, Heading, Note, Part, Reply, Table, Text
from bot.tutor.protocol import Tutor
from bot.tutor.run_parts import Picture, Sequence

_PACE = Pace(0.0, 0.0)
"""A terminal takes every update: the tutor sends none more often than an eye can follow."""


async def show(tutor: Tutor, ask: Ask, console: Console) -> Reply:
    """Print the answer as it comes, and return its last reply."""

    async def update(reply: Reply) -> None:
        screen.update(reply)

    with Screen(console, ask.locale) as screen:
        async with Deliveries(tutor).open(ask) as delivery:
            return await deliver(delivery, update, _PACE)


class Screen:
    """The place of one answer.

    Headings, prose, code and printed lines are printed once, in order, and never again: in a
    pipe that is all. In a terminal, pictures and tables of a run under way move below them.
    """

    def __init__(self, console: Console, locale: Locale) -> None:
        self._console = console
        self._renderer = TerminalRenderer(console, locale)
        self._printed: Counter[Part] = Counter()
        self._lines = 0
        self._live: Live | None = None

    def __enter__(self) -> Self:
        """Begin an answer."""
        if self._console.is_terminal and not self._console.no_color:
            self._live = Live(
                console=self._console, transient=True, auto_refresh=False, redirect_stderr=False
            )
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave what was printed, and take away what moved."""
        self._still()

    def update(self, reply: Reply) -> None:
        """Show the answer as it stands now."""
        if reply.final:
            self._still()
        seen: Counter[Part] = Counter()
        for part in reply.parts:
            if isinstance(part, Sequence):
                self._grow(part)
                continue
            if not reply.final and not isinstance(part, Heading | Text | Code | Note):
                continue
            if isinstance(part, Note) and not reply.final and self._live:
                continue  # a place in the waiting line changes; it belongs below
            seen[part] += 1
            if seen[part] > self._printed[part]:
                self._print(part)
        if self._live:
            self._live.update(self._moving(reply), refresh=True)

    def _grow(self, sequence: Sequence) -> None:
        """Print the lines that have come since."""
        if not self._lines and sequence.lines:
            self._write("")
        for line in sequence.lines[self._lines :]:
            self._write(self._renderer.line(line))
        self._lines = max(self._lines, len(sequence.lines))

    def _print(self, part: Part) -> None:
        self._printed[part] += 1
        renderable = self._renderer.part(part)
        if renderable is not None:
            self._write("")
            self._write(renderable)

    def _write(self, renderable: RenderableType) -> None:
        """Print something, in a pipe without the blanks that fill up a terminal's lines."""
        if self._console.is_terminal:
            self._console.print(renderable, width=self._renderer.width)
            return
        with self._console.capture() as capture:
            self._console.print(renderable, width=self._renderer.width)
        lines = [line.rstrip() for line in capture.get().removesuffix("\n").split("\n")]
        self._console.file.write("\n".join(lines) + "\n")
        self._console.file.flush()

    def _moving(self, reply: Reply) -> Group:
        """Return what is still changing: the place in line, the picture, the table."""
        moving = [
            rendered
            for part in reply.parts
            if isinstance(part, Note | Picture | Table)
            if (rendered := self._renderer.part(part)) is not None
        ]
        return Group("", *moving)

    def _still(self) -> None:
        if self._live:
            self._live.update("", refresh=True)
            self._live.stop()
            self._live = None


def make_console(*, plain: bool) -> Console:
    """Return the console for stdout. With `plain`, it never writes an escape code."""
    terminal = sys.stdout.isatty() and not plain
    return Console(
        file=sys.stdout,
        force_terminal=terminal,
        no_color=plain or None,
        highlight=False,
        markup=False,
        emoji=False,
    )
