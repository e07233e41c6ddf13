"""How the playground bears many learners at once: `python -m tests.bench.web_load [LEARNERS]`.

The real tutor and sandbox serve; every learner opens a socket, asks for the same run, and notes
when the first update, the first printed line and the end came. Then one learner reads pages.
"""

import asyncio
import json
import resource
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from bot.lessons.files.load import load_folders
from bot.lessons.library import Library
from bot.platforms.web.limits import WebLimits
from bot.platforms.web.server import Playground
from bot.runner.host.local import LocalRunner
from bot.runner.queue import RunQueue
from bot.tutor.service import TutorService
from bot.tutor.services import Services

ROOT = Path(__file__).parents[2]
PAGES = 200


@dataclass(frozen=True)
class Seen:
    """What one learner saw, in seconds since asking."""

    first_update: float
    first_line: float
    end: float
    whole: bool


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def _learner(host: str, port: int, number: int, delay: float) -> Seen:
    await asyncio.sleep(delay)
    body = json.dumps({"path": "/run/gather", "lang": "ko"})
    start = time.perf_counter()
    reader, writer = await asyncio.open_connection(host, port, limit=2**22)
    writer.write(
        f"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Cookie: learner={number:022d}\r\nContent-Length: {len(body)}\r\n"
        f"Connection: close\r\n\r\n{body}".encode()
    )
    first_update = first_line = 0.0
    whole = False
    async for line in reader:
        now = time.perf_counter() - start
        if line.startswith(b"event: patch"):
            first_update = first_update or now
        elif b'<li class=\\"stdout\\"' in line:
            first_line = first_line or now
        whole = whole or b'"final": true, "failed": false' in line
    writer.close()
    return Seen(first_update, first_line, time.perf_counter() - start, whole)


async def _pages_per_second(host: str, port: int) -> float:
    reader, writer = await asyncio.open_connection(host, port)
    start = time.perf_counter()
    for _ in range(PAGES):
        writer.write(b"GET /explain/coroutine HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
    writer.close()
    return PAGES / (time.perf_counter() - start)


async def _lag(worst: list[float]) -> None:
    while True:
        start = time.perf_counter()
        await asyncio.sleep(0.01)
        worst.append(time.perf_counter() - start - 0.01)


async def measure(learners: int = 200) -> dict[str, float]:
    """Let `learners` ask for `/run gather` within one second; return figures in seconds."""
    library = Library(load_folders([ROOT / "lessons"]).lessons)
    runner = LocalRunner()
    await runner.start()
    services = Services(lambda: library, runner, RunQueue(running=learners, waiting=learners))
    limits = WebLimits(
        asks_burst=10_000, pages_burst=10_000, streams=10_000, connections=4 * learners + 100
    )
    playground = Playground(tutor=TutorService(services), port=0, limits=limits)
    await playground.start()
    where = urlsplit(playground.url)
    host, port = where.hostname or "", where.port or 0
    try:
        pages = await _pages_per_second(host, port)
        lags: list[float] = []
        lag = asyncio.create_task(_lag(lags))
        seen = await asyncio.gather(
            *(_learner(host, port, number, number / learners) for number in range(learners))
        )
        lag.cancel()
    finally:
        await playground.close()
        await runner.close()
    updates = [one.first_update for one in seen]
    lines = [one.first_line for one in seen]
    return {
        "learners": learners,
        "finished": sum(one.whole for one in seen),
        "first_update_p50": statistics.median(updates),
        "first_update_p99": _percentile(updates, 0.99),
        "first_line_p50": statistics.median(lines),
        "first_line_p99": _percentile(lines, 0.99),
        "end_p50": statistics.median(one.end for one in seen),
        "end_p99": _percentile([one.end for one in seen], 0.99),
        "loop_lag_p99": _percentile(lags, 0.99),
        "pages_per_second": pages,
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    found = asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
    for name, value in found.items():
        print(f"{name:20} {value:10.3f}")  # noqa: T201 - a table for the user who runs it
