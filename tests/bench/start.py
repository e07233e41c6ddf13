"""How soon the first line of an asyncio hello is there, beside a cold Python and a bare fork."""

import subprocess
import sys

from tests.bench.figures import Figure, ratio, spread
from tests.bench.runs import HELLO, cold_first_line, first_line, started

_FORKS = """
import asyncio, gc, os, sys, time
gc.collect(); gc.freeze()
for _ in range(int(sys.argv[1])):
    reader, writer = os.pipe()
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.write(writer, b"hello")
        os._exit(0)
    os.read(reader, 5)
    print(time.perf_counter() - start)
    os.waitpid(child, 0); os.close(reader); os.close(writer)
"""


def bare_forks(count: int) -> list[float]:
    """Return what `count` forks of a Python with asyncio imported take to write a word."""
    command = [sys.executable, "-I", "-S", "-c", _FORKS, str(count)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [float(line) for line in output.split()]


async def first_printed_line(quick: bool) -> list[Figure]:  # noqa: FBT001 - one signature for all
    """Measure by turns, so that a busy moment of the machine meets all alike."""
    rounds, each = (3, 5) if quick else (20, 10)
    ours: list[float] = []
    colds: list[float] = []
    async with started() as runner:
        for _ in range(3):
            await first_line(runner, HELLO)
        for _ in range(rounds):
            colds += [1_000 * cold_first_line(HELLO) for _ in range(2)]
            ours += [1_000 * await first_line(runner, HELLO) for _ in range(each)]
    forks = [1_000 * one for one in bare_forks(rounds * each)]
    return [
        *spread("bare fork", forks, "ms"),
        *spread("first line", ours, "ms", median="≤ 3.5", p95="≤ 8"),
        *spread("cold python -I -S", colds, "ms"),
        ratio("cold over ours", colds, ours, "≥ 20"),
    ]
