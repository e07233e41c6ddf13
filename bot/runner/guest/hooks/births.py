"""Records the births of tasks, eager ones included. Standard library only.

A task is recorded when its first step is scheduled, whatever made it and of any class. One that
begins at once, inside its creation, is recorded when its code first does something that is
recorded, or when its creation is over.
"""

# ruff: noqa: SLF001 - what is recorded here goes on inside asyncio

import asyncio
import functools
import sys
import threading
from asyncio import base_events
from collections.abc import Callable
from dataclasses import dataclass
from types import CoroutineType
from typing import TYPE_CHECKING, Any

from bot.runner.guest.hooks.awaited import called, title
from bot.runner.guest.hooks.hidden_frames import caller
from bot.runner.guest.hooks.steps import suspend
from bot.runner.guest.hooks.thrown import is_thrown
from bot.runner.guest.lanes import identity, name_of
from bot.runner.guest.recorded_lane import RecordedLane
from bot.runner.guest.recorder_pipe import now
from bot.runner.protocol import recorder_frames

if TYPE_CHECKING:
    from bot.runner.guest.recorder import Recorder

_ASYNCIOS_OWN = frozenset(
    {
        base_events.BaseEventLoop.shutdown_asyncgens.__code__,
        base_events.BaseEventLoop.shutdown_default_executor.__code__,
    }
)
"""Tasks that `asyncio.run` makes at its end; no scenario knows of them."""
_EXTRA_TASK_IN_WAIT_FOR = sys.version_info < (3, 12)
_BETWEEN = frozenset({"call_soon", "__init__", "create_task", "_ensure_future", "ensure_future"})
"""What stands between `wait_for` and the scheduling of its task's first step."""

_Method = Callable[..., Any]


@dataclass(slots=True)
class _Creation:
    """A task that is being created and may begin to run meanwhile."""

    coro: Any
    parent: RecordedLane
    at: int
    line: int
    spent: int
    begun: bool = False
    """True once its code was seen to run."""


