"""Runs one scenario in the forked child: as `__main__`, recorded, to Python's own end.

Standard library only. `prepare` is for the fork server, before it confines itself; `main` is
for the child, after it did.
"""

import asyncio
import atexit
import builtins
import contextlib
import gc
import importlib
import io
import platform
import sys
import threading
import traceback
import types
import warnings
from typing import Any, TextIO

from bot.runner import loop_recorder, thread_recorder, tracebacks, wire
from bot.runner.recorder import Recorder
from bot.runner.tracebacks import Raised

_TAUGHT = """
    abc array bisect collections.abc concurrent.futures.thread contextlib contextvars copy
    dataclasses datetime decimal difflib enum fractions functools gc graphlib hashlib heapq
    inspect io itertools json linecache locale logging math numbers operator pprint queue
    random re sched secrets selectors signal socket statistics string struct sys textwrap
    threading time timeit tokenize traceback types typing unicodedata uuid warnings weakref
    zoneinfo encodings.ascii encodings.latin_1 encodings.utf_8 encodings.unicode_escape
"""
"""What a scenario imports is there already: a fork costs less than reading the library."""

_RESERVE = 1 << 20
"""Bytes set free when the scenario is over, so that one out of memory can still be described."""


def prepare() -> None:
    """Import what scenarios use, and warm up what asyncio makes on first use."""
    for name in _TAUGHT.split():
        importlib.import_module(name)
    rehearse()


class Guest:
    """A process that can run one scenario the moment it gets it.

    It may be made in the fork server, for all the processes forked from it: none of them then
    writes to the pages that hold it but where it must.
    """

    def __init__(self) -> None:
        self._reserve = bytes(_RESERVE)  # zeros that are never touched take no memory
        self._recorder = Recorder()
        loop_recorder.install(self._recorder)
        thread_recorder.install(self._recorder)
        self._module = types.ModuleType("__main__")
        self._set_up()
        print("rehearsal")  # noqa: T201 - goes nowhere yet
        rehearse()

    def run(self, code: str, name: str, events: int) -> int:
        """Run `code` as the file `<name>.py` and record it on the descriptor `events`.

        :return: the exit status Python would have had; everything recorded is written by then
        """
        filename = f"{name}.py"
        sys.argv = [filename]
        self._module.__dict__["__file__"] = filename
        tracebacks.remember(filename, code)
        self._recorder.open(events, filename)
        raised = _run(self._recorder, self._module, code, filename)
        del self._reserve
        how, status, described = _verdict(raised, filename)
        _hide_from_warnings()
        raised = None
        _shut_down(self._recorder, self._module)
        self._recorder.finish(how, described)
        return status

    def _set_up(self) -> None:
        """Make the surroundings that `python <name>.py` gives a program."""
        out, err = self._recorder.stdout, self._recorder.stderr
        sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")  # type: ignore[misc]  # final for others
        sys.stdout = sys.__stdout__ = out  # type: ignore[misc,assignment]  # as above
        sys.stderr = sys.__stderr__ = err  # type: ignore[misc,assignment]  # as above
        threading.excepthook = _report_thread
        sys.unraisablehook = _report_unraisable
        self._module.__dict__.update(__builtins__=builtins, __cached__=None)
        sys.modules["__main__"] = self._module


def main(code: str, name: str, events: int) -> int:
    """Run a scenario in a process that was not made ready for it; see `Guest.run`."""
    return Guest().run(code, name, events)


def rehearse() -> None:
    """Go through what every scenario goes through; named tasks leave "Task-1" to it.

    In a forked process it takes about a millisecond, most of it the kernel's, which copies each
    page that is written to for the first time: do it while there is nothing else to do.
    """
    platform.python_version()  # which it works out once
    exec(compile("0", "rehearsal", "exec"), {})  # noqa: S102 - a constant
    loop = asyncio.new_event_loop()
    loop.run_until_complete(loop.create_task(_warm_up(), name="rehearsal"))
    loop.close()


