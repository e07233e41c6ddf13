"""Tells an exception thrown into the recorder from one of its own calls. Standard library only.

Much of what the recorder asks goes to objects of the scenario's, which may answer with any
exception; none of these may change the scenario. But an exception may also come from outside, after
any step: from a signal handler, or from PyThreadState_SetAsyncExc. That one is meant for the
scenario, and must reach it.
"""

import signal
from types import CodeType
from typing import Any

_ANSWERS = frozenset(
    {
        *(AttributeError, IndexError, KeyError, LookupError, MemoryError, NameError, OSError),
        *(OverflowError, RecursionError, RuntimeError, StopIteration, TypeError, ValueError),
        *(UnicodeDecodeError, UnicodeEncodeError, ZeroDivisionError),
    }
)
"""What functions in C raise by themselves; not what is derived from it."""


def is_thrown(error: Exception) -> bool:
    """Tell whether what a `try` of ours caught came from outside.

    The recorder's own frames leave no entry in a traceback (hidden_frames.py). So what the
    scenario's code raised, in a method that we called, has entries; what a function in C raised has
    none, but is of a type that these raise; and a signal handler's begins with its own frame.
    """
    trace = error.__traceback__
    if trace is None:
        return type(error) not in _ANSWERS
    code = trace.tb_frame.f_code
    return any(_code(signal.getsignal(number)) is code for number in signal.valid_signals())


def _code(handler: Any) -> CodeType | None:
    """Return the code of a signal handler in Python."""
    for _ in range(8):  # bound methods of partials of methods
        inner = getattr(handler, "__func__", None) or getattr(handler, "func", None)
        if inner is None:
            break
        handler = inner
    own = getattr(type(handler), "__call__", None)  # noqa: B004 - the method itself is looked for
    found = getattr(handler, "__code__", None) or getattr(own, "__code__", None)
    return found if isinstance(found, CodeType) else None
