"""Which system calls a scenario may make, and which its fork server may: allow-lists.

Whatever is not named here fails with EPERM, on every architecture; why not a kill stands in
docs/adr/0005-seccomp.md. Names are those of x86_64 and aarch64; one that an architecture
lacks (aarch64 has no `open`) is simply not part of its filter. Pure data: seccomp.py makes
filters of it. The numbers come from the kernel's uapi headers and are the same on both.
"""

import errno
from dataclasses import dataclass
from typing import Literal

OWN_PID = 0x7E57_0F1D
"""Stands in a compiled filter where the child's own process id goes; no pid is as large."""

_THREAD_FLAGS = 0x003D_0F00
"""What pthread_create asks of clone(2): VM|FS|FILES|SIGHAND|THREAD|SYSVSEM|SETTLS|PARENT_SETTID|
CHILD_CLEARTID. No namespace flag, no new process."""
_DETACHED = 0x0040_0000  # no effect since Linux 2.6; musl still sets it
_FORK_FLAGS = (0x0120_0011, 0x11)  # CHILD_SETTID|CHILD_CLEARTID|SIGCHLD, as glibc; SIGCHLD alone
_ALL_BITS = 0xFFFF_FFFF_FFFF_FFFF
_INT_BITS = 0xFFFF_FFFF

_NOT_READ_ONLY = 0o3 | 0o100 | 0o1000 | 0o10000000 | 0o20000000
"""O_WRONLY|O_RDWR, O_CREAT, O_TRUNC, O_PATH, O_TMPFILE's own bit: none of these may be set."""

Verdict = Literal["allow", "ask"] | int
"""`ask` lets the fork server decide (user notification); a number is the errno to fail with."""


@dataclass(frozen=True, slots=True)
class Check:
    """True if `(argument & mask) == value`; the kernel compares all 64 bits."""

    argument: int
    value: int
    mask: int = _ALL_BITS


@dataclass(frozen=True, slots=True)
class Rule:
    """What becomes of a call whose arguments pass every check."""

    name: str
    checks: tuple[Check, ...] = ()
    verdict: Verdict = "allow"


def _anyhow(*groups: str) -> tuple[Rule, ...]:
    """Allow these calls with any arguments."""
    return tuple(Rule(name) for group in groups for name in group.split())


def _one_of(name: str, argument: int, *values: int) -> tuple[Rule, ...]:
    """Allow a call where an int argument has one of these values."""
    return tuple(Rule(name, (Check(argument, value, _INT_BITS),)) for value in values)


_MEMORY = "mmap munmap mremap mprotect madvise brk"
_FILES = (
    "read readv pread64 write writev lseek close close_range dup dup2 dup3 fstat stat lstat"
    " newfstatat statx access faccessat faccessat2 readlink readlinkat getdents64 getcwd"
)
_WAITING = (
    "poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2"
    " pipe2 eventfd2 timerfd_create timerfd_settime timerfd_gettime"
    " nanosleep clock_nanosleep pause sched_yield restart_syscall"
)
_TIME = "clock_gettime clock_getres gettimeofday time times getrusage"
_SIGNALS = (
    "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait"
    " sigaltstack alarm setitimer getitimer"
)
_THREADS = "futex set_robust_list set_tid_address rseq membarrier gettid"
_IDENTITY = (
    "getpid getppid getpgrp getuid geteuid getgid getegid getresuid getresgid uname sysinfo"
    " getrandom getrlimit"
)
_SOCKET_PAIR = "recvfrom getsockopt getsockname getpeername shutdown"
_END = "exit exit_group"

_THREAD_CLONE = (Check(0, _THREAD_FLAGS, _ALL_BITS ^ _DETACHED),)

_BOTH = (
    *_anyhow(_MEMORY, _FILES, _WAITING, _TIME, _SIGNALS, _THREADS, _IDENTITY, _SOCKET_PAIR, _END),
    # Reading only, whatever Landlock may let through.
    Rule("open", (Check(1, 0, _NOT_READ_ONLY),)),
    Rule("openat", (Check(2, 0, _NOT_READ_ONLY),)),
    # AF_UNIX stream pairs: the event loop's self-pipe. Never a datagram pair, whose ends can
    # write to any named socket; never an address, which would reach others' sockets.
    Rule("socketpair", (Check(0, 1, _INT_BITS), Check(1, 1, 0xF))),
    Rule("sendto", (Check(4, 0),)),
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC. Not F_SETOWN, which sends
    # signals; not F_SETPIPE_SZ, which takes kernel memory.
    *_one_of("fcntl", 1, 0, 1, 2, 3, 4, 1030),
    # TCGETS (isatty), TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX.
    *_one_of("ioctl", 1, 0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451),
    # PR_SET_NAME, PR_GET_NAME: threads are named.
    *_one_of("prctl", 0, 15, 16),
    Rule("prlimit64", (Check(0, 0, _INT_BITS), Check(2, 0))),
    Rule("sched_getaffinity", (Check(0, 0, _INT_BITS),)),
    # The C library falls back to clone(2), whose flags a filter can see.
    Rule("clone3", verdict=errno.ENOSYS),
    Rule("openat2", verdict=errno.ENOSYS),
)

SCENARIO: tuple[Rule, ...] = (
    *_BOTH,
    Rule("clone", _THREAD_CLONE),
    Rule("kill", (Check(0, OWN_PID, _INT_BITS),)),
    Rule("tgkill", (Check(0, OWN_PID, _INT_BITS),)),
)
"""What a scenario may call. Signals reach itself only; `clone` makes threads only."""

_SERVER_ONLY = "wait4 kill tgkill sendmsg recvmsg seccomp landlock_restrict_self setpgid pidfd_open"


def server(*, ask: bool) -> tuple[Rule, ...]:
    """Return what the fork server may call; it must hold whatever its children may.

    With `ask`, the filter asks the fork server about each new thread of its children: the
    filter is inherited, and the server itself never starts one.
    """
    return (
        *(rule for rule in _BOTH if rule.name not in {"prlimit64", "prctl", "ioctl"}),
        *_anyhow(_SERVER_ONLY, "prlimit64"),
        # PR_SET_PDEATHSIG and PR_SET_DUMPABLE for the children it forks, besides names.
        *_one_of("prctl", 0, 1, 4, 15, 16),
        *_one_of("ioctl", 1, 0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451),
        # SECCOMP_IOCTL_NOTIF_RECV and _SEND: no child holds the descriptor they work on.
        *_one_of("ioctl", 1, 0xC050_2100, 0xC018_2101),
        *(Rule("clone", (Check(0, flags),)) for flags in _FORK_FLAGS),
        Rule("clone", _THREAD_CLONE, "ask" if ask else "allow"),
    )
