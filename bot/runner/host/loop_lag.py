"""How late the event loop has been in all, so that no run is charged for it."""

import asyncio

_EVERY_SECONDS = 0.1
_USUAL_SECONDS = 0.01
"""Lateness that is the timer's, not a busy loop's."""


class LoopLag:
    """Adds up by how much the loop woke up too late, while it is started."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def seconds(self) -> float:
        """The sum, what is late at this moment included."""
        return self._seconds + self._late()

    def start(self) -> None:
        """Begin to look. Safe to call twice. It needs a running loop."""
        if self._timer is None:
            self._plan(asyncio.get_running_loop())

    def stop(self) -> None:
        """Look no more. Safe to call twice."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _plan(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(_EVERY_SECONDS, self._tick, loop)

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        self._seconds += self._late()
        self._plan(loop)

    def _late(self) -> float:
        if self._timer is None:
            return 0.0
        late = asyncio.get_running_loop().time() - self._timer.when()
        return late if late > _USUAL_SECONDS else 0.0
