"""Records what asyncio's tasks do. Standard library only.

Nothing of the scenario is wrapped: it sees its own coroutines, and tasks of the usual class.
Instead four methods of the event loop are replaced, through which every task goes on every
Python from 3.11: a task's birth is `create_task`; each of its steps is a callback, run by
`Handle._run`; each step is scheduled by `_call_soon`, which is the moment the task becomes
ready. What the task waits for is read from its suspended frames (awaited.py).
"""

# ruff: noqa: SLF001 - what is recorded here goes on inside asyncio

import asyncio
import functools
import sys
import threading
from asyncio import base_events, events
from collections.abc import Callable
from selectors import DefaultSelector
from typing import TYPE_CHECKING, Any

from bot.runner import tracebacks, wire
from bot.runner.awaited import awaited, called, title
from bot.runner.channel import now
from bot.runner.lanes import BLOCKED_NS, Lane, Lanes

if TYPE_CHECKING:
    from bot.runner.recorder import Recorder

_LATE_NS = 1_000_000
"""How much later than due a timer must run for its sleeper to count as starved."""
_SEEN_NS = 1_000_000
"""How long a callback that is no task's must run to be seen on its thread's lane."""
_SHORT = 0.002
"""Seconds of sleep that are not worth a system call of our own before."""
_STEPS = frozenset({None, "task_wakeup", "__step", "__wakeup"})
"""Names of the callbacks that are a task's steps: of the class in C (its step has none), and
of the one in Python. `call_later(1, task.cancel)` is bound to the task, too, and none of them."""
_ASYNCIOS_OWN = frozenset(
    {
        base_events.BaseEventLoop.shutdown_asyncgens.__code__,
        base_events.BaseEventLoop.shutdown_default_executor.__code__,
    }
)
"""Tasks that `asyncio.run` makes at its end; no scenario knows of them."""
_EXTRA_TASK_IN_WAIT_FOR = sys.version_info < (3, 12)

_Method = Callable[..., Any]


def install(recorder: "Recorder") -> None:
    """Record every event loop that this process will run."""
    loop: Any = base_events.BaseEventLoop
    handle: Any = events.Handle
    selector: Any = DefaultSelector
    late: dict[int, int] = {}
    handle._run = _running(handle._run, recorder, _calling(handle._run, recorder.lanes, late))
    loop._call_soon = _scheduling(loop._call_soon, recorder, late)
    loop.create_task = _creating(loop.create_task, recorder)
    loop.run_forever = _looping(loop.run_forever, recorder)
    selector.select = _selecting(selector.select, recorder)


def _running(original: _Method, recorder: "Recorder", call: _Method) -> _Method:
    """Return a `Handle._run` that records the steps of tasks; the hottest code there is."""
    lanes, channel = recorder.lanes, recorder.channel
    add, pack, tasks = channel.add, wire.state, lanes.tasks
    kind, running, ready = wire.STATE, wire.RUNNING, wire.READY

    @functools.wraps(original)
    def _run(handle: Any) -> None:
        callback = handle._callback
        task = getattr(callback, "__self__", None)
        lane = tasks.get(id(task))
        if lane is None or getattr(callback, "__name__", None) not in _STEPS:
            call(handle)
            return
        lane.activity = running
        lane.since = start = now()
        add(pack(kind, running, 0, lane.id, start))
        if start >= channel.due:
            channel.flush_if_due(start)
        if lane.fresh:
            lane.fresh = False
            lanes.check_name(lane)
        try:
            original(handle)
        finally:
            end = now()
            if end - lane.since >= BLOCKED_NS:
                lanes.blocked(lane, end)
            if lane.activity != ready:
                _suspend(recorder, lane, task, end)

    return _run


