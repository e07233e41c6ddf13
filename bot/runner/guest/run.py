"""Runs one scenario in the forked child: as `__main__`, recorded, to Python's own end.

Standard library only. `prepare` is for the fork server, before it confines itself; `main` is
for the child, after it did.
"""

import asyncio
import atexit
import contextlib
import gc
import importlib
import platform
import sys
import threading
import traceback
import warnings
import weakref
from collections.abc import Generator
from typing import Any

from bot.runner.guest import surroundings, tracebacks
from bot.runner.guest.bare_stack import BareStack, Call
from bot.runner.guest.full_pools import fill_pools
from bot.runner.guest.hooks import event_loop, hidden_frames, threads
from bot.runner.guest.hooks.refused import Refusals, report_shared_memory, report_unloadable
from bot.runner.guest.hooks.waits import Token, Waits
from bot.runner.guest.recorder import Recorder
from bot.runner.guest.scenario_source import as_read, compiled, remember
from bot.runner.guest.tracebacks import Raised
from bot.runner.guest.young_objects import YoungObjects
from bot.runner.protocol import recorder_frames

_TAUGHT = """
    abc array bisect collections.abc concurrent.futures.thread contextlib contextvars copy
    dataclasses datetime decimal difflib enum fractions functools gc graphlib hashlib heapq
    inspect io itertools json linecache locale logging math numbers operator pprint queue
    random re sched secrets selectors signal socket statistics string struct sys textwrap
    threading time timeit tokenize traceback tracemalloc types typing unicodedata uuid warnings
    weakref zoneinfo encodings.ascii encodings.latin_1 encodings.utf_8 encodings.unicode_escape
"""
"""What a scenario imports is there already: a fork costs less than reading the library."""

_NEED_LIBRARIES = "bz2 lzma sqlite3"
"""Modules that load libraries from outside Python's own folder, which no scenario can read."""

_RESERVE = 4 << 20
"""Bytes set free when the scenario is over, so that one out of memory can still be described; as
many again where even its end has no memory. The interpreter's own part takes 1 MiB at a time."""
_REHEARSED = """
import asyncio
async def main(*names, **options):
    for name in names:
        await asyncio.sleep(1, name)
        print(f"{name}", options)
"""
"""What is compiled in a rehearsal: some of what scenarios are made of. It calls nothing."""
_SHORT = 1e-5
"""Seconds; a rehearsal needs a timer, too."""


def prepare() -> None:
    """Import what scenarios use, and warm up what asyncio makes on first use."""
    for name in _TAUGHT.split():
        importlib.import_module(name)
    for name in _NEED_LIBRARIES.split():
        with contextlib.suppress(ImportError):  # this Python was built without it
            importlib.import_module(name)
    rehearse(printing=False)


class PreparedRun:
    """A process that can run one scenario the moment it gets it.

    It may be made in the fork server, for all the processes forked from it: none of them then
    writes to the pages that hold it but where it must.
    """

    def __init__(self, young: int) -> None:
        """Prepare it.

        :param young: what the garbage collector counts in a plain Python; see `YoungObjects`
        """
        hidden_frames.hide()
        self.young = YoungObjects(young)
        self.stack = BareStack()
        self._reserve = self._last_reserve = b""
        self._filling: list[bytes] = []
        self._recorder = Recorder()
        self._refusals = Refusals(self._recorder.pipe, self._recorder.source)
        event_loop.record_event_loops(self._recorder)
        threads.record_threads(self._recorder)
        report_unloadable(self._refusals)
        report_shared_memory(self._refusals)
        streams = (self._recorder.stdout, self._recorder.stderr)
        surroundings.set_up(*streams, asked=self._refusals.input)
        print("rehearsal")  # noqa: T201 - goes nowhere yet
        rehearse()
        surroundings.hide_our_modules()

    def set_aside(self) -> None:
        """Reserve memory for the end, and fill the holes in what there is.

        What is immortal is never freed: call it once all that is.
        """
        # Zeros that are never touched take no memory.
        self._reserve, self._last_reserve = bytes(_RESERVE), bytes(_RESERVE)
        self._filling = fill_pools()

    def run(self, code: str, name: str, events: int) -> Generator[Call, None, int]:
        """Run `code` as the file `<name>.py` and record it on the descriptor `events`.

        :return: the exit status Python would have had; everything recorded is written by then
        :yield: calls for `BareStack` to make
        """
        filename = f"{name}.py"
        source = as_read(code)
        self._module = surroundings.main_module(filename)
        remember(filename, source)
        self._recorder.open(events, filename)
        self._refusals.watch()
        raised = yield from self._execute(source, filename)
        del self._reserve
        how, status, described = _verdict(raised, filename)
        if raised is not None:
            self._refusals.notice(raised)
            if _has_own_hook(raised):
                yield self.stack.call(sys.excepthook, type(raised), raised, raised.__traceback__)
                described = self._hooked(described)
        raised = None
        self.stack.raised = None
        yield from self._shut_down()
        self._recorder.finish(how, described)
        return status

    def starve(self) -> None:
        """Say that the scenario left too little memory even for its own end."""
        del self._last_reserve
        self._recorder.finish(recorder_frames.OUT_OF_MEMORY, Raised("MemoryError", "", 0, ""))

    def _execute(self, source: str, filename: str) -> Generator[Call, None, BaseException | None]:
        """Compile and execute the scenario; return what it raised."""
        program, error, warned = compiled(source, filename)
        self._recorder.start(platform.python_version())
        for warning in warned:
            warnings.showwarning(
                warning.message, warning.category, warning.filename, warning.lineno, None, None
            )
        if program is None:
            return error
        call = self.stack.call(exec, program, self._module.__dict__)
        self.young.complete()
        gc.enable()
        yield call
        return self.stack.raised

    def _hooked(self, described: Raised | None) -> Raised | None:
        """Return what Python itself still prints after the scenario's own `sys.excepthook`."""
        if described is None or self.stack.raised is None:
            return described and described._replace(traceback="")
        error = tracebacks.whole(self.stack.raised)
        sys.stderr.write(f"Error in sys.excepthook:\n{error}\nOriginal exception was:\n")
        return described

    def _shut_down(self) -> Generator[Call, None, None]:
        """Do what Python does at its end, in its order: threads, exit callbacks, objects."""
        main = threading.main_thread()
        waits, waiting = Waits(self._recorder), None
        if any(not one.daemon for one in threading.enumerate() if one is not main):
            self._recorder.lanes.state(
                self._recorder.lanes.main, recorder_frames.WAITING, recorder_frames.On("threads")
            )
            waiting = Token()
            waits.begin(waiting, recorder_frames.NOTHING, endless=True)
        library: Any = threading
        for step in (library._shutdown, atexit._run_exitfuncs):  # noqa: SLF001 - no public way
            yield self.stack.call(step)
            if waiting is not None:
                waits.end(waiting)
                waiting = None
            if self.stack.raised is not None:
                sys.stderr.write(tracebacks.whole(self.stack.raised))
        sys.stdout, sys.stderr = self._recorder.stdout, self._recorder.stderr
        if threading.active_count() > 1:  # a daemon thread would miss its names
            return
        yield from self._free()

    def _free(self) -> Generator[Call, None, None]:
        """Free what is left in the interpreter's order: what is garbage already, then the module.

        See Py_FinalizeEx and finalize_modules in CPython's pylifecycle.c.
        """
        if gc.isenabled():
            yield self.stack.call(gc.collect)
        sys.modules["tracemalloc"] = None  # type: ignore[assignment]  # by then nothing can be imported
        left = weakref.ref(self._module)
        sys.modules.pop("__main__", None)
        del self._module  # what nothing else refers to is freed now, with its module
        yield self.stack.call(gc.collect)
        module = left()
        if module is not None:
            names = module.__dict__
            for name in [*(one for one in names if one.startswith("_")), *names]:
                if name != "__builtins__":
                    names[name] = None
            yield self.stack.call(gc.collect)


