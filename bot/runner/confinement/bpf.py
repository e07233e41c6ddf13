"""Allow-lists as programs of the kernel's classic BPF, for seccomp(2).

A program decides about one call from `struct seccomp_data`: the call's number, the architecture
and six arguments of 64 bits, which it reads 32 bits at a time. Numbers are found by a binary
search. See docs/adr/0026-own-bpf.md for why no library does this.
"""

import errno
import struct
from collections.abc import Iterable, Sequence

from bot.runner.confinement.syscall_numbers import Machine, number
from bot.runner.confinement.syscalls import ArgumentCheck, SyscallRule, SyscallVerdict

# Operations, from the kernel's uapi header bpf_common.h: class, size or kind, source.
_LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS: a word of seccomp_data into the accumulator
_AND = 0x54  # BPF_ALU | BPF_AND | BPF_K
_JUMP = 0x05  # BPF_JMP | BPF_JA
_IF_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_IF_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_RETURN = 0x06  # BPF_RET | BPF_K

# Verdicts, from seccomp.h.
_ALLOW, _ASK, _FAIL, _KILL = 0x7FFF_0000, 0x7FC0_0000, 0x0005_0000, 0x8000_0000
_DENY = _FAIL | errno.EPERM

# Offsets in seccomp_data; both architectures are little-endian.
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_AUDIT_ARCH = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_X32_BIT = 0x4000_0000
_WORD = 0xFFFF_FFFF

_INSTRUCTION = struct.Struct("<HBBI")
_MOST_INSTRUCTIONS = 4_096  # BPF_MAXINSNS
_Code = list[tuple[int, int, int, int]]
"""Instructions: operation, how many to skip if true, and if false, the operand."""


def program(rules: Iterable[SyscallRule], machine: Machine) -> bytes:
    """Return the program of an allow-list.

    The first rule whose checks pass decides. What no rule allows fails with EPERM; a call by
    another architecture's numbers (32-bit, x32) kills the process.

    :raises ValueError: if the program is longer than the kernel takes
    """
    calls: dict[int, list[SyscallRule]] = {}
    for rule in rules:
        found = number(rule.name, machine)
        if found is not None:
            calls.setdefault(found, []).append(rule)
    code: _Code = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, _AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":
        code += [(_IF_AT_LEAST, 0, 1, _X32_BIT), (_RETURN, 0, 0, _KILL)]
    code += _search(sorted(calls.items()))
    if len(code) > _MOST_INSTRUCTIONS:
        raise ValueError(f"{len(code)} instructions are more than seccomp(2) takes")
    return b"".join(_INSTRUCTION.pack(*one) for one in code)


def _search(calls: Sequence[tuple[int, list[SyscallRule]]]) -> _Code:
    """Return code that finds the call's number among `calls`, in ascending order."""
    if not calls:
        return [(_RETURN, 0, 0, _DENY)]
    if len(calls) == 1:
        ((wanted, rules),) = calls
        return [(_IF_EQUAL, 1, 0, wanted), (_RETURN, 0, 0, _DENY), *_decide(rules)]
    middle = len(calls) // 2
    above, below = _search(calls[middle:]), _search(calls[:middle])
    # A conditional jump reaches 255 instructions, an unconditional one any.
    return [(_IF_AT_LEAST, 1, 0, calls[middle][0]), (_JUMP, 0, 0, len(above)), *above, *below]


def _decide(rules: Iterable[SyscallRule]) -> _Code:
    """Return code that decides about one call by its rules."""
    code: _Code = []
    for rule in rules:
        code += _rule(rule)
        if not rule.checks:
            return code
    return [*code, (_RETURN, 0, 0, _DENY)]


def _rule(rule: SyscallRule) -> _Code:
    """Return code that gives the rule's verdict if all checks pass; else it runs past its end."""
    code: _Code = [(_RETURN, 0, 0, _verdict(rule.verdict))]
    for check in reversed(rule.checks):
        for half in (0, 1):
            code = _half(check, half, beyond=len(code)) + code
    return code


def _half(check: ArgumentCheck, half: int, *, beyond: int) -> _Code:
    """Return code for the lower (0) or upper (1) half of a check; failing, it skips `beyond`."""
    mask = check.mask >> 32 * half & _WORD
    if not mask:
        return []
    wanted = check.value >> 32 * half & _WORD
    masking = [] if mask == _WORD else [(_AND, 0, 0, mask)]
    offset = _ARGUMENTS + 8 * check.argument + 4 * half
    return [(_LOAD, 0, 0, offset), *masking, (_IF_EQUAL, 0, beyond, wanted)]


def _verdict(verdict: SyscallVerdict) -> int:
    if isinstance(verdict, int):
        return _FAIL | verdict
    return _ALLOW if verdict == "allow" else _ASK
