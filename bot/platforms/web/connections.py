"""Open connections: how many there may be, and which of them make room for a new one.

aiohttp closes a connection that stays idle or never completes the head of a request, but takes
any number of them. A process has a limited number of descriptors, and each run needs some.
"""

import asyncio
import socket
from collections import Counter
from collections.abc import Mapping
from typing import Any

import structlog
from aiohttp import web

from bot.observe.metrics import Metrics
from bot.platforms.web.guard import short_answer

LEEWAY = 5.0
"""Seconds that the kernel's patience with a reader is longer than a handler's, at least."""
SEND_BUFFER = 128 * 2**10
"""Bytes that wait in the kernel for one reader. Larger than all pages but the rarest."""

_MALFORMED = "this is no request that can be read. Ask in HTTP/1.1."
_FAILED = "something went wrong here. Try again."


class Connections:
    """Makes the protocol of each new connection; used as the factory of the listening socket.

    :param options: what aiohttp's `RequestHandler` takes
    """

    def __init__(
        self, server: web.Server, *, most: int, metrics: Metrics, options: Mapping[str, Any]
    ) -> None:
        self._server = server
        self._options = options
        self._most = most
        self._metrics = metrics
        self._busy: set[asyncio.BaseTransport] = set()

    def __call__(self) -> asyncio.BaseProtocol:
        """Return the protocol of a connection that was just accepted."""
        if len(self._server.connections) >= self._most and not self._make_room():
            self._metrics.web_dropped("full")
            return _Refused()
        return _Connection(self._server, loop=asyncio.get_running_loop(), **self._options)

    def busy(self, transport: asyncio.BaseTransport) -> None:
        """Note that a request is being served on this connection: it does not make room."""
        self._busy.add(transport)

    def idle(self, transport: asyncio.BaseTransport) -> None:
        """Note that the request on this connection is served."""
        self._busy.discard(transport)

    def _make_room(self) -> bool:
        """Drop the oldest idle connection of the address that holds most of them."""
        idle = [
            (_address(connection.transport), connection.transport)
            for connection in self._server.connections
            if connection.transport is not None
            and not connection.transport.is_closing()
            and connection.transport not in self._busy
        ]
        if not idle:
            return False
        greedy, _ = Counter(address for address, _ in idle).most_common(1)[0]
        oldest = next(transport for address, transport in idle if address == greedy)
        oldest.abort()
        self._metrics.web_dropped("full")
        return True


class _Refused(asyncio.Protocol):
    """Ends a connection that there is no room for."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.abort()


class _Connection(web.RequestHandler):
    """aiohttp's connection, but for what it says to bytes that are no HTTP.

    By itself it would name itself and what it stumbled over, and log a traceback for each.
    """

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what never reached a handler of ours, or one that raised."""
        del message  # quotes what was sent
        if isinstance(exc, ConnectionError):
            raise ConnectionResetError from None  # who asked is gone: nobody is to be told
        ours = status >= 500  # noqa: PLR2004 - HTTP's border between theirs and ours
        log = structlog.get_logger(__name__)
        if ours:
            log.error("request failed", cause=type(exc).__name__, exc_info=exc)
        else:
            log.debug("malformed request", cause=type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionResetError  # an answer is under way: all that is left is to end it
        return short_answer(status, _FAILED if ours else _MALFORMED)


def _address(transport: asyncio.BaseTransport) -> str:
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if peer else ""


def bound_readers(listening: socket.socket, seconds: float) -> None:
    """Bound what the kernel keeps for a reader that is slow, and how long.

    Unbounded, it would keep up to 4 MiB for each connection (tcp(7), `tcp_wmem`). And it is to end
    a connection whose peer leaves what was sent unread for twice `seconds`, or for LEEWAY more:
    that covers a response that is written but not read, because closing such a socket politely
    would wait for the reader for ever. Where a handler waits for the reader, its own timeout comes
    first, on a loop that is late, too: it knows that the reader was slow, where a socket that the
    kernel ended looks like a reader gone. Accepted sockets inherit both options (tcp(7), Linux).
    """
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is not None:
        listening.setsockopt(
            socket.IPPROTO_TCP, option, int(1000 * max(seconds * 2, seconds + LEEWAY))
        )
