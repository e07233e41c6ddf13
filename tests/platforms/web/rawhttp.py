"""A browser's opposite: it sends exactly the bytes that a test wants sent."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.platforms.web.server import Playground


@dataclass(frozen=True)
class Answer:
    """One whole response."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """The server-sent events of a body that is a stream of them."""
        found = []
        for block in unchunked(self.body).decode().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "event" in fields:
                found.append((fields["event"], json.loads(fields["data"])))
        return found


def unchunked(body: bytes) -> bytes:
    """Undo chunked transfer coding; a body that broke off gives what came."""
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size or b"0", 16)
        if not length:
            break
        whole, body = whole + body[:length], body[length + 2 :]
    return whole


def parsed(data: bytes) -> Answer:
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return Answer(int(first.split()[1]), headers, body)


class Client:
    """Talks to one playground over sockets of its own."""

    def __init__(self, playground: Playground) -> None:
        self.playground = playground
        where = urlsplit(playground.url)
        assert where.hostname is not None
        assert where.port is not None
        self.host, self.port, self.root = where.hostname, where.port, where.path

    @asynccontextmanager
    async def connection(
        self, **options: Any
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection(self.host, self.port, **options)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    async def raw(self, data: bytes) -> bytes:
        """Send `data`, and return all that comes until the server closes."""
        async with self.connection() as (reader, writer):
            writer.write(data)
            try:
                return await asyncio.wait_for(reader.read(), 20)
            except ConnectionError:
                return b""

    def head(self, method: str, path: str, headers: Mapping[str, str] | None = None) -> bytes:
        lines = {"Host": f"localhost:{self.port}", "Connection": "close", **(headers or {})}
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"{method} {path} HTTP/1.1\r\n{text}\r\n".encode()

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return parsed(await self.raw(self.head("GET", path, headers)))

    def asking(
        self, body: Mapping[str, Any] | bytes, headers: Mapping[str, str] | None = None
    ) -> bytes:
        data = body if isinstance(body, bytes) else json.dumps({"lang": "en", **body}).encode()
        lines = {
            "Content-Type": "application/json",
            "Content-Length": str(len(data)),
            **(headers or {}),
        }
        return self.head("POST", f"{self.root}/api/ask", lines) + data

    async def ask(
        self, body: Mapping[str, Any] | bytes, headers: Mapping[str, str] | None = None
    ) -> Answer:
        return parsed(await self.raw(self.asking(body, headers)))


async def until(condition: Any, seconds: float = 10) -> None:
    """Wait for something that another task brings about."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what it waits for has no event to wait on
            await asyncio.sleep(0.01)
