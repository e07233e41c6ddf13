"""The playground's server: routes, what wraps every request, and its life from start to close."""

import asyncio
import errno
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from aiohttp import web

from bot.errors import SettingsError
from bot.languages import locales
from bot.observe.metrics import Metrics
from bot.observe.prometheus import Exposition
from bot.platforms.rate_limit import RateLimit
from bot.platforms.web.addresses import Addresses
from bot.platforms.web.api import VISITOR, Api
from bot.platforms.web.assets import load_assets
from bot.platforms.web.connections import Connections, bound_readers
from bot.platforms.web.documents import load_documents
from bot.platforms.web.guard import LOOPBACK_NAMES, add_headers, host_is_allowed
from bot.platforms.web.limits import AtOnce, WebLimits
from bot.platforms.web.operations import OPERATIONS, Operations
from bot.platforms.web.pages import Pages
from bot.platforms.web.proxies import Proxies
from bot.platforms.web.readiness import Check, Readier
from bot.platforms.web.render import HtmlRenderer
from bot.platforms.web.routes import routes
from bot.platforms.web.site import Handler, Site
from bot.platforms.web.streams import News, Streams
from bot.platforms.web.visitors import Network, visitor
from bot.tutor.protocol import Tutor


class Playground:
    """The bot in a web page.

    :param tutor: who answers.
    :param host: the address to listen on, loopback unless told otherwise.
    :param port: the port to listen on; 0 for any free one.
    :param hosts: names besides loopback under which browsers may call.
    :param proxies: networks of proxies whose `X-Forwarded-For` is believed.
    :param blocked: networks whose visitors get no answer.
    :param checks: what `/readyz` asks, by name.
    :param down: platforms that have failed for good, each with what is wrong; `/healthz` tells.
    :param embed: origins of sites that may show pages of ours inside theirs, below `/embed`.
    :param root: the path that it is served under, such as "/tutor"; "" for a whole host.
    :param site: the playground's public address; "" where it has none.
    :param report: the page on which mistakes are reported; "" for none.
    :param documents: the folder of the operator's own privacy page and terms, if there is one.
    :param operator: who runs the bot, for these pages.
    :param expose: gives the figures of `/metrics`; None: there are none.
    """

    def __init__(
        self,
        *,
        tutor: Tutor,
        host: str = "127.0.0.1",
        port: int = 8080,
        hosts: Sequence[str] = (),
        proxies: Sequence[Network] = (),
        blocked: Sequence[Network] = (),
        limits: WebLimits | None = None,
        metrics: Metrics | None = None,
        expose: Callable[[], Exposition] | None = None,
        checks: Mapping[str, Check] | None = None,
        down: Mapping[str, str] | None = None,
        documents: Path | None = None,
        embed: Sequence[str] = (),
        root: str = "",
        site: str = "",
        report: str = "",
        operator: str = "",
    ) -> None:
        self._metrics = metrics or Metrics()
        self._tutor = tutor
        self._host = host
        self._port = port
        self._allowed = LOOPBACK_NAMES | {name.casefold() for name in hosts}
        self._proxies = Proxies(proxies, self._metrics)
        self._blocked = tuple(blocked)
        self._limits = limits or WebLimits()
        self._addresses = Addresses(root)
        self._site = site.rstrip("/")
        self._report = report
        self._load_documents = partial(load_documents, documents, operator)
        self._embed = tuple(embed)
        inside = replace(self._addresses, view="/embed")
        self._renderers, self._embedded = (
            {locale: HtmlRenderer(locale, addresses) for locale in locales()}
            for addresses in (self._addresses, inside)
        )
        self._streams = Streams(tutor, metrics=self._metrics, limits=self._limits)
        self._pages_taken = RateLimit(
            burst=self._limits.pages_burst, per_second=self._limits.pages_per_second
        )
        self._news = News(write_seconds=self._limits.write_seconds)
        self._operations = Operations(
            Readier(checks or {}, metrics=self._metrics),
            expose,
            {} if down is None else down,
            public=self._allowed - LOOPBACK_NAMES,
        )
        self._runner: web.AppRunner | None = None
        self._listener: asyncio.Server | None = None
        self._connections: Connections | None = None
        self._closed = asyncio.Event()

    @property
    def name(self) -> str:
        """What operators call it."""
        return "playground"

    @property
    def url(self) -> str:
        """Where browsers find it, once it is started, without a slash at its end."""
        assert self._listener is not None
        host, port = self._listener.sockets[0].getsockname()[:2]
        name = f"[{host}]" if ":" in host else host
        return f"http://{name}:{port}{self._addresses.root}"

    async def start(self) -> None:
        """Begin to listen.

        :raises SettingsError: if the address, the port or a document cannot be used
        """
        app = await self._app()
        runner = web.AppRunner(
            app,
            handle_signals=False,
            handler_cancellation=True,  # a socket that vanishes ends the run it asked for
            shutdown_timeout=1.0,
        )
        await runner.setup()
        assert runner.server is not None
        self._runner = runner
        self._connections = Connections(
            runner.server,
            most=self._limits.connections,
            metrics=self._metrics,
            options={
                "access_log": None,
                "keepalive_timeout": self._limits.head_seconds,
                "lingering_time": 1.0,
            },
        )
        loop = asyncio.get_running_loop()
        try:
            self._listener = await loop.create_server(
                self._connections, self._host, self._port, backlog=1024
            )
        except (OSError, OverflowError) as error:
            await runner.cleanup()
            raise SettingsError(_unusable(self._host, self._port, error)) from error
        for listening in self._listener.sockets:
            bound_readers(listening, self._limits.write_seconds)

    async def wait(self) -> None:
        """Wait until it is closed."""
        await self._closed.wait()

    async def ready(self) -> str:
        """Return "" while browsers can reach it, else what is wrong."""
        listening = self._listener is not None and self._listener.is_serving()
        return "" if listening else "not listening"

    async def idle(self) -> None:
        """Wait until no answer is under way."""
        await self._streams.idle()

    def describe(self) -> str:
        """Return where it is; "" while it does not listen."""
        return f"on, at {self.url}" if self._listener is not None else ""

    def lessons_changed(self, version: str) -> None:
        """Tell open pages that the lessons were loaded again."""
        self._news.changed(version)

    async def close(self, *, grace: float = 0.0) -> None:
        """Take no new connections, wait up to `grace` seconds for answers under way, then stop.

        Answers that are not complete by then end with a sentence that says so.
        """
        self._operations.closing = True
        self._news.close()
        if self._listener is not None:
            self._listener.close()
        await self._streams.close(grace)
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self._operations.close()
        self._closed.set()

    async def _app(self) -> web.Application:
        assets = await asyncio.to_thread(load_assets)
        documents = await asyncio.to_thread(self._load_documents)
        pages = Pages(
            self._tutor,
            assets,
            self._renderers,
            documents,
            self._addresses,
            self._site,
            self._report,
        )
        inside = replace(self._addresses, view="/embed")
        site = Site(
            pages,
            replace(pages, renderers=self._embedded, addresses=inside),
            ancestors=self._embed,
            limits=self._limits,
            taken=self._pages_taken,
            metrics=self._metrics,
        )
        api = Api(
            tutor=self._tutor,
            streams=self._streams,
            renderers=self._renderers,
            limits=self._limits,
            asks=RateLimit(burst=self._limits.asks_burst, per_second=self._limits.asks_per_second),
            embedded=self._embedded,
            open=AtOnce(self._limits.streams),
            metrics=self._metrics,
        )
        app = web.Application(
            client_max_size=self._limits.body_bytes,
            middlewares=[self._around, site.errors, self._hosts],
        )
        app.on_response_prepare.append(add_headers)
        app.add_routes(
            routes(
                addresses=self._addresses,
                operations=self._operations,
                assets=assets,
                api=api,
                site=site,
                listen=self._listen,
                embedding=bool(self._embed),
            )
        )
        return app

    async def _listen(self, request: web.Request) -> web.StreamResponse:
        assert self._connections is not None
        assert request.transport is not None
        self._connections.idle(request.transport)
        return await self._news.listen(request)

    @web.middleware
    async def _around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        start = time.perf_counter()
        transport, connections = request.transport, self._connections
        if transport is None or connections is None:
            raise ConnectionResetError
        connections.busy(transport)
        self._proxies.look(request)
        request[VISITOR] = visitor(request, self._proxies.trusted, self._blocked)
        status = 0
        try:
            response = await handler(request)
            status = response.status
            return response
        finally:
            connections.idle(transport)
            resource = request.match_info.route.resource
            self._metrics.web_request(
                route=resource.canonical if resource else "unknown",
                status=status,
                seconds=time.perf_counter() - start,
            )

    @web.middleware
    async def _hosts(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in OPERATIONS and not host_is_allowed(request, self._allowed):
            raise web.HTTPMisdirectedRequest
        return await handler(request)


def _unusable(host: str, port: int, error: OSError | OverflowError) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        why, remedy = "another program uses it", "Stop that program, or choose another port"
    elif isinstance(error, OSError) and error.errno == errno.EACCES:
        why, remedy = "this user may not use it", "Choose a port from 1024 up"
    elif isinstance(error, socket.gaierror):
        why, remedy = "there is no such host here", "Give an address of this machine"
    else:
        why, remedy = str(error), "Give an address of this machine and a port from 1 to 65535"
    return f"The playground cannot listen on {host}, port {port}: {why}. {remedy}."
