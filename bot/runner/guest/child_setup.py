"""What a forked child does to itself before the scenario's code runs in it.

Standard library only, and quick: every microsecond here is in each run's first line.
"""

import os
import resource
import signal
from collections.abc import Collection
from dataclasses import dataclass

from bot.runner.confinement.kernel import LINUX, PR_SET_PDEATHSIG, Kernel

STDOUT, STDERR, EVENTS = 1, 2, 3
"""A scenario's descriptors, besides 0: /dev/null."""
STANDARD = frozenset({0, STDOUT, STDERR, EVENTS})
BROKEN = 70
"""The exit status of a child that could not be confined, EX_SOFTWARE of sysexits.h."""
OPEN_FILES = 64
_CODE_LIMIT = 1 << 26

_FIXED_LIMITS = (
    ("RLIMIT_CORE", 0),
    ("RLIMIT_FSIZE", 0),
    ("RLIMIT_MEMLOCK", 0),
    ("RLIMIT_MSGQUEUE", 0),
    ("RLIMIT_NOFILE", OPEN_FILES),
    ("RLIMIT_SIGPENDING", 64),
)


@dataclass(frozen=True, slots=True)
class Tightening:
    """What a child adds to the confinement that it inherits from the fork server."""

    server: int
    """The fork server's process id."""
    ruleset: int | None
    """A Landlock ruleset's descriptor, or None where the host has no Landlock."""
    program: bytes
    """A seccomp filter, or b"" where the host has no seccomp."""
    own_pid: bytes
    """The bytes in `program` that stand for the child's own process id."""

    def restrict_files(self, kernel: Kernel) -> None:
        """Confine what this process can open from now on, for good.

        :raises OSError: if the kernel refuses it
        """
        if self.ruleset is not None:
            kernel.restrict_self(self.ruleset)
            os.close(self.ruleset)

    def restrict_calls(self, kernel: Kernel) -> None:
        """Confine what this process can ask of the kernel from now on, for good.

        :raises OSError: if the kernel refuses it
        """
        if self.program:
            pid = os.getpid().to_bytes(len(self.own_pid), "little")
            kernel.filter_self(self.program.replace(self.own_pid, pid))


def settle(kernel: Kernel, tightening: Tightening, orders: int) -> None:
    """Do all that can be done before it is known which scenario the child will run.

    :param orders: the descriptor that brings the run; of the fork server's others, none stays
    """
    _tie_to(kernel, tightening.server)
    _own_null()
    kernel.drop_capabilities()
    tightening.restrict_files(kernel)
    _close_all_but({*STANDARD, orders})
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setpgid(0, 0)
    # No nice(2): the kernel wakes a niced process up to 0.5 % of its sleep late, not 0.1 %
    # (fs/select.c), which is 25 ms in two sleeps of 5 s in all.
    for name, value in _FIXED_LIMITS:
        _lower(name, value, value)


def enter(kernel: Kernel, tightening: Tightening, descriptors: list[int]) -> bytes:
    """Turn a settled child into the process that a scenario runs in; return what is to run in it.

    :param descriptors: of the code (a file), stdout, stderr, and the recorder's events
    :raises OSError: if any part of the confinement fails
    """
    code, *pipes = descriptors
    source = os.pread(code, _CODE_LIMIT, 0)
    # They lie above the wanted numbers, which the fork server has kept occupied.
    for pipe, wanted in zip(pipes, (STDOUT, STDERR, EVENTS), strict=True):
        os.dup2(pipe, wanted, inheritable=False)
    _close_all_but(STANDARD)
    tightening.restrict_calls(kernel)
    return source


def _own_null() -> None:
    """Open /dev/null as this process's own: its flags, as F_SETFL sets them, are nobody else's."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0, inheritable=False)
    os.close(null)


def _tie_to(kernel: Kernel, server: int) -> None:
    """Die with the fork server; at once, if it is gone already."""
    if LINUX:
        kernel.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:
        os._exit(BROKEN)


def _close_all_but(kept: Collection[int]) -> None:
    """Close every other descriptor."""
    low = 0
    for descriptor in sorted(kept):
        if low < descriptor:  # Python takes an empty range from 0 for all there is
            os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def limit(*, memory: int, seconds: int) -> None:
    """Set the run's own limits, those that the kernel keeps: bytes, processor seconds."""
    # A second net, and a wide one: the kernel holds it against ticks, which may charge too much as
    # well as too little. The fork server looks at the exact clock. See limit_watch.py.
    _lower("RLIMIT_CPU", seconds + 1, seconds + 2)
    _lower("RLIMIT_AS", memory, memory)


def _lower(name: str, soft: int, hard: int) -> None:
    """Lower one limit, as far as what was inherited allows."""
    kind = getattr(resource, name, None)
    if kind is None:  # not on this system
        return
    _, highest = resource.getrlimit(kind)
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    try:
        resource.setrlimit(kind, (soft, hard))
    except (OSError, ValueError):
        if LINUX:  # macOS refuses some that Linux takes
            raise
