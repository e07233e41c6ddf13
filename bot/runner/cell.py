"""What a forked child does to itself before the scenario's code runs in it.

Standard library only, and quick: every microsecond here is in each run's first line.
"""

import contextlib
import gc
import os
import resource
import signal
from dataclasses import dataclass
from typing import Any

from bot.runner.kernel import LINUX, PR_SET_PDEATHSIG, Kernel

STDOUT, STDERR, EVENTS = 1, 2, 3
"""A scenario's descriptors, besides 0: /dev/null."""
BROKEN = 70
"""The exit status of a child that could not be confined, EX_SOFTWARE of sysexits.h."""
OPEN_FILES = 64
NICENESS = 5
"""Scenarios give way to the bot when processors are short."""
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

    def apply(self, kernel: Kernel) -> None:
        """Confine this process for good.

        :raises OSError: if the kernel refuses any part of it
        """
        if self.ruleset is not None:
            kernel.restrict_self(self.ruleset)
            os.close(self.ruleset)
        if self.program:
            pid = os.getpid().to_bytes(len(self.own_pid), "little")
            kernel.filter_self(self.program.replace(self.own_pid, pid))


def enter(
    kernel: Kernel, tightening: Tightening, limits: dict[str, Any], descriptors: list[int]
) -> bytes:
    """Turn a fresh fork into a scenario's cell; return what is to run in it.

    :param descriptors: of the code (a file), stdout, stderr, and the recorder's events
    :raises OSError: if any part of the confinement fails
    """
    _tie_to(kernel, tightening.server)
    code, *rest = descriptors
    source = _whole(code)
    for source_fd, wanted in zip(rest, (STDOUT, STDERR, EVENTS), strict=True):
        os.dup2(source_fd, wanted, inheritable=False)
    kept = {tightening.ruleset} - {None}
    _close_all_but(kept)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setpgid(0, 0)
    with contextlib.suppress(OSError):  # a host may forbid it; nothing rests on it
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    limit(limits)
    tightening.apply(kernel)
    gc.enable()
    return source


def _tie_to(kernel: Kernel, server: int) -> None:
    """Die with the fork server; at once, if it is gone already."""
    if LINUX:
        kernel.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:
        os._exit(BROKEN)


def _whole(descriptor: int) -> bytes:
    """Read a file from its beginning; the bot wrote it through the same open file."""
    return os.pread(descriptor, _CODE_LIMIT, 0)


def _close_all_but(kept: set[int | None]) -> None:
    """Close what the fork server had open: nothing of it is a scenario's business."""
    low = EVENTS + 1
    for descriptor in sorted(fd for fd in kept if fd is not None):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def limit(limits: dict[str, Any]) -> None:
    """Set the limits that the kernel keeps itself."""
    for name, value in _FIXED_LIMITS:
        _lower(name, value, value)
    memory, seconds = limits["memory_bytes"], limits["cpu_seconds"]
    # At the soft limit comes SIGXCPU, which a scenario may ignore; at the hard one SIGKILL.
    _lower("RLIMIT_CPU", seconds, seconds + 1)
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
