"""Keeps what the fork server has loaded from being copied into every run. Standard library only.

A fork shares its parent's memory until one of the two writes to a page; then the kernel copies that
page. Python writes to an object even when it is only looked at, since it counts the references to
it. Since Python 3.12 it does not count those to objects that are marked as immortal (PEP 683), so
all that the modules hold is marked so. It saves a run on 3.13 a third of its memory, and the time
in which that would be copied. What is marked is never freed; it would live to the end anyway.

The count is the first word of an object (`PyObject` in CPython's object.h), and the mark the value
that refcount.h calls `_Py_IMMORTAL_REFCNT`. Since 3.14 it is `_Py_IMMORTAL_INITIAL_REFCNT` or more,
and `_Py_IMMORTAL_FLAGS` stands in the upper half: without it, the interpreter counts references
down that it has not counted up.
"""

import ctypes
import gc
import sys
from collections.abc import Iterable
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType
from typing import Any

_MARKS = {12: 0xFFFF_FFFF, 13: 0xFFFF_FFFF, 14: 0xE000_0000, 15: 0xE000_0000}
"""By minor version of Python 3, in the lower half of the word. Since 3.14 what is 0xC000_0000 or
more is immortal, and a reference that lies on the stack meanwhile is still counted down once."""
_FLAGGED_SINCE = 14
_FLAGS = 6
"""Where the flags begin: bytes from an object's beginning."""
_LIVES_ON_THE_STACK = (FrameType, GeneratorType, CoroutineType, AsyncGeneratorType)


def immortalize(roots: Iterable[Any]) -> int:
    """Mark all that `roots` lead to; return how many objects that are, 0 where it cannot be done.

    What is not reachable from them, such as the caller's own state, stays as it is.
    """
    mark = _MARKS.get(sys.version_info.minor)
    if mark is None or not _is_usual() or not _works(mark):
        return 0
    seen: set[int] = set()
    found: list[list[Any]] = []
    following = list(roots)
    while following:
        fresh = []
        for one in following:
            if id(one) not in seen and not isinstance(one, _LIVES_ON_THE_STACK):
                seen.add(id(one))
                fresh.append(one)
        found.append(fresh)
        following = gc.get_referents(*fresh)
    count, flags = ctypes.c_uint32.from_address, ctypes.c_uint16.from_address
    flagged = sys.version_info.minor >= _FLAGGED_SINCE
    for objects in found:
        for one in objects:
            count(id(one)).value = mark
            if flagged:
                flags(id(one) + _FLAGS).value |= 1
    return len(seen)


def _is_usual() -> bool:
    """Tell whether this Python lays out its objects as described above."""
    free_threaded = "t" in getattr(sys, "abiflags", "")
    usual = sys.implementation.name == "cpython" and sys.byteorder == "little"
    return usual and not free_threaded and sys.maxsize > 1 << 32


def _works(mark: int) -> bool:
    """Try it with an object that nobody needs."""
    one = object()
    ctypes.c_uint32.from_address(id(one)).value = mark
    before = sys.getrefcount(one)
    many = [one] * 1_000
    same = sys.getrefcount(one) == before
    del many
    return same and sys.getrefcount(one) == before
