"""Pages for operators and their machines: is it alive, can it serve, what are its figures."""

import asyncio
from collections.abc import Callable, Collection, Mapping

from aiohttp import web

from bot.observe.prometheus import Exposition
from bot.platforms.web.guard import is_direct
from bot.platforms.web.readiness import Readier

OPERATIONS = frozenset({"/healthz", "/readyz", "/metrics"})
"""Probes ask by address, whatever the name in `Host`: these say nothing about learners."""

_LOOK_SECONDS = 3.0
"""Prometheus waits 10 s by default (`scrape_timeout`)."""


class Operations:
    """Answers probes and Prometheus.

    :param expose: gives the figures of `/metrics`; None: there are none
    :param down: platforms that have failed for good, each with what is wrong
    :param public: names under which browsers call; under them there are no figures and no reasons
    """

    def __init__(
        self,
        readier: Readier,
        expose: Callable[[], Exposition] | None,
        down: Mapping[str, str],
        public: Collection[str] = (),
    ) -> None:
        self._readier = readier
        self._expose = expose
        self._down = down
        self._public = frozenset(public)
        self.closing = False

    async def close(self) -> None:
        """Let go of what still looks whether the bot is ready."""
        await self._readier.close()

    async def health(self, request: web.Request) -> web.Response:
        """Answer at all: the event loop is alive. To direct callers, tell what has failed for good.

        That is no reason to end the process, as a probe would: the playground still serves.
        """
        found: dict[str, object] = {"status": "alive"}
        if self._down and is_direct(request, self._public):
            found["down"] = dict(self._down)
        return web.json_response(found)

    async def ready(self, request: web.Request) -> web.Response:
        """Say whether new work is welcome; what is wrong is told to direct callers only."""
        readiness = await self._readier.look()
        ready = readiness.ready and not self.closing
        found: dict[str, object] = {"status": "ready" if ready else "not ready"}
        if is_direct(request, self._public):
            found["checks"] = {
                name: problem or "ok" for name, problem in readiness.problems.items()
            }
        return web.json_response(found, status=200 if ready else 503)

    async def metrics(self, request: web.Request) -> web.Response:
        """Give Prometheus its figures. Through a proxy from outside there are none."""
        if self._expose is None or not is_direct(request, self._public):
            raise web.HTTPNotFound
        # The figures tell of readiness as well. A check that hangs must not hold them up.
        await self._readier.look_within(_LOOK_SECONDS)
        exposition = await asyncio.to_thread(self._expose)
        return web.Response(
            body=exposition.body,
            headers={"Content-Type": exposition.content_type, "Cache-Control": "no-store"},
        )
