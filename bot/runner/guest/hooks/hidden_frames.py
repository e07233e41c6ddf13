"""Leaves the recorder's frames out of what Python's tools show. Standard library only.

No frame of ours lies below the scenario's (bare_stack.py), and exceptions lose ours on their way
out (tracebacks.leave_out). What is left are the recorder's wrappers around functions of asyncio and
threading that call back into the scenario: they are left out here, where the `traceback` module,
and with it logging and asyncio, collects frames, and where `inspect` does.
"""

import functools
import inspect
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bot.runner.guest import tracebacks


def hide() -> None:
    """Leave our frames out from now on."""
    summary: Any = traceback.StackSummary
    extract = summary._extract_from_extended_frame_gen.__func__  # noqa: SLF001 - all collecting goes through it

    def extracted(cls: Any, /, frames: Iterable[Any], **options: Any) -> Any:
        return extract(cls, _without_ours(frames), **options)

    extracted.__name__ = extract.__name__
    summary._extract_from_extended_frame_gen = classmethod(extracted)  # noqa: SLF001 - as above
    tools: Any = inspect
    for name in ("getouterframes", "getinnerframes"):
        setattr(tools, name, _filtered(getattr(tools, name)))


def _without_ours(frames: Iterable[Any]) -> Iterator[Any]:
    for frame, place in frames:
        if not tracebacks.ours(frame.f_code.co_filename):
            yield frame, place


def _filtered(collect: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    @functools.wraps(collect)
    def collected(*args: Any, **kwargs: Any) -> list[Any]:
        return [one for one in collect(*args, **kwargs) if not tracebacks.ours(one.filename)]

    return collected


def unseen(wrapper: Callable[..., Any]) -> Callable[..., Any]:
    """Return `wrapper` such that no exception that leaves it shows a frame of ours."""

    @functools.wraps(wrapper)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return wrapper(*args, **kwargs)
        except BaseException as error:
            tracebacks.leave_out(error)
            raise

    return call
