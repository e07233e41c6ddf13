"""Small programs as learners write them, each with the findings that it must and may get."""

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True, slots=True)
class Program:
    """One program.

    `finds` are the findings that it must get, as (kind, line); the line is None where there is
    none to name. A program without any must get none.
    """

    name: str
    code: str
    finds: tuple[tuple[str, int | None], ...] = ()
    python: str = ""
    """The oldest Python that it needs, as in "3.12"; "" for every one."""


def program(name: str, code: str, *finds: tuple[str, int | None], python: str = "") -> Program:
    """Return a program whose code is written indented."""
    return Program(name, dedent(code).lstrip("\n"), finds, python)
