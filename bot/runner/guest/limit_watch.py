"""Ends runs at their limits on processor and wall-clock time, in the fork server.

RLIMIT_CPU is not exact: the kernel holds it against ticks, which sample, so code that sleeps
across them pays next to nothing. The clock that the kernel keeps for each process is exact, and
clock_gettime(2) reads it by a number made of the process id (posix_cpu_clock in the kernel's
include/linux/posix-timers.h). The wall-clock deadline is the bot's to hold; here it is held a
second time, one second later, so that it does not depend on the bot's event loop.

Standard library only: this runs in the fork server.
"""

import contextlib
import heapq
import os
import signal
import socket
import struct
import time
from dataclasses import dataclass

START = struct.Struct("<d")
"""What a child says before the scenario begins: the time, in seconds of `time.monotonic`."""
GRACE_SECONDS = 1.0
"""How much longer than the bot this server waits for a run that is past its deadline."""
_SHORTEST_SECONDS = 0.01
"""Between two looks at one run; what it may use beyond its limit on each core."""
_UNSTARTED_SECONDS = 1.0
_SCHED_CLOCK = 2  # CPUCLOCK_SCHED: what the scheduler measured, in nanoseconds


@dataclass(slots=True)
class _Watched:
    cpu_seconds: float
    wall_seconds: float
    word: socket.socket
    """Brings the child's word that its scenario begins."""
    deadline: float
    started: bool = False
    over: str = ""


class LimitWatch:
    """Looks at each run no earlier than it could have used up its processor time."""

    def __init__(self) -> None:
        self._runs: dict[int, _Watched] = {}
        self._due: list[tuple[float, int]] = []  # a heap: when to look, at which process
        self._cores = os.cpu_count() or 1

    def expect(
        self, pid: int, cpu_seconds: float, wall_seconds: float, word: socket.socket
    ) -> None:
        """Hold the run in process `pid` to its limits; `word` becomes this object's."""
        now = time.monotonic()
        word.settimeout(0)
        deadline = now + wall_seconds + GRACE_SECONDS
        self._runs[pid] = _Watched(cpu_seconds, wall_seconds, word, deadline)
        self._look_again(pid, now, 0.0)

    def extend(self, pid: int, seconds: float) -> None:
        """Move a run's deadline: the bot was too slow for it."""
        if pid in self._runs:
            self._runs[pid].wall_seconds += seconds
            self._runs[pid].deadline += seconds

    def forget(self, pid: int) -> str:
        """Drop a dead run; return the limit that it was ended for, or ""."""
        watched = self._runs.pop(pid, None)
        if watched is None:
            return ""
        watched.word.close()
        return watched.over

    def close(self) -> None:
        """Let go of every run, in a process that is not the server's."""
        for pid in list(self._runs):
            self.forget(pid)
        self._due.clear()

    def patience(self) -> float | None:
        """Return for how many seconds there is nothing to look at; None without runs."""
        return max(0.0, self._due[0][0] - time.monotonic()) if self._due else None

    def look(self) -> None:
        """End the runs that are over a limit."""
        now = time.monotonic()
        while self._due and self._due[0][0] <= now:
            _, pid = heapq.heappop(self._due)
            watched = self._runs.get(pid)
            if watched is None or watched.over:
                continue
            used = processor_time(pid)
            if used >= watched.cpu_seconds:
                self._end(pid, watched, "cpu_seconds")
            elif now >= watched.deadline and self._is_late(watched, now):
                self._end(pid, watched, "wall_seconds")
            else:
                self._look_again(pid, now, used)

    def _look_again(self, pid: int, now: float, used: float) -> None:
        """Plan the next look: when it can have used the rest, or at its deadline."""
        watched = self._runs[pid]
        soonest = now + max((watched.cpu_seconds - used) / self._cores, _SHORTEST_SECONDS)
        due = min(soonest, max(watched.deadline, now + _SHORTEST_SECONDS))
        heapq.heappush(self._due, (due, pid))

    def _is_late(self, watched: _Watched, now: float) -> bool:
        """Tell whether a run is past its deadline, which counts from its own start."""
        if not watched.started:
            with contextlib.suppress(BlockingIOError, ConnectionError):
                word = watched.word.recv(START.size)
                watched.started = True
                if len(word) == START.size:
                    (since,) = START.unpack(word)
                    watched.deadline = since + watched.wall_seconds + GRACE_SECONDS
            if not watched.started:  # on a busy host it may still be on its way
                watched.deadline = now + _UNSTARTED_SECONDS
        return now >= watched.deadline

    @staticmethod
    def _end(pid: int, watched: _Watched, limit: str) -> None:
        watched.over = limit
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def processor_time(pid: int) -> float:
    """Return the seconds of processor time that a process used; 0.0 if it is gone."""
    try:
        return time.clock_gettime((~pid << 3) | _SCHED_CLOCK)
    except OSError:
        return 0.0
