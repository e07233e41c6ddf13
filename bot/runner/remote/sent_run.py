"""One run at its worker: its events go out in batches, as far as the front gives credit."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from bot.errors import TutorError
from bot.runner.model import Event, Finished, Line
from bot.runner.remote.messages import Rules, batch, encode_event, encode_trouble
from bot.together import set_within

Send = Callable[[bytes], Awaitable[bool]]
"""Sends a message to the run's front; returns whether it could be sent."""


class SentRun:
    """Sends one run's events.

    Nothing is dropped: while the front gives no credit, no more events are taken, the runner's
    pipes fill, and the scenario waits at its next `print`.
    """

    def __init__(self, *, credit: int, rules: Rules, send: Send) -> None:
        self._rules = rules
        self._send = send
        self._credit = credit
        self._number = 0
        self._parts: deque[bytes] = deque()
        self._size = 0
        self._urgent = self._ended = False
        self._news = asyncio.Event()
        self._room = asyncio.Event()

    @property
    def next_number(self) -> int:
        """The number of the next batch."""
        return self._number + 1

    def give_credit(self, upto: int) -> None:
        """Let batches up to this number go."""
        if upto > self._credit:
            self._credit = upto
            self._news.set()

    async def send(self, events: AsyncGenerator[Event]) -> None:
        """Run, and send what happens, to its end. Cancelling it ends the run."""
        sending = asyncio.create_task(self._send_all(), name="batches")
        try:
            async with aclosing(events):
                taking = asyncio.create_task(self._take_all(events), name="events")
                try:
                    # Where nothing can be sent any more, nothing need be run.
                    await asyncio.wait({taking, sending}, return_when=asyncio.FIRST_COMPLETED)
                    if not taking.done():
                        return
                    await taking
                    await sending
                finally:
                    taking.cancel()
                    await asyncio.wait({taking})
        finally:
            sending.cancel()
            await asyncio.wait({sending})

    async def _take_all(self, events: AsyncGenerator[Event]) -> None:
        """Take events as they come, while there is room for them."""
        try:
            async for event in events:
                self._put(encode_event(event), urgent=isinstance(event, Line | Finished))
                while self._size >= self._rules.batch_bytes:
                    self._room.clear()
                    await self._room.wait()
        except TutorError as error:
            await self._send(encode_trouble(self.next_number, str(error)))
            self._parts.clear()
        self._ended = True
        self._news.set()

    def _put(self, part: bytes, *, urgent: bool) -> None:
        first = not self._parts
        self._parts.append(part)
        self._size += len(part)
        if urgent or self._size >= self._rules.batch_bytes:
            self._urgent = True
        if first or self._urgent:
            self._news.set()

    async def _send_all(self) -> None:
        """Send batches, and heartbeats between them, until all is sent."""
        while self._parts or not self._ended:
            if not self._parts or self._number >= self._credit:
                if not await self._woken(self._rules.heartbeat) and not await self._send(
                    batch(self._number, [])
                ):
                    return
                continue
            if not self._urgent and not self._ended:
                await self._woken(self._rules.batch)
            self._number += 1
            if not await self._send(batch(self._number, self._next_parts())):
                return

    def _next_parts(self) -> list[bytes]:
        """Take what goes into one batch: at least one event, and else no more than fits."""
        parts, size = [self._parts.popleft()], 0
        size = len(parts[0])
        while self._parts and size + len(self._parts[0]) <= self._rules.batch_bytes:
            part = self._parts.popleft()
            size += len(part)
            parts.append(part)
        self._size -= size
        if not self._parts:
            self._urgent = False
        self._room.set()
        return parts

    async def _woken(self, seconds: float) -> bool:
        """Wait for news, at most for so long; return whether there is any."""
        self._news.clear()
        return await set_within(self._news, seconds)
