"""Which process the kernel takes when memory runs out: a scenario first, then the fork server.

Standard library only: this runs in the fork server. See proc(5), oom_score_adj, and vmstat.
"""

import contextlib
import os
import time

from bot.runner.guest.proc_files import ProcFiles

_SERVER, _RUN = 500, 1_000
_RECENT_SECONDS = 1.0


class OomScore:
    """The score of this process, whose children inherit what it is at their birth."""

    def __init__(self) -> None:
        """Take this process's file while it may: an undumpable process's belongs to root."""
        self._file: int | None = None
        with contextlib.suppress(OSError):
            file = os.open("/proc/self/oom_score_adj", os.O_RDWR | os.O_CLOEXEC)
            # What is higher already was set by someone who may forbid us to lower it.
            self._own = max(_SERVER, int(os.pread(file, 16, 0)))
            self._file = file
        self.be_server()

    def be_server(self) -> None:
        """Come after every scenario and before the bot."""
        self._write(_SERVER)

    def be_run(self) -> None:
        """Come first: for the moment in which a child is forked."""
        self._write(_RUN)

    def _write(self, score: int) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.pwrite(self._file, b"%d" % max(score, self._own), 0)


class OomKills:
    """Tells whether the kernel killed processes for want of memory just now."""

    def __init__(self, proc: ProcFiles) -> None:
        self._proc = proc
        self._known = self._count()
        self._rose_at = -_RECENT_SECONDS

    def just_happened(self) -> bool:
        """Look whether their number rose, now or within the last second."""
        kills = self._count()
        if kills > self._known:
            self._known, self._rose_at = kills, time.monotonic()
        return time.monotonic() - self._rose_at < _RECENT_SECONDS

    def _count(self) -> int:
        """Return how many the kernel killed since it started; 0 where it does not say."""
        with contextlib.suppress(OSError):
            for row in self._proc.read("vmstat").split(b"\n"):
                if row.startswith(b"oom_kill "):
                    return int(row.split()[1])
        return 0
