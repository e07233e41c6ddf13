"""Records what threads do. Standard library only.

A lane is born in `Thread.start` and lives while `_bootstrap_inner` does, or in
`_thread.start_new_thread` and lives while its function runs. Waiting is seen in `time.sleep`,
`Thread.join`, and in the methods in C on which all else stands (locks.py).
"""

# ruff: noqa: SLF001 - what is recorded here goes on inside threading

import _thread
import asyncio
import concurrent.futures.thread as pool
import functools
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from bot.runner.guest import tracebacks
from bot.runner.guest.hooks import locks
from bot.runner.guest.hooks.awaited import called, seconds
from bot.runner.guest.hooks.descriptor_waits import record_descriptor_waits
from bot.runner.guest.hooks.waits import Waits
from bot.runner.guest.recorded_lane import RecordedLane
from bot.runner.guest.recorder_pipe import RecorderPipe, now
from bot.runner.protocol import recorder_frames

if TYPE_CHECKING:
    from bot.runner.guest.recorder import Recorder

IDLE = recorder_frames.On("work")
"""What a pool's thread waits on between two pieces of work."""
_SUBMITTED = "_submitted_at_line"
_ASYNCIOS_OWN = asyncio.BaseEventLoop._do_shutdown  # type: ignore[attr-defined]  # private
"""The thread in which `asyncio.run` waits for its pool at the end; no scenario knows of it."""

_Method = Callable[..., Any]
_Result = TypeVar("_Result")


def record_threads(recorder: "Recorder") -> None:
    """Record every thread that this process will start, and this one's waiting."""
    waits = Waits(recorder)
    thread: Any = threading.Thread
    thread.start = _starting(thread.start, recorder)
    thread._bootstrap_inner = _living(thread._bootstrap_inner, recorder)
    thread.join = _joining(thread.join, waits)
    item: Any = pool._WorkItem
    item.__init__ = _submitting(item.__init__, recorder)
    item.run = _working(item.run, recorder)
    time.sleep = _sleeping(time.sleep, waits)
    low: Any = _thread
    for name in ("start_new_thread", "start_new", "start_joinable_thread"):
        if hasattr(low, name):
            setattr(low, name, _starting_low(getattr(low, name), recorder))
    locks.record_locks(waits.during)
    record_descriptor_waits(waits.during)


def _sleeping(original: _Method, waits: Waits) -> _Method:
    """Return a `time.sleep` that shows its thread waiting."""

    @functools.wraps(original)
    def sleep(secs: Any, /) -> None:
        on = recorder_frames.On("sleep", seconds=seconds(secs))
        waits.around(functools.partial(original, secs), on)

    return sleep


def _joining(original: _Method, waits: Waits) -> _Method:
    """Return a `Thread.join` that shows its caller waiting."""

    @functools.wraps(original)
    def join(thread: Any, timeout: float | None = None) -> None:
        lane = getattr(thread, "_lane", None)
        on = recorder_frames.NOTHING
        if isinstance(lane, RecordedLane) and not lane.over:
            on = recorder_frames.On("thread", lane.title)
        call = functools.partial(original, thread, timeout)
        waits.around(call, on, endless=timeout is None)

    return join


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
        line = recorder.source.here()
        lane = lanes.born(
            recorder_frames.THREAD, lanes.current(), thread.name, _code(thread), now(), line
        )
        if lane is not None:
            lane.title = (lane.title.startswith("Thread-") and _code(thread)) or lane.title
            thread._lane = lane
        try:
            _made(functools.partial(original, thread), recorder.pipe)
        except BaseException as error:
            if lane is not None:
                lanes.left(lane, recorder_frames.FAILED, tracebacks.summary(error))
            raise

    return start


def _made(make: Callable[[], _Result], pipe: RecorderPipe) -> _Result:
    """Return `make()`, which makes a thread: that takes as long as the sandbox's server does.

    The server is asked whether there may be one more thread (thread_limiter.py), and may be kept
    from answering: that is no doing of the scenario's, and holds up no loop.
    """
    spent, start = pipe.spent, now()
    try:
        return make()
    finally:
        pipe.spent = max(pipe.spent, spent + now() - start)


