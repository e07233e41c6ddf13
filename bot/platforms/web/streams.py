"""Answers as they grow, from the tutor to one browser, whatever the browser does.

A POST is answered with server-sent events (docs/adr tells why not a socket). Between the tutor
and the browser lies room for one update only: a reader that cannot keep up gets fewer updates,
not later ones, and one that stops reading is dropped. Whenever the stream ends early, the
tutor's iterator is closed, and with it the run that it stands for.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

import structlog
from aiohttp import web

from bot.observe.metrics import Metrics
from bot.platforms.web.limits import WebLimits
from bot.platforms.web.patch import Patches
from bot.platforms.web.render import Renderer
from bot.platforms.web.words import web_words
from bot.tutor.model import Ask, Note, Reply, Tutor

BETWEEN = 0.08
"""Seconds between two updates, at least: as fast as an eye can follow."""

SHARE = 4
"""A pause is at least this many times as long as the update before it took to make. On a busy
machine that takes longer, so all streams slow down together instead of standing in line."""

LONGEST = 1.0
"""Seconds between two updates, at most, whatever the machine does."""

PATIENCE = 1.0
"""Seconds that the tutor is not asked for a further update while one waits to be fetched: to lay
out what nobody will see costs time. Past that, the run must get to its end without its reader."""

SILENCE = 10.0
"""Seconds after which a comment is sent, so that proxies keep a waiting stream open."""


def updates(tutor: Tutor, ask: Ask) -> aclosing[AsyncGenerator[Reply]]:
    """Return the tutor's updates in a context that closes them, and so ends their run."""
    return aclosing(tutor.handle(ask))


def abort(request: web.BaseRequest) -> None:
    """End a connection whose answer has begun and cannot be completed; unsent bytes are lost."""
    if request.transport is not None:
        request.transport.abort()


class Mailbox:
    """Holds the newest update until it is fetched; an older one that nobody fetched is lost."""

    def __init__(self) -> None:
        self._update = Reply((), final=False)
        self._changed = asyncio.Event()
        self._fetched = asyncio.Event()

    def put(self, update: Reply) -> None:
        """Replace what is held. Nothing replaces a final update."""
        if not self._update.final:
            self._update = update
            self._fetched.clear()
            self._changed.set()

    def end(self, sentence: str) -> None:
        """Make what is held final, if it is not, and say why nothing more comes."""
        parts = (*self._update.parts, Note(sentence, "error"))
        self.put(Reply(parts, failed=True))

    async def get(self) -> Reply:
        """Wait for an update, and take it."""
        await self._changed.wait()
        self._changed.clear()
        self._fetched.set()
        return self._update

    async def fetched(self, *, at_most: float) -> None:
        """Wait until the last update was fetched, but no longer than `at_most` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most):
                await self._fetched.wait()


class Streams:
    """All answers that are being streamed now."""

    def __init__(self, tutor: Tutor, *, metrics: Metrics, limits: WebLimits) -> None:
        self._tutor = tutor
        self._log = structlog.get_logger(__name__)
        self._metrics = metrics
        self._write_seconds = limits.write_seconds
        self._stream_seconds = limits.stream_seconds
        self._open: dict[Mailbox, Ask] = {}
        self._none_open = asyncio.Event()
        self._none_open.set()

    async def stream(
        self, request: web.Request, ask: Ask, renderer: Renderer, begin: dict[str, Any]
    ) -> web.StreamResponse:
        """Answer `request` with everything that the tutor says to `ask`, as it says it."""
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream; charset=utf-8",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",  # nginx would hold the lines back
            }
        )
        mailbox = Mailbox()
        self._entered(mailbox, ask)
        # aiohttp gives each request a task, and so a context, of its own.
        structlog.contextvars.bind_contextvars(reference=ask.reference, platform=ask.platform)
        pump = asyncio.create_task(self._pump(ask, mailbox))
        try:
            await response.prepare(request)
            await self._write(response, _event("begin", begin))
            await self._follow(response, mailbox, Patches(renderer))
            async with asyncio.timeout(self._write_seconds):
                await response.write_eof()
        except TimeoutError:
            self._metrics.web_dropped("slow")
            abort(request)
        except (ConnectionError, asyncio.CancelledError):
            self._metrics.web_dropped("gone")
            raise
        except Exception:  # noqa: BLE001 - half an answer is sent: all that is left is to end it
            self._log.exception("an answer cannot be shown", request=type(ask.what).__name__)
            abort(request)
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
            self._left(mailbox)
        return response

    async def close(self, grace: float) -> None:
        """Wait up to `grace` seconds for open answers, then tell the rest that this is the end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._none_open.wait()
        for mailbox, ask in tuple(self._open.items()):
            mailbox.end(web_words(ask.locale).closing)
        with suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                await self._none_open.wait()

    async def _pump(self, ask: Ask, mailbox: Mailbox) -> None:
        """Move the tutor's updates into the mailbox, about as fast as they are fetched."""
        sentence = web_words(ask.locale).went_wrong
        try:
            async with (
                asyncio.timeout(self._stream_seconds) as deadline,
                updates(self._tutor, ask) as replies,
            ):
                async for reply in replies:
                    mailbox.put(reply)
                    if not reply.final:
                        await mailbox.fetched(at_most=PATIENCE)
        except Exception as error:  # noqa: BLE001 - whatever it is, the learner is told
            if isinstance(error, TimeoutError) and deadline.expired():
                sentence = web_words(ask.locale).too_slow
            else:
                self._log.exception("an answer failed", request=type(ask.what).__name__)
        mailbox.end(sentence)  # no word after a final one is heard

    async def _follow(
        self, response: web.StreamResponse, mailbox: Mailbox, patches: Patches
    ) -> None:
        while True:
            try:
                async with asyncio.timeout(SILENCE):
                    reply = await mailbox.get()
            except TimeoutError:
                await self._write(response, b":\n\n")
                continue
            start = time.perf_counter()
            patch = await asyncio.to_thread(patches.patch, reply)
            await self._write(response, _event("patch", patch))
            if reply.final:
                return
            cost = time.perf_counter() - start
            await asyncio.sleep(min(LONGEST, max(BETWEEN, SHARE * cost)))

    async def _write(self, response: web.StreamResponse, data: bytes) -> None:
        async with asyncio.timeout(self._write_seconds):
            await response.write(data)

    def _entered(self, mailbox: Mailbox, ask: Ask) -> None:
        self._open[mailbox] = ask
        self._none_open.clear()
        self._metrics.web_streams(len(self._open))

    def _left(self, mailbox: Mailbox) -> None:
        del self._open[mailbox]
        if not self._open:
            self._none_open.set()
        self._metrics.web_streams(len(self._open))


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
