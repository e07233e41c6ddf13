"""Reads the learner's own files, as Python reads a program."""

import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bot.errors import TutorError
from bot.languages import Locale

if TYPE_CHECKING:
    from bot.tutor.words.own_code import SourceTrouble

LARGEST_FILE = 2**20
"""Bytes of a file that is read at all."""


def read_source(file: Path, locale: Locale) -> str:
    """Read a program as Python does: with a byte order mark, or an encoding that it names.

    :param locale: the language of what is said where it cannot be read
    :raises TutorError: if it cannot be read, is too large, or is no text
    """
    try:
        if file.exists() and not file.is_file():
            raise _trouble("no_file", str(file), locale)
        if file.stat().st_size > LARGEST_FILE:
            raise _trouble("too_large", str(file), locale)
        with tokenize.open(file) as source:
            return source.read()
    except FileNotFoundError:
        raise _trouble("missing", str(file), locale) from None
    except OSError as error:
        raise _trouble("closed", str(file), locale, error.strerror or "") from None
    except (SyntaxError, ValueError):
        raise _trouble("no_text", str(file), locale) from None


def read_stream(stream: BinaryIO | None, locale: Locale) -> str:
    """Read a program from a stream; nothing where there is none. A longer one is cut off.

    :raises TutorError: if it is no text
    """
    data = stream.read(LARGEST_FILE + 1) if stream is not None else b""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _trouble("no_text", "stdin", locale) from None


def _trouble(why: "SourceTrouble", name: str, locale: Locale, detail: str = "") -> TutorError:
    # Slow to import, and of no use to a file that can be read.
    from bot.tutor.words import words  # noqa: PLC0415 - see above

    return TutorError(words(locale).own_code.unreadable(why, name, detail))


def read_named(name: str, locale: Locale) -> str | None:
    """Return what the file holds that a learner names; None where they name none. It blocks.

    :raises TutorError: as `read_source` does
    """
    looks_so = name.endswith(".py") or "/" in name
    path = Path(name).expanduser()
    try:
        meant = bool(name) and (looks_so or path.is_file())
    except (OSError, ValueError):  # longer than any name can be, or with a NUL
        return None
    return read_source(path, locale) if meant else None
