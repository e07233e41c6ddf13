"""Who may run now, who waits, and who is turned away."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Protocol

from bot.errors import LearnerBusyError, QueueFullError, ShuttingDownError
from bot.observe.metrics import Metrics

_SHARE_OF_OWN_CODE = 4
"""Of so many places, learners' own code gets one."""


class Place:
    """One learner's place, waiting or running."""

    def __init__(self, *, own_code: bool = False) -> None:
        self.own_code = own_code
        """Whether it is for code of the learner's own."""
        self._changed = asyncio.Event()
        self._position = 0
        self._closed = False
        self._since = time.monotonic()
        self._waited = 0.0

    @property
    def waited(self) -> float:
        """How long it waited for its turn, in seconds; 0.0 while it waits."""
        return self._waited

    @property
    def position(self) -> int:
        """Where it stands in the waiting line, from 1; 0 for a place whose turn it is."""
        return self._position

    async def positions(self) -> AsyncIterator[int]:
        """Yield this place's position in the waiting line, from 1, whenever it changes.

        Ends when it is this place's turn; at once where nobody is before it.

        :raises ShuttingDownError: if the queue closes while this place waits
        """
        told = 0
        while self._position:
            if self._closed:
                raise ShuttingDownError("The bot is shutting down and takes no new runs.")
            if self._position != told:
                told = self._position
                yield told
                continue  # it may have moved while the caller was busy telling
            self._changed.clear()
            await self._changed.wait()

    def move_to(self, position: int) -> None:
        """Tell this place where it stands; 0 is its turn."""
        self._position = position
        if position == 0:
            self._waited = time.monotonic() - self._since
        self._changed.set()

    def close(self) -> None:
        """Tell this place that its turn will not come."""
        self._closed = True
        self._changed.set()


class RunClaims(Protocol):
    """Holds the rule of one run a learner beyond this process."""

    def claim(self, learner: str) -> AbstractAsyncContextManager[None]:
        """Hold the learner's one run.

        :raises LearnerBusyError: if the learner holds one elsewhere
        """
        ...


class RunQueue:
    """Lets so many run at once; the others wait in the order in which they came.

    It is fair because each learner holds one place at most: nobody can fill the line alone. A
    place counts once, however many scenarios are run in it.

    Learners' own code never comes before a scenario: it gets a quarter of the places at most, and
    a quarter of the waiting line, and scenarios pass it there.

    :param running: how many places may run at once
    :param waiting: how many may wait; further ones are turned away
    """

    def __init__(self, *, running: int, waiting: int, metrics: Metrics | None = None) -> None:
        self._claims: RunClaims | None = None
        self._most_running = running
        self._most_waiting = waiting
        self._metrics = metrics or Metrics()
        self._learners: set[str] = set()
        self._running: set[Place] = set()
        self._line: dict[Place, None] = {}  # in the order in which they came
        self._most_own_running = max(1, running // _SHARE_OF_OWN_CODE)
        self._most_own_waiting = max(1, waiting // _SHARE_OF_OWN_CODE)
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False

    @property
    def running(self) -> int:
        """How many places have their turn now."""
        return len(self._running)

    @property
    def waiting(self) -> int:
        """How many places wait now."""
        return len(self._line)

    @asynccontextmanager
    async def place(self, learner: str, *, own_code: bool = False) -> AsyncIterator[Place]:
        """Hold a place for `learner`; go through its `positions()` before running anything.

        :param own_code: it is for code of the learner's own
        :raises LearnerBusyError: if the learner holds a place already
        :raises QueueFullError: if the waiting line is full
        :raises ShuttingDownError: if the queue is closed
        """
        if self._closed:
            raise ShuttingDownError("The bot is shutting down and takes no new runs.")
        if learner in self._learners:
            raise LearnerBusyError("This learner's last run is still under way.")
        if self._is_full(own_code=own_code):
            raise QueueFullError(f"All {self._most_waiting} places in the waiting line are taken.")
        self._learners.add(learner)
        try:
            claim = self._claims.claim(learner) if self._claims else nullcontext()
            async with claim, self._in_line(own_code=own_code) as place:
                yield place
        finally:
            self._learners.discard(learner)

    @asynccontextmanager
    async def _in_line(self, *, own_code: bool) -> AsyncIterator[Place]:
        """Hold a place in the line, and then among those that run."""
        place = Place(own_code=own_code)
        self._line[place] = None
        self._idle.clear()
        self._advance()
        try:
            yield place
        finally:
            self._running.discard(place)
            self._line.pop(place, None)
            self._advance()

    def claim_with(self, claims: RunClaims) -> None:
        """Hold learners to one run beyond this process as well."""
        self._claims = claims

    def resize(self, running: int) -> None:
        """Let so many places run at once from now on, at least one; those that run go on."""
        self._most_running = max(1, running)
        self._most_own_running = max(1, running // _SHARE_OF_OWN_CODE)
        self._advance()

    def close(self) -> None:
        """Take no new places, and turn away those that wait. Those that run may finish."""
        self._closed = True
        for place in self._line:
            place.close()

    async def idle(self) -> None:
        """Wait until nobody holds a place."""
        await self._idle.wait()

    def _is_full(self, *, own_code: bool) -> bool:
        """Tell whether one more would neither have its turn nor a place in the line."""
        if own_code and sum(it.own_code for it in self._line) >= self._most_own_waiting:
            return True
        if len(self._line) < self._most_waiting:
            return False
        return len(self._running) >= self._most_running or (own_code and not self._may_run_own())

    def _may_run_own(self) -> bool:
        return sum(it.own_code for it in self._running) < self._most_own_running

    def _in_order(self) -> list[Place]:
        """Return those who wait, scenarios before learners' own code."""
        return sorted(self._line, key=lambda place: place.own_code)

    def _next(self) -> Place | None:
        """Return who waited longest of those who may run now."""
        if len(self._running) >= self._most_running or self._closed:
            return None
        waiting = iter(self._in_order())
        return next((it for it in waiting if not it.own_code or self._may_run_own()), None)

    def _advance(self) -> None:
        """Give free turns to those who waited longest, and tell the others where they stand."""
        while (place := self._next()) is not None:
            del self._line[place]
            self._running.add(place)
            place.move_to(0)
            self._metrics.queue_waited(place.waited)
        for position, place in enumerate(self._in_order(), start=1):
            place.move_to(position)
        self._metrics.queue_changed(running=len(self._running), waiting=len(self._line))
        if not self._running and not self._line:
            self._idle.set()