def rehearse(*, printing: bool = True) -> None:
    """Go through what every scenario goes through; named tasks leave "Task-1" to it.

    In a forked process it takes about a millisecond, most of it the kernel's, which copies each
    page that is written to for the first time: do it while there is nothing else to do.

    :param printing: once what is printed goes to the recorder, and from there nowhere
    """
    platform.python_version()  # which it works out once
    program = compiled(_REHEARSED, "rehearsal").program
    assert program is not None
    exec(program, {})  # noqa: S102 - a constant
    with asyncio.Runner(loop_factory=_named_loop) as runner:
        runner.run(_warm_up(printing))


def _named_loop() -> asyncio.AbstractEventLoop:
    """Return a loop whose tasks have a name: those that have none are counted."""
    loop = asyncio.new_event_loop()
    loop.set_task_factory(_named_task)
    return loop


def _named_task(loop: asyncio.AbstractEventLoop, coro: Any, **options: Any) -> "asyncio.Task[Any]":
    return asyncio.Task(coro, loop=loop, **{**options, "name": "rehearsal"})


async def _warm_up(printing: bool) -> None:  # noqa: FBT001 - a constant of its caller's
    await asyncio.gather(_rehearsed(0, printing), _rehearsed(_SHORT, printing))


async def _rehearsed(seconds: float, printing: bool) -> None:  # noqa: FBT001 - as above
    if printing:
        print("rehearsal")  # noqa: T201 - goes nowhere
    await asyncio.sleep(seconds)


def _verdict(raised: BaseException | None, filename: str) -> tuple[int, int, Raised | None]:
    """Return how the scenario ended, Python's exit status, and the failure described."""
    if raised is None:
        return recorder_frames.FINE, 0, None
    if isinstance(raised, SystemExit):
        return _exit(raised, filename)
    if isinstance(raised, MemoryError):
        traceback.clear_frames(raised.__traceback__)  # what they hold is what was too much
    described = tracebacks.describe(raised, filename)
    out_of_memory = isinstance(raised, MemoryError)
    return recorder_frames.OUT_OF_MEMORY if out_of_memory else recorder_frames.RAISED, 1, described


def _exit(raised: SystemExit, filename: str) -> tuple[int, int, Raised | None]:
    """Do what Python does with `sys.exit(code)`."""
    code = raised.code
    if code is None or code == 0:
        return recorder_frames.FINE, 0, None
    described = tracebacks.describe(raised, filename)._replace(traceback="")
    if isinstance(code, int):
        return recorder_frames.RAISED, code & 0xFF or 1, described
    sys.stderr.write(f"{described.message}\n")
    return recorder_frames.RAISED, 1, described


def _has_own_hook(raised: BaseException) -> bool:
    """Tell whether the scenario itself prints what ended it."""
    return sys.excepthook is not sys.__excepthook__ and not isinstance(raised, SystemExit)
