"""The limits that the fork server itself holds its runs to: time, and threads.

Standard library only: this runs in the fork server.
"""

import selectors
import socket
from typing import Any

from bot.runner.guest.limit_watch import LimitWatch
from bot.runner.guest.thread_limiter import ThreadLimiter


class EnforcedLimits:
    """Looks after each run from its beginning to its end."""

    def __init__(self) -> None:
        self._watch = LimitWatch()
        self._threads: ThreadLimiter | None = None

    def ask_for_threads(self, limiter: ThreadLimiter | None) -> None:
        """Count threads with `limiter`; None where the kernel does not ask whether they may be."""
        self._threads = limiter

    def register(self, selector: selectors.BaseSelector) -> None:
        """Let a selector tell when a run wants a thread: call what it holds as the data then."""
        if self._threads is not None:
            selector.register(self._threads, selectors.EVENT_READ, self._threads.answer)

    def expect(self, pid: int, limits: dict[str, Any], word: socket.socket) -> None:
        """Hold the run in process `pid` to its limits; `word` becomes this object's."""
        if self._threads is not None:
            self._threads.expect(pid, limits["threads"])
        self._watch.expect(pid, limits["cpu_seconds"], limits["wall_seconds"], word)

    def extend(self, pid: int, seconds: float) -> None:
        """Move a run's deadline: the bot was too slow for it."""
        self._watch.extend(pid, seconds)

    def patience(self) -> float | None:
        """Return for how many seconds there is nothing to look at; None without runs."""
        patience = self._watch.patience()
        return patience if self._threads is None else self._threads.patience(patience)

    def look(self) -> None:
        """End the runs that are over a limit."""
        self._watch.look()
        if self._threads is not None:
            self._threads.look()

    def forget(self, pid: int) -> str:
        """Drop a dead run; return the limit that it was ended for, or ""."""
        over = self._watch.forget(pid)
        if self._threads is not None and self._threads.forget(pid):
            over = "threads"
        return over

    def close(self) -> None:
        """Let go of every run, in a process that is not the server's."""
        self._watch.close()
        self._threads = None
