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

_PACKETS_OR_SIGNALS = 0o40000 | 0o200000 | 0o20000
"""O_DIRECT (x86_64's number, aarch64's), with which a pipe's reader gets each byte that was written
for itself, so that it costs us more to read than the run to write; O_ASYNC."""
_PROT_READ = 1
_MAP_TYPE, _MAP_SHARED, _MAP_PRIVATE = 0xF, 0x1, 0x2
_MAP_ANONYMOUS, _MAP_HUGETLB = 0x20, 0x4_0000
_FUTEX_PRIVATE, _FUTEX_CLOCK_REALTIME = 0x80, 0x100
_FUTEX_WAIT, _FUTEX_WAIT_BITSET = 0, 9

SyscallVerdict = Literal["allow", "ask"] | int
"""`ask` lets the fork server decide (user notification); a number is the errno to fail with."""


@dataclass(frozen=True, slots=True)
class ArgumentCheck:
    """True if `(argument & mask) == value`; the kernel compares all 64 bits."""

    argument: int
    value: int
    mask: int = _ALL_BITS


@dataclass(frozen=True, slots=True)
class SyscallRule:
    """What becomes of a call whose arguments pass every check."""

    name: str
    checks: tuple[ArgumentCheck, ...] = ()
    verdict: SyscallVerdict = "allow"


def _anyhow(*groups: str) -> tuple[SyscallRule, ...]:
    """Allow these calls with any arguments."""
    return tuple(SyscallRule(name) for group in groups for name in group.split())


def _one_of(name: str, argument: int, *values: int) -> tuple[SyscallRule, ...]:
    """Allow a call where an int argument has one of these values."""
    return tuple(
        SyscallRule(name, (ArgumentCheck(argument, value, _INT_BITS),)) for value in values
    )


_MEMORY = "munmap mremap mprotect brk"
_FILES = (
    "read readv pread64 write writev lseek close close_range dup dup2 dup3 fstat stat lstat"
    " newfstatat statx access faccessat faccessat2 readlink readlinkat getdents64 getcwd"
)
_WAITING = (
    "poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2"
    " pipe2 eventfd2 timerfd_create timerfd_settime timerfd_gettime"
    " nanosleep pause sched_yield restart_syscall"
)
_TIME = "gettimeofday time times getrusage"
_SIGNALS = (
    "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait"
    " sigaltstack alarm setitimer getitimer"
)
_THREADS = "rseq gettid"
_IDENTITY = (
    "getpid getppid getpgrp getuid geteuid getgid getegid getresuid getresgid uname"
    " getrandom getrlimit"
)
_SOCKET_PAIR = "recvfrom getsockopt getsockname getpeername shutdown"
_END = "exit exit_group"

_OWN_CLOCKS = (0, 1, 2, 3, 4, 5, 6, 7, 11)
"""Clocks that are everybody's or the caller's own: CLOCK_REALTIME to CLOCK_BOOTTIME, CLOCK_TAI.
Negative numbers name the processor clocks of other processes, too."""
_OWN_THREADS_CLOCK = ArgumentCheck(0, 0x8000_0006, 0x8000_0007)
"""Negative, with CPUCLOCK_PERTHREAD_MASK and CPUCLOCK_SCHED: of threads, the kernel lets a process
read its own only. `time.pthread_getcpuclockid` makes them."""
_SLEEPERS_CLOCKS = (0, 1, 7)
_ADVICE = (0, 1, 2, 3, 4, 8, 14, 15, 16, 17, 22, 23, 102, 103)
"""What madvise(2) may be told, all of it about the caller's own pages: NORMAL, RANDOM, SEQUENTIAL,
WILLNEED, DONTNEED, FREE, (NO)HUGEPAGE, DONTDUMP, DODUMP, POPULATE_*, GUARD_*. Not PAGEOUT or COLD,
which take library pages from everybody, nor MERGEABLE, by whose timing pages are compared."""

_THREAD_CLONE = (ArgumentCheck(0, _THREAD_FLAGS, _ALL_BITS ^ _DETACHED),)

