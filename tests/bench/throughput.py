"""How many short runs a second there are room for."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from tests.bench.figures import Figure
from tests.bench.runs import HELLO, cold, first_line, started

_AT_ONCE = 8


async def _rate(run: Callable[[], Awaitable[object]], count: int) -> float:
    """Return runs a second with `_AT_ONCE` under way all the time."""
    rest = iter(range(count))

    async def worker() -> None:
        for _ in rest:
            await run()

    start = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(_AT_ONCE)))
    return count / (time.perf_counter() - start)


async def _cold_run() -> None:
    process = await asyncio.create_subprocess_exec(*cold(HELLO), stdout=asyncio.subprocess.PIPE)
    await process.communicate()


async def runs_a_second(quick: bool) -> list[Figure]:  # noqa: FBT001 - one signature for all
    """Measure hellos, eight at once, ours and cold by turns."""
    rounds, count = (1, 80) if quick else (4, 300)
    ours: list[float] = []
    colds: list[float] = []
    async with started() as runner:
        for _ in range(rounds):
            colds.append(await _rate(_cold_run, count // 10))
            ours.append(await _rate(lambda: first_line(runner, HELLO), count))
    best, cold_best = max(ours), max(colds)
    return [
        Figure("runs a second, 8 at once", best, "1/s"),
        Figure("cold python -I -S, 8 at once", cold_best, "1/s"),
        Figure("ours over cold", best / cold_best, "times", "≥ 12"),
    ]
