"""Records the births of tasks, eager ones included. Standard library only."""

# ruff: noqa: SLF001 - what is recorded here goes on inside asyncio

import asyncio
import functools
import sys
import threading
from asyncio import base_events
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.runner import tracebacks, wire
from bot.runner.awaited import called, title
from bot.runner.channel import now
from bot.runner.lanes import BLOCKED_NS, Lane, Lanes
from bot.runner.steps import suspend

if TYPE_CHECKING:
    from bot.runner.recorder import Recorder

_ASYNCIOS_OWN = frozenset(
    {
        base_events.BaseEventLoop.shutdown_asyncgens.__code__,
        base_events.BaseEventLoop.shutdown_default_executor.__code__,
    }
)
"""Tasks that `asyncio.run` makes at its end; no scenario knows of them."""
_EXTRA_TASK_IN_WAIT_FOR = sys.version_info < (3, 12)

_Method = Callable[..., Any]


def creating(original: _Method, recorder: "Recorder") -> _Method:
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
        lanes.state(parent, wire.WAITING, wire.On("task", title(lane.name, lane.title)), at)
        lanes.state(parent, wire.RUNNING, at=end)
        parent.since = end
    if end - at >= BLOCKED_NS:
        lanes.blocked(lane, end)
    if task.done() or getattr(task, "_fut_waiter", None) is not None:
        suspend(recorder, lane, task, end)
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