def _suspend(recorder: "Recorder", lane: Lane, task: Any, at: int) -> None:
    """Record how a task's step ended: it waits, or is over."""
    lanes = recorder.lanes
    if not task.done():
        on = "wait_for" if lane.folded else awaited(task)
        lanes.state(lane, wire.WAITING, on, at)
        return
    lanes.tasks.pop(id(task), None)
    recorder.stdout.release(lane.id, finished=not lane.folded)
    recorder.stderr.release(lane.id, finished=not lane.folded)
    if lane.folded:
        lanes.state(lane, wire.WAITING, "wait_for", at)
        return
    lanes.check_name(lane)
    # `task.exception()` would count as retrieving it, and silence asyncio's complaint.
    error = None if task.cancelled() else getattr(task, "_exception", None)
    if task.cancelled():
        lanes.left(lane, wire.CANCELLED, at=at)
    elif error is not None:
        lanes.left(lane, wire.FAILED, tracebacks.summary(error), at)
    else:
        lanes.left(lane, wire.DONE, at=at)


def _calling(original: _Method, lanes: Lanes, late: dict[int, int]) -> _Method:
    """Return what runs callbacks that are no task's steps."""
    timer: Any = events.TimerHandle

    def call(handle: Any) -> None:
        lane = lanes.of_thread()
        lane.since = start = now()
        if handle.__class__ is timer:
            due = int(handle._when * 1e9)
            if start - due > _LATE_NS:
                late[id(handle._loop)] = due
        try:
            original(handle)
        finally:
            end = now()
            late.clear()
            if lane.activity == wire.WAITING and end - start >= _SEEN_NS:
                lanes.state(lane, wire.RUNNING, at=start)
            if lane.activity == wire.RUNNING:
                if end - start >= BLOCKED_NS:
                    lanes.blocked(lane, end)
                lanes.state(lane, wire.WAITING, wire.EVENT_LOOP, end)
            lane.since = 0

    return call


def _scheduling(original: _Method, recorder: "Recorder", late: dict[int, int]) -> _Method:
    """Return a `_call_soon` that records when a task becomes ready for its next step.

    A sleeper whose timer ran late, because something held the loop, was ready when it was due.
    """
    add, pack, tasks = recorder.channel.add, wire.state, recorder.lanes.tasks
    kind, ready = wire.STATE, wire.READY

    @functools.wraps(original)
    def _call_soon(loop: Any, callback: Any, args: Any, context: Any) -> Any:
        lane = tasks.get(id(getattr(callback, "__self__", None)))
        if (
            lane is not None
            and lane.activity != ready
            and getattr(callback, "__name__", None) in _STEPS
        ):
            lane.activity = ready
            add(pack(kind, ready, 0, lane.id, (late and late.get(id(loop))) or now()))
        handle = original(loop, callback, args, context)
        if handle._source_traceback:  # debug mode: our frame is none of its business
            del handle._source_traceback[-1]
        return handle

    return _call_soon