_BOTH = (
    *_anyhow(_MEMORY, _FILES, _WAITING, _TIME, _SIGNALS, _THREADS, _IDENTITY, _SOCKET_PAIR, _END),
    # Private maps only: shared pages outlive their addresses, which RLIMIT_AS counts. No huge
    # pages of the host's pool. A library file may be mapped shared to be read: its pages are the
    # host's cache, and a file that is open for reading can never be mapped for writing.
    SyscallRule("mmap", (ArgumentCheck(3, _MAP_PRIVATE, _MAP_TYPE | _MAP_HUGETLB),)),
    SyscallRule(
        "mmap",
        (
            ArgumentCheck(2, _PROT_READ, _INT_BITS),
            ArgumentCheck(3, _MAP_SHARED, _MAP_TYPE | _MAP_ANONYMOUS | _MAP_HUGETLB),
        ),
    ),
    *_one_of("madvise", 2, *_ADVICE),
    # A futex in a page of the library is shared with other runs: none may be woken there. Waiting
    # stays: pthread_join(3) waits on what the kernel wakes at a thread's end, which is shared.
    SyscallRule("futex", (ArgumentCheck(1, _FUTEX_PRIVATE, _FUTEX_PRIVATE),)),
    *(
        SyscallRule("futex", (ArgumentCheck(1, kind, _INT_BITS ^ _FUTEX_CLOCK_REALTIME),))
        for kind in (_FUTEX_WAIT, _FUTEX_WAIT_BITSET)
    ),
    # The kernel would wake what such a list names, wherever it lies. Python has no robust locks,
    # and the C library takes the answer as a kernel's that has none.
    SyscallRule("set_robust_list", verdict=errno.ENOSYS),
    # Reading only, whatever Landlock may let through.
    SyscallRule("open", (ArgumentCheck(1, 0, _NOT_READ_ONLY),)),
    SyscallRule("openat", (ArgumentCheck(2, 0, _NOT_READ_ONLY),)),
    # AF_UNIX stream pairs: the event loop's self-pipe. Never a datagram pair, whose ends can
    # write to any named socket; never an address, which would reach others' sockets.
    SyscallRule("socketpair", (ArgumentCheck(0, 1, _INT_BITS), ArgumentCheck(1, 1, 0xF))),
    SyscallRule("sendto", (ArgumentCheck(4, 0),)),
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC; F_SETFL without the flags below. Not
    # F_SETOWN, which sends signals; not F_SETPIPE_SZ, which takes kernel memory.
    *_one_of("fcntl", 1, 0, 1, 2, 3, 1030),
    SyscallRule(
        "fcntl", (ArgumentCheck(1, 4, _INT_BITS), ArgumentCheck(2, 0, _PACKETS_OR_SIGNALS))
    ),
    # TCGETS (isatty), TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX.
    *_one_of("ioctl", 1, 0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451),
    # PR_SET_NAME, PR_GET_NAME: threads are named.
    *_one_of("prctl", 0, 15, 16),
    SyscallRule("prlimit64", (ArgumentCheck(0, 0, _INT_BITS), ArgumentCheck(2, 0))),
    SyscallRule("sched_getaffinity", (ArgumentCheck(0, 0, _INT_BITS),)),
    # The C library falls back to clone(2), whose flags a filter can see.
    SyscallRule("clone3", verdict=errno.ENOSYS),
    SyscallRule("openat2", verdict=errno.ENOSYS),
)

_OWN_TIME = (
    *_one_of("clock_gettime", 0, *_OWN_CLOCKS),
    *_one_of("clock_getres", 0, *_OWN_CLOCKS),
    *(SyscallRule(name, (_OWN_THREADS_CLOCK,)) for name in ("clock_gettime", "clock_getres")),
    *_one_of("clock_nanosleep", 0, *_SLEEPERS_CLOCKS),
)

SCENARIO: tuple[SyscallRule, ...] = (
    *_BOTH,
    *_OWN_TIME,
    SyscallRule("clone", _THREAD_CLONE),
    SyscallRule("kill", (ArgumentCheck(0, OWN_PID, _INT_BITS),)),
    SyscallRule("tgkill", (ArgumentCheck(0, OWN_PID, _INT_BITS),)),
)
"""What a scenario may call. Signals reach itself only; `clone` makes threads only."""

_SERVER_ONLY = (
    "wait4 kill tgkill sendmsg recvmsg seccomp landlock_restrict_self setpgid pidfd_open pwrite64"
    " capset clock_gettime clock_getres clock_nanosleep"
)

_GROUPS = (
    *_anyhow("mkdirat unlinkat"),
    SyscallRule(
        "openat", (ArgumentCheck(2, 1, _NOT_READ_ONLY),)
    ),  # O_WRONLY, what is there already
)
"""For the control groups of runs. Landlock keeps it to the folder in which they are."""


def server(*, ask: bool, groups: bool = False) -> tuple[SyscallRule, ...]:
    """Return what the fork server may call; it must hold whatever its children may.

    With `ask`, the filter asks the fork server about each new thread of its children: the
    filter is inherited, and the server itself never starts one. With `groups`, it may make and
    remove the control groups of its runs.
    """
    return (
        *(rule for rule in _BOTH if rule.name not in {"prlimit64", "prctl", "ioctl"}),
        *_anyhow(_SERVER_ONLY, "prlimit64"),
        # PR_SET_PDEATHSIG and PR_SET_DUMPABLE for the children it forks, besides names.
        *_one_of("prctl", 0, 1, 4, 15, 16),
        *_one_of("ioctl", 1, 0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451),
        # SECCOMP_IOCTL_NOTIF_RECV and _SEND: no child holds the descriptor they work on.
        *_one_of("ioctl", 1, 0xC050_2100, 0xC018_2101),
        *(SyscallRule("clone", (ArgumentCheck(0, flags),)) for flags in _FORK_FLAGS),
        SyscallRule("clone", _THREAD_CLONE, "ask" if ask else "allow"),
        *(_GROUPS if groups else ()),
    )
