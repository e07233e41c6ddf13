"""What a suspended task waits for, in the words of the scenario's code. Standard library only."""

import asyncio
import os
from types import CodeType, FrameType
from typing import Any

from bot.runner.guest.hooks.source_lines import DEEPEST, SourceLines, driven, suspended
from bot.runner.guest.hooks.thrown import is_thrown
from bot.runner.protocol import recorder_frames

_LIBRARY = os.path.dirname(asyncio.__file__) + os.sep  # noqa: PTH120 - the guest has no use for pathlib
_SLEEP = asyncio.sleep.__code__
_FUTURE = recorder_frames.On("future")
_INNER = {
    "_AsCompletedIterator": "as_completed",
    "_GatheringFuture": "gather",
    "FlowControlMixin": "drain",
}
_MAKERS = {"shield": "shield", "_chain_future": "run_in_executor"}
_WRAPPER = "_wrap_awaitable"
"""The function in which asyncio makes a coroutine of any other awaitable object."""


def wait_of(task: Any, source: SourceLines) -> tuple[recorder_frames.On, int]:
    """Return what `task` waits for, and the scenario's line at which it does. Never raises."""
    try:
        stack = tuple(source.stack_of(task))
        on = _awaited(task)._replace(stack=stack)
        return on, stack[-1] if stack else 0
    except Exception as error:  # the scenario's own class of tasks or awaitables
        if is_thrown(error):
            raise
        return _FUTURE, 0


def _awaited(task: Any) -> recorder_frames.On:
    """Return what `task` waits for, as in "sleep", "task", "gather", "Queue.get".

    A future made by asyncio is called what the scenario awaited: the outermost function of
    asyncio that stands between the scenario's own code and that future.
    """
    on = _library_call(task.get_coro())
    if on is not recorder_frames.NOTHING:
        return on
    future = getattr(task, "_fut_waiter", None)
    if isinstance(future, asyncio.Task):
        return recorder_frames.On("task", title(future.get_name(), called(future.get_coro())))
    return recorder_frames.On(_INNER.get(type(future).__name__) or _made_by(future))


def _made_by(future: Any) -> str:
    """Name the function of asyncio that made a future, as far as its callbacks tell."""
    for callback, _ in getattr(future, "_callbacks", None) or ():
        name = getattr(callback, "__qualname__", "").split(".")[0]
        if name in _MAKERS:
            return _MAKERS[name]
    return "future"


def title(name: str, code: str) -> str:
    """Return what the scenario calls a task: its name if it gave one, else its coroutine's."""
    return code if code and (name.startswith("Task-") or name == "None") else name


def called(awaitable: Any) -> str:
    """Return the name in the code of a coroutine or what serves as one. Never raises."""
    try:
        code, frame, _ = suspended(awaitable)
        if code is not None and frame is not None and _wraps(code):
            return type(frame.f_locals.get("awaitable")).__qualname__
        name = getattr(awaitable, "__qualname__", "")
        if isinstance(name, str) and name:
            return name
        inner = driven(awaitable)
    except Exception as error:  # the scenario's own class may raise anything
        if is_thrown(error):
            raise
        return ""
    return called(inner) if inner is not None else ""


def seconds(delay: Any) -> float | None:
    """Return a sleep's length, or None for what is no number."""
    try:
        return float(delay)
    except Exception as error:  # the scenario's own class may raise anything
        if is_thrown(error):
            raise
        return None


def _wraps(code: CodeType) -> bool:
    return code.co_name == _WRAPPER and code.co_filename.startswith(_LIBRARY)


def _library_call(coroutine: Any) -> recorder_frames.On:
    """Return the outermost function of asyncio in a chain of awaits, if there is one."""
    for _ in range(DEEPEST):
        code, frame, inner = suspended(coroutine)
        if code is not None and code.co_filename.startswith(_LIBRARY) and not _wraps(code):
            return _label(code, frame, inner)
        if inner is None:
            break
        coroutine = inner
    return recorder_frames.NOTHING


def _label(code: CodeType, frame: FrameType | None, inner: Any) -> recorder_frames.On:
    """Name a function of asyncio as the scenario wrote its call.

    :param inner: what that function awaits in turn
    """
    if code is _SLEEP and frame is not None:
        return recorder_frames.On("sleep", seconds=seconds(frame.f_locals.get("delay")))
    return recorder_frames.On(_function(code, frame, inner))


def _function(code: CodeType, frame: FrameType | None, inner: Any) -> str:
    """Return a function's or method's name, with the class of its object."""
    owner, _, method = code.co_qualname.split(".<locals>")[0].rpartition(".")
    if not owner or owner in _INNER:
        return _INNER.get(owner) or method
    itself = frame.f_locals.get("self") if frame is not None else None
    if isinstance(itself, asyncio.AbstractEventLoop):
        return f"loop.{method}"
    owner = owner if itself is None else type(itself).__name__
    if method.startswith("__"):  # `async with` and `async for` stand for a call that they make
        called_within, _, _ = suspended(inner)
        method = called_within.co_name if called_within is not None else ""
    return owner if not method or method.startswith("_") else f"{owner}.{method}"
