"""Records the steps of tasks: ready, running, waiting on what, over. Standard library only."""

# ruff: noqa: SLF001 - what is recorded here goes on inside asyncio

import functools
from asyncio import events
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.runner import tracebacks, wire
from bot.runner.awaited import awaited
from bot.runner.channel import now
from bot.runner.lanes import BLOCKED_NS, Lane, Lanes

if TYPE_CHECKING:
    from bot.runner.recorder import Recorder

_LATE_NS = 1_000_000
"""How much later than due a timer must run for its sleeper to count as starved."""
_SEEN_NS = 1_000_000
"""How long a callback that is no task's must run to be seen on its thread's lane."""
_STEPS = frozenset({None, "task_wakeup", "__step", "__wakeup"})
"""Names of the callbacks that are a task's steps: of the class in C (its step has none), and
of the one in Python. `call_later(1, task.cancel)` is bound to the task, too, and none of them."""

_Method = Callable[..., Any]


def running(original: _Method, recorder: "Recorder", call: _Method) -> _Method:
    """Return a `Handle._run` that records the steps of tasks; the hottest code there is."""
    lanes, channel = recorder.lanes, recorder.channel
    add, pack, tasks = channel.add, wire.pack, lanes.tasks
    mark, kind, running, ready = wire.MARK, wire.STATE, wire.RUNNING, wire.READY

    @functools.wraps(original)
    def _run(handle: Any) -> None:
        callback = handle._callback
        task = getattr(callback, "__self__", None)
        lane = tasks.get(id(task))
        if lane is None or getattr(callback, "__name__", None) not in _STEPS:
            del callback, task
            call(handle)
            return
        lane.activity = running
        lane.since = start = now()
        add(pack(mark, kind, running, 0, lane.id, 0, 0, start))
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
                suspend(recorder, lane, task, end)
            # A traceback keeps this frame: it must not keep the task that keeps the traceback.
            del handle, callback, task

    return _run


def suspend(recorder: "Recorder", lane: Lane, task: Any, at: int) -> None:
    """Record how a task's step ended: it waits, or is over."""
    lanes = recorder.lanes
    if not task.done():
        on = wire.On("wait_for") if lane.folded else awaited(task)
        lanes.state(lane, wire.WAITING, on, at)
        return
    lanes.tasks.pop(id(task), None)
    recorder.stdout.release(lane.id, finished=not lane.folded)
    recorder.stderr.release(lane.id, finished=not lane.folded)
    if lane.folded:
        lanes.state(lane, wire.WAITING, wire.On("wait_for"), at)
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


def calling(original: _Method, lanes: Lanes, late: dict[int, int]) -> _Method:
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
            del handle  # see _run

    return call


def scheduling(original: _Method, recorder: "Recorder", late: dict[int, int]) -> _Method:
    """Return a `_call_soon` that records when a task becomes ready for its next step.

    A sleeper whose timer ran late, because something held the loop, was ready when it was due.
    """
    add, pack, tasks = recorder.channel.add, wire.pack, recorder.lanes.tasks
    mark, kind, ready = wire.MARK, wire.STATE, wire.READY

    @functools.wraps(original)
    def _call_soon(loop: Any, callback: Any, args: Any, context: Any) -> Any:
        lane = tasks.get(id(getattr(callback, "__self__", None)))
        if (
            lane is not None
            and lane.activity != ready
            and getattr(callback, "__name__", None) in _STEPS
        ):
            lane.activity = ready
            at = (late and late.get(id(loop))) or now()
            add(pack(mark, kind, ready, 0, lane.id, 0, 0, at))
        handle = original(loop, callback, args, context)
        if handle._source_traceback:  # debug mode: our frame is none of its business
            del handle._source_traceback[-1]
        return handle

    return _call_soon
