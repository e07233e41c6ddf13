"""One answer on Discord: the tutor's updates in, one message that follows them out."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace

from bot.platforms.discord.render import Rendered
from bot.platforms.discord.rush import Rush
from bot.platforms.discord.surface import (
    GoneError,
    RejectedError,
    Surface,
    SurfaceError,
    UnreachableError,
)
from bot.platforms.discord.words import DiscordWords
from bot.tutor.model import Choice, Choices, Note, Reply

_log = logging.getLogger(__name__)

PEEK_SECONDS = 0.05
"""What is answered within this time is sent at once; for all else Discord is told to wait."""
FIRST_SECONDS = 0.2
"""How long, at most, others wait with their start for this answer's first reply."""
LONGEST_PAUSE = 30.0
"""Seconds, at most, between two attempts to show a final message."""


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


class Answer:
    """Shows a stream of replies as one message, until the last of them is shown.

    :param updates: the tutor's replies; closing them cancels what they stand for
    :param show: draws and renders a reply
    """

    def __init__(
        self,
        surface: Surface,
        updates: AsyncGenerator[Reply],
        show: Callable[[Reply], Awaitable[Rendered]],
        manner: Manner,
        rush: Rush,
    ) -> None:
        self._surface = surface
        self._updates = updates
        self._show = show
        self._manner = manner
        self._rush = rush
        self._latest: Reply | None = None
        self._changed = asyncio.Event()
        self._over = asyncio.Event()
        self._stopped = False
        self._following: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Show the replies to the end. Raises nothing: what cannot be shown is logged."""
        try:
            await self._answer()
        except SurfaceError as error:
            _log.warning("an answer could not be shown to its end: %s", error)
        finally:
            if self._following is not None:
                self._following.cancel()
                with suppress(asyncio.CancelledError):
                    await self._following

    def stop(self) -> None:
        """End the answer before its time; its message will say so."""
        self._stopped = True
        self._over.set()
        self._changed.set()
        if self._following is not None:
            self._following.cancel()

    def _start(self) -> None:
        """Begin to take the replies, unless that was done or has become pointless."""
        if self._following is None and not self._stopped:
            self._following = asyncio.create_task(self._follow(), name="discord-answer")

    async def _follow(self) -> None:
        """Keep the latest reply. Nothing waits for Discord here, so no update piles up."""
        try:
            async with aclosing(self._updates) as updates:
                async for reply in updates:
                    self._latest = reply
                    self._changed.set()
        except Exception as error:  # noqa: BLE001 - a fault of ours must not silence the answer
            _log.error("no answer: %s: %s", type(error).__name__, error)
            _log.debug("where it came from", exc_info=error)
            self._latest = self._with_note(self._manner.words.broken)
        finally:
            self._over.set()
            self._changed.set()

    async def _answer(self) -> None:
        """Show the first reply, the later ones, and the last."""
        with self._rush.answering():
            if not self._rush.on:
                self._start()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._over.wait(), PEEK_SECONDS)
                if self._over.is_set():
                    await self._conclude(self._surface.open)
                    return
            await self._surface.acknowledge(private=self._manner.private)
        async with self._rush.turn():
            self._start()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), FIRST_SECONDS)
        while not self._over.is_set():
            await self._changed.wait()
            self._changed.clear()
            if self._over.is_set() or self._latest is None:
                continue
            await self._rush.over()
            start = time.monotonic()
            await self._try_update(self._latest)
            with suppress(TimeoutError):
                rest = self._manner.pace - (time.monotonic() - start)
                await asyncio.wait_for(self._over.wait(), max(0.0, rest))
        await self._conclude(self._change)

    async def _try_update(self, reply: Reply) -> None:
        """Show how it stands; if that fails, the next update will show it."""
        try:
            await self._surface.update(await self._show(replace(reply, final=False)))
        except GoneError:
            raise
        except SurfaceError as error:
            _log.warning("an update could not be shown: %s", error)

    async def _change(self, message: Rendered, *, private: bool) -> None:
        """Put `message` where Discord shows that an answer is coming."""
        if private and not self._manner.private:
            await self._surface.turn_private(message)
        else:
            await self._surface.update(message)

    async def _conclude(self, show: Callable[..., Awaitable[None]]) -> None:
        """Show the last reply, trying for as long as Discord would take it."""
        reply = self._last()
        message = await self._show(reply)
        pause = min(1.0, self._manner.pace)
        while True:
            try:
                await show(message, private=reply.private or self._manner.private)
            except RejectedError as error:
                _log.error("Discord rejected an answer: %s", error)
                plain = self._with_note(self._manner.words.unshowable, parts=())
                await show(await self._show(plain), private=self._manner.private)
            except UnreachableError as error:
                if show == self._surface.open or self._surface.seconds_left < pause:
                    raise
                _log.warning("trying again in %.0f s to show an answer: %s", pause, error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            return

    def _last(self) -> Reply:
        """Return what the message will say for good."""
        if self._stopped and not (self._latest and self._latest.final):
            return self._with_note(self._manner.words.stopped)
        if self._latest is None:
            return self._with_note(self._manner.words.broken)
        return replace(self._latest, final=True)

    def _with_note(self, note: str, parts: tuple[object, ...] | None = None) -> Reply:
        """Return what has been answered so far, with `note` and a way to ask once more."""
        so_far = self._latest.parts if self._latest and parts is None else ()
        kept = tuple(part for part in so_far if not isinstance(part, Choices))
        again = (Choices((self._manner.again,)),) if self._manner.again else ()
        return Reply((*kept, Note(note, "warning"), *again), failed=True)
