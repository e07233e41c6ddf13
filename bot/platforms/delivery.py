"""The one way from the tutor to a platform: the newest update wins, and only it is made.

The tutor goes at its own speed and is never kept waiting; a platform shows the newest update
whenever it can. What nobody gets to see is not made into a reply.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.together import cancel_all, set_within
from bot.tutor.model import (
    Ask,
    Choices,
    Note,
    Part,
    Reply,
    Update,
)
from bot.tutor.protocol import Tutor
from bot.tutor.words import words


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait between two updates, all in seconds."""

    least: float
    most: float
    share: float = 0.0
    """A pause is at least this many times as long as the update before it took to show."""

    def after(self, cost: float) -> float:
        """Return the pause after an update that took `cost` seconds to make and to show."""
        return min(self.most, max(self.least, self.share * cost))


class Delivery:
    """One answer under way. Closing it cancels what it stands for."""

    def __init__(self, tutor: Tutor, ask: Ask) -> None:
        self._ask = ask
        self._updates = tutor.handle(ask)
        self._log = structlog.get_logger(__name__).bind(request=type(ask.what).__name__)
        self._newest: Update = Reply((), final=False)
        self._shown = Reply((), final=False)
        self._changed = asyncio.Event()
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def over(self) -> bool:
        """Whether no further update will come: the newest one is final."""
        return self._over.is_set()

    def start(self) -> None:
        """Begin to take updates, unless that was done before or the answer is over."""
        if self._task is None and not self.over:
            self._task = asyncio.create_task(self._follow(), name="delivery")

    async def has_news(self, seconds: float | None = None) -> bool:
        """Wait for an update that was not taken yet, at most this long; tell if there is one."""
        return await set_within(self._changed, seconds)

    async def is_over(self, seconds: float) -> bool:
        """Wait until the answer is over, but no longer than this; return whether it is."""
        return await set_within(self._over, seconds)

    async def next(self) -> Reply:
        """Wait for an update that is newer than the last one taken, and return its reply."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            reply = await self._made(self._newest)
            if reply is not None:
                self._shown = reply
                return reply

    def end(self, *parts: Part) -> None:
        """End the answer before its time: it keeps what was shown, and `parts` say why it ends.

        Nothing follows a final update: where the answer is over, this does nothing.
        """
        if self.over:
            return
        last = self._newest if isinstance(self._newest, Reply) else self._shown
        kept = tuple(part for part in last.parts if not isinstance(part, Choices))
        self._put(Reply((*kept, *parts), failed=True))
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()

    async def close(self) -> None:
        """Leave: what is still under way is cancelled, and has ended when this returns."""
        if self._task is not None:
            await cancel_all([self._task])
        await self._updates.aclose()

    def _put(self, update: Update) -> None:
        if self.over:
            return
        self._newest = update
        self._changed.set()
        if isinstance(update, Reply) and update.final:
            self._over.set()

    async def _follow(self) -> None:
        """Keep the newest update. Nothing here waits for the platform."""
        try:
            async with aclosing(self._updates):
                async for update in self._updates:
                    self._put(update)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not silence the answer
            self._log.exception("answer failed", cause=f"{type(error).__name__}: {error}")
        self.end(Note(words(self._ask.locale).trouble.ours(self._ask.reference), "error"))

    async def _made(self, update: Update) -> Reply | None:
        """Return the update's reply; None where it cannot be made: a later one will be."""
        if isinstance(update, Reply):
            return update
        try:
            return await update.make()
        except Exception as error:  # noqa: BLE001 - as above
            self._log.exception("update failed", cause=f"{type(error).__name__}: {error}")
            return None


class Deliveries:
    """All answers of one platform that are under way."""

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor
        self._open: dict[Delivery, Ask] = {}
        self._none_open = asyncio.Event()
        self._none_open.set()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._open)

    @asynccontextmanager
    async def open(self, ask: Ask) -> AsyncIterator[Delivery]:
        """Ask the tutor; leaving the context ends whatever is still under way."""
        delivery = Delivery(self._tutor, ask)
        # What is logged on the way to the platform belongs to the same request.
        structlog.contextvars.bind_contextvars(reference=ask.reference, platform=ask.platform)
        self._open[delivery] = ask
        self._none_open.clear()
        try:
            yield delivery
        finally:
            try:
                await delivery.close()
            finally:
                del self._open[delivery]
                if not self._open:
                    self._none_open.set()

    async def idle(self, seconds: float | None = None) -> None:
        """Wait until none is under way, but no longer than `seconds`."""
        await set_within(self._none_open, seconds)

    def end(self, parts: Callable[[Ask], tuple[Part, ...]]) -> None:
        """End every answer before its time; `parts` say why."""
        for delivery, ask in tuple(self._open.items()):
            delivery.end(*parts(ask))


async def last_reply(tutor: Tutor, ask: Ask) -> Reply:
    """Return the last reply alone, for what is answered at once.

    :raises Exception: whatever the tutor raises, which it never should
    """
    last = Reply(())
    async with aclosing(tutor.handle(ask)) as updates:
        async for update in updates:
            last = update if isinstance(update, Reply) else last
    return last


async def deliver(
    delivery: Delivery,
    show: Callable[[Reply], Awaitable[None]],
    pace: Pace,
    ready: Callable[[], Awaitable[None]] | None = None,
) -> Reply:
    """Show the newest reply whenever there is one, until the final one is shown; return it.

    :param ready: waits until something can be shown; only then is the newest update made
    """
    delivery.start()
    while True:
        if ready is not None:
            await ready()
        reply = await delivery.next()
        start = time.perf_counter()
        await show(reply)
        if reply.final:
            return reply
        await delivery.is_over(pace.after(time.perf_counter() - start))
