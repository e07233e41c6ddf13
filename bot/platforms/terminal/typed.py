"""What a line typed at the terminal means: a command, or what only a terminal knows."""

from dataclasses import dataclass

from bot.tutor.grammar import Meaning, Nothing, parse

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Choose:
    """Take one of the choices below the last answer, counted from 1."""

    number: int


def meaning(line: str) -> Meaning | Choose:
    """Return what a line means; a number picks a choice, and `#` begins a comment in a file."""
    typed = line.strip()
    if typed.startswith("#"):
        return Nothing()
    if typed.isdecimal() and len(typed) <= _DIGITS:
        return Choose(int(typed))
    return parse(line)
