"""What a scenario raised, as its author would see it. Standard library only."""

import contextlib
import io
import sys
import traceback
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from types import TracebackType

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
    text = said(error)
    name = type(error).__name__
    return f"{name}: {text}" if text else name


def said(error: BaseException) -> str:
    """Return an exception's text, or what Python says where it has none to give."""
    try:
        return str(error)
    except BaseException:  # noqa: BLE001 - a hostile __str__
        return "<exception str() failed>"


def whole(error: BaseException) -> str:
    """Return the traceback as Python prints it; of a very long one, both ends."""
    if isinstance(error, SyntaxError) and error.__traceback__ is None and _C_DIFFERS:
        return _as_c_prints(error)
    described = traceback.TracebackException(type(error), error, error.__traceback__, compact=True)
    _shorten(described)
    return "".join(described.format())


def _as_c_prints(error: SyntaxError) -> str:
    """Return what the interpreter prints of an error without a traceback."""
    printed = io.StringIO()
    with contextlib.redirect_stderr(printed):
        _C_HOOK(type(error), error, None)
    return printed.getvalue()


def stack(trace: "TracebackType | None") -> traceback.StackSummary:
    """Return a traceback's frames; of very many, those at both ends."""
    frames = traceback.extract_tb(trace)
    _cut(frames)
    return frames


def _shorten(described: traceback.TracebackException) -> None:
    """Cut a traceback and all that it refers to."""
    queue = [described]
    while queue:
        one = queue.pop()
        _cut(one.stack)
        queue += [other for other in (one.__cause__, one.__context__) if other is not None]
        queue += getattr(one, "exceptions", None) or ()


def _cut(frames: traceback.StackSummary) -> None:
    if len(frames) > 2 * _KEPT and frames[_KEPT] != frames[-_KEPT]:
        frames[_KEPT:-_KEPT] = []


def _text(error: BaseException) -> str:
    """Return the message; of a SyntaxError the one without file and line."""
    if isinstance(error, SyntaxError):
        return str(error.msg)
    return said(error)


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