def _living(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `_bootstrap_inner`, a thread's whole life, that records it."""
    lanes = recorder.lanes

    @functools.wraps(original)
    def _bootstrap_inner(thread: Any) -> None:
        lane = getattr(thread, "_lane", None)
        if not isinstance(lane, RecordedLane):
            original(thread)
            return
        failures: list[tuple[str, int]] = []
        _notice_failures(thread, failures, recorder)
        lanes.threads[threading.get_ident()] = lane
        lane.move(recorder.source.begins(thread._target or type(thread).run))
        if thread._target is pool._worker:
            lanes.state(lane, recorder_frames.WAITING, IDLE)
        else:
            lanes.state(lane, recorder_frames.RUNNING)
        try:
            original(thread)
        finally:
            if thread.name != lane.name:
                lanes.rename(lane, thread.name)
            _over(recorder, lane, failures)

    return _bootstrap_inner


def _over(recorder: "Recorder", lane: RecordedLane, failures: list[tuple[str, int]]) -> None:
    """Record that the calling thread is at its end."""
    if failures:
        error, line = failures[-1]
        recorder.lanes.left(lane, recorder_frames.FAILED, error, line=line)
    else:
        recorder.lanes.left(lane, recorder_frames.DONE)
    recorder.lanes.threads.pop(threading.get_ident(), None)
    recorder.pipe.flush()


def _notice_failures(thread: Any, failures: list[tuple[str, int]], recorder: "Recorder") -> None:
    """Note what ends a thread, and go on to whatever hook reports it."""
    report = thread._invoke_excepthook

    def invoke(failed: Any) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, SystemExit):
            failures.append((tracebacks.summary(error), recorder.source.raised(error)))
        del error
        report(failed)

    thread._invoke_excepthook = invoke


def _starting_low(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `_thread.start_new_thread` that records births."""
    lanes = recorder.lanes

    @functools.wraps(original)
    def start_new_thread(*args: Any, **kwargs: Any) -> Any:
        if not args or not callable(args[0]):
            return original(*args, **kwargs)  # which says what is wrong
        function, *rest = args
        code, line = called(function), recorder.source.here()
        lane = lanes.born(
            recorder_frames.THREAD, lanes.current(), code or "thread", code, now(), line
        )
        if lane is None:
            return original(*args, **kwargs)
        make = functools.partial(original, _LowThread(function, lane, recorder), *rest, **kwargs)
        try:
            return _made(make, recorder.pipe)
        except BaseException as error:
            lanes.left(lane, recorder_frames.FAILED, tracebacks.summary(error))
            raise

    return start_new_thread


class _LowThread:
    """What a thread of `_thread` runs: the scenario's function, recorded."""

    def __init__(self, function: _Method, lane: RecordedLane, recorder: "Recorder") -> None:
        self._function = function
        self._lane = lane
        self._recorder = recorder

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        recorder, lane = self._recorder, self._lane
        failures: list[tuple[str, int]] = []
        recorder.lanes.threads[threading.get_ident()] = lane
        lane.move(recorder.source.begins(self._function))
        recorder.lanes.state(lane, recorder_frames.RUNNING)
        try:
            self._function(*args, **kwargs)
        except SystemExit:
            raise
        except BaseException as error:
            failures.append((tracebacks.summary(error), recorder.source.raised(error)))
            raise
        finally:
            _over(recorder, lane, failures)

    def __repr__(self) -> str:
        """Return the function's: Python names it where the thread raises."""
        return repr(self._function)


def _submitting(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `_WorkItem.__init__` that notes where the work was given to the pool."""

    @functools.wraps(original)
    def __init__(item: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it is one
        original(item, *args, **kwargs)
        setattr(item, _SUBMITTED, recorder.source.here())

    return __init__


def _working(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `_WorkItem.run` that shows a pool's thread running one piece of work."""
    lanes = recorder.lanes

    @functools.wraps(original)
    def run(item: Any, *args: Any) -> None:
        lane = lanes.of_thread()
        if lane is lanes.main:
            original(item, *args)
            return
        work = _work(item)
        lane.move(recorder.source.begins(work) or getattr(item, _SUBMITTED, 0))
        lanes.state(lane, recorder_frames.RUNNING, recorder_frames.On(called(work)))
        try:
            original(item, *args)
        finally:
            lanes.state(lane, recorder_frames.WAITING, IDLE)
            recorder.pipe.flush_if_due(now())
            del item  # a traceback keeps this frame, and the item's future keeps the traceback

    return run


def _work(item: Any) -> Any:
    """Return the function of a piece of work; `to_thread` hides it in two layers."""
    work = getattr(item, "fn", None)
    if work is None:  # Python 3.14 keeps function and arguments together
        work = item.task[0]
    if isinstance(work, functools.partial) and work.args and callable(work.args[0]):
        work = work.args[0]
    return getattr(work, "func", work)
