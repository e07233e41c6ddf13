"""What recording costs the scenario that is recorded."""

import statistics
import subprocess

from bot.runner.model import Limits
from tests.bench.figures import Figure, ratio
from tests.bench.runs import cold, printed, started

_SWITCHES = """
import asyncio, time

async def work():
    for _ in range(1_000):
        await asyncio.sleep(0)

async def main():
    start = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(20)))
    print(time.perf_counter() - start)

asyncio.run(main())
"""


def _plain() -> float:
    """Return what the switches take in a Python that nobody records, in seconds."""
    return float(subprocess.run(cold(_SWITCHES), capture_output=True, check=True).stdout)


async def cost_of_recording(quick: bool) -> list[Figure]:  # noqa: FBT001 - one signature for all
    """Measure 20,000 switches of tasks by the scenario's own clock, recorded and plain."""
    recorded: list[float] = []
    plain: list[float] = []
    async with started() as runner:
        for _ in range(3 if quick else 15):
            number = await printed(runner, _SWITCHES, Limits(events=1_000_000))
            recorded.append(1_000 * number)
            plain.append(1_000 * _plain())
    return [
        Figure("20,000 switches, plain", statistics.median(plain), "ms"),
        Figure("20,000 switches, recorded", statistics.median(recorded), "ms"),
        ratio("recorded over plain", recorded, plain, "≤ 3"),
    ]
