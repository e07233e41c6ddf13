"""A stand-in for Discord on loopback, which real discord.py connects to."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import discord
import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.discord_standin.description import described
from tests.discord_standin.gateway import Gateway
from tests.discord_standin.rest import Rest
from tests.discord_standin.state import Fault, Record, State


class StandIn:
    """Discord, as far as one bot and its learners can tell.

    Each request is checked against Discord's API description if the environment names it in
    DISCORD_OPENAPI, and against our own list of limits always.
    """

    def __init__(self, *, check: bool = True) -> None:
        named = os.environ.get("DISCORD_OPENAPI") if check else None
        self.state = State()
        self.gateway = Gateway(self.state)
        self.rest = Rest(self.state, self.gateway, described(named) if named else None)
        self._port = 0
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Start to listen, on the same port as before if there was one."""
        application = web.Application(middlewares=[self.rest.watch], client_max_size=2**26)
        application.router.add_get("/gateway/", self.gateway.serve)
        application.router.add_routes(self.rest.routes())
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        await web.SockSite(self._runner, listening, backlog=1024).start()
        self.rest.url = f"http://127.0.0.1:{self._port}"
        self.gateway.resume_url = f"ws://127.0.0.1:{self._port}/gateway/"

    async def go_away(self) -> None:
        """Stop to listen, and cut all connections."""
        await self.gateway.drop(1006 if self._runner is None else 4000)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def crash(self) -> None:
        """Be killed: connections end without a word, and what is not written down is lost."""
        self.gateway.forget()
        if self._runner is not None:
            assert self._runner.server is not None
            for connection in self._runner.server.connections:
                if connection.transport is not None:
                    connection.transport.abort()
            await self._runner.cleanup()
            self._runner = None

    def fail(
        self,
        method: str,
        path: str,
        status: int,
        *,
        times: int = 1,
        code: int = 0,
        headers: dict[str, str] | None = None,
        swallow: bool = True,
        **body: Any,
    ) -> Fault:
        """Answer the next requests whose path contains `path` with a fault."""
        told = {"message": f"scripted fault {status}", "code": code, **body}
        fault = Fault(method, path, status, times, told, headers or {}, swallow)
        self.state.faults.append(fault)
        return fault

    def requests(self, method: str, path: str) -> list[Record]:
        """Return the requests so far whose path contains `path`."""
        return [each for each in self.state.records if each.method == method and path in each.path]

    async def until(self, happened: Any, *, seconds: float = 30.0) -> Any:
        """Wait until `happened()` is true, looking after every request; return what it gave."""

        async def wait() -> Any:
            async with self.rest.changed:
                return await self.rest.changed.wait_for(happened)

        return await asyncio.wait_for(wait(), seconds)


@contextmanager
def pointed_to(url: str) -> Iterator[None]:
    """Point this process's discord.py to the stand-in at `url` instead of to Discord."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = f"{url}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws{url.removeprefix('http')}/gateway/")
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@asynccontextmanager
async def standin(*, check: bool = True) -> AsyncIterator[StandIn]:
    """Run a stand-in that discord.py is pointed to."""
    server = StandIn(check=check)
    await server.start()
    try:
        with pointed_to(server.rest.url):
            yield server
    finally:
        await server.go_away()


assert discord.version_info >= (2, 7), "the stand-in speaks what discord.py 2.7 asks for"
