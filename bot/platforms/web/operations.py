"""Pages for operators and their machines: is it alive, can it serve, what are its figures."""

import asyncio
from collections.abc import Callable, Mapping

from aiohttp import web

from bot.observe.prometheus import Exposition
from bot.platforms.web.readiness import Readier

OPERATIONS = frozenset({"/healthz", "/readyz", "/metrics"})
"""Probes ask by address, whatever the name in `Host`: these say nothing about learners."""


class Operations:
    """Answers probes and Prometheus."""

    def __init__(
        self,
        readier: Readier,
        expose: Callable[[], Exposition] | None,
        down: Mapping[str, str],
    ) -> None:
        self._readier = readier
        self._expose = expose
        self._down = down
        self.closing = False

    async def health(self, request: web.Request) -> web.Response:
        """Answer at all: the event loop is alive. To direct callers, tell what has failed for good.

        That is no reason to end the process, as a probe would: the playground still serves.
        """
        found: dict[str, object] = {"status": "alive"}
        if self._down and _direct(request):
            found["down"] = dict(self._down)
        return web.json_response(found)

    async def ready(self, request: web.Request) -> web.Response:
        """Say whether new work is welcome; what is wrong is told to direct callers only."""
        readiness = await self._readier.look()
        ready = readiness.ready and not self.closing
        found: dict[str, object] = {"status": "ready" if ready else "not ready"}
        if _direct(request):
            found["checks"] = {
                name: problem or "ok" for name, problem in readiness.problems.items()
            }
        return web.json_response(found, status=200 if ready else 503)

    async def metrics(self, request: web.Request) -> web.Response:
        """Give Prometheus its figures. Through a proxy from outside there are none."""
        if self._expose is None or not _direct(request):
            raise web.HTTPNotFound
        exposition = await asyncio.to_thread(self._expose)
        return web.Response(
            body=exposition.body,
            headers={"Content-Type": exposition.content_type, "Cache-Control": "no-store"},
        )


def _direct(request: web.Request) -> bool:
    return not ({"X-Forwarded-For", "Forwarded"} & request.headers.keys())