async def _warm_up() -> None:
    make = asyncio.get_running_loop().create_task
    await asyncio.gather(*(make(asyncio.sleep(delay), name="rehearsal") for delay in (0, 0)))


def _run(
    recorder: Recorder, module: types.ModuleType, code: str, filename: str
) -> BaseException | None:
    """Compile and execute the scenario; return what it raised."""
    python = platform.python_version()
    try:
        program = compile(code, filename, "exec", dont_inherit=True)
    except BaseException as error:  # noqa: BLE001 - whatever the compiler makes of hostile code
        recorder.start(python)
        return error
    recorder.start(python)
    try:
        exec(program, module.__dict__)  # noqa: S102 - what all the confinement is for
    except BaseException as error:  # noqa: BLE001 - a scenario may raise anything
        return error
    return None


def _verdict(raised: BaseException | None, filename: str) -> tuple[int, int, Raised | None]:
    """Return how the scenario ended, Python's exit status, and the failure described."""
    if raised is None:
        return wire.FINE, 0, None
    if isinstance(raised, SystemExit):
        return _exit(raised, filename)
    if isinstance(raised, MemoryError):
        traceback.clear_frames(raised.__traceback__)  # what they hold is what was too much
    described = tracebacks.describe(raised, filename)
    if sys.excepthook is not sys.__excepthook__:
        with contextlib.suppress(BaseException):  # the scenario's own hook
            sys.excepthook(type(raised), raised, raised.__traceback__)
    out_of_memory = isinstance(raised, MemoryError)
    return wire.OUT_OF_MEMORY if out_of_memory else wire.RAISED, 1, described


def _exit(raised: SystemExit, filename: str) -> tuple[int, int, Raised | None]:
    """Do what Python does with `sys.exit(code)`."""
    code = raised.code
    if code is None or code == 0:
        return wire.FINE, 0, None
    described = tracebacks.describe(raised, filename)._replace(traceback="")
    if isinstance(code, int):
        return wire.RAISED, code & 0xFF or 1, described
    sys.stderr.write(f"{described.message}\n")
    return wire.RAISED, 1, described


def _shut_down(recorder: Recorder, module: types.ModuleType) -> None:
    """Do what Python does at its end, in its order: threads, exit callbacks, objects."""
    main = threading.main_thread()
    if any(not one.daemon for one in threading.enumerate() if one is not main):
        recorder.lanes.state(recorder.lanes.main, wire.WAITING, wire.On("threads"))
    library: Any = threading
    for step in (library._shutdown, atexit._run_exitfuncs):  # noqa: SLF001 - no public way
        try:
            step()
        except BaseException as error:  # noqa: BLE001 - an exit callback may raise anything
            sys.stderr.write(tracebacks.whole(error))
    if threading.active_count() <= 1:  # a daemon thread would miss its names
        names = module.__dict__
        for name in list(names):
            if name != "__builtins__":
                names[name] = None
    gc.collect()


def _report_thread(args: Any) -> None:
    """Print what a thread raised as Python does, with the scenario's source lines."""
    if issubclass(args.exc_type, SystemExit):
        return
    name = args.thread.name if args.thread is not None else threading.get_ident()
    trace = tracebacks.whole(args.exc_value)
    sys.stderr.write(f"Exception in thread {name}:\n{trace}")


def _report_unraisable(args: Any) -> None:
    """Print what nobody can catch as Python does, with the scenario's source lines."""
    what = f": {args.object!r}" if args.object is not None else ":"
    trace = tracebacks.whole(args.exc_value) if args.exc_value is not None else ""
    sys.stderr.write(f"{args.err_msg or 'Exception ignored in'}{what}\n{trace}")


def _hide_from_warnings() -> None:
    """Let warnings of what is freed from here on name no line of ours: Python says "sys:1"."""
    show = warnings.showwarning

    def showwarning(  # noqa: PLR0917 - the library's signature
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if tracebacks.ours(filename):
            sys.stderr.write(f"sys:1: {category.__name__}: {message}\n")
        else:
            show(message, category, filename, lineno, file, line)

    warnings.showwarning = showwarning
