"""Many three-second gathers at once: are their times honest, and the bot's loop unharmed?"""

import asyncio
import os
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from bot.runner.host.local import LocalRunner
from bot.runner.model import Limits
from tests.bench.figures import Figure, percentile
from tests.bench.runs import GATHER, printed, started
from tests.processes import running

_TICK = 0.01
_SAMPLE = 40
"""Processes whose memory is read: reading all of them would be load of its own."""


@dataclass
class Crowd:
    """What so many runs at once came to."""

    measured: list[float] = field(default_factory=list)
    """What each gather took by its own clock, in seconds."""
    ends: list[float] = field(default_factory=list)
    """When each run was over, in seconds since all were asked for."""
    lags: list[float] = field(default_factory=list)
    """How late the bot's loop woke up, in seconds."""
    private: list[float] = field(default_factory=list)
    """Private memory of some of the processes, in MB."""


async def _gathers(runner: LocalRunner, count: int) -> Crowd:
    crowd = Crowd()
    start = time.perf_counter()

    async def one() -> None:
        crowd.measured.append(await printed(runner, GATHER, Limits(wall_seconds=60)))
        crowd.ends.append(time.perf_counter() - start)

    async def tick() -> None:
        while True:
            due = time.perf_counter() + _TICK
            await asyncio.sleep(_TICK)
            crowd.lags.append(max(0.0, time.perf_counter() - due))

    async def weigh() -> None:
        await asyncio.sleep(1.5)
        crowd.private = await asyncio.to_thread(_private_memory)

    async with asyncio.TaskGroup() as group:
        ticking = group.create_task(tick())
        weighing = group.create_task(weigh())
        runs = [group.create_task(one()) for _ in range(count)]
        await asyncio.wait([*runs, weighing])
        ticking.cancel()
    return crowd


def _private_memory() -> list[float]:
    """Return the private memory of some scenarios under way, in MB (proc(5), smaps_rollup)."""
    own = os.getpid()
    servers = Path(f"/proc/{own}/task/{own}/children").read_text().split()
    scenarios = [pid for server in servers for pid in running(int(server))]
    found = []
    for pid in scenarios[:: max(1, len(scenarios) // _SAMPLE)]:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:  # it is over already
            continue
        rows = [row.split() for row in rollup.splitlines() if row.startswith("Private_")]
        found.append(sum(int(row[1]) for row in rows) / 1_000)
    return found


async def five_hundred_gathers(quick: bool) -> list[Figure]:  # noqa: FBT001 - one signature for all
    """Measure the crowd that the project promises to bear."""
    count = 50 if quick else 500
    async with started() as runner:
        await _gathers(runner, 1)
        crowd = await _gathers(runner, count)
    return [
        Figure(f"{count} gathers of 3 s: measured, median", statistics.median(crowd.measured), "s"),
        Figure("measured, p99", percentile(crowd.measured, 0.99), "s", "≤ 3.03"),
        Figure("measured, max", max(crowd.measured), "s"),
        Figure("last done after first", max(crowd.ends) - min(crowd.ends), "s", "≤ 5"),
        Figure("all done after", max(crowd.ends), "s"),
        Figure("private memory, median", statistics.median(crowd.private), "MB", "≤ 3"),
        Figure("bot's loop late, p99", 1_000 * percentile(crowd.lags, 0.99), "ms", "≤ 50"),
        Figure("bot's loop late, max", 1_000 * max(crowd.lags), "ms"),
    ]


async def growth(quick: bool) -> list[Figure]:  # noqa: FBT001 - one signature for all
    """Measure how times grow with the crowd."""
    figures = []
    async with started() as runner:
        for count in (1, 10) if quick else (1, 10, 100, 500, 1_000):
            crowd = await _gathers(runner, count)
            name = f"{count:,} gathers of 3 s"
            late = 1_000 * (percentile(crowd.measured, 0.99) - 3)
            target = "≤ 10" if count == 1 else ""
            figures += [
                Figure(f"{name}: p99 late", late, "ms", target),
                Figure(f"{name}: all done after", max(crowd.ends), "s"),
            ]
    return figures
