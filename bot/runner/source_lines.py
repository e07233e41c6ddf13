"""Finds the scenario's own lines in code that runs or is suspended. Standard library only."""

import sys
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, GeneratorType
from typing import Any

_DEEPEST = 200
"""Frames and awaits followed; a chain that is longer is recursion."""


class SourceLines:
    """Knows the scenario's file."""

    def __init__(self) -> None:
        self.filename = ""
        """What the scenario's code objects are compiled as; "" before it is known."""

    def here(self, depth: int = 1) -> int:
        """Return the line of the innermost frame of the scenario that leads to this call.

        :param depth: how many frames above this one the search begins
        :return: 0 where no frame is the scenario's
        """
        frame: FrameType | None = sys._getframe(depth)  # noqa: SLF001 - the only way to one's callers
        filename = self.filename
        for _ in range(_DEEPEST):
            if frame is None:
                return 0
            if frame.f_code.co_filename == filename:
                return frame.f_lineno or 0
            frame = frame.f_back
        return 0

    def suspended(self, awaitable: Any) -> int:
        """Return the line at which the innermost function of the scenario is suspended.

        :param awaitable: a task's coroutine
        :return: 0 where none of what it awaits is the scenario's
        """
        line = 0
        for _ in range(_DEEPEST):
            code, frame, inner = suspended(awaitable)
            if code is not None and frame is not None and code.co_filename == self.filename:
                line = frame.f_lineno or line
            if inner is None:
                break
            awaitable = inner
        return line


def suspended(awaitable: Any) -> tuple[CodeType | None, FrameType | None, Any]:
    """Return the code of something suspended, its frame, and what it awaits in turn."""
    if isinstance(awaitable, CoroutineType):
        return awaitable.cr_code, awaitable.cr_frame, awaitable.cr_await
    if isinstance(awaitable, GeneratorType):
        return awaitable.gi_code, awaitable.gi_frame, awaitable.gi_yieldfrom
    if isinstance(awaitable, AsyncGeneratorType):
        return awaitable.ag_code, awaitable.ag_frame, awaitable.ag_await
    return None, None, None
