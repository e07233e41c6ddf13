"""Records what asyncio's tasks do. Standard library only.

Nothing of the scenario is wrapped: it sees its own coroutines, and tasks of the usual class.
Instead methods of the event loop are replaced, through which every task goes on every Python
from 3.11: each of its steps is a callback, run by `Handle._run`; each step is scheduled by
`_call_soon`, which is the moment the task becomes ready, and for the first step its birth
(steps.py, births.py). What the task waits for, and where, is read from its suspended frames
(awaited.py, source_lines.py).
"""

# ruff: noqa: SLF001 - what is recorded here goes on inside asyncio

import asyncio
import functools
from asyncio import base_events, events
from collections.abc import Callable
from selectors import DefaultSelector
from typing import TYPE_CHECKING, Any

from bot.runner.guest.hooks import steps
from bot.runner.guest.hooks.births import Births
from bot.runner.guest.hooks.waits import Waits
from bot.runner.protocol import recorder_frames

if TYPE_CHECKING:
    from bot.runner.guest.recorder import Recorder

_SHORT = 0.002
"""Seconds of sleep that are not worth a system call of our own before."""

_SELECT = recorder_frames.On("select")
"""What a thread waits on that asks a selector itself, without an event loop."""

_Method = Callable[..., Any]


def record_event_loops(recorder: "Recorder") -> None:
    """Record every event loop that this process will run."""
    loop: Any = base_events.BaseEventLoop
    handle: Any = events.Handle
    selector: Any = DefaultSelector
    late: dict[int, int] = {}
    which, born = steps.Steps(), Births(recorder)
    recorder.lanes.adopt = born.adopt
    call = steps.calling(handle._run, recorder, late)
    handle._run = steps.running(handle._run, recorder, which, call)
    loop._call_soon = steps.scheduling(loop._call_soon, recorder, which, born.scheduled, late)
    safe: Any = getattr(events, "_ThreadSafeHandle", None)
    if safe is not None:  # since Python 3.14 `call_soon_threadsafe` does without `_call_soon`
        safe.__init__ = steps.noting_who_asks(safe.__init__, recorder)
    loop.create_task = born.creating(loop.create_task)
    loop.run_forever = _looping(loop.run_forever, recorder)
    selector.select = _selecting(selector.select, recorder)


def _looping(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `run_forever` that shows its thread waiting for the loop meanwhile."""
    lanes = recorder.lanes

    @functools.wraps(original)
    def run_forever(loop: Any) -> Any:
        if asyncio._get_running_loop() is not None:  # asyncio will say that this cannot be
            return original(loop)
        lane = lanes.of_thread()
        lane.since = 0
        lane.move(recorder.source.here())
        lanes.state(lane, recorder_frames.WAITING, recorder_frames.EVENT_LOOP)
        try:
            return original(loop)
        finally:
            lanes.forget_frames()
            lanes.state(lane, recorder_frames.RUNNING)

    return run_forever


def _selecting(original: _Method, recorder: "Recorder") -> _Method:
    """Return a `select` that lets the record out before the loop goes to sleep."""
    waits = Waits(recorder)

    @functools.wraps(original)
    def select(selector: Any, timeout: float | None = None) -> Any:
        if isinstance(timeout, (int, float)) and timeout <= _SHORT:
            return original(selector, timeout)
        call = functools.partial(original, selector, timeout)
        return waits.around(call, _SELECT, endless=timeout is None and _only_own(selector))

    return select


def _only_own(selector: Any) -> bool:
    """Tell whether the running loop waits for no descriptor but the one by which it is woken."""
    loop = asyncio._get_running_loop()
    own = getattr(loop, "_ssock", None)
    watched = selector.get_map()
    return own is not None and len(watched) == 1 and own.fileno() in watched
