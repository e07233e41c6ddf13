"""Allow-lists compiled to the kernel's BPF by libseccomp, in the bot.

The fork server gets plain bytes and needs no library to install them.
"""

import errno
import os
from collections.abc import Iterable
from types import ModuleType
from typing import Literal

from bot.runner.syscalls import Rule

Machine = Literal["x86_64", "aarch64"]


class SeccompMissingError(Exception):
    """This host's libraries or kernel cannot make the filter; says which and why."""


def library() -> ModuleType:
    """Load libseccomp's binding, which looks for the library when it is imported.

    :raises SeccompMissingError: if the C library is not installed
    """
    try:
        import pyseccomp  # type: ignore[import-untyped] # noqa: PLC0415 - it has no types; importing it starts `ldconfig`, and raises on hosts without seccomp
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        raise SeccompMissingError(f"libseccomp cannot be loaded: {error}") from error
    module: ModuleType = pyseccomp
    return module


def compile_filter(rules: Iterable[Rule], machine: Machine | None = None) -> bytes:
    """Return the BPF program of an allow-list, for this host or for `machine`.

    What no rule allows fails with EPERM; a call by another architecture's numbers (32-bit,
    x32) kills the process.

    :raises SeccompMissingError: if libseccomp is missing or cannot express a rule
    """
    lib = library()
    try:
        made = lib.SyscallFilter(lib.ERRNO(errno.EPERM))
        made.set_attr(lib.Attr.ACT_BADARCH, lib.KILL_PROCESS)
        made.set_attr(lib.Attr.CTL_OPTIMIZE, 2)  # a binary tree, not a long chain of ifs
        if machine is not None:
            wanted = {"x86_64": lib.Arch.X86_64, "aarch64": lib.Arch.AARCH64}[machine]
            if wanted != lib.system_arch():
                made.add_arch(wanted)
                made.remove_arch(lib.system_arch())
        for rule in rules:
            _add(lib, made, rule)
        return _exported(made)
    except (OSError, NotImplementedError) as error:
        raise SeccompMissingError(f"libseccomp cannot make the filter: {error}") from error


def _add(lib: ModuleType, made: object, rule: Rule) -> None:
    """Add one rule, unless the library is older than the call it names."""
    number = lib.resolve_syscall(lib.Arch.NATIVE, rule.name)
    if number == -1:  # unknown to this libseccomp: it stays denied
        return
    actions = {"allow": lib.ALLOW, "ask": lib.NOTIFY}
    action = lib.ERRNO(rule.verdict) if isinstance(rule.verdict, int) else actions[rule.verdict]
    checks = [lib.Arg(c.argument, lib.MASKED_EQ, c.mask, c.value) for c in rule.checks]
    made.add_rule(action, number, *checks)  # type: ignore[attr-defined] # loaded by name, untyped


def _exported(made: object) -> bytes:
    """Return the program's bytes; libseccomp writes to a descriptor only."""
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as read, os.fdopen(writer, "wb") as write:
        made.export_bpf(write)  # type: ignore[attr-defined] # loaded by name, untyped
        write.close()
        return read.read()