def _creating(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `create_task` that records births."""
    lanes = recorder.lanes

    @functools.wraps(original)
    def create_task(loop: Any, coro: Any, **kwargs: Any) -> Any:
        if getattr(coro, "cr_code", None) in _ASYNCIOS_OWN:
            return _create_hidden(original, lanes, loop, coro, kwargs)
        if loop._task_factory is not None or kwargs.get("eager_start"):
            return _create_eager(original, recorder, loop, coro, kwargs)
        parent = lanes.current()
        task = original(loop, coro, **kwargs)
        at = now()
        _trim(task)
        if _EXTRA_TASK_IN_WAIT_FOR and _in_wait_for():
            _fold(lanes, parent, task)
            return task
        lane = lanes.born(wire.TASK, parent, task.get_name(), called(coro), at)
        if lane is not None:
            lanes.bind(lane, task)
            lanes.state(lane, wire.READY, at=at)
        return task

    return create_task


def _create_hidden(
    original: _Method, lanes: Lanes, loop: Any, coro: Any, kwargs: dict[str, Any]
) -> Any:
    """Create a task that gets no lane, even if it begins at once."""
    unborn = lanes.unborn.setdefault(threading.get_ident(), [])
    unborn.append(None)
    try:
        return original(loop, coro, **kwargs)
    finally:
        unborn.pop()


def _create_eager(
    original: _Method, recorder: "Recorder", loop: Any, coro: Any, kwargs: dict[str, Any]
) -> Any:
    """Create a task that may run its first step before its creation returns."""
    lanes = recorder.lanes
    parent, at = lanes.current(), now()
    code = called(coro)
    lane = lanes.born(wire.TASK, parent, str(kwargs.get("name") or code), code, at)
    if lane is None:
        return _create_hidden(original, lanes, loop, coro, kwargs)
    lane.since = at
    lane.title = code
    unborn = lanes.unborn.setdefault(threading.get_ident(), [])
    unborn.append(lane)
    try:
        task = original(loop, coro, **kwargs)
    except BaseException as error:
        lanes.left(lane, wire.FAILED, tracebacks.summary(error))
        raise
    finally:
        unborn.pop()
    if isinstance(task, asyncio.Future) and hasattr(task, "get_coro"):
        _trim(task)
        _settle(recorder, lane, parent, task)
    return task


def _settle(recorder: "Recorder", lane: Lane, parent: Lane, task: Any) -> None:
    """Record what a task that may have begun at its creation is doing now."""
    lanes = recorder.lanes
    at, end = lane.since, now()
    seen = lane.owner is not None
    if not seen:
        lanes.bind(lane, task)
    lanes.check_name(lane)
    if not (seen or task.done() or getattr(task.get_coro(), "cr_suspended", False)):
        lanes.state(lane, wire.READY, at=at)
        return
    lane.fresh = False
    if not seen:
        lanes.state(lane, wire.RUNNING, at=at)
    if parent.activity == wire.RUNNING:
        # Python 3.12.1 crashes when an eager task that is done is asked for its coroutine.
        lanes.state(parent, wire.WAITING, f"task {title(lane.name, lane.title)}", at)
        lanes.state(parent, wire.RUNNING, at=end)
        parent.since = end
    if end - at >= BLOCKED_NS:
        lanes.blocked(lane, end)
    if task.done() or getattr(task, "_fut_waiter", None) is not None:
        _suspend(recorder, lane, task, end)
    else:
        lanes.state(lane, wire.READY, at=end)


def _fold(lanes: Lanes, parent: Lane, task: Any) -> None:
    """Show a task's steps on its creator's lane.

    Python 3.11's `wait_for` runs its coroutine in a task of its own; since 3.12 it does not, and
    no reader of the scenario's code expects one.
    """
    lane = Lane(parent.id, parent.name)
    lane.folded = True
    lane.fresh = False
    lane.activity = wire.READY
    lanes.bind(lane, task)


def _in_wait_for() -> bool:
    """Tell whether `wait_for` itself creates the task that is being created."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_code.co_name in {"_ensure_future", "ensure_future"}:
        frame = frame.f_back
    return frame.f_code is asyncio.wait_for.__code__


def _trim(task: Any) -> None:
    """Take our frames out of what debug mode tells about a task's creation."""
    source = getattr(task, "_source_traceback", None)
    if source:
        source[:] = [frame for frame in source if not tracebacks.ours(frame.filename)]


def _looping(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `run_forever` that shows its thread waiting for the loop meanwhile."""
    lanes = recorder.lanes

    @functools.wraps(original)
    def run_forever(loop: Any) -> Any:
        if asyncio._get_running_loop() is not None:  # asyncio will say that this cannot be
            return original(loop)
        lane = lanes.of_thread()
        lane.since = 0
        lanes.state(lane, wire.WAITING, wire.EVENT_LOOP)
        try:
            return original(loop)
        finally:
            lanes.state(lane, wire.RUNNING)

    return run_forever


def _selecting(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `select` that lets the record out before the loop goes to sleep."""
    channel = recorder.channel

    @functools.wraps(original)
    def select(selector: Any, timeout: float | None = None) -> Any:
        if channel.pending and (timeout is None or timeout > _SHORT):
            recorder.idle()
        return original(selector, timeout)

    return select
