"""Records that a thread waits. Standard library only."""

# ruff: noqa: SLF001 - asyncio's public way to the running loop raises, and is slower

import asyncio
import functools
import os
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from bot.runner.guest.hooks.hidden_frames import caller
from bot.runner.guest.recorded_lane import RecordedLane
from bot.runner.guest.recorder_pipe import now
from bot.runner.protocol import recorder_frames

if TYPE_CHECKING:
    from bot.runner.guest.recorder import Recorder

_TIMERS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
_START, _LIFE = "Thread.start", "Thread._bootstrap_inner"
"""Where the library waits a moment on its own account, for a thread to be there; a thread's whole
life, where nothing of the scenario's stands between."""
_LIBRARY = os.path.dirname(threading.__file__) + os.sep  # noqa: PTH120 - the guest has no use for pathlib

_Method = Callable[..., Any]
_Result = TypeVar("_Result")


class Token:
    """One wait under way; what is true of it is noted before it is recorded."""

    __slots__ = ("lane", "since", "stuck")

    def __init__(self) -> None:
        self.lane: RecordedLane | None = None
        """The lane that is shown to wait, or that holds its loop meanwhile; None for neither."""
        self.since = 0
        """When it began to hold its loop, in nanoseconds; 0 where it holds none."""
        self.stuck: RecordedLane | None = None
        """The lane of the thread that said that only another thread can wake it."""


class Waits:
    """Says of the calling thread that it waits, and of the loop that it may hold that it is held.

    A thread inside a running event loop is never shown as waiting: it holds the loop.
    """

    def __init__(self, recorder: "Recorder") -> None:
        self._recorder = recorder

    def around(
        self, call: Callable[[], _Result], on: recorder_frames.On, *, endless: bool = False
    ) -> _Result:
        """Return `call()`, and record that this thread waits meanwhile.

        An exception that is thrown into the thread at any point leaves nothing behind that says
        that it still waits.

        :param endless: whether only another thread can end the wait
        """
        token = Token()
        try:
            self.begin(token, on, endless=endless)
            return call()
        finally:
            self.end(token)

    def begin(self, token: Token, on: recorder_frames.On, *, endless: bool = False) -> None:
        """Record that this thread waits from now on, until `end` is called with that token."""
        recorder = self._recorder
        lanes = recorder.lanes
        if endless and not _alarmed():
            token.stuck = lanes.of_thread()
            self._say_stuck(token.stuck, 1)
        if asyncio._get_running_loop() is not None:
            token.lane = lanes.current()
            # A loop that has nothing to do waits, too: then no lane runs.
            if endless and token.lane.activity == recorder_frames.RUNNING:
                self._say_where(token.lane)
            recorder.idle()
            token.since = now()
            return
        lane = lanes.of_thread()
        if on is not recorder_frames.NOTHING and lane.activity == recorder_frames.RUNNING:
            lane.move(recorder.source.here())
            token.lane = lane
            lanes.state(lane, recorder_frames.WAITING, on)
        recorder.idle()

    def end(self, token: Token) -> None:
        """Record that this thread waits no longer."""
        try:
            self._end(token)
        except BaseException:  # thrown into the thread meanwhile
            self._end(token)
            raise

    def _end(self, token: Token) -> None:
        if token.stuck is not None:
            self._say_stuck(token.stuck, 0)
            token.stuck = None
        lane = token.lane
        if lane is None:
            return
        if not token.since:
            self._recorder.lanes.state(lane, recorder_frames.RUNNING)
        else:
            line = self._recorder.source.here()
            if lane.held_in != lane.since:
                lane.held_in, lane.held = lane.since, {}
            token.lane = None  # what is thrown into the thread from here on counts nothing twice
            lane.held[line] = lane.held.get(line, 0) + now() - token.since
        token.lane = None

    def _say_where(self, lane: RecordedLane) -> None:
        """Record at which line a lane holds its loop from now on: it may be for good."""
        before = lane.place
        lane.move(self._recorder.source.here())
        self._recorder.lanes.state(lane, recorder_frames.RUNNING)
        lane.place = before

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
            on = _called_by(name)
            if on is None:
                return original(*args, **kwargs)
            call = functools.partial(original, *args, **kwargs)
            return self.around(call, on, endless=endless(*args, **kwargs))

        return wait


def _alarmed() -> bool:
    """Tell whether a timer of this process will send a signal."""
    return any(signal.getitimer(timer)[0] for timer in _TIMERS)


def _called_by(name: str) -> recorder_frames.On | None:
    """Name the library's outermost function that leads to this wait: "Event.wait".

    None where the library only waits for a thread to be there.

    :param name: for a wait that the scenario's own code began
    """
    frame = caller()  # none where C calls: an exit callback
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(_LIBRARY):
            if code.co_qualname == _START:
                return None
            if code.co_qualname == _LIFE:
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
