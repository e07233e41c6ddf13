"""A reply's timelines as one PNG."""

from bot.languages import Locale
from bot.observe.metrics import Metrics, timed_render
from bot.timeline.drawing.renderer import PictureRenderer
from bot.tutor.model import Picture, Reply
from bot.tutor.words.captions import captions


class ReplyPictures:
    """Has a reply's picture drawn."""

    def __init__(self, renderer: PictureRenderer, metrics: Metrics) -> None:
        self._renderer = renderer
        self._metrics = metrics

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
        with timed_render(self._metrics, "png"):
            return await self._renderer.png(timelines, captions(locale))
