"""What lays runs out and draws them beside the event loop, and a renderer that uses a thread."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence

import structlog

from bot.runner.model import Event
from bot.timeline.drawing.jobs import (
    Drawer,
    DrawGif,
    DrawPng,
    FindCauses,
    Job,
    LayOut,
    MakeReplay,
    PackedEvents,
    explanation_of,
    timeline_of,
)
from bot.timeline.explanation import Explanation
from bot.timeline.model import Captions, Timeline


class PictureRenderer(ABC):
    """Lays runs out and draws them, without holding up the event loop.

    What cannot be made is None: an answer without its picture is still an answer. Nothing that
    an event holds raises. Each thing is asked for as a job; how that is done differs.
    """

    async def lay_out(
        self, events: Sequence[Event], *, title: str, captions: Captions, now: float | None = None
    ) -> Timeline | None:
        """Lay a run out; with `now`, one that is still under way `now` seconds in.

        A run under way is laid out only where that can begin soon: its next update shows more.
        """
        made = await self._made(LayOut(title, captions, now, PackedEvents.of(events)))
        try:
            return None if made is None else timeline_of(made)
        except ValueError as error:
            structlog.get_logger(__name__).warning("not a timeline", cause=str(error)[:200])
            return None

    async def explain(self, events: Sequence[Event], *, code: str, main: str) -> Explanation:
        """Explain why a finished run did what it did; empty where that cannot be made.

        :param code: the source that ran
        :param main: what the main thread's own lane is called
        """
        made = await self._made(FindCauses(code, main, PackedEvents.of(events)))
        try:
            return Explanation() if made is None else explanation_of(made)
        except ValueError as error:
            structlog.get_logger(__name__).warning("not an explanation", cause=str(error)[:200])
            return Explanation()

    async def replay(self, events: Sequence[Event], *, title: str, captions: Captions) -> str:
        """Lay a finished run out to be stepped through: one line of JSON (`bot.timeline.replay`).

        "" where that cannot be made.
        """
        made = await self._made(MakeReplay(title, captions, PackedEvents.of(events))) or b""
        # It is passed on as it is: what could end the line that it stands in makes it useless.
        if not made.isascii() or any(it in made for it in (b"\n", b"\r")):
            structlog.get_logger(__name__).warning("not a replay", size=len(made))
            return ""
        return made.decode("ascii")

    async def png(self, timelines: Sequence[Timeline], captions: Captions) -> bytes | None:
        """Draw timelines on a shared axis as a PNG."""
        return await self._made(DrawPng(tuple(timelines), captions))

    async def gif(self, timeline: Timeline, code: str, captions: Captions) -> bytes | None:
        """Draw a finished run as an animated GIF of at most 1 MiB, its code below the picture."""
        return await self._made(DrawGif(timeline, code, captions)) or None

    @abstractmethod
    async def close(self) -> None:
        """Free what is held; what is being made becomes None. Safe to call twice."""

    @abstractmethod
    async def _made(self, job: Job) -> bytes | None:
        """Have a job done; None where it cannot be."""


class ThreadRenderer(PictureRenderer):
    """Implements it in a thread of this process, one job after another.

    For commands that answer one person: a thread shares the interpreter with the event loop.
    """

    def __init__(self) -> None:
        self._drawer = Drawer()
        self._turn = asyncio.Lock()
        self._closed = False

    async def close(self) -> None:
        """Make nothing more."""
        self._closed = True

    async def _made(self, job: Job) -> bytes | None:
        if isinstance(job, LayOut) and job.now is not None and self._turn.locked():
            return None
        async with self._turn:
            if self._closed:
                return None
            try:
                return await asyncio.to_thread(self._drawer.do, job)
            except Exception as error:  # noqa: BLE001 - whatever it is, it costs the picture only
                structlog.get_logger(__name__).warning("not drawn", cause=repr(error)[:200])
                return None
