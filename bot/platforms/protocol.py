"""What serving asks of a platform, whichever it is."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class SharedLeases(Protocol):
    """What several processes agree on: a key that one of them holds at a time."""

    def held(self, key: str) -> AbstractAsyncContextManager[asyncio.Event]:
        """Hold a lease; the event is set if it is lost meanwhile.

        :raises LeaseHeldError: if another process holds it
        """
        ...

    async def taken(self, key: str) -> bool:
        """Take a lease that runs out by itself after five seconds; return whether it was free."""
        ...


class Platform(Protocol):
    """A place where learners ask, from its start to its end."""

    @property
    def name(self) -> str:
        """What operators call it, such as "Discord"."""
        ...

    async def start(self) -> None:
        """Begin to serve. Where that takes others, such as Discord, it goes on beside.

        :raises TutorError: if it cannot be used as it is set up
        """
        ...

    async def wait(self) -> None:
        """Wait until it has ended for good.

        :raises TutorError: if it was not `close` that ended it
        """
        ...

    async def ready(self) -> str:
        """Return "" while learners can reach it, else what is wrong, for operators."""
        ...

    async def idle(self) -> None:
        """Wait until no answer is under way."""
        ...

    async def close(self, *, grace: float = 0.0) -> None:
        """Wait up to `grace` seconds for the answers under way, end the others, and stop.

        An answer that is ended says so. Safe to call twice, and before `start`.
        """
        ...

    def describe(self) -> str:
        """Return how it stands, in a few words for operators; "" while there is nothing to say."""
        ...
