"""Prints what nobody caught as Python does, with the scenario's own source lines.

The interpreter's own hooks are in C and read source lines from files; a scenario's file exists
nowhere. Standard library only.
"""

import sys
import threading
import traceback
from types import TracebackType
from typing import Any

from bot.runner.guest import tracebacks

_C_HAS_CARETS = sys.version_info < (3, 13)


def of_exception(
    _kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Stand for `sys.excepthook`."""
    error.__traceback__ = trace
    sys.stderr.write(tracebacks.whole(error))


def of_thread(args: Any) -> None:
    """Stand for `threading.excepthook`."""
    if args.exc_type is SystemExit:
        return
    name = args.thread.name if args.thread is not None else threading.get_ident()
    trace = tracebacks.whole(args.exc_value)
    sys.stderr.write(f"Exception in thread {name}:\n{trace}")


def of_unraisable(args: Any) -> None:
    """Stand for `sys.unraisablehook`: print what nobody can catch."""
    said = args.err_msg or "Exception ignored in"
    what = f": {args.object!r}" if args.object is not None else ":"
    sys.stderr.write(f"{said}{what}\n{_in_short(args)}")


def _in_short(args: Any) -> str:
    """Return a traceback without what the exception came from, which C leaves out until 3.15."""
    if sys.version_info >= (3, 15) and args.exc_value is not None:
        return tracebacks.whole(args.exc_value)
    lines: list[str] = []
    if args.exc_traceback is not None:
        frames = tracebacks.stack(args.exc_traceback)
        lines.append("Traceback (most recent call last):\n")
        lines += traceback.format_list(frames) if _C_HAS_CARETS else map(_without_carets, frames)
    if args.exc_type is not None:
        lines.append(_last_line(args.exc_type, args.exc_value))
    return "".join(lines)


def _without_carets(frame: traceback.FrameSummary) -> str:
    source = f"    {frame.line}\n" if frame.line else ""
    return f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n{source}'


def _last_line(kind: type[BaseException], error: BaseException | None) -> str:
    """Return the exception itself; C names its module unless that goes without saying."""
    name = kind.__qualname__
    if kind.__module__ not in {"builtins", "__main__"}:
        name = f"{kind.__module__}.{name}"
    if error is None:
        return f"{name}\n"
    return f"{name}: {tracebacks.said(error)}\n"
