"""Tells open pages that the lessons have changed, so that an author's edit shows at once."""

import asyncio
import secrets
from contextlib import suppress

from aiohttp import web

from bot.platforms.web.streams import SILENCE, event_stream


class News:
    """The version of the lessons, to which pages listen.

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
            with suppress(TimeoutError):
                async with asyncio.timeout(SILENCE):
                    await change.wait()
        return response

    def _wake(self) -> None:
        self._change.set()
        self._change = asyncio.Event()
