"""Records the steps of tasks: ready, running, waiting on what, over. Standard library only."""

# ruff: noqa: SLF001 - what is recorded here goes on inside asyncio

import asyncio
import functools
from asyncio import base_events, events
from collections.abc import Callable
from threading import get_ident
from types import BuiltinFunctionType, MethodType
from typing import TYPE_CHECKING, Any

from bot.runner.guest import tracebacks
from bot.runner.guest.hooks.awaited import wait_of
from bot.runner.guest.hooks.source_lines import BARE_YIELD, SourceLines
from bot.runner.guest.hooks.thrown import is_thrown
from bot.runner.guest.lanes import BLOCKED_NS, Lanes, identity
from bot.runner.guest.recorded_lane import RecordedLane
from bot.runner.guest.recorder_pipe import now
from bot.runner.protocol import recorder_frames

if TYPE_CHECKING:
    from bot.runner.guest.recorder import Recorder

_LATE_NS = 1_000_000
"""How much later than due a timer must run for its sleeper to count as starved."""
_SEEN_NS = 1_000_000
"""How long a callback that belongs to no task must run to be recorded on its thread's lane."""
_WAIT_FOR = recorder_frames.On("wait_for")
_REAL_TIME: Any = base_events.BaseEventLoop.time

_Method = Callable[..., Any]


class Steps:
    """Tells which callbacks are steps of tasks.

    Those of asyncio's class in C are of a type of their own, or builtin methods; those of its
    class in Python are bound methods. `call_later(1, task.cancel)` is bound to a task, too.
    """

    def __init__(self) -> None:
        self.type: Any = _type_of_steps()
        """The type of callback that is the step of a task made in C."""
        python: Any = asyncio.tasks._PyTask  # type: ignore[attr-defined]  # private
        self._python = (python._Task__step, python._Task__wakeup)

    def task(self, callback: Any) -> Any:
        """Return the task whose step a callback is, or None. Never raises."""
        kind = type(callback)
        if kind is self.type:
            return callback.__self__
        if kind is BuiltinFunctionType:
            return callback.__self__ if callback.__name__ == "task_wakeup" else None
        if kind is MethodType and any(callback.__func__ is step for step in self._python):
            return callback.__self__
        return None


def _type_of_steps() -> type:
    loop: Any = asyncio.new_event_loop()
    task = loop.create_task(asyncio.sleep(0), name="rehearsal")
    found = type(loop._ready[0]._callback)
    loop.run_until_complete(task)
    loop.close()
    return Steps if found is MethodType else found  # no task is made in C: nothing is of this type


def running(original: _Method, recorder: "Recorder", steps: Steps, call: _Method) -> _Method:
    """Return a `Handle._run` that records the steps of tasks; the hottest code there is."""
    lanes, pipe = recorder.lanes, recorder.pipe
    add, find, step, task_of = pipe.add, lanes.tasks.get, steps.type, steps.task
    pack, is_running = recorder_frames.pack_state, recorder_frames.STATE_IS[recorder_frames.RUNNING]
    running, ready = recorder_frames.RUNNING, recorder_frames.READY
    look, usual = pipe.processor.look, asyncio.Task

    @functools.wraps(original)
    def _run(handle: Any) -> None:
        callback = handle._callback
        task = callback.__self__ if type(callback) is step else task_of(callback)
        lane = find(hash(task) if type(task) is usual else identity(task))
        if lane is None:
            del callback, task
            call(handle)
            return
        if getattr(task, "_must_cancel", False) and lanes.interrupted(lane, task):
            lanes.state(lane, recorder_frames.INTERRUPTED)  # it was cancelled after it became ready
        lane.activity = running
        lane.since = start = now()
        add(pack(is_running, lane.place, start))
        if start >= pipe.due:
            pipe.flush_if_due(start)
            look(start)
        if lane.fresh:
            lane.fresh = False
            lanes.check_name(lane)
        spent = pipe.spent
        try:
            original(handle)
        finally:
            yielded = lane.activity == ready
            end = lane.until if yielded else now()
            if end - lane.since >= BLOCKED_NS:
                lanes.held(lane, end, spent)
            if not yielded:
                suspend(recorder, lane, task, end)
            # A traceback keeps this frame: it must not keep the task that keeps the traceback.
            del handle, callback, task

    return _run


def suspend(recorder: "Recorder", lane: RecordedLane, task: Any, at: int) -> None:
    """Record how a task's step ended: it waits, or is over."""
    lanes = recorder.lanes
    lane.frame = None
    if not task.done():
        on, line = wait_of(task, recorder.source)
        lane.move(line)
        if lane.folded is not None:
            on = _WAIT_FOR._replace(stack=(*_suspended(lane.folded, recorder), *on.stack))
        lanes.state(lane, recorder_frames.WAITING, on, at)
        return
    lanes.tasks.pop(identity(task), None)
    if lane.folded is not None:
        lanes.state(lane, recorder_frames.WAITING, _WAIT_FOR, at)
        return
    lanes.check_name(lane)
    # `task.exception()` would count as retrieving it, and silence asyncio's complaint.
    error = None if task.cancelled() else getattr(task, "_exception", None)
    if task.cancelled():
        lanes.left(lane, recorder_frames.CANCELLED, at=at, line=lane.line)
    elif error is not None:
        line = recorder.source.raised(error)
        lanes.left(lane, recorder_frames.FAILED, tracebacks.summary(error), at, line)
    else:
        lanes.left(lane, recorder_frames.DONE, at=at)


