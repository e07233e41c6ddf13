"""A reply's timelines as one picture: a PNG, or a GIF where a run is to be shown moving."""

import asyncio
from dataclasses import replace
from typing import Final

import structlog

from bot.languages import Locale
from bot.observe.metrics import Metrics, timed_render
from bot.platforms.discord.words import DiscordWords
from bot.timeline.drawing.renderer import PictureRenderer
from bot.tutor.model import Note, Part, Reply
from bot.tutor.run_parts import Picture
from bot.tutor.words.alt import moving_alt
from bot.tutor.words.captions import captions

_MOVING_SECONDS: Final = 20.0
"""What a moving picture may take, with its wait for others, until a still one takes its place."""


class ReplyPictures:
    """Has a reply's picture drawn.

    :param moving_seconds: what a moving picture may take until a still one takes its place
    """

    def __init__(
        self, renderer: PictureRenderer, metrics: Metrics, moving_seconds: float = _MOVING_SECONDS
    ) -> None:
        self._renderer = renderer
        self._metrics = metrics
        self._moving_seconds = moving_seconds
        self._turn = asyncio.Semaphore(1)
        """Moving pictures are drawn one at a time: each takes a second of a processor, and the
        pictures under runs must not wait for them."""

    async def draw(self, reply: Reply, locale: Locale) -> tuple[Reply, bytes | None]:
        """Return a reply with its picture; None if it has none, is not final, or cannot be drawn.

        Where a picture cannot move, the reply that is returned says so.
        """
        pictures = [part for part in reply.parts if isinstance(part, Picture)]
        timelines = [timeline for part in pictures for timeline in part.timelines]
        if not timelines or not reply.final:
            return reply, None
        moving = next((part for part in pictures if part.moving), None)
        if moving is not None:
            if animation := await self._moving(moving, locale):
                told = replace(moving, alt=moving_alt(moving.alt, locale))
                return _with(reply, moving, told), animation
            note = Note(DiscordWords(locale).replay_still, "warning")
            reply = _with(reply, moving, note, moving)
        with timed_render(self._metrics, "png"):
            return reply, await self._renderer.png(timelines, captions(locale))

    async def _moving(self, picture: Picture, locale: Locale) -> bytes | None:
        """Return the first run of a picture as a GIF; None where that is too large or too slow."""
        try:
            async with asyncio.timeout(self._moving_seconds), self._turn:
                with timed_render(self._metrics, "gif"):
                    return await self._renderer.gif(
                        picture.timelines[0], picture.moving, captions(locale)
                    )
        except TimeoutError:
            log = structlog.get_logger(__name__)
            log.warning("replay not drawn", cause=f"it took longer than {self._moving_seconds:g} s")
            return None


def _with(reply: Reply, old: Part, *new: Part) -> Reply:
    """Return a reply with other parts in the place of one."""
    at = reply.parts.index(old)
    return replace(reply, parts=(*reply.parts[:at], *new, *reply.parts[at + 1 :]))
