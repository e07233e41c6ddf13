"""Seccomp filters for this host, as bytes that the fork server installs without any library."""

import platform
import sys
from collections.abc import Iterable
from typing import get_args

from bot.runner.confinement import bpf
from bot.runner.confinement.syscall_numbers import Machine
from bot.runner.confinement.syscalls import SyscallRule


class SeccompMissingError(Exception):
    """This host has no seccomp filters, or is of an architecture that we have no numbers for."""


def compile_filter(rules: Iterable[SyscallRule]) -> bytes:
    """Return the BPF program of an allow-list for this host.

    :raises SeccompMissingError: if this host cannot have one
    """
    return bpf.program(rules, machine())


def machine() -> Machine:
    """Return this host's architecture.

    :raises SeccompMissingError: if there are no filters for it
    """
    if sys.platform != "linux":
        raise SeccompMissingError(f"{sys.platform} has no seccomp filters")
    found = platform.machine()
    for known in get_args(Machine):
        if known == found:
            return known  # type: ignore[no-any-return] # get_args forgets the types
    raise SeccompMissingError(f"there is no filter for {found}, only for {get_args(Machine)}")
