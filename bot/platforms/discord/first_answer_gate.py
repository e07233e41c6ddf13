"""When many ask at once, first answers go before everything else.

Discord gives up on an interaction after 3 seconds without a first answer, but is patient with
whatever follows. So while many wait for one, runs are not started and messages
not edited.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

_FEW = 4
"""So many interactions without a first answer are not many."""
_LONGEST = 1.5
"""Seconds, at most, that work waits for first answers: more than that is a flood."""


class FirstAnswerGate:
    """Counts the interactions that have no first answer yet."""

    def __init__(self) -> None:
        self._unanswered = 0
        self._over = asyncio.Event()
        self._over.set()
        self._turns = asyncio.Semaphore(_FEW)

    @property
    def on(self) -> bool:
        """Whether many wait for a first answer right now."""
        return not self._over.is_set()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count an interaction until its first answer is out."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn to begin something: while few first answers are due, and a few at a time.

        Otherwise all that has waited would start at once and delay first answers again.
        """
        async with self._turns:
            await self.over()
            yield

    async def over(self) -> None:
        """Wait until few first answers are due, for 1.5 s at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST):
                await self._over.wait()

    def _count(self, change: int) -> None:
        self._unanswered += change
        if self._unanswered > _FEW:
            self._over.clear()
        else:
            self._over.set()
