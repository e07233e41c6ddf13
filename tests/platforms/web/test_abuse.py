"""Clients that no browser would be: each is answered or dropped, and the others go on."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bot.errors import SettingsError
from bot.platforms.web.limits import WebLimits
from bot.platforms.web.server import Playground
from tests.platforms.web.conftest import Serve
from tests.platforms.web.rawhttp import Client, parsed, until
from tests.platforms.web.tutoring import ScriptedTutor


async def connect(client: Client, **options: int) -> socket.socket:
    """Connect a bare socket; `SO_RCVBUF=4096` makes it a reader that is soon full."""
    bare = socket.socket()
    for name, value in options.items():
        bare.setsockopt(socket.SOL_SOCKET, getattr(socket, name), value)
    bare.setblocking(False)  # noqa: FBT003 - the standard library has it so
    await asyncio.get_running_loop().sock_connect(bare, (client.host, client.port))
    return bare


@asynccontextmanager
async def deaf(client: Client) -> AsyncIterator[asyncio.StreamWriter]:
    """Open a connection that is written to, and never read from."""
    bare = await connect(client, SO_RCVBUF=4096)
    _, writer = await asyncio.open_connection(sock=bare, limit=1)
    assert isinstance(writer.transport, asyncio.ReadTransport)
    writer.transport.pause_reading()
    yield writer
    writer.transport.abort()


def open_connections(client: Client) -> int:
    runner = client.playground._runner
    assert runner is not None
    assert runner.server is not None
    return len(runner.server.connections)


async def still_serves(client: Client) -> None:
    assert (await client.get("/explain/coroutine")).status == 200


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 100 + b"\r\n\r\n",  # TLS
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + b"x" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
        b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
    ids=lambda data: data[:24].decode("latin-1").encode("unicode_escape").decode(),
)
async def test_malformed_requests_get_a_refusal_of_ours(
    serve: Serve, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    client = await serve(limits=WebLimits(head_seconds=1.0, body_seconds=0.5))
    answer = await client.raw(data)
    if answer:
        refusal = parsed(answer)
        assert 400 <= refusal.status < 500
        assert refusal.headers["Server"] == "asyncio-tutor"
        assert refusal.headers["X-Content-Type-Options"] == "nosniff"
        assert b"Traceback" not in answer
        assert b"aiohttp" not in answer
    assert not [record for record in caplog.records if record.levelname in {"ERROR", "WARNING"}]
    await still_serves(client)


async def test_what_is_no_http_is_not_quoted(serve: Serve) -> None:
    client = await serve()
    answer = parsed(await client.raw(b"<script>alert(1)</script>\r\n\r\n"))
    assert answer.status == 400
    assert answer.text == (
        "400 Bad Request: this is no request that can be read. Ask in HTTP/1.1.\n"
    )


async def test_a_huge_body_is_refused_without_being_read(serve: Serve) -> None:
    client = await serve()
    head = client.head(
        "POST",
        "/api/ask",
        {"Content-Type": "application/json", "Content-Length": str(10**12)},
    )
    async with client.connection() as (reader, writer):
        writer.write(head + b"x" * 200_000)
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n"), 10)
        assert b" 413 " in answer
    await still_serves(client)


async def test_a_body_that_never_comes_is_not_waited_for(serve: Serve) -> None:
    client = await serve(limits=WebLimits(body_seconds=0.3))
    head = client.head(
        "POST", "/api/ask", {"Content-Type": "application/json", "Content-Length": "100"}
    )
    answer = parsed(await client.raw(head + b'{"lang":'))
    assert answer.status == 408
    assert "html" in json.loads(answer.body)


async def test_a_head_that_trickles_is_dropped(serve: Serve) -> None:
    client = await serve(limits=WebLimits(head_seconds=0.5))
    async with client.connection() as (reader, writer):

        async def trickle() -> None:
            for byte in client.head("GET", "/") * 100:
                writer.write(bytes([byte]))
                await asyncio.sleep(0.05)

        trickling = asyncio.create_task(trickle())
        with suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 10) == b""
        trickling.cancel()
    await still_serves(client)


async def test_a_reader_that_never_drains_is_dropped_and_its_run_ended(serve: Serve) -> None:
    tutor = ScriptedTutor(endless=True, text="x" * 100_000)
    client = await serve(tutor, limits=WebLimits(write_seconds=0.5))
    async with deaf(client) as writer:
        writer.write(client.asking({"path": "/run/gather"}))
        await until(lambda: tutor.closed == 1, 20)
        # While it still holds its end open: once it hangs up, it would count as gone.
        metrics = ""
        for _ in range(100):
            metrics = (await client.get("/metrics")).text
            if "tutor_web_dropped_total{" in metrics:
                break
            await asyncio.sleep(0.05)
        assert 'why="slow"} 1.0' in metrics
    await still_serves(client)


async def test_pages_that_nobody_reads_are_thrown_away(serve: Serve) -> None:
    client = await serve(
        ScriptedTutor(text="x" * 200_000), limits=WebLimits(write_seconds=0.5, head_seconds=1.0)
    )
    async with deaf(client) as writer:
        request = client.head("GET", "/explain/coroutine", {"Connection": "keep-alive"})
        writer.write(request * 50)
        await until(lambda: open_connections(client) == 1)
        await until(lambda: open_connections(client) == 0, 30)
        assert open_connections(client) == 0
    await still_serves(client)


async def test_a_thousand_idle_connections_keep_nobody_out(serve: Serve) -> None:
    client = await serve(limits=WebLimits(connections=200))
    idle: list[socket.socket] = []
    try:
        for count in range(1000):
            idle.append(await connect(client))
            if count % 250 == 249:
                await still_serves(client)
        answer = await client.ask({"path": "/run/gather"})
        assert answer.events[-1][1]["final"]
        assert open_connections(client) <= 202
    finally:
        for one in idle:
            one.close()


async def test_an_answer_under_way_is_not_dropped_for_newcomers(serve: Serve) -> None:
    tutor = ScriptedTutor(lines=20, pause=0.05)
    client = await serve(tutor, limits=WebLimits(connections=2))
    asking = asyncio.create_task(client.ask({"path": "/run/gather"}))
    await until(lambda: tutor.sent)
    for _ in range(5):
        async with client.connection():
            await asyncio.sleep(0.02)
    assert (await asking).events[-1][1]["final"]


async def test_a_port_that_is_taken_is_told_in_words(serve: Serve) -> None:
    client = await serve()
    other = Playground(tutor=ScriptedTutor(), port=client.port)
    with pytest.raises(SettingsError, match=r"another program uses it. Stop that program"):
        await other.start()
    await other.close()


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 0), ("127.0.0.1", 70_000)])
async def test_an_address_that_cannot_be_used_is_told_in_words(host: str, port: int) -> None:
    playground = Playground(tutor=ScriptedTutor(), host=host, port=port)
    with pytest.raises(SettingsError, match="cannot listen on"):
        await playground.start()
    await playground.close()
