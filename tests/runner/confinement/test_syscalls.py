"""The compiled filters decide as the allow-lists say, on both architectures."""

import errno
from typing import get_args

import pytest

from bot.runner.confinement import bpf, syscalls
from bot.runner.confinement.syscall_numbers import Machine
from tests.runner.bpf import ALLOW, ASK, AUDIT_ARCH, KILL_PROCESS, decide
from tests.runner.bpf import errno as fails
from tests.runner.confinement import libseccomp

MACHINES: tuple[Machine, ...] = get_args(Machine)
EPERM, ENOSYS = fails(errno.EPERM), fails(errno.ENOSYS)
THREAD, FORK, VFORK, NEW_USER = 0x3D0F00, 0x1200011, 0x4111, 0x10000011
OWN = syscalls.OWN_PID

DECISIONS = [
    ("read", (), ALLOW),
    ("mmap", (0, 0, 3, 0x22), ALLOW),  # private, anonymous
    ("mmap", (0, 0, 1, 0x802), ALLOW),  # a library's
    ("mmap", (0, 0, 3, 0x20022), ALLOW),  # a thread's stack
    ("mmap", (0, 0, 3, 0x21), EPERM),  # shared, anonymous
    ("mmap", (0, 0, 1, 0x01), ALLOW),  # of a file, to be read only
    ("mmap", (0, 0, 3, 0x01), EPERM),  # of a file, shared, to be written
    ("mmap", (0, 0, 5, 0x01), EPERM),  # of a file, shared, to be executed
    ("mmap", (0, 0, 1, 0x21), EPERM),  # shared, anonymous, to be read
    ("mmap", (0, 0, 1, 0x03), EPERM),  # shared, validated
    ("mmap", (0, 0, 3, 0x28), EPERM),  # droppable
    ("mmap", (0, 0, 3, 0x40022), EPERM),  # of the host's huge pages
    ("mmap", (), EPERM),
    ("remap_file_pages", (), EPERM),
    ("madvise", (0, 0, 4), ALLOW),
    ("madvise", (0, 0, 8), ALLOW),
    ("madvise", (0, 0, 9), EPERM),  # REMOVE
    ("madvise", (0, 0, 12), EPERM),  # MERGEABLE
    ("madvise", (0, 0, 20), EPERM),  # COLD
    ("madvise", (0, 0, 21), EPERM),  # PAGEOUT
    ("madvise", (0, 0, 100), EPERM),  # HWPOISON
    ("futex", (0, 0), ALLOW),  # WAIT: pthread_join
    ("futex", (0, 9 | 256), ALLOW),  # WAIT_BITSET on the clock of the day
    ("futex", (0, 128 | 1), ALLOW),  # WAKE of the own process
    ("futex", (0, 1), EPERM),
    ("futex", (0, 3), EPERM),  # REQUEUE
    ("futex", (0, 4), EPERM),  # CMP_REQUEUE
    ("futex", (0, 5), EPERM),  # WAKE_OP
    ("futex", (0, 6), EPERM),  # LOCK_PI
    ("futex", (0, 7), EPERM),  # UNLOCK_PI
    ("futex", (0, 10), EPERM),  # WAKE_BITSET
    ("futex", (0, 11), EPERM),  # WAIT_REQUEUE_PI
    ("futex", (0, 12), EPERM),  # CMP_REQUEUE_PI
    ("futex_wake", (), EPERM),
    ("futex_waitv", (), EPERM),
    ("set_robust_list", (), ENOSYS),
    ("set_tid_address", (), EPERM),
    ("membarrier", (), EPERM),
    ("sysinfo", (), EPERM),
    ("clock_gettime", (1,), ALLOW),
    ("clock_gettime", (2,), ALLOW),
    ("clock_gettime", (3,), ALLOW),
    ("clock_gettime", ((~4242 << 3 | 6) & 0xFFFFFFFF,), ALLOW),  # a thread's, the own ones only
    ("clock_gettime", (~4242 << 3 | 6,), ALLOW),
    ("clock_gettime", (~4242 << 3 | 2,), EPERM),  # another process's
    ("clock_gettime", ((~4242 << 3 | 2) & 0xFFFFFFFF,), EPERM),
    ("clock_gettime", (~4242 << 3,), EPERM),
    ("clock_gettime", (3 << 3 | 3,), EPERM),  # a descriptor's
    ("clock_getres", (1,), ALLOW),
    ("clock_getres", (~4242 << 3 | 2,), EPERM),
    ("clock_nanosleep", (1,), ALLOW),
    ("clock_nanosleep", (0,), ALLOW),
    ("clock_nanosleep", (~4242 << 3 | 2,), EPERM),
    ("timer_create", (), EPERM),
    ("setpriority", (), EPERM),
    ("ioprio_set", (), EPERM),
    ("sched_setattr", (), EPERM),
    ("capset", (), EPERM),
    ("epoll_pwait", (), ALLOW),
    ("exit_group", (), ALLOW),
    ("getrandom", (), ALLOW),
    ("clone", (THREAD,), ALLOW),
    ("clone", (THREAD | 0x400000,), ALLOW),  # as musl asks
    ("clone", (FORK,), EPERM),
    ("clone", (VFORK,), EPERM),
    ("clone", (NEW_USER,), EPERM),
    ("clone", (THREAD | 0x10000000,), EPERM),  # a thread in a user namespace of its own
    ("clone", (THREAD | 1 << 40,), EPERM),
    ("clone3", (), ENOSYS),
    ("execve", (), EPERM),
    ("execveat", (), EPERM),
    ("ptrace", (), EPERM),
    ("process_vm_readv", (), EPERM),
    ("process_vm_writev", (), EPERM),
    ("memfd_create", (), EPERM),
    ("io_uring_setup", (), EPERM),
    ("keyctl", (), EPERM),
    ("bpf", (), EPERM),
    ("userfaultfd", (), EPERM),
    ("unshare", (), EPERM),
    ("setns", (), EPERM),
    ("mount", (), EPERM),
    ("pidfd_open", (), EPERM),
    ("pidfd_getfd", (), EPERM),
    ("seccomp", (), EPERM),
    ("perf_event_open", (), EPERM),
    ("shmget", (), EPERM),
    ("mq_open", (), EPERM),
    ("socket", (2, 1, 0), EPERM),
    ("connect", (), EPERM),
    ("bind", (), EPERM),
    ("sendmsg", (), EPERM),
    ("sendmmsg", (), EPERM),
    ("sendto", (3, 1, 1, 0, 0, 0), ALLOW),
    ("sendto", (3, 1, 1, 0, 0x7FFF, 16), EPERM),
    ("sendto", (3, 1, 1, 0, 1 << 40, 16), EPERM),
    ("socketpair", (1, 1), ALLOW),
    ("socketpair", (1, 1 | 0o2000000), ALLOW),
    ("socketpair", (1, 2), EPERM),  # datagrams
    ("socketpair", (2, 1), EPERM),
    ("openat", (-100, 0, 0), ALLOW),
    ("openat", (-100, 0, 0o2000000), ALLOW),
    ("openat", (-100, 0, 1), EPERM),
    ("openat", (-100, 0, 2), EPERM),
    ("openat", (-100, 0, 0o100), EPERM),
    ("openat", (-100, 0, 0o1000), EPERM),
    ("openat", (-100, 0, 0o10000000), EPERM),
    ("openat", (-100, 0, 0o20000000), EPERM),
    ("kill", (OWN, 9), ALLOW),
    ("kill", (0, 9), EPERM),
    ("kill", (-1, 9), EPERM),
    ("kill", (-OWN, 9), EPERM),
    ("kill", (1, 9), EPERM),
    ("tgkill", (OWN, 5, 9), ALLOW),
    ("tgkill", (1, 1, 9), EPERM),
    ("tkill", (OWN, 9), EPERM),
    ("rt_sigqueueinfo", (OWN, 9), EPERM),
    ("fcntl", (0, 3), ALLOW),
    ("fcntl", (0, 4, 0o4000), ALLOW),  # F_SETFL, O_NONBLOCK
    ("fcntl", (0, 4, 0o44001), EPERM),  # O_DIRECT
    ("fcntl", (0, 4, 0o204001), EPERM),  # O_DIRECT on aarch64
    ("fcntl", (0, 4, 0o20000), EPERM),  # O_ASYNC
    ("fcntl", (0, 8), EPERM),  # F_SETOWN
    ("fcntl", (0, 1031), EPERM),  # F_SETPIPE_SZ
    ("ioctl", (0, 0x5421), ALLOW),
    ("ioctl", (0, 0x5412), EPERM),  # TIOCSTI
    ("ioctl", (0, 0xC0502100), EPERM),  # the thread limiter's
    ("prctl", (15,), ALLOW),
    ("prctl", (1, 0), EPERM),  # PR_SET_PDEATHSIG
    ("prctl", (38, 1), EPERM),
    ("prlimit64", (0, 9, 0, 4096), ALLOW),
    ("prlimit64", (0, 9, 4096, 0), EPERM),
    ("prlimit64", (1, 9, 0, 4096), EPERM),
    ("setpgid", (), EPERM),
    ("setsid", (), EPERM),
    ("wait4", (), EPERM),
]


