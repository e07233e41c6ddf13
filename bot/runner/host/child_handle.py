"""A child process of the sandbox as the bot can reach it: to kill it, and to learn of its death."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable


class ChildHandle:
    """Holds a process id and, where the kernel gives one, a descriptor that stays the child's."""

    def __init__(self) -> None:
        self.pid = 0
        """The process id; 0 before there is one."""
        self._pidfd: int | None = None

    @property
    def certain(self) -> bool:
        """Whether there is a descriptor: a process id may be another's by now."""
        return self._pidfd is not None

    def hold(self, pid: int, pidfd: int | None) -> None:
        """Take a process; the descriptor becomes this object's."""
        self.pid, self._pidfd = pid, pidfd

    def kill(self) -> None:
        """Kill the process, if it is there."""
        with contextlib.suppress(ProcessLookupError):
            if self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            elif self.pid:
                os.kill(self.pid, signal.SIGKILL)

    def when_dead(self, call: Callable[[], None]) -> None:
        """Call back once the process is dead; only for one that is `certain`."""
        assert self._pidfd is not None
        pidfd, loop = self._pidfd, asyncio.get_running_loop()

        def dead() -> None:
            loop.remove_reader(pidfd)
            # As a container's first process, the bot inherits orphans, and reaps them.
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PIDFD, pidfd, os.WEXITED | os.WNOHANG)
            call()

        loop.add_reader(pidfd, dead)

    def close(self) -> None:
        """Let go of the process. Safe to call twice."""
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