class Births:
    """Gives tasks their lanes."""

    def __init__(self, recorder: "Recorder") -> None:
        self._recorder = recorder
        self._lanes = recorder.lanes
        self._creations: dict[int, list[_Creation]] = {}  # by thread

    def creating(self, original: _Method) -> _Method:
        """Return a `create_task` that records the tasks which begin at once."""

        @functools.wraps(original)
        def create_task(loop: Any, coro: Any, **kwargs: Any) -> Any:
            if loop._task_factory is None and not kwargs.get("eager_start"):
                return original(loop, coro, **kwargs)
            return self._create_eager(original, loop, coro, kwargs)

        return create_task

    def scheduled(self, task: Any) -> None:
        """Take a task that has no lane, and whose first step is being scheduled."""
        lanes = self._lanes
        at = now()
        coro = _coroutine(task)
        if lanes.full or getattr(coro, "cr_code", None) in _ASYNCIOS_OWN:
            return
        if _begun(coro):
            self._yielded(task, at)
            return
        lanes.destroyed.discard(identity(task))
        parent = lanes.current()
        if _EXTRA_TASK_IN_WAIT_FOR and _in_wait_for():
            self._fold(parent, task)
        else:
            lane = self._born(task, coro, parent, at, self._recorder.source.here())
            if lane is not None:
                lanes.state(lane, recorder_frames.READY, at=at, by=lanes.cause())
        self._recorder.pipe.spent += now() - at

    def _yielded(self, task: Any, at: int) -> None:
        """Take a task that began inside its creation, unseen, and already lets others go first."""
        lane = self.adopt(task)
        if lane is not None:
            lane.move(self._recorder.source.of_task(task))
            lane.until = at
            self._lanes.state(
                lane, recorder_frames.READY, at=at, by=lane.id + recorder_frames.LANES
            )

    def adopt(self, task: Any) -> RecordedLane | None:
        """Return a lane for a task that runs and has none, because it began inside its creation."""
        lanes, coro = self._lanes, _coroutine(task)
        if lanes.full or identity(task) in lanes.destroyed:
            return None
        if getattr(coro, "cr_code", None) in _ASYNCIOS_OWN:
            return None
        creations = self._creations.get(threading.get_ident())
        if creations and not creations[-1].begun:
            one = creations[-1]
            one.begun = True
            parent, at, line = one.parent, one.at, one.line
        else:  # made by a class of tasks that starts them itself
            parent, at, line = lanes.of_thread(), now(), 0
        lane = self._born(task, coro, parent, at, line)
        if lane is not None:
            lane.since, lane.fresh = at, False
            lanes.state(lane, recorder_frames.RUNNING, at=at)
        return lane

    def _born(
        self, task: Any, coro: Any, parent: RecordedLane, at: int, line: int
    ) -> RecordedLane | None:
        code = called(coro)
        lane = self._lanes.born(recorder_frames.TASK, parent, name_of(task), code, at, line)
        if lane is not None:
            lane.title = title(lane.name, code)
            begins = self._recorder.source.begins(coro)
            lane.own = bool(begins)
            lane.move(begins)
            self._lanes.bind(lane, task)
        return lane

    def _create_eager(self, original: _Method, loop: Any, coro: Any, kwargs: dict[str, Any]) -> Any:
        """Create a task that may run its first step before its creation returns."""
        lanes = self._lanes
        line, spent = self._recorder.source.here(), self._recorder.pipe.spent
        creation = _Creation(coro, lanes.current(), now(), line, spent)
        creations = self._creations.setdefault(threading.get_ident(), [])
        creations.append(creation)
        try:
            task = original(loop, coro, **kwargs)
        finally:
            creations.pop()
        if isinstance(task, asyncio.Future) and hasattr(task, "get_coro"):
            self._settle(task, creation)
        return task

    def _settle(self, task: Any, creation: _Creation) -> None:
        """Record what a task that may have begun at its creation is doing now."""
        lanes, coro, parent = self._lanes, creation.coro, creation.parent
        at, end = creation.at, now()
        lane = lanes.tasks.get(identity(task))
        if lane is None:
            if lanes.full or getattr(coro, "cr_code", None) in _ASYNCIOS_OWN:
                return
            lane = self._born(task, coro, parent, at, creation.line)
            if lane is None:
                return
            lane.since, lane.fresh = at, False
            lanes.state(lane, recorder_frames.RUNNING, at=at)
        lanes.check_name(lane)
        if lane.activity == recorder_frames.READY and not lane.until:  # it has not begun
            return
        lane.fresh = False
        if parent.activity == recorder_frames.RUNNING:
            line = parent.line
            parent.move(creation.line)
            lanes.state(parent, recorder_frames.WAITING, recorder_frames.On("task", lane.title), at)
            lanes.state(parent, recorder_frames.RUNNING, at=end)
            parent.since = end
            parent.move(line)
        if lane.activity != recorder_frames.READY:
            suspend(self._recorder, lane, task, end)
        lanes.held(lane, end, creation.spent)

    def _fold(self, parent: RecordedLane, task: Any) -> None:
        """Show a task's steps on its creator's lane.

        Python 3.11's `wait_for` runs its coroutine in a task of its own; since 3.12 it does not,
        and no reader of the scenario's code expects one.
        """
        lane = RecordedLane(parent.id, parent.name)
        lane.folded = parent
        lane.fresh = False
        lane.activity = recorder_frames.READY
        lane.place = parent.place
        self._lanes.bind(lane, task)


def _coroutine(task: Any) -> Any:
    """Return what a task runs, whatever the scenario's own class of tasks makes of it."""
    try:
        return task.get_coro()
    except Exception as error:
        if is_thrown(error):
            raise
        return None


def _begun(coro: Any) -> bool:
    """Tell whether a coroutine has run already, in part or to its end."""
    return isinstance(coro, CoroutineType) and (coro.cr_suspended or coro.cr_frame is None)


def _in_wait_for() -> bool:
    """Tell whether `wait_for` itself creates the task that is being created."""
    frame = caller()
    while frame is not None and frame.f_code.co_name in _BETWEEN:
        frame = frame.f_back
    return frame is not None and frame.f_code is asyncio.wait_for.__code__
