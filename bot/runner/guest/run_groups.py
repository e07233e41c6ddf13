"""A control group (v2) for each run, made ahead for the child that waits for it.

The kernel then holds each run's `memory.max` and `pids.max`, whatever the run does with its
addresses, and says in `memory.events` whether it killed the run. Never `cpu.max`: a group that is
throttled sleeps for parts of each tenth of a second, and every measured time would be wrong.

Standard library only: this runs in the fork server. See cgroups(7) and the kernel's cgroup-v2.rst.
"""

import contextlib
import os
import signal
from collections.abc import Collection

OWN_BYTES = 32 << 20
"""What a run's group may hold beyond the run's limit: the interpreter's own pages, which its limit
on addresses leaves out as well, and the kernel's for its threads and pipes."""


class RunGroups:
    """Makes, limits and removes the groups of one fork server's runs.

    :param folder: a delegated group; "" where there is none: then every call does nothing
    :param controllers: those that its children have, of "memory" and "pids"
    """

    def __init__(self, folder: str = "", controllers: Collection[str] = ()) -> None:
        self._controllers = frozenset(controllers)
        self._folder: int | None = None
        if folder:
            self._folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._server = os.getpid()
        self._left: set[str] = set()  # groups that the kernel had not let go of yet

    def make(self, pid: int) -> None:
        """Put a child that waits for its run into a group of its own.

        :raises OSError: if that cannot be; the child is gone then
        """
        if self._folder is None:
            return
        try:
            self._make(pid)
        except OSError:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            self.remove(pid)
            raise

    def _make(self, pid: int) -> None:
        name = self._name(pid)
        self._left.discard(name)
        with contextlib.suppress(FileExistsError):  # of a run before it, with the same number
            os.mkdir(name, dir_fd=self._folder)
        self._write(name, "cgroup.procs", pid)

    def limit(self, pid: int, memory_bytes: int, threads: int) -> None:
        """Set the limits of the run that a child has been given.

        :raises OSError: if the kernel takes no such limit
        """
        if self._folder is None:
            return
        name = self._name(pid)
        if "pids" in self._controllers:
            self._write(name, "pids.max", threads)
        if "memory" in self._controllers:
            self._write(name, "memory.max", memory_bytes + OWN_BYTES)
            with contextlib.suppress(FileNotFoundError):  # a kernel without swap
                self._write(name, "memory.swap.max", 0)

    def remove(self, pid: int) -> bool | None:
        """Remove the group of a dead child.

        :return: whether the kernel killed it for want of memory; None where there are no groups
        """
        if self._folder is None:
            return None
        name = self._name(pid)
        killed = self._kills(name) > 0
        self._left.add(name)
        for one in list(self._left):
            # For a moment the kernel may hold a group to be in use whose process is reaped.
            with contextlib.suppress(OSError):
                os.rmdir(one, dir_fd=self._folder)
                self._left.discard(one)
        return killed

    def close(self) -> None:
        """Let go of the folder, in a child."""
        if self._folder is not None:
            os.close(self._folder)

    def _name(self, pid: int) -> str:
        return f"{run_prefix(self._server)}{pid}"

    def _write(self, name: str, file: str, value: int) -> None:
        control = os.open(f"{name}/{file}", os.O_WRONLY | os.O_CLOEXEC, dir_fd=self._folder)
        try:
            os.write(control, b"%d" % value)
        finally:
            os.close(control)

    def _kills(self, name: str) -> int:
        with contextlib.suppress(OSError):
            path = f"{name}/memory.events"
            events = os.open(path, os.O_RDONLY | os.O_CLOEXEC, dir_fd=self._folder)
            try:
                rows = os.read(events, 1 << 12).split(b"\n")
            finally:
                os.close(events)
            return next((int(row[9:]) for row in rows if row.startswith(b"oom_kill ")), 0)
        return 0


def run_prefix(server: int) -> str:
    """Return how the names of a fork server's groups begin; a run's process id comes after it."""
    return f"tutor-{server}-run-"
