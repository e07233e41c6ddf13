"""A hostile crowd: what does it do to the bot's loop, to an honest run, to the bot's memory?"""

import asyncio
import os
import time
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.runner.host.local import LocalRunner
from bot.runner.model import Event, Limits, RunRequest
from bot.runner.protocol import recorder_frames as frames
from tests.bench.figures import Figure, percentile
from tests.bench.runs import HELLO, first_line, started

_EACH = 20
_TICK = 0.01
_WARM_UP = 2
_REST = 61.0

NEWLINES = """
import os
block = b"\\n" * 65536
while True:
    os.write(1, block)
    os.write(2, block)
"""
SPINNER = """
import asyncio

async def spin():
    while True:
        await asyncio.sleep(0)

async def main():
    await asyncio.gather(*(spin() for _ in range(20)))

asyncio.run(main())
"""
FRAMES = f"""
import os, struct, time
frame = struct.pack({frames.HEADER.format!r}, {frames.MARK}, {frames.STATE}, 0, 0, 0, 0, 0,
                    time.perf_counter_ns())
os.set_blocking(3, True)
while True:
    os.write(3, frame * 100)
"""


@asynccontextmanager
async def _ticking(lags: "array[float]") -> AsyncIterator[None]:
    """Note how late the loop wakes up while the block runs, in seconds."""

    async def tick() -> None:
        while True:
            due = time.perf_counter() + _TICK
            await asyncio.sleep(_TICK)
            lags.append(max(0.0, time.perf_counter() - due))

    ticker = asyncio.create_task(tick())
    yield
    ticker.cancel()
    with suppress(asyncio.CancelledError):
        await ticker


class _Arrivals:
    """Tells when all of a crowd have begun."""

    def __init__(self, count: int) -> None:
        self._missing = count
        self.all = asyncio.Event()

    def arrived(self) -> None:
        self._missing -= 1
        if self._missing == 0:
            self.all.set()


async def _consume(runner: LocalRunner, code: str, arrivals: _Arrivals) -> None:
    """Take a run's events as a platform does: one after the other, keeping them to its end."""
    kept: list[Event] = []
    async for event in runner.run(RunRequest(code, limits=Limits())):
        if not kept:
            arrivals.arrived()
        kept.append(event)


async def _crowd(runner: LocalRunner, lags: "array[float]", firsts: "array[float]") -> None:
    arrivals = _Arrivals(3 * _EACH)
    async with _ticking(lags), asyncio.TaskGroup() as group:
        for _ in range(_EACH):
            for code in (NEWLINES, SPINNER, FRAMES):
                group.create_task(_consume(runner, code, arrivals))
        await arrivals.all.wait()
        for _ in range(5):  # while they are at their work
            firsts.append(await first_line(runner, HELLO))


async def _resident() -> float:
    """Return the bot's own memory a minute later, in MB: once it is at rest.

    By then it has collected its garbage, and asyncio has let go of cancelled timers, which it keeps
    until they would have been due. Each of those holds the memory between which it lies.
    """
    await asyncio.sleep(_REST)
    return await asyncio.to_thread(_resident_now)


def _resident_now() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def hostile_crowd(quick: bool) -> list[Figure]:  # noqa: FBT001 - one signature for all
    """Measure 20 newline floods, 20 event spinners and 20 frame floods at once."""
    # No objects of their own: they would keep the memory between which they lie.
    lags, firsts = array("d"), array("d")
    async with started() as runner:
        for _ in range(_WARM_UP):  # what the allocator keeps, it keeps from here on
            await _crowd(runner, array("d"), array("d"))
        before = await _resident()
        for _ in range(2 if quick else 8):
            await _crowd(runner, lags, firsts)
        after = await _resident()
    return [
        Figure("bot's loop late, p99", 1_000 * percentile(lags, 0.99), "ms", "≤ 50"),
        Figure("bot's loop late, max", 1_000 * max(lags), "ms"),
        Figure("an honest first line, median", 1_000 * percentile(firsts, 0.5), "ms", "≤ 100"),
        Figure("an honest first line, max", 1_000 * max(firsts), "ms", "≤ 100"),
        Figure("the bot's memory a minute later, growth", after - before, "MB", "≤ 5"),
    ]
