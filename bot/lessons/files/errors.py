"""What is wrong with a lesson file, where, and what to write instead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rapidfuzz import process

from bot.errors import LessonError
from bot.text import visible

MAX_PROBLEMS = 100
"""How many problems of a file are told; nobody reads more before mending the first."""
_SHOWN = 40
_SHORT = 4
"""One letter of a name this short weighs much: "kr" is half like "ko"."""


Level = Literal["error", "warning", "note"]
"""An error fails the check; a warning and a note only want to be read."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or worth knowing."""

    file: Path
    line: int
    """Counted from 1; 0 for a folder, which has no lines."""
    column: int
    """Counted from 1, in characters."""
    path: str
    """The field, as in "scenarios[2].expect.elapsed.about"; "" for the file as a whole."""
    what: str
    """What is wrong, and what was found."""
    accepted: str = ""
    """What is accepted in that place."""
    hint: str = ""
    """What to write or do instead, as a sentence."""
    level: Level = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else f"{self.file}"
        field = f"{self.path}: " if self.path else ""
        accepted = f"; accepted: {self.accepted}" if self.accepted else ""
        hint = f" {self.hint}" if self.hint else ""
        level = "" if self.level == "error" else f"{self.level}: "
        return f"{place}: {level}{field}{self.what}{accepted}.{hint}"


class LessonFileError(LessonError):
    """A lesson file cannot be used, or only in part. Its text has one line for each problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that `name` is most likely a slip of, or ""."""
    cutoff = 50.0 if len(name) < _SHORT else 60.0
    found = process.extractOne(name, sorted(known), score_cutoff=cutoff)
    return found[0] if found else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a sentence that offers the nearest known name, or ""."""
    best = nearest(name, known)
    return f'Did you mean "{best}"?' if best else ""


def quoted(value: str) -> str:
    """Return a text from a file as it stands in a message: quoted, made visible, not too long."""
    short = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}..."
    return f'"{visible.line(short)}"'
