"""Shares the event loop among runs that have much to say.

In one step of the loop only so much of theirs is read as takes a few milliseconds: a hundred floods
then take longer to be read, and hold up nobody.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable

_STEP_SECONDS = 0.003
"""What reading may take of one step of the loop; those who get the events take as long again."""

_PAUSE_SECONDS = 0.006
"""From one such step to the next: who always computes is woken late by the kernel."""


class Turns:
    """Calls what is ready to be read, a few at a time, in the order in which it asked."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._planned = False
        self._next_at = 0.0  # on the loop's clock

    def ask(self, read: Callable[[], None]) -> None:
        """Have `read` called when it is its turn. It takes one small piece."""
        self._waiting.append(read)
        self._plan()

    def take(self, read: Callable[[], None]) -> None:
        """Call `read` now, if nobody has had or waits for a turn just now; else as `ask` does."""
        now = asyncio.get_running_loop().time()
        if self._waiting or now < self._next_at:
            self.ask(read)
            return
        self._next_at = now + _PAUSE_SECONDS
        read()

    def _plan(self) -> None:
        if self._waiting and not self._planned:
            self._planned = True
            asyncio.get_running_loop().call_at(self._next_at, self._next)

    def _next(self) -> None:
        """Read until the time is up; go on after a pause."""
        self._planned = False
        end = time.perf_counter() + _STEP_SECONDS
        while self._waiting and time.perf_counter() < end:
            self._waiting.popleft()()
        self._next_at = asyncio.get_running_loop().time() + _PAUSE_SECONDS
        self._plan()
