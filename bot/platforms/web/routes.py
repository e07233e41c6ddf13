"""Which address leads where: pages and what their script asks, and what operators' machines ask."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from aiohttp import web

from bot.platforms.web.addresses import Addresses
from bot.platforms.web.api import Api
from bot.platforms.web.assets import Assets
from bot.platforms.web.documents import NAMES
from bot.platforms.web.operations import Operations
from bot.platforms.web.site import Handler, Site
from bot.tutor.command import SwitchLanguage
from bot.tutor.commands import REQUESTS
from bot.tutor.grammar import parse
from bot.tutor.model import Help, Request


def routes(
    *,
    addresses: Addresses,
    operations: Operations,
    assets: Assets,
    api: Api,
    site: Site,
    listen: Handler,
    embedding: bool,
) -> Iterator[web.RouteDef]:
    """Yield every route there is.

    Probes and Prometheus come from inside, past the proxy: their addresses have no path before
    them.

    :param listen: answers `/api/news`
    :param embedding: whether other sites may show our pages inside theirs
    """
    at = addresses.page
    yield web.get("/healthz", operations.health)
    yield web.get("/readyz", operations.ready)
    yield web.get("/metrics", operations.metrics)
    yield web.get(at("static/{version}/{name}"), assets.serve)
    yield web.post(at("api/ask"), api.ask)
    yield web.get(at("api/suggest"), site.limited(api.suggest))
    yield web.get(at("api/news"), site.limited(listen))
    yield web.get(at("go"), site.limited(_sends_on(addresses)))
    yield web.get(addresses.home, site.limited(site.welcome))
    if addresses.root:
        yield web.get(addresses.root, site.limited(_sends_home(addresses)))
    yield web.get(at(f"{{document:{'|'.join(NAMES)}}}"), site.limited(site.document))
    for path in _answers():
        yield web.get(at(path), site.limited(site.answer))
        if embedding:
            yield web.get(at(f"embed/{path}"), site.framed(site.limited(site.embed)))


def _sends_on(addresses: Addresses) -> Handler:
    """Return what sends a form without a script on to the address of what was typed."""

    async def go(request: web.Request) -> web.Response:
        asked = parse(request.query.get("text", ""))
        if isinstance(asked, SwitchLanguage):
            raise web.HTTPSeeOther(f"{addresses.home}?lang={asked.locale}")
        raise web.HTTPSeeOther(addresses.of(asked if isinstance(asked, Request) else Help()))

    return go


def _sends_home(addresses: Addresses) -> Handler:
    """Return what sends those on who leave out the last slash."""

    async def go(request: web.Request) -> web.Response:
        query = f"?{request.rel_url.raw_query_string}" if request.rel_url.raw_query_string else ""
        raise web.HTTPPermanentRedirect(f"{addresses.home}{query}")

    return go


def _answers() -> tuple[str, str]:
    """Return the routes of pages that answer: without a name, and with one or several."""
    alone = [it for it in REQUESTS if it.argument is None or it.argument.least == 0]
    named = [it for it in REQUESTS if it.argument is not None]
    either = [
        "|".join(re.escape(quote(name)) for command in commands for name in command.names)
        for commands in (alone, named)
    ]
    return f"{{command:{either[0]}}}", f"{{command:{either[1]}}}/{{names:[^/]+}}"
