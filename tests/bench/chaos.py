"""An hour in which what the bot stands on is killed at random: does anybody get no answer?

As in `soak`, many learners ask at once on the playground and on Discord. Meanwhile the sandbox's
server, single runs and the processes that draw are killed, and Discord's connection is cut. Every
question must come to a whole answer, be it that something went wrong; and nothing may grow.
"""

import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.figures import Figure
from tests.bench.soak import complaints, forget, growth, note, save
from tests.bench.traffic import Traffic
from tests.bench.watched import Sample, watched
from tests.discord_standin.server import StandIn, standin

_SECONDS, _QUICK_SECONDS = 3_600.0, 60.0
_ROUND_SECONDS = 30.0
_ASKING = 0.7
_WEB, _DISCORD = 8, 5
_PATIENCE = 30.0
"""Seconds: a run that is made again takes twice as long, behind those that are made again, too."""
_LOG = Path(__file__).parents[2] / ".bench" / "chaos.log"
_SETTINGS = {
    "TUTOR_LEARNER_REQUESTS_PER_MINUTE": "10000",
    "TUTOR_SERVER_REQUESTS_PER_MINUTE": "100000",
}
_SERVER, _DRAWING = b"guest.fork_server", b"drawing.worker"


async def chaos(
    quick: bool,  # noqa: FBT001 - one signature for all
    seconds: float | None = None,
) -> list[Figure]:
    """Kill at random while learners ask; count who was left without an answer, and what grew."""
    total = seconds or (_QUICK_SECONDS if quick else _SECONDS)
    _LOG.parent.mkdir(exist_ok=True)
    _LOG.with_suffix(".jsonl").unlink(missing_ok=True)
    with TemporaryDirectory() as name:
        save(Path(name), 0)
        settings = {**_SETTINGS, "TUTOR_EXTRA_LESSONS": name}
        async with standin(check=False) as discord, watched(discord, _LOG, settings) as bot:
            traffic = Traffic(bot, discord, patience=_PATIENCE)
            killer = Killer(traffic)
            samples, asked = await _rounds(traffic, killer, total)
            bot.process.terminate()
            status = await asyncio.wait_for(bot.process.wait(), 60)
    for each in [*traffic.broken, *traffic.unfinished]:
        print(f"  not answered: {each}", file=sys.stderr)  # noqa: T201 - what went wrong
    return [
        *(Figure(name, count, "times") for name, count in sorted(killer.counts.items())),
        *(Figure(name, count, "times") for name, count in sorted(traffic.counts.items())),
        Figure("playground: no whole answer", len(traffic.broken), "times", "≤ 0"),
        Figure("Discord: begun and never finished", len(traffic.unfinished), "times", "≤ 0"),
        *growth(samples, asked),
        Figure("tracebacks and warnings in its log", complaints(_LOG), "times", "≤ 0"),
        Figure("exit status after SIGTERM", status, "", "≤ 0"),
    ]


async def _rounds(
    traffic: Traffic, killer: "Killer", total: float
) -> tuple[list[Sample], list[int]]:
    """Return what the bot held after each round, and how many things were asked by then."""
    until = time.monotonic() + total
    samples: list[Sample] = []
    asked: list[int] = []
    while time.monotonic() < until:
        asking = _ASKING * _ROUND_SECONDS
        async with asyncio.TaskGroup() as group:
            group.create_task(killer.rage(asking))
            group.create_task(traffic.learners(asking, web=_WEB, discord=_DISCORD))
        await traffic.discord.gateway.connected()
        await traffic.bot.quiet()
        await asyncio.sleep(1)
        samples.append(await traffic.bot.sample())
        asked.append(traffic.counts.total())
        note(_LOG, samples[-1], asked=asked[-1])
        forget(traffic.discord)
    return samples, asked


class Killer:
    """Ends what the bot stands on, at random moments, but never the bot itself."""

    def __init__(self, traffic: Traffic) -> None:
        self._bot = traffic.bot
        self._discord: StandIn = traffic.discord
        self._chance = random.Random(2)
        self.counts: Counter[str] = Counter()

    async def rage(self, seconds: float) -> None:
        """Go on for so long."""
        until = time.monotonic() + seconds
        acts = (self._server, self._run, self._drawing, self._cut, self._reconnect)
        while time.monotonic() < until:
            await asyncio.sleep(self._chance.uniform(0.2, 3.0))
            await self._chance.choices(acts, weights=(2, 4, 1, 1, 1))[0]()

    async def _server(self) -> None:
        await self._kill("the sandbox's server", await asyncio.to_thread(self._found, _SERVER))

    async def _drawing(self) -> None:
        await self._kill("a drawing process", await asyncio.to_thread(self._found, _DRAWING))

    async def _run(self) -> None:
        """Kill a fork of the sandbox's server: it has the server's command line."""
        await self._kill("a run", await asyncio.to_thread(self._found, _SERVER, forks=True))

    async def _cut(self) -> None:
        self.counts["cut: Discord's connection"] += 1
        await self._discord.gateway.drop()
        await self._discord.gateway.connected()

    async def _reconnect(self) -> None:
        self.counts["asked to connect again: Discord's connection"] += 1
        await self._discord.gateway.ask_to_reconnect()

    async def _kill(self, what: str, processes: list[int]) -> None:
        if processes:
            with suppress(ProcessLookupError):
                os.kill(self._chance.choice(processes), signal.SIGKILL)
                self.counts[f"killed: {what}"] += 1

    def _found(self, command: bytes, *, forks: bool = False) -> list[int]:
        """Return the bot's own children with this in their command line, or those's children."""
        bot = self._bot.process.pid
        own = [pid for pid in self._bot.family() if _parent(pid) == bot and command in _line(pid)]
        if not forks:
            return own
        return [pid for pid in self._bot.family() if _parent(pid) in own]


def _parent(pid: int) -> int:
    """Return a process's parent (proc(5), stat); 0 if it is gone."""
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def _line(pid: int) -> bytes:
    """Return a process's command line; nothing if it is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""
