"""What a connection says where no handler of ours could."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.observe.metrics import Metrics
from bot.platforms.web.connections import Connections

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def listening(handler: Handler) -> AsyncIterator[int]:
    """Serve one handler over our connections; give the port."""
    server = web.Server(handler)
    connections = Connections(server, most=10, metrics=Metrics(), options={"access_log": None})
    listener = await asyncio.get_running_loop().create_server(connections, "127.0.0.1", 0)
    async with listener:
        yield listener.sockets[0].getsockname()[1]
        await server.shutdown()


async def asked(port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


async def test_who_is_gone_is_no_fault_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    async def gone(_request: web.BaseRequest) -> web.StreamResponse:
        raise ConnectionResetError("Cannot write to closing transport")

    with capture_logs() as logs:
        async with listening(gone) as port:
            assert await asked(port) == b""
    assert not [entry for entry in logs if entry["log_level"] == "error"]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_fault_of_ours_is_logged_and_not_quoted() -> None:
    async def broken(_request: web.BaseRequest) -> web.StreamResponse:
        raise RuntimeError("a secret")

    with capture_logs() as logs:
        async with listening(broken) as port:
            answer = await asked(port)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"a secret" not in answer
    (entry,) = [it for it in logs if it["log_level"] == "error"]
    assert (entry["event"], entry["cause"]) == ("request failed", "RuntimeError")
