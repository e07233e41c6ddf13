"""Runs code as Python itself runs a file: no frame below it is seen. Standard library only.

A frame of ours below the scenario's would be seen by everything that looks at the stack:
`traceback.print_stack`, `inspect.stack`, `warnings.warn(..., stacklevel=2)`, `sys._getframe(1)`,
`faulthandler`. Filtering each of these tools would leave some out, so there is none: an exception
that leaves the program's last frame makes the interpreter call `sys.excepthook` from C. The hook
here is made of builtins only (`max`, `deque`, `starmap`, `operator.call`), and makes the calls that
a generator yields; a suspended generator has no frame on the stack. What such a call raises would
end that chain, so one function of ours stands between, and is hidden (hooks/hidden_frames.py).
"""

import collections
import contextlib
import functools
import itertools
import operator
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

Call = tuple[Callable[..., None], Callable[..., Any], *tuple[Any, ...]]
"""What `BareStack.call` returns, to be yielded: it is made while its generator is suspended."""

_LEFT_BEHIND = ("last_exc", "last_type", "last_value", "last_traceback")


class BareStack:
    """Makes calls from C."""

    def __init__(self) -> None:
        self.raised: BaseException | None = None
        """What the latest call raised."""

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
        return (self._attempt, function, *arguments)

    def _attempt(self, function: Callable[..., Any], *arguments: Any) -> None:
        try:
            function(*arguments)
        except BaseException as error:  # noqa: BLE001 - whatever ends the scenario
            self.raised = error
