"""How late the event loop is: the first sign that something blocks it."""

import asyncio

from bot.observe.metrics import Metrics


async def watch_lag(metrics: Metrics, *, every: float = 0.5) -> None:
    """Sleep `every` seconds again and again, and report how late each waking was. Never ends."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + every
        await asyncio.sleep(every)
        metrics.loop_lagged(max(0.0, loop.time() - due))
