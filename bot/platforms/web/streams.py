"""Answers as they grow, from the tutor to one browser, whatever the browser does.

A POST is answered with server-sent events (docs/adr tells why not a socket). A reader that
cannot keep up gets fewer updates, not later ones, and one that stops reading is dropped.
Whenever the stream ends early, the delivery is closed, and with it the run that it stands for.
"""

import asyncio
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from aiohttp import web

from bot.observe.metrics import Metrics, timed_render
from bot.platforms.delivery import Deliveries, Delivery, Pace, deliver
from bot.platforms.web.limits import WebLimits
from bot.platforms.web.patch import Patches, records
from bot.platforms.web.render import HtmlRenderer
from bot.platforms.web.words import WebWords
from bot.together import set_within
from bot.tutor.model import (
    Ask,
    Note,
    Reply,
)
from bot.tutor.protocol import Tutor

PACE = Pace(least=0.08, most=1.0, share=4)
"""At least: as fast as an eye can follow. On a busy machine updates take longer to make, so all
streams slow down together instead of standing in line."""

LAST_WORDS = 4.0
"""Seconds that readers have to take the last words of a server that shuts down: with hundreds of
answers open, or on a busy machine, these are not made in one."""

SILENCE = 10.0
"""Seconds after which a comment is sent, so that proxies keep a waiting stream open."""


def abort(request: web.BaseRequest) -> None:
    """End a connection whose answer has begun and cannot be completed; unsent bytes are lost."""
    if request.transport is not None:
        request.transport.abort()


def event_stream() -> web.StreamResponse:
    """Return a response of server-sent events that passes through proxies at once."""
    return web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store, no-transform",  # nothing on the way may compress it
            "X-Accel-Buffering": "no",  # nginx would hold the lines back
        }
    )


class Streams:
    """All answers that are being streamed now."""

    def __init__(self, tutor: Tutor, *, metrics: Metrics, limits: WebLimits) -> None:
        self._log = structlog.get_logger(__name__)
        self._metrics = metrics
        self._write_seconds = limits.write_seconds
        self._stream_seconds = limits.stream_seconds
        self._deliveries = Deliveries(tutor)

    async def stream(
        self, request: web.Request, ask: Ask, renderer: HtmlRenderer, begin: dict[str, Any]
    ) -> web.StreamResponse:
        """Answer `request` with everything that the tutor says to `ask`, as it says it."""
        response = event_stream()
        try:
            async with self._deliveries.open(ask) as delivery:
                with self._limited(delivery, ask):
                    await response.prepare(request)
                    await self._write(response, _event("begin", begin))
                    await self._deliver(response, delivery, Patches(renderer))
            async with asyncio.timeout(self._write_seconds):
                await response.write_eof()
        except TimeoutError:
            self._metrics.web_dropped("slow")
            abort(request)
        except (ConnectionError, asyncio.CancelledError):
            self._metrics.web_dropped("gone")
            raise
        except Exception:  # noqa: BLE001 - half an answer is sent: all that is left is to end it
            self._log.exception("answer not shown", request=type(ask.what).__name__)
            abort(request)
        return response

    async def idle(self) -> None:
        """Wait until no answer is under way."""
        await self._deliveries.idle()

    async def close(self, grace: float) -> None:
        """Wait up to `grace` seconds for open answers, then tell the rest that this is the end."""
        await self._deliveries.idle(grace)
        self._deliveries.end(lambda ask: (Note(WebWords(ask.locale).closing, "error"),))
        await self._deliveries.idle(LAST_WORDS)

    @contextmanager
    def _limited(self, delivery: Delivery, ask: Ask) -> Iterator[None]:
        """Count an open answer, and end it once it has taken as long as one may."""
        self._metrics.web_streams(len(self._deliveries))
        too_slow = Note(WebWords(ask.locale).too_slow, "error")
        loop = asyncio.get_running_loop()
        deadline = loop.call_later(self._stream_seconds, delivery.end, too_slow)
        try:
            yield
        finally:
            deadline.cancel()
            self._metrics.web_streams(len(self._deliveries) - 1)

    async def _deliver(
        self, response: web.StreamResponse, delivery: Delivery, patches: Patches
    ) -> None:
        async def show(reply: Reply) -> None:
            with timed_render(self._metrics, "html"):
                patch = await asyncio.to_thread(patches.patch, reply)
            if found := records(reply):
                await self._write(response, f"event: record\ndata: {found}\n\n".encode())
            await self._write(response, _event("patch", patch))

        async def ready() -> None:
            while not await delivery.has_news(SILENCE):
                await self._write(response, b":\n\n")

        await deliver(delivery, show, PACE, ready)

    async def _write(self, response: web.StreamResponse, data: bytes) -> None:
        async with asyncio.timeout(self._write_seconds):
            await response.write(data)


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


class News:
    """The version of the lessons, to which open pages listen: an author's edit shows at once.

    It is the same on every front that serves the same lessons, so that a page whose connection is
    taken up again by another front hears no news.

    Such a stream counts as idle: it makes room for others, and the browser comes back by itself.
    """

    def __init__(self, *, write_seconds: float) -> None:
        self._write_seconds = write_seconds
        self._version = secrets.token_hex(4)
        self._change = asyncio.Event()
        self._closed = False

    def changed(self, version: str) -> None:
        """Tell every open page which version there is now."""
        self._version = version
        self._wake()

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        self._wake()

    async def listen(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /api/news` with the version now and whenever it changes."""
        response = event_stream()
        await response.prepare(request)
        told = ""
        while not self._closed:
            change, version = self._change, self._version
            async with asyncio.timeout(self._write_seconds):
                await response.write(
                    b":\n\n" if told == version else f"data: {version}\n\n".encode()
                )
            told = version
            await set_within(change, SILENCE)
        return response

    def _wake(self) -> None:
        self._change.set()
        self._change = asyncio.Event()