def number(name: str, machine: Machine) -> int:
    found = libseccomp.number(name, machine)
    return -1 if found is None else found


@pytest.fixture(scope="module", params=MACHINES)
def machine(request: pytest.FixtureRequest) -> Machine:
    wanted: Machine = request.param
    return wanted


@pytest.fixture(scope="module")
def scenario(machine: Machine) -> bytes:
    return bpf.program(syscalls.SCENARIO, machine)


@pytest.mark.parametrize(("name", "arguments", "decision"), DECISIONS)
def test_a_scenarios_call_is_decided_as_listed(
    machine: Machine, scenario: bytes, name: str, arguments: tuple[int, ...], decision: int
) -> None:
    call = number(name, machine)
    assert decide(scenario, AUDIT_ARCH[machine], call, arguments) == decision


def test_every_unlisted_number_is_denied(machine: Machine, scenario: bytes) -> None:
    listed = {number(rule.name, machine) for rule in syscalls.SCENARIO}
    for call in range(1_024):
        if call not in listed:
            assert decide(scenario, AUDIT_ARCH[machine], call) == EPERM, call


def test_another_architectures_numbers_kill(machine: Machine, scenario: bytes) -> None:
    other = {"x86_64": 0x4000_0003, "aarch64": 0x4000_0028}[machine]  # i386, 32-bit Arm
    assert decide(scenario, other, 1) == KILL_PROCESS


