"""Records what threads do. Standard library only.

A lane is born in `Thread.start` and lives while `_bootstrap_inner` does. Waiting is seen where
the library waits in Python: `time.sleep`, `Thread.join`, and `Condition.wait`, on which events,
queues, barriers, semaphores and futures stand, and locks (locks.py). A thread inside a running
event loop is never shown as waiting there: it holds the loop.
"""

# ruff: noqa: SLF001 - what is recorded here goes on inside threading

import asyncio
import concurrent.futures.thread as pool
import functools
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.runner import locks, tracebacks, wire
from bot.runner.awaited import called, seconds
from bot.runner.channel import now
from bot.runner.lanes import Lane

if TYPE_CHECKING:
    from types import FrameType

    from bot.runner.recorder import Recorder

IDLE = wire.On("work")
"""What a pool's thread waits on between two pieces of work."""
_ASYNCIOS_OWN = asyncio.BaseEventLoop._do_shutdown  # type: ignore[attr-defined]  # private
"""The thread in which `asyncio.run` waits for its pool at the end; no scenario knows of it."""
_INTERNAL = frozenset({"Thread.start", "Thread._bootstrap_inner"})
"""Where the library waits a moment on its own account, for a thread to be there."""
_LIBRARY = os.path.dirname(threading.__file__) + os.sep  # noqa: PTH120 - the guest has no use for pathlib

_Method = Callable[..., Any]


def install(recorder: "Recorder") -> None:
    """Record every thread that this process will start, and this one's waiting."""
    thread: Any = threading.Thread
    thread.start = _starting(thread.start, recorder)
    thread._bootstrap_inner = _living(thread._bootstrap_inner, recorder)
    thread.join = _joining(thread.join, recorder)
    condition: Any = threading.Condition
    condition.wait = _waiting(condition.wait, recorder)
    item: Any = pool._WorkItem
    item.run = _working(item.run, recorder)
    time.sleep = _sleeping(time.sleep, recorder)
    locks.install(lambda name: _wait(recorder, _caller(name)))


@contextmanager
def _wait(recorder: "Recorder", on: wire.On) -> Iterator[None]:
    """Record that this thread waits, unless it holds a loop or is said to wait already."""
    lanes = recorder.lanes
    lane = lanes.of_thread()
    unseen = on is wire.NOTHING or lane.activity != wire.RUNNING
    if unseen or asyncio._get_running_loop() is not None:
        recorder.idle()
        yield
        return
    lanes.state(lane, wire.WAITING, on)
    recorder.idle()
    try:
        yield
    finally:
        lanes.state(lane, wire.RUNNING)


def _sleeping(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `time.sleep` that shows its thread waiting."""

    @functools.wraps(original)
    def sleep(secs: Any, /) -> None:
        with _wait(recorder, wire.On("sleep", seconds=seconds(secs))):
            original(secs)

    return sleep


def _joining(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `Thread.join` that shows its caller waiting."""

    @functools.wraps(original)
    def join(thread: Any, timeout: float | None = None) -> None:
        lane = getattr(thread, "_lane", None)
        title = lane.title if isinstance(lane, Lane) else thread.name
        on = wire.On("thread", title) if thread.is_alive() else wire.NOTHING
        with _wait(recorder, on):
            original(thread, timeout)

    return join


def _waiting(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `Condition.wait` that shows its thread waiting."""

    @functools.wraps(original)
    def wait(condition: Any, timeout: float | None = None) -> Any:
        if timeout is not None and timeout <= 0:  # a glance, no wait
            return original(condition, timeout)
        with _wait(recorder, _caller("Condition.wait")):
            return original(condition, timeout)

    return wait


def _caller(name: str) -> wire.On:
    """Name the library's outermost function that leads to this wait: "Event.wait".

    :param name: for a wait that the scenario's own code began
    """
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(_LIBRARY):
            if code.co_qualname in _INTERNAL:
                return wire.On("Timer") if name == "Timer.run" else wire.NOTHING
            name = code.co_qualname
        elif not tracebacks.ours(code.co_filename):
            break
        frame = frame.f_back
    return wire.On(name.split(".<locals>")[0].removesuffix(".__enter__").removesuffix(".__exit__"))


def _code(thread: threading.Thread) -> str:
    """Return the name in the code of what a thread runs."""
    target = getattr(thread, "_target", None)
    if target is pool._worker:
        return ""
    if target is None:
        return type(thread).run.__qualname__
    return called(getattr(target, "func", target))


def _starting(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `Thread.start` that records births."""
    lanes = recorder.lanes

    @functools.wraps(original)
    def start(thread: Any) -> None:
        if not getattr(thread, "_initialized", False) or thread._started.is_set():
            original(thread)  # which says what is wrong
            return
        if getattr(thread._target, "__func__", None) is _ASYNCIOS_OWN:
            original(thread)
            return
        lane = lanes.born(wire.THREAD, lanes.current(), thread.name, _code(thread), now())
        if lane is not None:
            lane.title = (lane.title.startswith("Thread-") and _code(thread)) or lane.title
            thread._lane = lane
        try:
            original(thread)
        except BaseException as error:
            if lane is not None:
                lanes.left(lane, wire.FAILED, tracebacks.summary(error))
            raise

    return start


def _living(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `_bootstrap_inner`, a thread's whole life, that records it."""
    lanes = recorder.lanes

    @functools.wraps(original)
    def _bootstrap_inner(thread: Any) -> None:
        lane = getattr(thread, "_lane", None)
        if not isinstance(lane, Lane):
            original(thread)
            return
        failures: list[str] = []
        _notice_failures(thread, failures)
        identity = threading.get_ident()
        lanes.threads[identity] = lane
        if thread._target is pool._worker:
            lanes.state(lane, wire.WAITING, IDLE)
        else:
            lanes.state(lane, wire.RUNNING)
        try:
            original(thread)
        finally:
            recorder.stdout.release(lane.id, finished=True)
            recorder.stderr.release(lane.id, finished=True)
            if thread.name != lane.name:
                lanes.rename(lane, thread.name)
            lanes.left(lane, wire.FAILED if failures else wire.DONE, "".join(failures))
            lanes.threads.pop(identity, None)
            recorder.channel.flush()

    return _bootstrap_inner


def _notice_failures(thread: Any, failures: list[str]) -> None:
    """Note what ends a thread, and go on to whatever hook reports it."""
    report = thread._invoke_excepthook

    def invoke(failed: Any) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, SystemExit):
            failures.append(tracebacks.summary(error))
        del error
        report(failed)

    thread._invoke_excepthook = invoke


def _working(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `_WorkItem.run` that shows a pool's thread running one piece of work."""
    lanes = recorder.lanes

    @functools.wraps(original)
    def run(item: Any, *args: Any) -> None:
        lane = lanes.of_thread()
        if lane is lanes.main:
            original(item, *args)
            return
        lanes.state(lane, wire.RUNNING, wire.On(_work(item)))
        try:
            original(item, *args)
        finally:
            lanes.state(lane, wire.WAITING, IDLE)
            recorder.channel.flush_if_due(now())
            del item  # a traceback keeps this frame, and the item's future keeps the traceback

    return run


def _work(item: Any) -> str:
    """Return the name in the code of a piece of work; `to_thread` hides it in two layers."""
    work = getattr(item, "fn", None)
    if work is None:  # Python 3.14 keeps function and arguments together
        work = item.task[0]
    if isinstance(work, functools.partial) and work.args and callable(work.args[0]):
        work = work.args[0]
    return called(getattr(work, "func", work))
