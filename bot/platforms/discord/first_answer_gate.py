"""Who comes first when many ask at once: those who have not heard anything yet.

Discord gives up on an interaction after 3 seconds without a first answer, but is patient with
whatever follows. So in a rush, starting runs and editing messages waits for first answers.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

_FEW = 4
"""So many interactions without a first answer are no rush."""
_LONGEST = 1.5
"""Seconds, at most, that work waits for first answers: a rush that does not end is a flood."""


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
        """Wait for a turn to begin something: not in a rush, and a few at a time.

        Else the end of one rush would set off another, of everything that has waited for it.
        """
        async with self._turns:
            await self.over()
            yield

    async def over(self) -> None:
        """Wait until the rush is over, but not forever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST):
                await self._over.wait()

    def _count(self, change: int) -> None:
        self._unanswered += change
        if self._unanswered > _FEW:
            self._over.clear()
        else:
            self._over.set()
