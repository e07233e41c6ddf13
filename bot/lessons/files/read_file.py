"""A lesson file's text, read with care: what lies under that path may be anything."""

import os
import stat
from pathlib import Path

from bot.lessons.files.errors import LessonFileError, Problem

MAX_BYTES = 256 * 2**10
"""No lesson file may be larger. A long lesson has some 30 KiB."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_file(path: Path) -> str:
    """Return the text of a lesson file.

    :raises LessonFileError: if it cannot be read, is no file, too large, or not plain UTF-8
    """
    data = _bytes(path)
    if data.startswith(_UTF16):
        raise _refused(path, "the file is UTF-16", "UTF-8 text", "Save it as UTF-8.")
    if data.startswith(b"\xef\xbb\xbf"):
        what = "the file starts with a byte order mark"
        raise _refused(path, what, "UTF-8 text", "Save it as UTF-8 without a byte order mark.")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        what = f"byte 0x{data[error.start]:02x} is not UTF-8"
        problem = Problem(path, line, column, "", what, "UTF-8 text", "Save the file as UTF-8.")
        raise LessonFileError([problem]) from None


def _bytes(path: Path) -> bytes:
    """Read a regular file of at most `MAX_BYTES`; nothing is read of a larger one."""
    try:
        # Not blocking: opening a named pipe would otherwise wait for somebody to write to it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                hint = "Give lessons names that end in .yaml, and nothing else."
                raise _refused(path, "this is a folder or a device", "a regular file", hint)
            if status.st_size > MAX_BYTES:
                raise _too_large(path, status.st_size)
            data = os.read(descriptor, MAX_BYTES + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        reason = error.strerror or str(error)
        what = f"the file cannot be read ({reason})"
        hint = "Check that it exists and that the bot's user may read it."
        raise _refused(path, what, "a readable file", hint) from error
    if len(data) > MAX_BYTES:  # it grew meanwhile
        raise _too_large(path, len(data))
    return data


def _too_large(path: Path, size: int) -> LessonFileError:
    accepted = f"at most {MAX_BYTES // 2**10} KiB"
    return _refused(path, f"the file has {size} bytes", accepted, "Split it into several lessons.")


def _refused(path: Path, what: str, accepted: str, hint: str) -> LessonFileError:
    return LessonFileError([Problem(path, 1, 1, "", what, accepted, hint)])
