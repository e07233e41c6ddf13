"""Reads a scenario's text as Python reads a file, and compiles it. Standard library only."""

import io
import linecache
import os
import sys
import tokenize
import warnings
from types import CodeType
from typing import NamedTuple

_BOM = "\ufeff"
_UNKNOWN = "unknown encoding: "


class Compiled(NamedTuple):
    """What became of a scenario's text: a program or the error that there is in it."""

    program: CodeType | None
    error: BaseException | None
    warned: tuple[warnings.WarningMessage, ...]
    """What the compiler warns of. Not shown yet: nothing may come before the start."""


def remember(filename: str, code: str) -> None:
    """Let tracebacks and `inspect` find the source of a file that exists nowhere."""
    # Every line ends in a newline, as when linecache reads a file: columns are counted by it.
    lines = [line + "\n" for line in code.split("\n")]
    for name in (filename, os.path.abspath(filename)):  # noqa: PTH100 - the guest has no use for pathlib
        linecache.cache[name] = (len(code), None, lines, filename)


def as_read(code: str) -> str:
    """Return the text as Python reads it from a file: no byte order mark, one kind of newline."""
    return code.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n")


def compiled(code: str, filename: str) -> Compiled:
    """Compile a scenario, given as it was read."""
    if "\0" in code:
        return Compiled(None, _not_text(code, filename), ())
    error: BaseException | None = None
    program: CodeType | None = None
    with warnings.catch_warnings(record=True) as warned:
        try:
            program = compile(_checked(code), filename, "exec", dont_inherit=True)
        except SyntaxError as found:
            found.__traceback__ = None
            error = _complete(found, code, filename)
        except BaseException as found:  # noqa: BLE001 - whatever the compiler makes of hostile code
            found.__traceback__ = None
            error = found
    return Compiled(program, error, tuple(warned))


def _checked(code: str) -> str | bytes:
    """Return the text; as bytes, if it names an encoding that does not exist or holds none.

    A text has been decoded already, so any other encoding that it names is of no consequence.
    """
    if "coding" in code[:1000]:
        try:
            tokenize.detect_encoding(io.BytesIO(code.encode("utf-8", "replace")).readline)
        except SyntaxError:
            return code.encode("utf-8", "surrogatepass")
    return code


def _not_text(code: str, filename: str) -> SyntaxError:
    """Return the error of a file with a NUL in it; the compiler says less of a string."""
    lines = code.partition("\0")[0].split("\n")
    place = (filename, len(lines), None, lines[-1] + "\n")
    return SyntaxError("source code cannot contain null bytes", place)


def _complete(error: SyntaxError, code: str, filename: str) -> SyntaxError:
    """Return the error as Python words it for a file.

    The compiler's later stages look for the source line in the file itself.
    """
    if error.filename != filename or error.text is not None:
        return error
    if not error.lineno:
        said = str(error.msg)
        if sys.version_info < (3, 14) and said.startswith(_UNKNOWN):
            return SyntaxError(f"encoding problem: {said.removeprefix(_UNKNOWN)}")
        return error
    lines = code.split("\n")
    if error.lineno <= len(lines):
        error.text = lines[error.lineno - 1] + "\n"
    return error
