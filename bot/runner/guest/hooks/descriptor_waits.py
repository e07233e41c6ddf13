"""Shows who waits for a pipe, a socket or a signal. Standard library only.

`os.read`, `select.select`, `poll`, `sigwait` and the methods of `socket.socket` wait in C. They are
replaced as locks are (locks.py): what is ready costs one more call, and only a thread that has to
wait is recorded. A descriptor that does not block is never waited for, so event loops, whose own
waits are recorded elsewhere, are not touched.
"""

import _signal  # type: ignore[import-not-found]  # typeshed lacks it
import _socket
import functools
import os
import select
import signal
from typing import Any

from bot.runner.guest.hooks.locks import Method, WaitRecorder, replace_methods

_poll, _POLLIN, _POLLOUT = select.poll, select.POLLIN, select.POLLOUT
_poll_once: Any = type(_poll()).poll
_select = select.select
_LISTS = 3
"""Arguments of `select` before its timeout."""
_HIGHEST = 2**31 - 1
"""Of the numbers that a descriptor can have."""
_RECEIVING = ("recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg", "recvmsg_into")
_SENDING = ("send", "sendall")
_SIGNALS = ("sigwait", "sigwaitinfo", "sigtimedwait", "pause")


def record_descriptor_waits(waiting: WaitRecorder) -> None:
    """Record, from now on, who waits for a descriptor."""
    os.read = _reading(os.read, waiting("os.read", os.read, _never))
    select.select = _selecting(_select, waiting("select", _select, _never))
    replace_methods(type(_poll()), poll=_polling(_poll_once, waiting("poll", _poll_once, _never)))
    _record_signal_waits(waiting)
    methods: dict[str, Method] = {}
    kind = _socket.socket
    for event, names in ((_POLLIN, _RECEIVING), (_POLLOUT, _SENDING)):
        for name in names:
            original = getattr(kind, name, None)  # not every system has them all
            if original is not None:
                wait = waiting(f"socket.{name}", original, _never)
                methods[name] = _transferring(original, wait, event)
    replace_methods(kind, **methods)


def _record_signal_waits(waiting: WaitRecorder) -> None:
    """Record, from now on, who waits for a signal."""
    for name in _SIGNALS:
        original = getattr(_signal, name, None)  # not every system has them all
        if original is not None:
            wait = functools.wraps(original)(waiting(name, original, _never))
            setattr(_signal, name, wait)
            if getattr(signal, name) is original:  # else a function in Python that calls it
                setattr(signal, name, wait)


def _never(*_args: Any, **_kwargs: Any) -> bool:
    """Tell whether only another thread can end a wait: it is not known who has the other end."""
    return False


def _is_ready(descriptor: int, event: int) -> bool:
    """Tell whether a call would come back at once, if only with an error."""
    poll = _poll()
    poll.register(descriptor, event)
    return bool(_poll_once(poll, 0))


def _reading(original: Method, wait: Method) -> Method:
    """Return an `os.read` that waits through `wait`."""

    @functools.wraps(original)
    def read(*args: Any, **kwargs: Any) -> Any:
        fd = args[0] if args and not kwargs else kwargs.get("fd")
        blocks = (
            type(fd) is int
            and 0 <= fd <= _HIGHEST
            and not _is_ready(fd, _POLLIN)
            and os.get_blocking(fd)
        )
        return wait(*args, **kwargs) if blocks else original(*args, **kwargs)

    return read


def _selecting(original: Method, wait: Method) -> Method:
    """Return a `select` that waits through `wait`."""

    @functools.wraps(original)
    def select(*args: Any) -> Any:
        timeout = args[_LISTS] if len(args) > _LISTS else None
        waits = timeout is None or (type(timeout) in {int, float} and timeout > 0)
        return wait(*args) if waits and len(args) >= _LISTS else original(*args)

    return select


def _polling(original: Method, wait: Method) -> Method:
    """Return a `poll.poll` that waits through `wait`."""

    @functools.wraps(original)
    def poll(own: Any, *args: Any) -> Any:
        timeout = args[0] if args else None
        waits = timeout is None or (type(timeout) in {int, float} and timeout != 0)
        return wait(own, *args) if waits and len(args) <= 1 else original(own, *args)

    return poll


def _transferring(original: Method, wait: Method, event: int) -> Method:
    """Return a method of sockets that waits through `wait`."""

    @functools.wraps(original)
    def transfer(own: Any, *args: Any, **kwargs: Any) -> Any:
        # 0.0: it does not block; below 0: it is closed, and the original says so.
        blocks = own.gettimeout() != 0 and own.fileno() >= 0 and not _is_ready(own.fileno(), event)
        return wait(own, *args, **kwargs) if blocks else original(own, *args, **kwargs)

    return transfer