def test_x32_numbers_kill() -> None:
    program = bpf.program(syscalls.SCENARIO, "x86_64")
    assert decide(program, AUDIT_ARCH["x86_64"], 0x4000_0000 | 1) == KILL_PROCESS


def test_a_childs_process_id_takes_the_placeholders_place(
    machine: Machine, scenario: bytes
) -> None:
    placeholder = OWN.to_bytes(4, "little")
    assert placeholder in scenario
    patched = scenario.replace(placeholder, (4242).to_bytes(4, "little"))
    for name in ("kill", "tgkill"):
        call = number(name, machine)
        assert decide(patched, AUDIT_ARCH[machine], call, (4242, 9)) == ALLOW
        assert decide(patched, AUDIT_ARCH[machine], call, (OWN, 9)) == EPERM


@pytest.mark.parametrize("ask", [True, False])
def test_the_server_may_whatever_a_scenario_may(machine: Machine, *, ask: bool) -> None:
    program = bpf.program(syscalls.server(ask=ask), machine)
    for name, arguments, decision in DECISIONS:
        if decision == ALLOW:
            allowed = decide(program, AUDIT_ARCH[machine], number(name, machine), arguments)
            assert allowed in {ALLOW, ASK}, name


@pytest.mark.parametrize(("ask", "decision"), [(True, ASK), (False, ALLOW)])
def test_the_server_forks_and_is_asked_about_threads(
    machine: Machine, decision: int, *, ask: bool
) -> None:
    program = bpf.program(syscalls.server(ask=ask), machine)
    clone = number("clone", machine)
    assert decide(program, AUDIT_ARCH[machine], clone, (FORK,)) == ALLOW
    assert decide(program, AUDIT_ARCH[machine], clone, (THREAD,)) == decision
    assert decide(program, AUDIT_ARCH[machine], clone, (VFORK,)) == EPERM
    assert decide(program, AUDIT_ARCH[machine], number("execve", machine)) == EPERM
    assert decide(program, AUDIT_ARCH[machine], number("socket", machine)) == EPERM


@pytest.mark.parametrize(("groups", "decision"), [(True, ALLOW), (False, EPERM)])
def test_only_a_server_with_control_groups_makes_and_writes_them(
    machine: Machine, scenario: bytes, decision: int, *, groups: bool
) -> None:
    program = bpf.program(syscalls.server(ask=True, groups=groups), machine)
    to_write, to_create = (0, 0, 0o1 | 0o2000000), (0, 0, 0o1 | 0o100)
    for name, arguments in (("mkdirat", ()), ("unlinkat", ()), ("openat", to_write)):
        call = number(name, machine)
        assert decide(program, AUDIT_ARCH[machine], call, arguments) == decision, name
        assert decide(scenario, AUDIT_ARCH[machine], call, arguments) == EPERM, name
    created = decide(program, AUDIT_ARCH[machine], number("openat", machine), to_create)
    assert created == EPERM