def _suspended(lane: RecordedLane, recorder: "Recorder") -> tuple[int, ...]:
    """Return the lines at which a lane's task is suspended, from the outermost call."""
    task = lane.owner() if lane.owner is not None else None
    return wait_of(task, recorder.source)[0].stack if task is not None else ()


def calling(original: _Method, recorder: "Recorder", late: dict[int, int]) -> _Method:
    """Return what runs the callbacks that are not a task's steps.

    Whatever they make ready is ready because of what made them run: the clock, a descriptor, or
    the lane that scheduled them (see `scheduling`).
    """
    lanes, pipe, asked = recorder.lanes, recorder.pipe, recorder.lanes.asked

    def call(handle: Any) -> None:
        lane, thread = lanes.of_thread(), get_ident()
        spent = pipe.spent
        lane.since = start = now()
        if type(handle) is events.TimerHandle:
            lanes.causes[thread] = recorder_frames.CLOCK
            _note_lateness(handle, start, pipe.opened, late)
        else:
            callback, cause = asked.pop(identity(handle), (0, recorder_frames.IO))
            lanes.causes[thread] = (
                cause if callback in {0, identity(handle._callback)} else recorder_frames.IO
            )
        try:
            original(handle)
        finally:
            end = now()
            late.clear()
            lanes.causes.pop(thread, None)
            if lane.activity == recorder_frames.WAITING and end - start >= _SEEN_NS:
                lanes.state(lane, recorder_frames.RUNNING, at=start)
            if lane.activity == recorder_frames.RUNNING:
                lanes.state(lane, recorder_frames.WAITING, recorder_frames.EVENT_LOOP, end)
                if end - start >= BLOCKED_NS:
                    lanes.held(lane, end, spent)
            lane.since = 0
            del handle  # see _run

    return call


def noting_who_asks(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `Handle.__init__` that notes who asks a loop to call something."""
    lanes, asked = recorder.lanes, recorder.lanes.asked

    @functools.wraps(original)
    def __init__(handle: Any, callback: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it is one
        asked[identity(handle)] = (identity(callback), lanes.cause())
        original(handle, callback, *args, **kwargs)

    return __init__


def _note_lateness(handle: Any, start: int, opened: int, late: dict[int, int]) -> None:
    """Note when a timer was due that runs late; not by a clock that the scenario made itself."""
    when, loop = handle._when, handle._loop
    if type(when) is not float or getattr(type(loop), "time", None) is not _REAL_TIME:
        return
    due = when * 1e9  # it may be no number
    if opened <= due < start - _LATE_NS:
        late[identity(loop)] = int(due)


def _note_yield(lane: RecordedLane, task: Any, source: SourceLines) -> None:
    """Note where a task lets the others go first. Where it does so again, that is still true."""
    lane.move(source.of_bare_yield(lane, task) if lane.own else source.of_task(task))
    by = lane.id + recorder_frames.LANES  # itself
    lane.yields = lane.place | by << recorder_frames.BY_BITS
    lane.yields_at = lane.frame.f_lasti if lane.frame is not None else -1


def _wake(lanes: Lanes, lane: RecordedLane, task: Any, at: int) -> None:
    """Record that a task which waited is ready, and by whom."""
    lane.activity = recorder_frames.READY
    cut = lanes.interrupted(lane, task)
    what = recorder_frames.INTERRUPTED if cut else recorder_frames.READY
    lanes.state(lane, what, at=at, by=lanes.cause())
    lane.activity = recorder_frames.READY


def scheduling(
    original: _Method,
    recorder: "Recorder",
    steps: Steps,
    born: Callable[[Any], None],
    late: dict[int, int],
) -> _Method:
    """Return a `_call_soon` that records when a task becomes ready for its next step, and why.

    A sleeper whose timer ran late, because something held the loop, was ready when it was due.

    :param born: takes a task that was not seen before
    """
    lanes, asked, source = recorder.lanes, recorder.lanes.asked, recorder.source
    add, find, step, task_of = recorder.pipe.add, lanes.tasks.get, steps.type, steps.task
    running, waiting = recorder_frames.RUNNING, recorder_frames.WAITING
    ready, is_ready = recorder_frames.READY, recorder_frames.STATE_IS[recorder_frames.READY]
    pack, usual = recorder_frames.pack_state, asyncio.Task

    @functools.wraps(original)
    def _call_soon(loop: Any, callback: Any, args: Any, context: Any) -> Any:
        task = callback.__self__ if type(callback) is step else task_of(callback)
        if task is None:
            handle = original(loop, callback, args, context)
            asked[identity(handle)] = (identity(callback), lanes.cause())
        else:
            lane = find(hash(task) if type(task) is usual else identity(task))
            if lane is None:
                born(task)
            elif lane.activity == running:  # it lets the others go first
                frame = lane.frame
                try:
                    same = (
                        frame is not None
                        and frame.f_lasti == lane.yields_at
                        and task.get_coro().cr_await.cr_await.__name__ == BARE_YIELD
                    )
                except Exception as error:  # it awaits something else, or is of the scenario's own
                    if is_thrown(error):
                        raise
                    same = False
                if not same:
                    _note_yield(lane, task, source)
                lane.activity = ready
                lane.until = at = now()
                add(pack(is_ready, lane.yields, at))
            elif lane.activity == waiting:
                _wake(lanes, lane, task, (late and late.get(identity(loop))) or now())
            handle = original(loop, callback, args, context)
        return handle

    return _call_soon
