"""What a scenario raised, as its author would see it. Standard library only."""

import contextlib
import io
import os
import sys
import traceback
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from types import TracebackType

_OURS = os.path.dirname(os.path.dirname(__file__)) + os.sep  # noqa: PTH120 - the guest has no use for pathlib
_C_HOOK = sys.__excepthook__
_C_DIFFERS = sys.version_info < (3, 13)
"""Until then, the hook in C marks another part of a line than `traceback` does."""
_KEPT = 50
"""Frames of a traceback at each end; Python itself cuts off repetition only."""


class Raised(NamedTuple):
    """An exception, described."""

    type: str
    message: str
    line: int
    """The scenario's own line, 0 where none took part."""
    traceback: str


def describe(error: BaseException, filename: str) -> Raised:
    """Describe an exception without ever raising one: its own code may be hostile."""
    try:
        kind = type(error).__name__
        return Raised(kind, _text(error), _line(error, filename), whole(error))
    except BaseException as second:  # noqa: BLE001 - a hostile __str__ or __cause__
        return Raised(type(error).__name__, f"<{type(second).__name__} while describing it>", 0, "")


def summary(error: BaseException) -> str:
    """Return "ValueError: text", as Python's last line of a traceback has it."""
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001 - a hostile __str__
        text = "<exception str() failed>"
    name = type(error).__name__
    return f"{name}: {text}" if text else name


def whole(error: BaseException) -> str:
    """Return the traceback as Python prints it, without the sandbox's own frames."""
    if isinstance(error, SyntaxError) and error.__traceback__ is None and _C_DIFFERS:
        return _as_c_prints(error)
    described = traceback.TracebackException(type(error), error, error.__traceback__, compact=True)
    _drop_ours(described)
    return "".join(described.format())


def _as_c_prints(error: SyntaxError) -> str:
    """Return what the interpreter prints of an error without a traceback."""
    printed = io.StringIO()
    with contextlib.redirect_stderr(printed):
        _C_HOOK(type(error), error, None)
    return printed.getvalue()


def stack(trace: "TracebackType | None") -> traceback.StackSummary:
    """Return the scenario's part of a traceback, cut where it is very long."""
    return _own(traceback.extract_tb(trace))


def leave_out(error: BaseException) -> None:
    """Take our frames off the front of an exception that is about to leave them.

    A bare `raise` right after it adds no entry for its own frame. So an exception that the
    scenario sees, prints or walks through never shows that it passed through one of ours.
    """
    trace = error.__traceback__
    while trace is not None and ours(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    error.__traceback__ = trace


def ours(filename: str) -> bool:
    """Tell whether a source file is the sandbox's own."""
    return filename.startswith(_OURS)


def _drop_ours(described: traceback.TracebackException) -> None:
    """Take our frames out of a traceback and of all that it refers to."""
    queue = [described]
    while queue:
        one = queue.pop()
        one.stack[:] = _own(one.stack)
        queue += [other for other in (one.__cause__, one.__context__) if other is not None]
        queue += getattr(one, "exceptions", None) or ()


def _own(frames: traceback.StackSummary) -> traceback.StackSummary:
    own = traceback.StackSummary(frame for frame in frames if not ours(frame.filename))
    if len(own) > 2 * _KEPT and own[_KEPT] != own[-_KEPT]:
        own[_KEPT:-_KEPT] = []
    return own


def _text(error: BaseException) -> str:
    """Return the message; of a SyntaxError the one without file and line."""
    if isinstance(error, SyntaxError):
        return str(error.msg)
    return str(error)


def _line(error: BaseException, filename: str) -> int:
    """Return the last line of the scenario that the exception went through."""
    if isinstance(error, SyntaxError) and error.filename == filename:
        return error.lineno or 0
    found = 0
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            found = trace.tb_lineno or found
        trace = trace.tb_next
    return found
