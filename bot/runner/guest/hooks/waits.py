"""Records that a thread waits. Standard library only."""

# ruff: noqa: SLF001 - asyncio's public way to the running loop raises, and is slower

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.runner.guest.hooks.hidden_frames import caller
from bot.runner.guest.recorded_lane import RecordedLane
from bot.runner.guest.recorder_pipe import now
from bot.runner.protocol import recorder_frames

if TYPE_CHECKING:
    from bot.runner.guest.recorder import Recorder

_TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
_INTERNAL = frozenset({"Thread.start", "Thread._bootstrap_inner"})
"""Where the library waits a moment on its own account, for a thread to be there."""
_LIBRARY = os.path.dirname(threading.__file__) + os.sep  # noqa: PTH120 - the guest has no use for pathlib

_Method = Callable[..., Any]


class Token(NamedTuple):
    """One wait under way."""

    lane: RecordedLane | None
    """The lane that is shown to wait, or that holds its loop meanwhile; None for neither."""
    since: int
    """When it began to hold its loop, in nanoseconds; 0 where it holds none."""
    stuck: RecordedLane | None
    """The lane of the thread that said that only another thread can wake it."""


class Waits:
    """Says of the calling thread that it waits, and of the loop that it may hold that it is held.

    A thread inside a running event loop is never shown as waiting: it holds the loop.
    """

    def __init__(self, recorder: "Recorder") -> None:
        self._recorder = recorder

    def begin(self, on: recorder_frames.On, *, endless: bool = False) -> Token:
        """Record that this thread waits from now on; `end` takes what this returns.

        :param endless: whether only another thread can end the wait
        """
        recorder = self._recorder
        lanes = recorder.lanes
        stuck = lanes.of_thread() if endless and not _alarmed() else None
        if stuck is not None:
            self._say_stuck(stuck, 1)
        if asyncio._get_running_loop() is not None:
            recorder.idle()
            return Token(lanes.current(), now(), stuck)
        lane = lanes.of_thread()
        seen = on is not recorder_frames.NOTHING and lane.activity == recorder_frames.RUNNING
        if seen:
            lane.move(recorder.source.here())
            lanes.state(lane, recorder_frames.WAITING, on)
        recorder.idle()
        return Token(lane if seen else None, 0, stuck)

    def end(self, token: Token) -> None:
        """Record that this thread waits no longer."""
        lane, since, stuck = token
        if stuck is not None:
            self._say_stuck(stuck, 0)
        if lane is None:
            return
        if not since:
            self._recorder.lanes.state(lane, recorder_frames.RUNNING)
            return
        duration = now() - since
        if lane.held[0] < lane.since or duration > lane.held[1]:
            lane.held = since, duration, self._recorder.source.here()

    def _say_stuck(self, lane: RecordedLane, whether: int) -> None:
        self._recorder.pipe.add(
            recorder_frames.frame(recorder_frames.STUCK, whether, lane.id, now())
        )

    def during(self, name: str, original: _Method, endless: Callable[..., bool]) -> _Method:
        """Return a function that calls a method made in C and records that its caller waits.

        :param name: of what it waits for, where the scenario's own code calls it
        :param endless: tells from the arguments whether only another thread can end the wait
        """

        def wait(*args: Any, **kwargs: Any) -> Any:
            token = self.begin(_called_by(name), endless=endless(*args, **kwargs))
            try:
                return original(*args, **kwargs)
            finally:
                self.end(token)

        return wait


def _alarmed() -> bool:
    """Tell whether a timer of this process will send a signal."""
    return any(signal.getitimer(timer)[0] for timer in _TIMERS)


def _called_by(name: str) -> recorder_frames.On:
    """Name the library's outermost function that leads to this wait: "Event.wait".

    :param name: for a wait that the scenario's own code began
    """
    frame = caller()  # none where C calls: an exit callback
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(_LIBRARY):
            if code.co_qualname in _INTERNAL:
                return (
                    recorder_frames.On("Timer") if name == "Timer.run" else recorder_frames.NOTHING
                )
            name = code.co_qualname
        else:
            break
        frame = frame.f_back
    return recorder_frames.On(
        name.split(".<locals>")[0].removesuffix(".__enter__").removesuffix(".__exit__")
    )
