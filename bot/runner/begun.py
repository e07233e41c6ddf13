"""A run that begins before somebody is there to follow it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from bot.runner.model import Event, Runner, RunRequest
from bot.together import cancel_all


class BegunRun:
    """One run under way, kept for the one who asks for it. Implements `Runner`, for that one run.

    What is shown of a run takes longer to make ready than the run to begin; with this, one goes on
    beside the other. What is kept is bounded by the run's own limits.

    :param runner: makes the run, which begins at once
    """

    def __init__(self, runner: Runner, request: RunRequest) -> None:
        self._runner = runner
        self._request = request
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._following = asyncio.create_task(self._follow(), name="begun run")

    async def run(self, request: RunRequest) -> AsyncGenerator[Event]:
        """Give the run's events, from its first; see `Runner.run`.

        :raises ValueError: if it is not the run that was begun
        """
        if request != self._request:
            raise ValueError("another run was begun")
        try:
            while (event := await self._events.get()) is not None:
                yield event
            await self._following
        finally:
            await self.close()

    async def close(self) -> None:
        """End the run."""
        await cancel_all([self._following])

    async def _follow(self) -> None:
        try:
            async with aclosing(self._runner.run(self._request)) as events:
                async for event in events:
                    self._events.put_nowait(event)
        finally:
            self._events.put_nowait(None)
