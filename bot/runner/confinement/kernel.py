"""The few kernel calls that the fork server needs and Python's library lacks.

Standard library only: this runs in the fork server, under any Python that is on the host.
Numbers and layouts are the kernel's own, from its uapi headers: prctl.h, seccomp.h,
landlock.h and asm-generic/unistd.h.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
M_ARENA_MAX = -8

_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_NEW_LISTENER = 1 << 3
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3 = 0x2008_0522
_LANDLOCK_RESTRICT_SELF = 446
_BPF_INSTRUCTION_BYTES = 8
_CLONE_NEWNS = 0x0002_0000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 1, 2, 4, 8
_MS_REC, _MS_PRIVATE = 1 << 14, 1 << 18

LINUX = sys.platform == "linux"


class _Program(ctypes.Structure):
    """`struct sock_fprog`: a BPF program for seccomp(2)."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


class Kernel:
    """Raw calls; each raises `OSError` as the kernel refuses it."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._seccomp = _SECCOMP.get(platform.machine(), -1) if LINUX else -1
        self._capset = _CAPSET.get(platform.machine(), -1) if LINUX else -1

    def prctl(self, option: int, value: int) -> None:
        """Set one property of this process."""
        if not LINUX:
            raise OSError(errno.ENOSYS, "prctl is Linux's own")
        zero = ctypes.c_ulong(0)
        _check(self._libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero), "prctl")

    def restrict_self(self, ruleset: int) -> None:
        """Put this thread under the Landlock ruleset behind the descriptor `ruleset`."""
        if not LINUX:
            raise OSError(errno.ENOSYS, "Landlock is Linux's own")
        number, flags = ctypes.c_long(_LANDLOCK_RESTRICT_SELF), ctypes.c_uint32(0)
        result = self._libc.syscall(number, ctypes.c_int(ruleset), flags)
        _check(result, "landlock_restrict_self")

    def filter_self(self, program: bytes, *, listen: bool = False) -> int:
        """Install a seccomp filter; with `listen`, return its notification descriptor."""
        if self._seccomp < 0:
            raise OSError(errno.ENOSYS, f"no seccomp filter for {platform.machine()}")
        packed = _Program(len(program) // _BPF_INSTRUCTION_BYTES, program)
        result: int = self._libc.syscall(
            ctypes.c_long(self._seccomp),
            ctypes.c_uint(_SECCOMP_SET_MODE_FILTER),
            ctypes.c_uint(_SECCOMP_FILTER_FLAG_NEW_LISTENER if listen else 0),
            ctypes.byref(packed),
        )
        _check(result, "seccomp")
        return result

    def drop_capabilities(self) -> None:
        """Give up every capability, which root has and others rarely: capabilities(7)."""
        if self._capset < 0:
            return
        header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
        none = bytes(24)  # two times effective, permitted, inheritable
        _check(self._libc.syscall(ctypes.c_long(self._capset), header, none), "capset")

    def hide_processes(self) -> None:
        """Put an empty folder over /proc, for this process and its children only.

        Only root can, and needs it: to others the kernel denies what stands in the folders of
        processes that are not theirs. A descriptor of /proc opened before keeps working.
        """
        mounts, everything = ctypes.c_int(_CLONE_NEWNS), ctypes.c_ulong(_MS_REC | _MS_PRIVATE)
        _check(self._libc.unshare(mounts), "unshare")
        _check(self._libc.mount(None, b"/", None, everything, None), "mount")
        flags = ctypes.c_ulong(_MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
        _check(self._libc.mount(b"tmpfs", b"/proc", b"tmpfs", flags, b"size=4k"), "mount")

    def one_arena(self) -> None:
        """Let all threads share malloc's main arena: each arena takes 64 MiB of addresses."""
        mallopt = getattr(self._libc, "mallopt", None)  # glibc's own; musl and macOS lack it
        if mallopt is not None:
            mallopt(M_ARENA_MAX, 1)


def _check(result: int, call: str) -> None:
    """Raise what the C library left in errno."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
