"""Runs made by workers over NATS: what the way there costs, and how it grows with workers.

The front is this process, NATS and each worker are processes of their own. All of them share this
machine's processors, so more workers add nothing here that the machine has not; the ratios tell
what the way costs, the front's own processor time what one front bears.
"""

import asyncio
import os
import signal
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.runner.model import Finished, Limits, Outcome, Runner, RunRequest
from bot.runner.remote.client import RemoteRunner
from tests.bench.figures import Figure, percentile, spread
from tests.bench.runs import GATHER, HELLO, first_line, printed, started
from tests.bench.workers_chaos import playground_answers, playground_parts, said
from tests.commands import TUTOR, clean_environment
from tests.nats_server import NatsServer, link

_AT_ONCE = 8
_SWITCHES = """
import asyncio

async def spin():
    for _ in range(10_000):
        await asyncio.sleep(0)

async def main():
    await asyncio.gather(spin(), spin())

asyncio.run(main())
"""
_MANY_EVENTS = Limits(events=1_000_000, wall_seconds=120, cpu_seconds=60)


@asynccontextmanager
async def workers(count: int, capacity: int) -> AsyncIterator[RemoteRunner]:
    """Give a front's runner with so many workers."""
    with TemporaryDirectory() as name:
        server = NatsServer(Path(name)).start()
        env = {
            "TUTOR_NATS_URL": server.url,
            "TUTOR_RUNS_AT_ONCE": str(capacity),
            "TUTOR_RECYCLE_AFTER": "1000000",
            "TUTOR_LOG_LEVEL": "error",
        }
        processes = []
        runner = RemoteRunner(link(server))
        try:
            for number in range(count):
                mine = clean_environment(env | {"TUTOR_WORKER_NAME": f"worker-{number}"})
                process = await asyncio.create_subprocess_exec(
                    *TUTOR, "worker", env=mine, stdout=asyncio.subprocess.DEVNULL
                )
                processes.append(process)
            await runner.start()
            while len(runner.workers.all) < count:  # noqa: ASYNC110 - as a front learns of them
                await asyncio.sleep(0.1)
            yield runner
        finally:
            await runner.close()
            for process in processes:
                process.terminate()
            await asyncio.gather(*(process.wait() for process in processes))
            server.stop()


async def over_workers(quick: bool) -> list[Figure]:  # noqa: FBT001 - one signature for all
    """Measure the way to workers and back."""
    figures: list[Figure] = []
    count = 80 if quick else 400
    async with started() as here:
        local_rate, _ = await _rate(here, count)
        local_lines = [await first_line(here, HELLO) for _ in range(count // 4)]
        local_events = await _events_a_second(here)
    figures += spread("first line here", [1_000 * it for it in local_lines], "ms")
    figures.append(Figure(f"runs a second here, {_AT_ONCE} at once", local_rate, "1/s"))
    for number in (1, 2, 4):
        async with workers(number, 100) as runner:
            await _rate(runner, 20)
            rate, front = await _rate(runner, count)
            lines = [await first_line(runner, HELLO) for _ in range(count // 4)]
            label = f"{number} worker{'s' * (number > 1)}"
            figures += spread(f"first line, {label}", [1_000 * it for it in lines], "ms")
            ratio = statistics.median(lines) / statistics.median(local_lines)
            figures += [
                Figure(f"first line, {label} over here", ratio, "times"),
                Figure(f"runs a second, {label}", rate, "1/s"),
                Figure(f"runs a second, {label} over here", rate / local_rate, "times"),
                Figure(f"front's processor a run, {label}", 1_000 * front, "ms", "≤ 1.5"),
            ]
            if number == 1:
                events = await _events_a_second(runner)
                figures += [
                    Figure("events through, in one run", events[0], ""),
                    Figure("events a second here", local_events[1], "1/s"),
                    Figure("events a second over NATS", events[1], "1/s"),
                ]
    answer = await _answers_processor(20 if quick else 100)
    figures.append(Figure("front's event loop, an answer in the playground", 1_000 * answer, "ms"))
    return [*figures, *await _crowd(100 if quick else 1_000)]


async def _rate(runner: Runner, count: int) -> tuple[float, float]:
    """Return runs a second, and this process's processor time for each, in seconds."""
    rest = iter(range(count))

    async def ask() -> None:
        for _ in rest:
            await first_line(runner, HELLO)

    start, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(ask() for _ in range(_AT_ONCE)))
    seconds = time.perf_counter() - start
    return count / seconds, (time.process_time() - used) / count


async def _events_a_second(runner: Runner) -> tuple[int, float]:
    """Return how many events a run of many made, and how many a second came through."""
    start, count = time.perf_counter(), 0
    async for event in runner.run(RunRequest(_SWITCHES, limits=_MANY_EVENTS)):
        count += 1
        if isinstance(event, Finished) and event.outcome is not Outcome.OK:
            raise RuntimeError(f"the benchmark's scenario ended in {event}")
    return count, count / (time.perf_counter() - start)


async def _crowd(count: int) -> list[Figure]:
    """Let two workers make so many three-second gathers at once."""
    async with workers(2, count // 2) as runner:
        measured = await _at_once(lambda: printed(runner, GATHER, Limits(wall_seconds=60)), count)
    took, ends, used = measured
    return [
        Figure(
            f"{count} gathers of 3 s, 2 workers: measured, median", statistics.median(took), "s"
        ),
        Figure("measured, p99", percentile(took, 0.99), "s"),
        Figure("last one over, after all were asked for", max(ends), "s"),
        Figure("not ok", count - len(took), "runs", "≤ 0"),
        Figure("front's processor for each", 1_000 * used / count, "ms"),
    ]


async def _at_once(
    ask: Callable[[], Awaitable[float]], count: int
) -> tuple[list[float], list[float], float]:
    """Return what each told, when it was over, and this process's processor time for all."""
    told: list[float] = []
    ends: list[float] = []
    start, used = time.perf_counter(), time.process_time()

    async def one() -> None:
        told.append(await ask())
        ends.append(time.perf_counter() - start)

    await asyncio.gather(*(one() for _ in range(count)), return_exceptions=True)
    return told, ends, time.process_time() - used


async def _answers_processor(count: int) -> float:
    """Return a served front's own processor time for an answer, drawing left out, in seconds."""
    with TemporaryDirectory() as name:
        server = NatsServer(Path(name)).start()
        parts = [part for part in playground_parts(server.url) if part.name.endswith("-1")]
        front = parts[-1]
        try:
            for part in parts:
                await part.start()
            while not await playground_answers(front.port):  # noqa: ASYNC110 - it announces nothing
                await asyncio.sleep(0.2)
            assert front.process
            before = 0.0
            for number in range(count + 10):
                if number == 10:
                    before = _processor(front.process.pid)
                await said(front.port, number, "/run sleep_zero")
            return (_processor(front.process.pid) - before) / count
        finally:
            for part in parts:
                await part.stop(signal.SIGTERM)
            server.stop()


def _processor(pid: int) -> float:
    """Return the processor time that a process has used by itself, in seconds (proc(5), stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
