"""Locks that show who waits for them. Standard library only.

`threading.Lock` and `RLock` are made in C, where nothing can be recorded; these stand around
them. A lock that is free costs one more call; only a thread that has to wait is recorded.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any


def install(waiting: Callable[[str], AbstractContextManager[None]]) -> None:
    """Make every lock from now on one that records.

    :param waiting: returns what records the wait for something of that name
    """
    place: Any = threading
    for name in ("Lock", "RLock"):
        setattr(place, name, _recorded(name, getattr(place, name), waiting))


def _recorded(
    name: str, make: Callable[[], Any], waiting: Callable[[str], AbstractContextManager[None]]
) -> type:
    """Return a class of locks around those that `make` makes."""

    class Recorded:
        __slots__ = ("__weakref__", "_lock", "release")

        def __init__(self) -> None:
            self._lock = make()
            self.release = self._lock.release

        def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: FBT001, FBT002 - the library's signature
            lock = self._lock
            if lock.acquire(False):  # noqa: FBT003 - as above
                return True
            if not blocking or timeout == 0:
                return bool(lock.acquire(blocking, timeout))
            with waiting(name):
                return bool(lock.acquire(blocking, timeout))

        def __enter__(self) -> bool:
            return self.acquire()

        def __exit__(self, *_: object) -> None:
            self.release()

        def __getattr__(self, attribute: str) -> Any:
            """Lend `threading.Condition` what it needs of the lock below."""
            return getattr(self._lock, attribute)

        def __repr__(self) -> str:
            return repr(self._lock)

    Recorded.__name__ = Recorded.__qualname__ = name
    Recorded.__module__ = "threading"
    return Recorded
