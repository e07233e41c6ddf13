"""What the runner's benchmarks have in common: scenarios, a started runner, a cold Python."""

import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.collector import spaced_full_collections
from bot.runner.host.local import LocalRunner
from bot.runner.model import Finished, Limits, Line, Runner, RunRequest

HELLO = """
import asyncio

async def main():
    print("hello")

asyncio.run(main())
"""
GATHER = """
import asyncio, time

async def work(seconds):
    await asyncio.sleep(seconds)

async def main():
    start = time.perf_counter()
    await asyncio.gather(work(3), work(2))
    print(time.perf_counter() - start)

asyncio.run(main())
"""


@asynccontextmanager
async def started() -> AsyncIterator[LocalRunner]:
    """Give a runner as where the bot serves, with its log kept out of the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    runner = LocalRunner(recycle_after=1_000_000)
    await runner.start()
    try:
        async with spaced_full_collections():
            yield runner
    finally:
        await runner.close()


def cold(code: str) -> list[str]:
    """Return the command that runs `code` in a Python of its own, as bare as it gets."""
    return [sys.executable, "-I", "-S", "-c", code]


def cold_first_line(code: str) -> float:
    """Return the seconds from starting a cold Python to its first printed line."""
    start = time.perf_counter()
    with subprocess.Popen(cold(code), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        return time.perf_counter() - start


async def first_line(runner: Runner, code: str) -> float:
    """Return the seconds from `run()` to the first `Line`; see the run to its end."""
    start = time.perf_counter()
    took = 0.0
    async for event in runner.run(RunRequest(code)):
        if isinstance(event, Line) and not took:
            took = time.perf_counter() - start
        if isinstance(event, Finished) and event.outcome != "ok":
            raise RuntimeError(f"the benchmark's scenario ended in {event}")
    return took


async def printed(runner: Runner, code: str, limits: Limits | None = None) -> float:
    """Run a scenario that prints one number; return the number."""
    number = 0.0
    async for event in runner.run(RunRequest(code, limits=limits or Limits())):
        if isinstance(event, Line):
            number = float(event.text)
        if isinstance(event, Finished) and event.outcome != "ok":
            raise RuntimeError(f"the benchmark's scenario ended in {event}")
    return number
