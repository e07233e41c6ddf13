"""A reply's timelines as one PNG, drawn beside the event loop."""

import asyncio
import logging
from collections.abc import Sequence

from bot.lessons.model import Locale
from bot.observe.metrics import Metrics, timed_render
from bot.timeline.draw import Painter
from bot.timeline.model import Captions, Timeline
from bot.tutor.model import Picture, Reply
from bot.tutor.words.captions import captions

_log = logging.getLogger(__name__)

AT_ONCE = 1
"""Pictures in the making. A picture is mostly Python's own work: more threads would only take
turns, keep the event loop from its turn, and hold more memory."""


class Studio:
    """Draws one picture after another."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._painter: Painter | None = None
        self._room = asyncio.Semaphore(AT_ONCE)

    async def draw(self, reply: Reply, locale: Locale) -> bytes | None:
        """Return the picture of `reply`; None if it has none, or could not be drawn."""
        timelines = [
            timeline
            for part in reply.parts
            if isinstance(part, Picture)
            for timeline in part.timelines
        ]
        if not timelines:
            return None
        try:
            async with self._room:
                with timed_render(self._metrics, "png"):
                    return await asyncio.to_thread(self._paint, timelines, captions(locale))
        except Exception as error:  # noqa: BLE001 - an answer without its picture is still one
            _log.error("a picture could not be drawn: %s: %s", type(error).__name__, error)
            return None

    def _paint(self, timelines: Sequence[Timeline], words: Captions) -> bytes:
        """Draw, in a thread. The painter's fonts are read with the first picture."""
        self._painter = self._painter or Painter()
        return self._painter.png(timelines, words)
