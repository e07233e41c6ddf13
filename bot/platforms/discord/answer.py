"""One answer on Discord: one message that follows the newest reply."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import structlog

from bot.platforms.delivery import Delivery, Pace, deliver
from bot.platforms.discord.message_slot import (
    GoneError,
    MessageSlot,
    MessageSlotError,
    RejectedError,
    UnreachableError,
)
from bot.platforms.discord.render import Rendered
from bot.platforms.discord.words import DiscordWords
from bot.together import set_within
from bot.tutor.model import Choice, Choices, Note, Reply

PEEK_SECONDS = 0.05
"""What is answered within this time is sent at once; for all else Discord is told to wait."""
FIRST_SECONDS = 0.2
"""How long, at most, others wait with their start for this answer's first reply."""
LONGEST_PAUSE = 30.0
"""Seconds, at most, between two attempts to show a final message."""

_FEW = 4
"""So many interactions without a first answer are not many."""
_LONGEST = 1.5
"""Seconds, at most, that work waits for first answers: more than that is a flood."""


class FirstAnswerGate:
    """Counts the interactions that have no first answer yet; many of them go before all else.

    Discord gives up on an interaction after 3 seconds without a first answer, but is patient with
    whatever follows. So while many wait for one, runs are not started and messages not edited.
    """

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
        await set_within(self._over, _LONGEST)

    def _count(self, change: int) -> None:
        self._unanswered += change
        if self._unanswered > _FEW:
            self._over.clear()
        else:
            self._over.set()


Show = Callable[[Reply], Awaitable[Rendered]]
"""Draws and renders a reply."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How an answer is shown."""

    words: DiscordWords
    pace: float
    """Seconds, at least, between two edits of the message."""
    private: bool
    """For the asker alone, whatever comes."""
    again: Choice | None
    """Asks the same once more."""
    slow: bool = False
    """To draw it takes longer than Discord waits for a first answer."""


class Answer:
    """Shows a delivery's replies as one message, until the last of them is shown."""

    def __init__(
        self,
        slot: MessageSlot,
        delivery: Delivery,
        show: Show,
        manner: Manner,
        gate: FirstAnswerGate,
    ) -> None:
        self._slot = slot
        self._delivery = delivery
        self._show = show
        self._manner = manner
        self._gate = gate
        self._log = structlog.get_logger(__name__)

    async def run(self) -> None:
        """Show the replies to the end. Raises nothing: what cannot be shown is logged."""
        try:
            await self._answer()
        except MessageSlotError as error:
            self._log.warning("answer not shown", cause=str(error))

    async def _answer(self) -> None:
        """Show the first reply, the later ones, and the last."""
        with self._gate.answering():
            if not self._gate.on and not self._manner.slow:
                self._delivery.start()
                if await self._delivery.is_over(PEEK_SECONDS):
                    await self._conclude(await self._delivery.next(), self._slot.open)
                    return
            await self._slot.acknowledge(private=self._manner.private)
        async with self._gate.turn():
            self._delivery.start()
            await self._delivery.has_news(FIRST_SECONDS)
        pace = Pace(self._manner.pace, self._manner.pace)
        await deliver(self._delivery, self._update, pace, self._may_update)

    async def _may_update(self) -> None:
        """Wait until there is something to show, and nobody else's first answer to wait for."""
        await self._delivery.has_news()
        if not self._delivery.over:
            await self._gate.over()

    async def _update(self, reply: Reply) -> None:
        """Show how it stands; if that fails, the next update will show it."""
        if reply.final:
            await self._conclude(reply, self._change)
            return
        try:
            await self._slot.update(await self._show(reply))
        except GoneError:
            raise
        except MessageSlotError as error:
            self._log.warning("update not shown", cause=str(error))

    async def _change(self, message: Rendered, *, private: bool) -> None:
        """Put `message` where Discord shows that an answer is coming."""
        if private and not self._manner.private:
            await self._slot.turn_private(message)
        else:
            await self._slot.update(message)

    async def _conclude(self, reply: Reply, show: Callable[..., Awaitable[None]]) -> None:
        """Show the last reply, trying for as long as Discord would take it."""
        message = await self._show(reply)
        pause = min(1.0, self._manner.pace)
        while True:
            try:
                await show(message, private=reply.private or self._manner.private)
            except RejectedError as error:
                self._log.error("answer rejected", cause=str(error))
                plain = Reply(stopped(self._manner.words.unshowable, self._manner.again))
                await show(await self._show(plain), private=self._manner.private)
            except UnreachableError as error:
                if show == self._slot.open or self._slot.seconds_left < pause:
                    raise
                self._log.warning("answer delayed", seconds=pause, cause=str(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            return


def stopped(sentence: str, again: Choice | None) -> tuple[Note | Choices, ...]:
    """Return what stands below an answer that ended before its time: why, and a way on."""
    note = Note(sentence, "warning")
    return (note, Choices((again,))) if again else (note,)
