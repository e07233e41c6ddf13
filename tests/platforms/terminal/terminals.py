"""A console in memory, a reader of a list, and a tutor of fixed answers."""

import asyncio
import io
from collections.abc import AsyncGenerator, Iterable, Mapping

from rich.console import Console

from bot.lessons.model import Locale
from bot.tutor.model import Ask, NameKind, Note, Reply, Request, Suggestion


def console(*, terminal: bool = False, width: int = 80) -> Console:
    """A console whose output `output` returns."""
    return Console(
        file=io.StringIO(),
        force_terminal=terminal,
        color_system="standard" if terminal else None,
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def output(made: Console) -> str:
    """What was printed so far."""
    assert isinstance(made.file, io.StringIO)
    return made.file.getvalue()


class Lines:
    """A reader of these lines; an exception among them is raised."""

    def __init__(self, lines: Iterable[str | BaseException], *, interactive: bool = False) -> None:
        self._lines = iter(lines)
        self.interactive = interactive
        self.prompts: list[str] = []

    async def read(self, prompt: str) -> str | None:
        self.prompts.append(prompt)
        line = next(self._lines, None)
        if isinstance(line, BaseException):
            raise line
        return line


class FixedTutor:
    """Gives each request its answer; what it has none for, it does not know."""

    def __init__(self, answers: Mapping[Request, Iterable[Reply]]) -> None:
        self._answers = answers
        self.asked: list[Ask] = []
        self.asking = asyncio.Event()
        self.left = 0

    async def handle(self, ask: Ask) -> AsyncGenerator[Reply]:
        self.asked.append(ask)
        self.asking.set()
        unknown = (Reply((Note("unknown", "error"),), failed=True),)
        try:
            for reply in self._answers.get(ask.what, unknown):
                yield reply
                if not reply.final:
                    await asyncio.sleep(0)
            if ask.what in self._answers and not reply.final:
                await asyncio.Event().wait()
        except (GeneratorExit, asyncio.CancelledError):
            self.left += 1
            raise

    def suggest(
        self, kind: NameKind, typed: str, locale: Locale, limit: int = 25
    ) -> tuple[Suggestion, ...]:
        known = (f"{kind}_one", f"{kind}_two")
        found = [Suggestion(it, f"{it} {locale}") for it in known if it.startswith(typed)]
        return tuple(found[:limit])
