"""Bounds what discord.py sends in answer to interactions.

It waits as long as a rate limit says, be it an hour, and tells nobody: a message would stand still
without a word, and each press and each typed letter would leave a task that sleeps. Here each
request has its time. What Discord does not take in it is out of reach for now, as where it is away.
"""

import asyncio
from typing import Any

from discord.webhook.async_ import AsyncWebhookAdapter, async_context


class BoundedAdapter(AsyncWebhookAdapter):
    """discord.py's requests of webhooks and interactions, each of which ends in time.

    :param seconds: how long, at most, a request may take with all its waits
    """

    def __init__(self, seconds: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # discord.py has no type here
        self._seconds = seconds

    async def request(self, *args: Any, **options: Any) -> Any:
        """Make a request.

        :raises TimeoutError: if Discord did not take it in time
        """
        try:
            async with asyncio.timeout(self._seconds):
                return await super().request(*args, **options)
        except TimeoutError:
            raise TimeoutError(f"not taken within {self._seconds:g} s") from None


def bound_requests(seconds: float) -> None:
    """Bound what this task, and those that it starts, send in answer to interactions."""
    async_context.set(BoundedAdapter(seconds))
