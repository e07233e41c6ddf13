"""Our programs decide as libseccomp's do, about every call and whatever its arguments."""

import functools
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.runner.confinement import bpf, syscall_numbers, syscalls
from bot.runner.confinement.syscall_numbers import Machine
from bot.runner.confinement.syscalls import ArgumentCheck, SyscallRule
from tests.runner.bpf import ALLOW, AUDIT_ARCH, decide
from tests.runner.confinement import libseccomp

LISTS = {
    "scenario": syscalls.SCENARIO,
    "server that asks": syscalls.server(ask=True),
    "server": syscalls.server(ask=False),
    "server with control groups": syscalls.server(ask=True, groups=True),
}
MACHINES: tuple[Machine, ...] = get_args(Machine)
WORD, LONG = 2**32 - 1, 2**64 - 1


@functools.cache
def programs(name: str, machine: Machine) -> tuple[bytes, bytes]:
    """Return our program and libseccomp's."""
    return bpf.program(LISTS[name], machine), libseccomp.program(LISTS[name], machine)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_numbers_are_the_kernels(machine: Machine) -> None:
    for name in syscall_numbers._NUMBERS:
        assert syscall_numbers.number(name, machine) == libseccomp.number(name, machine), name


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", LISTS)
def test_every_number_is_decided_as_by_libseccomp(name: str, machine: Machine) -> None:
    ours, theirs = programs(name, machine)
    for call in [*range(1_200), 0x4000_0000, 0x4000_0001, 0x7FFF_FFFF, 0x8000_0000]:
        for arch in (*AUDIT_ARCH.values(), 0x4000_0003, 0x4000_0028):
            assert decide(ours, arch, call) == decide(theirs, arch, call), (call, hex(arch))


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, Machine, int, list[int]]:
    """Return a listed call whose arguments lie at, or near, what its rules speak of."""
    name, machine = draw(st.sampled_from(sorted(LISTS))), draw(st.sampled_from(MACHINES))
    listed = [one for one in LISTS[name] if syscall_numbers.number(one.name, machine) is not None]
    rule = draw(st.sampled_from([one for one in listed if one.checks]))
    called = syscall_numbers.number(rule.name, machine)
    assert called is not None
    arguments = draw(st.lists(st.integers(0, LONG), min_size=6, max_size=6))
    for check in rule.checks:
        beside = draw(st.integers(0, LONG)) & ~check.mask
        flipped = draw(st.sampled_from([0, *(1 << bit for bit in range(64))]))
        arguments[check.argument] = (check.value | beside) ^ flipped
    return name, machine, called, arguments


@settings(deadline=None, max_examples=1_500)
@given(calls())
def test_arguments_are_judged_as_by_libseccomp(call: tuple[str, Machine, int, list[int]]) -> None:
    name, machine, called, arguments = call
    ours, theirs = programs(name, machine)
    arch = AUDIT_ARCH[machine]
    assert decide(ours, arch, called, arguments) == decide(theirs, arch, called, arguments)


def test_a_rule_of_several_checks_passes_only_with_all() -> None:
    rule = SyscallRule("kill", (ArgumentCheck(0, 7), ArgumentCheck(1, 1 << 40, 1 << 40)))
    made, arch = bpf.program([rule], "x86_64"), AUDIT_ARCH["x86_64"]
    number = syscall_numbers.number("kill", "x86_64")
    assert number is not None
    assert decide(made, arch, number, (7, 1 << 40)) == ALLOW
    for arguments in ((8, 1 << 40), (7, 0), (7 | 1 << 33, 1 << 40), (0, 0)):
        assert decide(made, arch, number, arguments) != ALLOW


def test_a_program_that_the_kernel_would_not_take_is_not_made() -> None:
    many = [SyscallRule("kill", (ArgumentCheck(0, value),)) for value in range(1_000)]
    with pytest.raises(ValueError, match="instructions"):
        bpf.program(many, "x86_64")


def test_an_unknown_name_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        bpf.program([SyscallRule("no_such_call")], "aarch64")
