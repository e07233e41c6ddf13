"""How the bot bears 200 learners who all type `/run gather` within one second.

The bot runs in a process of its own with the real tutor and the real sandbox; Discord's stand-in
and the learners are here. Times are from the moment the stand-in sends an interaction.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from bot.collector import spaced_full_collections
from bot.lessons.files.load import load_folders
from bot.lessons.library import Library
from bot.observe.logs import set_up_logging
from bot.platforms.discord.bot import DiscordBot
from bot.runner.host.local import LocalRunner
from bot.runner.queue import RunQueue
from bot.timeline.drawing.pool import RendererPool
from bot.tutor.service import TutorService
from bot.tutor.services import Services
from tests.bench.figures import Figure, percentile
from tests.discord_standin.learner import Exchange, Learner
from tests.discord_standin.server import StandIn, pointed_to, standin
from tests.discord_standin.state import GUILD, TOKEN

LEARNERS, SERVERS = 200, 20
_ROOT = Path(__file__).parents[2]


async def learners_at_once(quick: bool) -> list[Figure]:  # noqa: FBT001 - as every benchmark is called
    """Let all learners ask within one second; report when they were answered, and the memory."""
    count = LEARNERS // 4 if quick else LEARNERS
    async with standin(check=False) as server, bot_process(server) as process:
        await (await Learner(server).command("run", scenario="gather")).finished()
        idle = await asyncio.to_thread(_resident, process.pid)
        exchanges = await asyncio.gather(*(_learner(server, n, count) for n in range(count)))
        peak = await asyncio.to_thread(_resident, process.pid, "VmHWM")
    first = [
        1_000 * (each.interaction.answered_at - each.interaction.sent_at)
        for each in exchanges
        if each.interaction.answered_at
    ]
    end = [each.message.history[-1][0] - each.interaction.sent_at for each in exchanges]
    whole = sum("timeline.png" in each.message.files for each in exchanges)
    edits = [len(each.message.history) for each in exchanges]
    return [
        Figure(f"first response to {count} a second, median", statistics.median(first), "ms"),
        Figure("first response, p99", percentile(first, 0.99), "ms", "≤ 500"),
        Figure("runs finished, with their picture", whole, "runs", f"≥ {count}"),
        Figure("last edit, median", statistics.median(end), "s"),
        Figure("last edit, p99", percentile(end, 0.99), "s"),
        Figure("edits a run", statistics.mean(edits), "edits"),
        Figure("the bot's memory before", idle, "MiB"),
        Figure("the bot's memory at its peak", peak, "MiB"),
    ]


async def _learner(server: StandIn, number: int, count: int) -> Exchange:
    """Ask at this learner's moment of the second, and wait for the end."""
    await asyncio.sleep(number / count)
    learner = Learner(server, guild=GUILD + number % SERVERS)
    exchange = await learner.command("run", scenario="gather")
    return await exchange.finished(seconds=120)


@asynccontextmanager
async def bot_process(
    server: StandIn, lessons: str = ""
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a bot in a process of its own, with the course or with the lessons of a folder."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.discord_load",
        server.rest.url,
        lessons or str(_ROOT / "lessons"),
        cwd=_ROOT,
    )
    try:
        await server.gateway.connected()
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _resident(pid: int, what: str = "VmRSS") -> float:
    """Return a process's resident memory in MiB (proc(5), status)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(what)) / 1024


async def _serve(url: str, lessons: str) -> None:
    """Be the bot, until ended."""
    set_up_logging(level="warning", style="console")  # the table stays readable
    library = Library((await asyncio.to_thread(load_folders, [Path(lessons)])).lessons)
    runner = LocalRunner(strict=False)
    await runner.start()
    renderer = RendererPool()
    await renderer.start()
    queue = RunQueue(running=LEARNERS, waiting=LEARNERS)
    services = Services(lambda: library, runner, queue, renderer=renderer)
    with pointed_to(url):
        bot = DiscordBot(
            tutor=TutorService(services),
            token=SecretStr(TOKEN),
            sync=False,
            renderer=renderer,
            server_requests_per_minute=10_000,
        )
        async with spaced_full_collections():
            await bot.start()
            await bot.wait()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(_serve(*sys.argv[1:]))
    else:
        start = time.perf_counter()
        for figure in asyncio.run(learners_at_once(quick=False)):
            print(f"{figure.name:<44} {figure.value:>10.2f} {figure.unit}")  # noqa: T201 - a table
        print(f"({time.perf_counter() - start:.0f} s)")  # noqa: T201
