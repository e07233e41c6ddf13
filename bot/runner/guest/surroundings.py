"""The surroundings that `python <name>.py` gives a program. Standard library only."""

import builtins
import io
import linecache
import site
import sys
import threading
import types
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from typing import Any

from bot.runner.guest import reports

_OURS = "bot"


class NoInput(io.RawIOBase):
    """`sys.stdin` where nobody types: at its end from the first.

    :param asked: called whenever something is to be read
    """

    name = "<stdin>"
    mode = "rb"

    def __init__(self, asked: Callable[[], None]) -> None:
        self._asked = asked

    def readable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the descriptor, which is /dev/null."""
        return 0

    def readinto(self, _buffer: Any, /) -> int:
        """Read nothing."""
        self._asked()
        return 0


def main_module(filename: str) -> types.ModuleType:
    """Return the `__main__` of a file that is about to run.

    Make it in the child: what the fork server made before it froze its objects is never collected,
    nor is what that refers to.
    """
    module = types.ModuleType("__main__")
    module.__loader__ = SourceFileLoader("__main__", filename)
    module.__dict__["__builtins__"] = builtins
    module.__dict__["__file__"] = filename
    if sys.version_info < (3, 14):
        vars(module)["__annotations__"] = {}
    if sys.version_info < (3, 15):
        module.__dict__["__cached__"] = None
    sys.modules["__main__"] = module
    sys.argv = [filename]
    sys.orig_argv = [sys.executable, filename]
    return module


def set_up(out: Any, err: Any, *, asked: Callable[[], None]) -> None:
    """Give this process the surroundings of a program.

    :param asked: called whenever the program reads its input
    """
    stdin: Any = io.TextIOWrapper(io.BufferedReader(NoInput(asked)), encoding="utf-8")
    stdin.mode = "r"
    sys.stdin = sys.__stdin__ = stdin  # type: ignore[misc]  # final for others
    sys.stdout = sys.__stdout__ = out  # type: ignore[misc]  # as above
    sys.stderr = sys.__stderr__ = err  # type: ignore[misc]  # as above
    for kind, name in ((type(out), "TextIOWrapper"), (type(out.buffer), "BufferedWriter")):
        kind.__name__ = kind.__qualname__ = name
        kind.__module__ = "_io"
    site.setquit()
    site.setcopyright()
    site.sethelper()
    threading.excepthook = threading.__excepthook__ = reports.of_thread
    reports.of_thread.__module__ = "_thread"  # as the one in C says of itself
    sys.unraisablehook = sys.__unraisablehook__ = reports.of_unraisable
    if sys.version_info < (3, 13):  # there, C reads source lines from the file, which is nowhere
        sys.excepthook = sys.__excepthook__ = reports.of_exception


def hide_our_modules() -> None:
    """Take the sandbox's modules, and where they lie, out of what a program can import or see.

    Do it in the fork server: it looks at every module, and a child that does so copies them all.
    """
    # Since Python 3.13, `-c` leaves its code there: tracebacks showed it for any exec("…").
    linecache.clearcache()
    vars(linecache).get("_interactive_cache", {}).clear()  # since 3.13.1
    for name in [one for one in sys.modules if one.split(".")[0] == _OURS]:
        del sys.modules[name]
    # Nobody has it at first, and importing it counts for the collector: see young_objects.py.
    del sys.modules["gc"]
    for folder in [one for one in sys.path_importer_cache if one not in sys.path]:
        if not any(folder.startswith(entry + "/") for entry in sys.path):
            del sys.path_importer_cache[folder]
