"""Ends runs in which everything waits and nothing can ever wake it.

The record says which threads wait without a time limit for what only another thread of the run
can do (`recorder_frames.STUCK`). Where that is all of them, the kernel is asked as well: none of
the process's threads may be able to run, there may be no thread that the record does not know, and
the exact processor clock must stand still from one look to the next. In doubt the run goes on.
"""

import asyncio
from pathlib import Path
from typing import Final, Protocol

from bot.runner.guest.limit_watch import processor_time
from bot.runner.host.outcome import Stop
from bot.runner.model import Outcome

_PAUSE_SECONDS: Final = 0.25
"""Between two looks. A deadlocked run is ended within two of them."""
_ASLEEP: Final = "S"
"""What /proc/PID/task/TID/stat says of a thread that sleeps (proc_pid_stat(5))."""


class Watched(Protocol):
    """A run, as far as it is watched."""

    @property
    def pid(self) -> int:
        """Its process id; 0 where it has none."""

    @property
    def stuck_threads(self) -> int:
        """How many threads it has, where each of them waits for another; else 0."""

    def stop(self, why: Stop) -> None:
        """End it."""


class DeadlockWatch:
    """Looks at one run as long as all of its threads are stuck."""

    def __init__(self, run: Watched) -> None:
        self._run = run
        self._task: asyncio.Task[None] | None = None

    def look(self) -> None:
        """Begin to watch if there is reason to; call it whenever something came from the run."""
        if self._run.stuck_threads and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._watch(), name="deadlock watch")

    def close(self) -> None:
        """Watch no longer."""
        if self._task is not None:
            self._task.cancel()

    async def closed(self) -> None:
        """Wait until nothing is watched any more, after `close`."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _watch(self) -> None:
        before: float | None = None
        while True:
            await asyncio.sleep(_PAUSE_SECONDS)
            threads, pid = self._run.stuck_threads, self._run.pid
            if not threads:
                return
            if not pid:  # on a busy host, its record may come before the server tells of it
                continue
            used = processor_time(pid)
            asleep = await asyncio.to_thread(_asleep, pid)
            if asleep == threads == self._run.stuck_threads and used == before:
                self._run.stop(Stop(Outcome.DEADLOCK))
                return
            before = used


def _asleep(pid: int) -> int:
    """Return how many threads a process has, if all of them sleep; else 0."""
    count = 0
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            # The name in brackets may hold anything; the state follows the last of them.
            state = (thread / "stat").read_bytes().rpartition(b")")[2].split()[:1]
            if state != [_ASLEEP.encode()]:
                return 0
            count += 1
    except OSError:
        return 0
    return count
