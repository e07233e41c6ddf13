"""A console in memory, a reader of a list, and a tutor of fixed answers."""

import io
from collections.abc import Iterable, Mapping
from typing import get_args

from rich.console import Console

from bot.lessons.model import Localized
from bot.testing import FakeTutor
from bot.tutor.model import NameKind, Reply, Request


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

    async def code(self, begun: str, hint: str) -> str | None:
        self.prompts.append(hint)
        line = await self.read(begun)
        return None if line is None else begun + line


NAMES: dict[NameKind, dict[str, Localized]] = {
    kind: {id_: Localized(en=f"{id_} en", ko=f"{id_} ko") for id_ in (f"{kind}_one", f"{kind}_two")}
    for kind in get_args(NameKind)
}


def fixed(answers: Mapping[Request, Iterable[Reply]]) -> FakeTutor:
    """A tutor that gives each request its answer; what it has none for, it does not know."""
    return FakeTutor(answers, NAMES)
