"""Reads the learner's own files, as Python reads a program."""

import tokenize
from pathlib import Path

from bot.errors import TutorError

LARGEST_FILE = 2**20
"""Bytes of a file that is read at all."""


def read_source(file: Path) -> str:
    """Read a program as Python does: with a byte order mark, or an encoding that it names.

    :raises TutorError: if it cannot be read, is too large, or is no text
    """
    try:
        if file.exists() and not file.is_file():
            raise TutorError(f"{file} is no file. Name one that holds Python code.")
        if file.stat().st_size > LARGEST_FILE:
            raise TutorError(f"{file} is larger than 1 MiB. Run something smaller.")
        with tokenize.open(file) as source:
            return source.read()
    except OSError as error:
        raise TutorError(f"{file} cannot be read: {error.strerror}.") from None
    except (SyntaxError, ValueError):
        raise TutorError(
            f"{file} is not text in UTF-8, nor in an encoding that it names. Save it as UTF-8."
        ) from None


def read_named(name: str) -> str | None:
    """Return what the file holds that a learner names; None where they name none. It blocks.

    :raises TutorError: as `read_source` does
    """
    looks_so = name.endswith(".py") or "/" in name
    path = Path(name).expanduser()
    try:
        meant = bool(name) and (looks_so or path.is_file())
    except (OSError, ValueError):  # longer than any name can be, or with a NUL
        return None
    return read_source(path) if meant else None
