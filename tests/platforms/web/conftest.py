"""A running playground for each test that asks for one, on a free port."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, Protocol

import pytest

from bot.observe.prometheus import PrometheusMetrics
from bot.platforms.web.server import Playground
from tests.platforms.web.rawhttp import Client
from tests.platforms.web.tutoring import ScriptedTutor


class Serve(Protocol):
    async def __call__(self, tutor: ScriptedTutor | None = None, **settings: Any) -> Client: ...


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start playgrounds; each is closed at the end of the test."""
    async with AsyncExitStack() as stack:

        async def start(tutor: ScriptedTutor | None = None, **settings: Any) -> Client:
            metrics = PrometheusMetrics()
            values: dict[str, Any] = {
                "tutor": tutor or ScriptedTutor(),
                "port": 0,
                "metrics": metrics,
                "expose": metrics.exposition,
                **settings,
            }
            playground = Playground(**values)
            await playground.start()
            stack.push_async_callback(playground.close)
            return Client(playground)

        yield start
