"""One run as the bot sees it: its pipes, a process to kill, and the events that come of it."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from typing import get_args

from bot.errors import SandboxError
from bot.runner.guest.child_setup import BROKEN
from bot.runner.host.child_handle import ChildHandle
from bot.runner.host.deadline import Deadline
from bot.runner.host.deadlock import DeadlockWatch
from bot.runner.host.decode import Decoder
from bot.runner.host.meter import Meter, Splitter
from bot.runner.host.outcome import Death, Stop, conclude, past_limit
from bot.runner.host.pipes import STEP_RAW, STEP_RECORD, WINDOW, Pipes
from bot.runner.host.source_file import source_file
from bot.runner.host.turns import Turns
from bot.runner.lane_events import LaneState
from bot.runner.model import (
    Event,
    Finished,
    Line,
    Outcome,
    RunRequest,
    Started,
    Stream,
    Usage,
    Warned,
)

_HIGH, _LOW = 2_000, 500
"""So many events waiting for a slow consumer stop the reading of its pipes; restart it."""
_SLOW_SECONDS = 0.5
"""From so much of it on, a run that the fork server ended at its deadline is not called late."""
_START_SECONDS = 30.0
"""The longest that the server may take to make a child."""

Descriptors = tuple[int, ...]


class RunningProcess:
    """A run under way. Its fork server calls `born`, `unborn`, `gone` and `lost`."""

    def __init__(
        self,
        request: RunRequest,
        *,
        turns: Turns | None = None,
        lag: Callable[[], float] = lambda: 0.0,
        extend: Callable[[float], None] = lambda _: None,
    ) -> None:
        """Make one.

        :param turns: shares the loop with others
        :param lag: returns for how many seconds in all the loop has been late
        :param extend: lets the fork server wait so many seconds longer for the run's end
        """
        self._limits = request.limits
        self._queue: deque[Event] = deque()
        self._more = asyncio.Event()
        self._gone = asyncio.Event()
        self._origin = time.perf_counter()
        self._started = False
        self._decoder = Decoder(request.limits, born_ns=time.perf_counter_ns())
        self._meter = Meter(request.limits)
        self._deadlock = DeadlockWatch(self)
        longest = request.limits.line_bytes
        self._raw: dict[Stream, Splitter] = {it: Splitter(longest) for it in get_args(Stream)}
        self._pipes = Pipes(self._after_step, turns or Turns())
        self._deadline = Deadline(
            held=lambda: self._pipes.held_seconds,
            lag=lag,
            extend=extend,
            most_seconds=request.limits.wall_seconds,
        )
        self._child = ChildHandle()
        self._stop: Stop | None = None
        self._trouble: SandboxError | None = None

    def open(self, request: RunRequest) -> Descriptors:
        """Open what the child gets: its code, stdout, stderr and the recorder's pipe."""
        self._deadline.set(_START_SECONDS, self._never_born)
        given = [source_file(request)]
        given += [
            self._pipes.open(partial(self._take_raw, stream), STEP_RAW) for stream in self._raw
        ]
        given.append(self._pipes.open(self._take_recorded, STEP_RECORD, patient=True))
        self._pipes.read_on()
        return tuple(given)

    async def events(self) -> AsyncIterator[Event]:
        """Yield what happens until the run is over, `Finished` last.

        :raises SandboxError: if the child could not be confined or made
        """
        while True:
            while self._queue:
                event = self._queue.popleft()
                if not self._pipes.reading and len(self._queue) <= _LOW:
                    self._pipes.read_on()
                yield event
                if isinstance(event, Finished):
                    return
            if self._trouble is not None:
                raise self._trouble
            self._more.clear()
            await self._more.wait()

    async def end(self) -> None:
        """Kill the child if it lives, and wait until it is reaped."""
        self.interrupt("the caller went away")
        await self._gone.wait()
        await self._deadlock.closed()

    @property
    def pid(self) -> int:
        """The child's process id; 0 before it has one, and once it is dead."""
        return 0 if self._gone.is_set() else self._child.pid

    @property
    def stuck_threads(self) -> int:
        """How many threads it has, where each of them waits for another; else 0."""
        return self._decoder.stuck_threads

    @property
    def stopped(self) -> bool:
        """Whether it is being ended."""
        return self._stop is not None

    def interrupt(self, why: str) -> None:
        """End it from outside, if it is not ending already."""
        self.stop(Stop(Outcome.INTERRUPTED, detail=why))

    # What the fork server tells.

    def born(self, pid: int, pidfd: int | None) -> None:
        """Take the child's process id, and the descriptor to kill it by."""
        self._child.hold(pid, pidfd)
        if not self._started:  # where the bot is busy, the child's own word comes first
            # Until it says that it starts, it compiles: that counts, too, but not against it yet.
            self._origin = time.perf_counter()
            self._deadline.set(self._limits.wall_seconds, self._late)
        if self._stop is not None:
            self._child.kill()

    def unborn(self, why: str) -> None:
        """Give up: no child could be made."""
        self._trouble = SandboxError(
            f"The sandbox's server could not start one more process: {why}."
            " Raise the host's or container's process limit, or lower the number of runs at once."
        )
        self._close(Death(0))

    def gone(self, death: Death) -> None:
        """Take what the dead and reaped child left in its pipes, and conclude."""
        now = time.perf_counter()
        self._pipes.drain()
        if not self._started and death.status == BROKEN << 8:
            told = "; ".join(self._raw["stderr"].flush())
            self._trouble = SandboxError(
                f"A scenario's process could not be confined or started: {told or death}."
                " Run `tutor doctor` to see what this host lacks."
            )
        for event in self._decoder.finish():
            self._put(event)
        for stream, splitter in self._raw.items():
            for text in splitter.flush():
                self._put(Line(self._elapsed(now), text, stream))
        self._say_if_cut_off(death, now)
        late = death.over == "wall_seconds" and self._stop is None
        if late and self._deadline.slowness() > _SLOW_SECONDS:
            self._stop = Stop(Outcome.INTERRUPTED, detail="the bot was too busy to follow it")
        self._close(death, now)

    def _say_if_cut_off(self, death: Death, now: float) -> None:
        """Say that the record is not whole, where a process left by itself and did not say how."""
        left = self._stop is None and not death.over and death.status & 0x7F == 0
        decoder = self._decoder
        if self._started and left and decoder.ended is None and not decoder.exceeded:
            why = "the scenario closed or replaced the recorder's pipe, or left by os._exit"
            self._put(Warned(self._elapsed(now), "record-truncated", why))

    def lost(self) -> None:
        """Conclude when the child has died with its fork server."""
        self._stop = self._stop or Stop(Outcome.INTERRUPTED, detail="the sandbox's server died")
        if not self._child.certain:
            self.gone(Death(0))
            return
        self._child.kill()
        self._child.when_dead(lambda: self.gone(Death(0)))

    # Ending it.

    def stop(self, why: Stop) -> None:
        """End the run for `why`, unless something else ended it before."""
        if self._stop is None and not self._gone.is_set():
            self._stop = why
            self._child.kill()

    def _never_born(self) -> None:
        self._trouble = SandboxError(
            f"The sandbox's server made no process within {_START_SECONDS:.0f} seconds."
            " The host is overloaded: lower the number of runs at once."
        )
        self.stop(Stop(Outcome.INTERRUPTED, detail="it was never started"))

    def _late(self) -> None:
        """End it at its deadline, later by what our own slowness may have cost it."""
        if not self._deadline.put_off(self._late):
            self.stop(past_limit("wall_seconds"))

    # What the child says.

    def _after_step(self) -> None:
        """Read on, or wait for the consumer; close what nobody wants, instead of draining it."""
        if self._meter.exceeded or self._decoder.exceeded:
            self._pipes.close()
        elif self._decoder.closed:
            self._pipes.close(self._take_recorded)
        if len(self._queue) > _HIGH and self._pipes.reading:
            self._pipes.hold()
        self._deadlock.look()

    def _take_recorded(self, data: bytes) -> None:
        """Take what the recorder reports."""
        for event in self._decoder.feed(data):
            if isinstance(event, LaneState):  # most are, and no limit is for them alone
                self._queue.append(event)
                continue
            if isinstance(event, Started):
                self._begin()
            self._put(event)
        self._more.set()
        self._hold_to(self._decoder.exceeded)

    def _take_raw(self, stream: Stream, data: bytes) -> None:
        """Take what was written to the descriptor itself, past the recorder."""
        at = self._elapsed()
        for text in self._raw[stream].feed(data):
            if self._meter.exceeded:
                return
            self._put(Line(at, text, stream))

    def _put(self, event: Event) -> None:
        """Queue an event for the consumer, as far as the limits allow."""
        admitted = self._meter.admit(event) if isinstance(event, Line) else event
        if admitted is not None:
            self._queue.append(admitted)
            self._more.set()
        self._hold_to(self._meter.exceeded)

    def _hold_to(self, limit: str) -> None:
        """End the run if a limit, named by its field, is exceeded."""
        if limit:
            self.stop(past_limit(limit))

    def _begin(self) -> None:
        """Set the clock: the scenario's own word for its start, as far as it can be true."""
        said = self._decoder.origin_ns
        now = time.perf_counter()
        self._origin = now if said is None else said / 1e9
        self._started = True
        self._deadline.set(self._origin + self._limits.wall_seconds - now, self._late)

    def _elapsed(self, now: float | None = None) -> float:
        """Return seconds since the scenario's first instruction."""
        return max((time.perf_counter() if now is None else now) - self._origin, 0.0)

    def _close(self, death: Death, now: float | None = None) -> None:
        """Let go of everything and put the last event."""
        if self._gone.is_set():
            return
        self._pipes.close()
        self._deadlock.close()
        self._deadline.close()
        self._child.close()
        if self._trouble is None:
            self._queue.append(self._finished(death, self._elapsed(now)))
        self._gone.set()
        self._more.set()

    def _finished(self, death: Death, measured: float) -> Finished:
        meter, decoder = self._meter, self._decoder
        usage = Usage(
            cpu_seconds=death.cpu_seconds,
            peak_memory_bytes=death.peak_memory_bytes,
            output_bytes=meter.output_bytes,
            output_lines=meter.output_lines,
            events=decoder.events,
            host_seconds=measured,
            behind_seconds=max(decoder.behind_ns / 1e9 - self._deadline.owed() - WINDOW, 0.0),
        )
        finished = conclude(
            self._limits, death, usage, measured=measured, stop=self._stop, ended=decoder.ended
        )
        return replace(finished, refused=tuple(decoder.refused))
