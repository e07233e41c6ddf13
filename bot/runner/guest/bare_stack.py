"""Runs code as Python itself runs a file: with no Python frame below it. Standard library only.

A frame of ours below the scenario's would be seen by everything that looks at the stack:
`traceback.print_stack`, `inspect.stack`, `warnings.warn(..., stacklevel=2)`, `sys._getframe(1)`,
`faulthandler`. Filtering each of these tools would leave some out, so there is none. Only C calls
the scenario, in two steps, each documented behaviour of CPython:

- An exception that leaves the program's last frame makes the interpreter call `sys.excepthook`
  from C. The hook here is made of builtins only (`max`, `deque`, `starmap`, `operator.call`), and
  makes the calls that a generator yields; a suspended generator has no frame on the stack.
- What such a call raises would end that chain, so it is made inside a ctypes callback, which gives
  an exception to `sys.unraisablehook` (announced by an audit event of that name) and returns.
"""

import collections
import contextlib
import ctypes
import functools
import itertools
import operator
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

Call = tuple[Callable[[], Any]]
"""What `BareStack.call` returns, to be yielded: it is made while its generator is suspended."""

_LEFT_BEHIND = ("last_exc", "last_type", "last_value", "last_traceback")


class BareStack:
    """Makes calls from C. Make it before the process is confined: it needs a page for code."""

    def __init__(self) -> None:
        self.raised: BaseException | None = None
        """What the latest call raised."""
        self._asked: collections.deque[tuple[Any, ...]] = collections.deque()
        calls = itertools.starmap(operator.call, iter(self._asked.popleft, None))
        self._caller = functools.partial(next, calls)
        self._name = repr(self._caller)
        self._callback = ctypes.PYFUNCTYPE(None)(self._caller)

    def leave(self, calls: Iterator[Call]) -> NoReturn:
        """Give up the whole Python stack of this process, then make these calls.

        The generator must end the process. Every `finally` and `except BaseException` between here
        and the program's first line is passed through.
        """
        drive: Any = functools.partial(
            collections.deque, itertools.starmap(operator.call, calls), 0
        )
        bottom = type("Bottom", (BaseException,), {"drive": staticmethod(drive)})
        sys.excepthook = functools.partial(max, key=operator.methodcaller("drive"))
        raise bottom

    def settle(self) -> None:
        """Forget the stack that was left, and whatever its frames held. The first thing to do."""
        sys.excepthook = sys.__excepthook__
        traceback.clear_frames(sys.last_traceback)
        for name in _LEFT_BEHIND:
            with contextlib.suppress(AttributeError):
                delattr(sys, name)

    def call(self, function: Callable[..., Any], *arguments: Any) -> Call:
        """Return what to yield for `function(*arguments)`; then look at `raised`."""
        self.raised = None
        self._asked.append((function, *arguments))
        return (self._callback,)

    def caught(self, unraisable: Any) -> bool:
        """Tell whether this is what the latest call raised, and keep it.

        :param unraisable: what `sys.unraisablehook` is called with
        """
        asked = unraisable.object is self._caller  # since Python 3.13 its name is in the message
        if not asked and not (unraisable.err_msg or "").endswith(self._name):
            return False
        self.raised = unraisable.exc_value
        return True
