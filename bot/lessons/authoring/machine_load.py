"""Notices when this machine is too busy for what is measured on it to count."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

_PAUSE = 0.01
"""Seconds between two looks at the clock."""
LATE = 0.03
"""Seconds. A wake-up later than that had to wait for a processor."""


class MachineLoad:
    """Sleeps a little, again and again; a late waking is a sign that processors are wanting.

    Scenarios are told apart by sleeps of a tenth of a second and more. Where our own sleeps come
    out tens of milliseconds too long, theirs do, too.

    :param late: seconds from which on a waking is late
    """

    def __init__(self, *, late: float = LATE) -> None:
        self._late = late
        self._latest = float("-inf")
        self._due = float("inf")
        """When the next waking is due; never, while nobody watches."""

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Look at the clock for as long as the block lasts."""
        watch = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watch.cancel()
            self._due = float("inf")
            with contextlib.suppress(asyncio.CancelledError):
                await watch

    def since(self, moment: float) -> bool:
        """Tell whether the machine was too busy at any time since then (on the loop's clock)."""
        now = asyncio.get_running_loop().time()
        return self._latest >= moment or now - self._due > self._late

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._due = loop.time() + _PAUSE
            await asyncio.sleep(_PAUSE)
            if loop.time() - self._due > self._late:
                self._latest = loop.time()
