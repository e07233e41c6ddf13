"""Tells open pages that the lessons have changed, so that an author's edit shows at once."""

import asyncio
import secrets
from contextlib import suppress

from aiohttp import web

from bot.platforms.web.streams import SILENCE, event_stream


class News:
    """A version of the lessons that pages can listen to.

    Such a stream counts as idle: it makes room for others, and the browser comes back by itself.
    """

    def __init__(self, *, write_seconds: float) -> None:
        self._write_seconds = write_seconds
        self._run = secrets.token_hex(4)
        self._count = 0
        self._change = asyncio.Event()
        self._closed = False

    @property
    def version(self) -> str:
        """Changes with every reload, and differs after a restart."""
        return f"{self._run}-{self._count}"

    def changed(self) -> None:
        """Tell every open page that there is something new."""
        self._count += 1
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
            change, version = self._change, self.version
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
