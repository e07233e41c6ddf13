"""Finds the scenario's own lines in code that runs or is suspended. Standard library only."""

import gc
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, GeneratorType
from typing import TYPE_CHECKING, Any

from bot.runner.guest.hooks.hidden_frames import caller
from bot.runner.guest.hooks.thrown import is_thrown

if TYPE_CHECKING:
    from bot.runner.guest.recorded_lane import RecordedLane

DEEPEST = 200
"""Frames and awaits followed; a chain that is longer is recursion."""
BARE_YIELD = "__sleep0"
"""What `sleep(0)` awaits."""
_SUSPENDED = (CoroutineType, GeneratorType, AsyncGeneratorType)


class SourceLines:
    """Knows the scenario's file. Nothing here raises; a line that is not known is 0."""

    def __init__(self) -> None:
        self.filename = ""
        """What the scenario's code objects are compiled as; "" before it is known."""

    def here(self) -> int:
        """Return the line of the innermost frame of the scenario that leads to this call."""
        frame = caller()
        filename = self.filename
        for _ in range(DEEPEST):
            if frame is None:
                return 0
            if frame.f_code.co_filename == filename:
                return frame.f_lineno or 0
            frame = frame.f_back
        return 0

    def begins(self, work: Any) -> int:
        """Return where the scenario's function begins that a coroutine or a callable will run."""
        try:
            code = suspended(work)[0] or work.__code__
            return int(code.co_firstlineno) if code.co_filename == self.filename else 0
        except Exception as error:  # it may be anything
            if is_thrown(error):
                raise
            return 0

    def of_bare_yield(self, lane: "RecordedLane", task: Any) -> int:
        """Return `of_task` for a task whose own function is the scenario's and that yields nothing.

        Nearly always it is suspended at a `sleep(0)` of its own. To ask a coroutine for its frame
        costs an audit event, so the lane keeps that as long as this is so.
        """
        try:
            coroutine = task.get_coro()
            if coroutine.cr_await.cr_await.__name__ == BARE_YIELD:
                frame = lane.frame
                if frame is None:
                    frame = lane.frame = coroutine.cr_frame
                return frame.f_lineno or 0
        except Exception as error:  # something else, or the scenario's own class of tasks
            if is_thrown(error):
                raise
        lane.frame = None
        return self.of_task(task)

    def of_task(self, task: Any) -> int:
        """Return the line at which the innermost function of the scenario in a task is suspended.

        One that has not begun is at its first line.
        """
        return next(reversed(self.stack_of(task)), 0)

    def stack_of(self, task: Any) -> list[int]:
        """Return the lines at which a task's functions of the scenario are suspended.

        The outermost call comes first. There are at most `DEEPEST`.
        """
        lines: list[int] = []
        filename = self.filename
        try:
            link = task.get_coro()
            for _ in range(DEEPEST):
                _, frame, inner = suspended(link)
                if frame is not None and frame.f_code.co_filename == filename:
                    lines.append(frame.f_lineno or 0)
                if inner is None:
                    break
                link = inner
        except Exception as error:  # the scenario's own class of tasks or awaitables
            if is_thrown(error):
                raise
            return lines
        return lines

    def raised(self, error: BaseException) -> int:
        """Return the last line of the scenario that an exception went through."""
        line, trace = 0, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.filename:
                line = trace.tb_lineno or line
            trace = trace.tb_next
        return line


def suspended(awaitable: Any) -> tuple[CodeType | None, FrameType | None, Any]:
    """Return the code of something suspended, its frame, and what it awaits in turn."""
    if isinstance(awaitable, CoroutineType):
        return awaitable.cr_code, awaitable.cr_frame, awaitable.cr_await
    if isinstance(awaitable, GeneratorType):
        return awaitable.gi_code, awaitable.gi_frame, awaitable.gi_yieldfrom
    if isinstance(awaitable, AsyncGeneratorType):
        return awaitable.ag_code, awaitable.ag_frame, awaitable.ag_await
    return None, None, driven(awaitable)


def driven(awaitable: Any) -> Any:
    """Return what an awaitable made by the interpreter drives.

    `async for` awaits an "asend" object, `await` in a generator a wrapper; they tell what they
    drive to the garbage collector only. Objects of the scenario's own classes are not looked
    into.
    """
    if type(awaitable).__module__ != "builtins":
        return None
    return next((one for one in gc.get_referents(awaitable) if isinstance(one, _SUSPENDED)), None)
