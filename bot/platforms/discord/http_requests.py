"""discord.py's requests: how long they take and how they are answered, and a bound for each."""

import asyncio
import re
import time
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import aiohttp  # discord.py takes its trace hooks
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.observe.metrics import Metrics


def route_of(method: str, path: str) -> str:
    """Return the template of a path to Discord: no id and no token is left in it."""
    path = re.sub(r"^/api/v\d+", "", path)
    path = re.sub(r"/(webhooks|interactions)/\d+/[^/]+", r"/\1/{id}/{token}", path)
    return f"{method} " + re.sub(r"/\d+", "/{id}", path)


def watch_requests(metrics: Metrics) -> aiohttp.TraceConfig:
    """Return the hooks that report every request to `metrics`."""

    async def start(_session: Any, context: SimpleNamespace, _params: Any) -> None:
        context.start = time.perf_counter()

    async def end(
        _session: Any, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        if params.response.status == HTTPStatus.SWITCHING_PROTOCOLS:
            return
        route = route_of(params.method, params.url.path)
        seconds = time.perf_counter() - context.start
        metrics.discord_request(route=route, status=params.response.status, seconds=seconds)
        headers = params.response.headers
        refused = params.response.status == HTTPStatus.TOO_MANY_REQUESTS
        if refused or headers.get("X-Ratelimit-Remaining") == "0":
            wait = headers.get("Retry-After") if refused else headers.get("X-Ratelimit-Reset-After")
            metrics.discord_rate_limited(route=route, seconds=_seconds(wait))

    async def failed(
        _session: Any, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        seconds = time.perf_counter() - context.start
        route = route_of(params.method, params.url.path)
        metrics.discord_request(route=route, status=0, seconds=seconds)

    config = aiohttp.TraceConfig()
    config.on_request_start.append(start)
    config.on_request_end.append(end)
    config.on_request_exception.append(failed)
    return config


def _seconds(header: str | None) -> float:
    """Return a header's number; 0.0 where there is none, for a figure is no reason to fail."""
    try:
        return float(header or 0)
    except ValueError:
        return 0.0


class BoundedAdapter(AsyncWebhookAdapter):
    """discord.py's requests of webhooks and interactions, each of which ends in time.

    By itself it waits as long as a rate limit says, be it an hour, and tells nobody: a message
    would stand still, and each press and each typed letter would leave a task that sleeps. What
    Discord does not take in time is out of reach for now, as where it is away.

    :param seconds: how long, at most, a request may take with all its waits
    """

    def __init__(self, seconds: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # discord.py has no type here
        self._seconds = seconds

    async def request(self, *args: Any, **options: Any) -> Any:
        """Make a request.

        :raises TimeoutError: if Discord did not take it in time
        """
        try:
            async with asyncio.timeout(self._seconds):
                return await super().request(*args, **options)
        except TimeoutError:
            raise TimeoutError(f"not taken within {self._seconds:g} s") from None


def bound_requests(seconds: float) -> None:
    """Bound what this task, and those that it starts, send in answer to interactions."""
    async_context.set(BoundedAdapter(seconds))
