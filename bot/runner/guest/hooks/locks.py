"""Shows who waits for locks and other things made in C. Standard library only.

`_thread.lock`, `_thread.RLock` and `_queue.SimpleQueue` wait inside their methods in C. Those
methods are replaced in the types themselves, so that every lock, made by anyone at any time, is
recorded and is still exactly what it was: its class, its repr, how it copies (ADR 28). What is
free costs one more call; only a thread that has to wait is recorded.
"""

import _queue
import _thread
import ctypes
import functools
import gc
from collections.abc import Callable
from typing import Any, TypeVar

_Result = TypeVar("_Result")
Method = Callable[..., Any]
WaitRecorder = Callable[[str, Method, Callable[..., bool]], Method]
"""Returns a function that calls a method and records the wait for something of that name; the last
argument tells from the call's arguments whether the wait has no time limit."""

_ARGUMENTS = 2
"""That `acquire` takes: whether to wait, and how long."""
_WAITING = (True,)
"""The first of them, for `map`."""


class OwnLock(_thread.RLock):  # type: ignore[misc]  # typeshed calls it final; it is not
    """A reentrant lock of the recorder itself: to wait for it is no doing of the scenario's.

    Its methods are the type's own, in C, from before they are replaced.
    """

    __slots__ = ()
    acquire = _thread.RLock.acquire
    release = _thread.RLock.release

    def hold(self, work: Callable[..., _Result], *arguments: Any) -> _Result:
        """Return `work(*arguments)`, called while this lock is held.

        An exception may be thrown into a thread (by a signal handler, or PyThreadState_SetAsyncExc)
        after any call: so the taking and the note of it are one call, made in C, and lie inside the
        block that ends in the release. A `with` statement calls `__enter__` outside of its block
        since Python 3.14, and a lock whose taker was hit there was never free again.
        """
        taken: list[bool] = []
        try:
            taken.extend(map(self.acquire, _WAITING))
            return work(*arguments)
        finally:
            if taken:
                self.release()


def record_locks(waiting: WaitRecorder) -> None:
    """Record, from now on, who waits for a lock or a simple queue."""
    for kind, name in ((_thread.LockType, "Lock"), (_thread.RLock, "RLock")):
        acquire = _acquiring(kind.acquire, waiting(name, kind.acquire, _acquires_endlessly))
        replace_methods(kind, acquire=acquire, __enter__=acquire)
    queue = _queue.SimpleQueue
    wait = waiting("SimpleQueue.get", queue.get, _gets_endlessly)
    replace_methods(queue, get=_getting(queue.get, wait))


def replace_methods(kind: type, **methods: Method) -> None:
    """Put methods into a type that is made in C and lets nobody set its attributes."""
    (own,) = (one for one in gc.get_referents(kind.__dict__) if isinstance(one, dict))
    own.update(methods)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def _acquiring(original: Method, wait: Method) -> Method:
    """Return an `acquire` that waits through `wait`."""

    @functools.wraps(original)
    def acquire(lock: Any, *args: Any, **kwargs: Any) -> Any:
        if not args and not kwargs:
            return original(lock, False) or wait(lock)  # noqa: FBT003 - the library's signature
        if len(args) <= _ARGUMENTS and _waits(*args, **kwargs):
            return original(lock, False) or wait(lock, *args, **kwargs)  # noqa: FBT003 - as above
        return original(lock, *args, **kwargs)

    return acquire


def _waits(blocking: Any = True, timeout: Any = -1, **wrong: Any) -> bool:  # noqa: FBT002 - as above
    """Tell whether `acquire` may wait: it was asked to, and nothing is wrong with its arguments."""
    if wrong or type(blocking) not in {bool, int} or type(timeout) not in {int, float}:
        return False
    return bool(blocking) and (timeout == -1 or 0 < timeout <= _thread.TIMEOUT_MAX)


def _acquires_endlessly(_lock: Any, *args: Any, **kwargs: Any) -> bool:
    timeout = args[1] if len(args) > 1 else kwargs.get("timeout", -1)
    return bool(timeout == -1)


def _gets_endlessly(_queue: Any, *args: Any, **kwargs: Any) -> bool:
    return (args[1] if len(args) > 1 else kwargs.get("timeout")) is None


def _getting(original: Method, wait: Method) -> Method:
    """Return a `SimpleQueue.get` that waits through `wait`."""

    @functools.wraps(original)
    def get(queue: Any, *args: Any, **kwargs: Any) -> Any:
        block = args[0] if args else kwargs.get("block", True)
        if block is True and queue.empty():
            return wait(queue, *args, **kwargs)
        return original(queue, *args, **kwargs)

    return get
