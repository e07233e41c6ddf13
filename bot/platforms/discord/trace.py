"""Figures about our requests to Discord: how long, how answered, how often held back."""

import re
import time
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import aiohttp  # discord.py takes its trace hooks

from bot.observe.metrics import Metrics


def route_of(method: str, path: str) -> str:
    """Return the template of a path to Discord: no id and no token is left in it."""
    path = re.sub(r"^/api/v\d+", "", path)
    path = re.sub(r"/(webhooks|interactions)/\d+/[^/]+", r"/\1/{id}/{token}", path)
    return f"{method} " + re.sub(r"/\d+", "/{id}", path)


def trace(metrics: Metrics) -> aiohttp.TraceConfig:
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
        if params.response.headers.get("X-Ratelimit-Remaining") == "0":
            waited = float(params.response.headers.get("X-Ratelimit-Reset-After", 0))
            metrics.discord_rate_limited(route=route, seconds=waited)

    config = aiohttp.TraceConfig()
    config.on_request_start.append(start)
    config.on_request_end.append(end)
    return config
