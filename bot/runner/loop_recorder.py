"""Records what asyncio's tasks do. Standard library only.

Nothing of the scenario is wrapped: it sees its own coroutines, and tasks of the usual class.
Instead four methods of the event loop are replaced, through which every task goes on every
Python from 3.11: a task's birth is `create_task`; each of its steps is a callback, run by
`Handle._run`; each step is scheduled by `_call_soon`, which is the moment the task becomes
ready (steps.py, births.py). What the task waits for is read from its suspended frames
(awaited.py).
"""

# ruff: noqa: SLF001 - what is recorded here goes on inside asyncio

import asyncio
import functools
from asyncio import base_events, events
from collections.abc import Callable
from selectors import DefaultSelector
from typing import TYPE_CHECKING, Any

from bot.runner import births, steps, wire

if TYPE_CHECKING:
    from bot.runner.recorder import Recorder

_SHORT = 0.002
"""Seconds of sleep that are not worth a system call of our own before."""

_Method = Callable[..., Any]


def install(recorder: "Recorder") -> None:
    """Record every event loop that this process will run."""
    loop: Any = base_events.BaseEventLoop
    handle: Any = events.Handle
    selector: Any = DefaultSelector
    late: dict[int, int] = {}
    handle._run = steps.running(
        handle._run, recorder, steps.calling(handle._run, recorder.lanes, late)
    )
    loop._call_soon = steps.scheduling(loop._call_soon, recorder, late)
    loop.create_task = births.creating(loop.create_task, recorder)
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
