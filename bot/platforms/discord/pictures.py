"""A reply's timelines as one PNG, drawn beside the event loop."""

import asyncio
import logging

from bot.lessons.model import Locale
from bot.observe.metrics import Metrics, timed_render
from bot.timeline.draw import png
from bot.tutor.model import Picture, Reply
from bot.tutor.words.captions import captions

_log = logging.getLogger(__name__)


async def draw(reply: Reply, locale: Locale, metrics: Metrics) -> bytes | None:
    """Return the picture of `reply`; None if it has none, or could not be drawn."""
    timelines = [
        timeline for part in reply.parts if isinstance(part, Picture) for timeline in part.timelines
    ]
    if not timelines:
        return None
    try:
        with timed_render(metrics, "png"):
            return await asyncio.to_thread(png, timelines, captions(locale))
    except Exception as error:  # noqa: BLE001 - an answer without its picture is still an answer
        _log.error("a picture could not be drawn: %s: %s", type(error).__name__, error)
        return None
