from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.observe.metrics import Metrics
from bot.platforms.discord.http_requests import route_of, watch_requests

TOKEN = "/api/v10/webhooks/123/aW50-secret/messages/@original"


@pytest.mark.parametrize(
    ("path", "route"),
    [
        (TOKEN, "{id}/{token}/messages/@original"),
        ("/api/v10/interactions/123/aW50.secret/callback", "{id}/{token}/callback"),
        (
            "/api/v10/applications/123/guilds/456/commands",
            "/applications/{id}/guilds/{id}/commands",
        ),
    ],
)
def test_a_route_holds_neither_ids_nor_tokens(path: str, route: str) -> None:
    assert route_of("GET", path).endswith(route)
    assert "secret" not in route_of("GET", path)
    assert "123" not in route_of("GET", path)


class Noted(Metrics):
    """Keeps what is reported of Discord."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.waits: list[float] = []

    def discord_request(self, *, route: str, status: int, seconds: float) -> None:
        assert route == "GET /webhooks/{id}/{token}/messages/@original"
        assert seconds >= 0
        self.statuses.append(status)

    def discord_rate_limited(self, *, route: str, seconds: float) -> None:
        assert "secret" not in route
        self.waits.append(seconds)


class Answering:
    """A server that answers as it is told."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.hangs_up = False
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        if self.hangs_up and request.transport is not None:
            request.transport.abort()
        return web.Response(status=self.status, headers=self.headers)


@pytest.fixture
async def server() -> AsyncIterator[Answering]:
    answering = Answering()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answering.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    answering.url = f"http://127.0.0.1:{runner.addresses[0][1]}{TOKEN}"
    yield answering
    await runner.cleanup()


async def test_a_request_without_an_answer_counts_too(server: Answering) -> None:
    noted = Noted()
    async with aiohttp.ClientSession(trace_configs=[watch_requests(noted)]) as session:
        await (await session.get(server.url)).read()
        server.hangs_up = True
        with pytest.raises(aiohttp.ClientError):
            await session.get(server.url)
    assert noted.statuses[0] == 200
    assert set(noted.statuses[1:]) == {0}
    assert noted.waits == []


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "1.5"}, 1.5),
        (429, {"Retry-After": "2"}, 2.0),
        (429, {"Retry-After": "tomorrow", "X-RateLimit-Remaining": "0"}, 0.0),
        (429, {}, 0.0),
    ],
)
async def test_being_held_back_counts_however_discord_says_it(
    server: Answering, status: int, headers: dict[str, Any], wait: float
) -> None:
    noted = Noted()
    server.status, server.headers = status, headers
    async with aiohttp.ClientSession(trace_configs=[watch_requests(noted)]) as session:
        await (await session.get(server.url)).read()
    assert noted.statuses == [status]
    assert noted.waits == [wait]
