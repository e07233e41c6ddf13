"""libseccomp, by ctypes: the reference that our own programs are held against.

On Debian and Ubuntu it is always there: apt itself needs it. Constants are seccomp.h's.
"""

import ctypes
import errno
import os
from collections.abc import Iterable

from bot.runner.confinement.syscall_numbers import Machine
from bot.runner.confinement.syscalls import SyscallRule
from tests.runner.bpf import ALLOW, ASK, AUDIT_ARCH, KILL_PROCESS
from tests.runner.bpf import errno as fails

_MASKED_EQUAL = 7
_ON_OTHER_ARCHITECTURES, _OPTIMIZE = 2, 8
_UNKNOWN = -1


class _Comparison(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operation", ctypes.c_int),
        ("mask", ctypes.c_uint64),
        ("value", ctypes.c_uint64),
    )


def _load() -> ctypes.CDLL:
    library = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    library.seccomp_init.restype = ctypes.c_void_p
    return library


def number(name: str, machine: Machine) -> int | None:
    """Return a call's number, or None where the architecture lacks it."""
    found: int = _load().seccomp_syscall_resolve_name_arch(AUDIT_ARCH[machine], name.encode())
    return found if found >= 0 else None


def program(rules: Iterable[SyscallRule], machine: Machine) -> bytes:
    """Return what libseccomp makes of an allow-list."""
    library = _load()
    made = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(fails(errno.EPERM))))
    wanted, native = ctypes.c_uint32(AUDIT_ARCH[machine]), library.seccomp_arch_native()
    if ctypes.c_uint32(native).value != wanted.value:
        _check(library.seccomp_arch_add(made, wanted))
        _check(library.seccomp_arch_remove(made, ctypes.c_uint32(native)))
    kill = ctypes.c_uint32(KILL_PROCESS)
    _check(library.seccomp_attr_set(made, _ON_OTHER_ARCHITECTURES, kill))
    _check(library.seccomp_attr_set(made, _OPTIMIZE, ctypes.c_uint32(2)))
    for rule in rules:
        _add(library, made, rule)
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as read:
        _check(library.seccomp_export_bpf(made, writer))
        os.close(writer)
        library.seccomp_release(made)
        return read.read()


def _add(library: ctypes.CDLL, made: ctypes.c_void_p, rule: SyscallRule) -> None:
    resolved = library.seccomp_syscall_resolve_name(rule.name.encode())
    assert resolved != _UNKNOWN, rule.name
    verdicts = {"allow": ALLOW, "ask": ASK}
    verdict = fails(rule.verdict) if isinstance(rule.verdict, int) else verdicts[rule.verdict]
    checks = [_Comparison(one.argument, _MASKED_EQUAL, one.mask, one.value) for one in rule.checks]
    packed = (_Comparison * max(len(checks), 1))(*checks)
    _check(
        library.seccomp_rule_add_array(
            made, ctypes.c_uint32(verdict), resolved, len(checks), packed
        )
    )


def _check(result: int) -> None:
    assert result == 0, os.strerror(-result)
