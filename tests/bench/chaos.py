"""An hour in which what the bot stands on fails at random: does anybody get no answer?

As in `soak`, many learners ask at once on the playground and on Discord. In `chaos` the sandbox's
server, single runs and the processes that draw are killed meanwhile, and Discord's connection is
cut; in `disconnects` Discord goes away every second or so, in each of its ways. Every question must
come to a whole answer, be it that something went wrong; and nothing may grow, once as many runs are
kept as are made in the time for which they are kept, and the community on Discord is known.
"""

import asyncio
import math
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.tutor.run_memory import SECONDS
from tests.bench.figures import Figure
from tests.bench.soak import complaints, forget, growth, note, save
from tests.bench.traffic import Traffic
from tests.bench.watched import Sample, watched
from tests.discord_standin.learner import Learner
from tests.discord_standin.server import StandIn, standin

_SECONDS, _QUICK_SECONDS = 3_600.0, 60.0
_ROUND_SECONDS = 30.0
_ASKING = 0.7
_WARMING = math.ceil(SECONDS / _ROUND_SECONDS)
"""Rounds: until runs are forgotten as fast as they come (`RunMemory`)."""
_PATIENCE = 30.0
"""Seconds: a run that is made again takes twice as long, behind those that are made again, too."""
_FOLDER = Path(__file__).parents[2] / ".bench"
_SETTINGS = {
    "TUTOR_LEARNER_REQUESTS_PER_MINUTE": "10000",
    "TUTOR_SERVER_REQUESTS_PER_MINUTE": "100000",
}
_SERVER, _DRAWING = b"guest.fork_server", b"drawing.worker"


@dataclass(frozen=True)
class Plan:
    """What goes wrong, how often, and how many ask meanwhile."""

    name: str
    harm: Mapping[str, int]
    """What is done, by the name of a method of `Killer`, and how likely each is."""
    pause: tuple[float, float]
    """Seconds between two harms, at least and at most."""
    web: int
    discord: int

    @property
    def log(self) -> Path:
        """Where the bot's log goes."""
        return _FOLDER / f"{self.name}.log"


CHAOS = Plan(
    "chaos",
    {"server": 2, "run": 4, "drawing": 1, "cut": 1, "reconnect": 1},
    (0.2, 3.0),
    web=4,
    discord=3,
)
DISCONNECTS = Plan(
    "disconnects",
    {"cut": 14, "reconnect": 4, "invalidate": 1, "crash": 1},
    (0.5, 1.5),
    web=0,
    discord=2,
)


async def chaos(
    quick: bool,  # noqa: FBT001 - one signature for all
    seconds: float | None = None,
) -> list[Figure]:
    """Kill at random while learners ask; count who was left without an answer, and what grew."""
    return await _endured(CHAOS, quick=quick, seconds=seconds)


async def disconnects(
    quick: bool,  # noqa: FBT001 - one signature for all
    seconds: float | None = None,
) -> list[Figure]:
    """Let Discord go away again and again while learners ask; the same counts."""
    return await _endured(DISCONNECTS, quick=quick, seconds=seconds)


async def _endured(plan: Plan, *, quick: bool, seconds: float | None) -> list[Figure]:
    total = seconds or (_QUICK_SECONDS if quick else _SECONDS)
    log = plan.log
    log.parent.mkdir(exist_ok=True)
    log.with_suffix(".jsonl").unlink(missing_ok=True)
    with TemporaryDirectory() as name:
        save(Path(name), 0)
        settings = {**_SETTINGS, "TUTOR_EXTRA_LESSONS": name}
        async with standin(check=False) as discord, watched(discord, log, settings) as bot:
            traffic = Traffic(bot, discord, patience=_PATIENCE, returning=True)
            killer = Killer(traffic, plan)
            samples, asked = await _rounds(traffic, killer, plan, total)
            answered = await _answers_still(discord)
            bot.process.terminate()
            status = await asyncio.wait_for(bot.process.wait(), 60)
    for each in [*traffic.broken, *traffic.unfinished]:
        print(f"  not answered: {each}", file=sys.stderr)  # noqa: T201 - what went wrong
    return [
        *(Figure(name, count, "times") for name, count in sorted(killer.counts.items())),
        *(Figure(name, count, "times") for name, count in sorted(traffic.counts.items())),
        Figure("playground: no whole answer", len(traffic.broken), "times", "≤ 0"),
        Figure("Discord: begun and never finished", len(traffic.unfinished), "times", "≤ 0"),
        Figure("Discord: answers in the end, of 5", answered, "times", "≥ 5"),
        *growth(samples, asked, warming=_WARMING),
        Figure("tracebacks and warnings in its log", complaints(log), "times", "≤ 0"),
        Figure("exit status after SIGTERM", status, "", "≤ 0"),
    ]


async def _answers_still(discord: StandIn) -> int:
    """Ask a little when all is over; return how often there was an answer."""
    await discord.gateway.connected(seconds=120)
    count = 0
    for _ in range(5):
        with suppress(TimeoutError):
            exchange = await Learner(discord).command("run", scenario="gather")
            await exchange.finished(seconds=_PATIENCE)
            count += 1
    return count


async def _rounds(
    traffic: Traffic, killer: "Killer", plan: Plan, total: float
) -> tuple[list[Sample], list[int]]:
    """Return what the bot held after each round, and how many things were asked by then."""
    until = time.monotonic() + total
    samples: list[Sample] = []
    asked: list[int] = []
    while time.monotonic() < until:
        asking = _ASKING * _ROUND_SECONDS
        async with asyncio.TaskGroup() as group:
            group.create_task(killer.rage(asking))
            group.create_task(traffic.learners(asking, web=plan.web, discord=plan.discord))
        await traffic.discord.gateway.connected(seconds=120)
        await traffic.bot.quiet()
        await asyncio.sleep(1)
        samples.append(await traffic.bot.sample())
        asked.append(traffic.counts.total())
        note(plan.log, samples[-1], asked=asked[-1])
        forget(traffic.discord)
    return samples, asked


class Killer:
    """Ends what the bot stands on, at random moments, but never the bot itself."""

    def __init__(self, traffic: Traffic, plan: Plan) -> None:
        self._bot = traffic.bot
        self._discord: StandIn = traffic.discord
        self._plan = plan
        self._chance = random.Random(2)
        self.counts: Counter[str] = Counter()

    async def rage(self, seconds: float) -> None:
        """Go on for so long."""
        until = time.monotonic() + seconds
        harm = self._plan.harm
        while time.monotonic() < until:
            await asyncio.sleep(self._chance.uniform(*self._plan.pause))
            (name,) = self._chance.choices(list(harm), list(harm.values()))
            await getattr(self, name)()

    async def server(self) -> None:
        """Kill the sandbox's server."""
        await self._kill("the sandbox's server", await asyncio.to_thread(self._found, _SERVER))

    async def drawing(self) -> None:
        """Kill a process that draws."""
        await self._kill("a drawing process", await asyncio.to_thread(self._found, _DRAWING))

    async def run(self) -> None:
        """Kill a fork of the sandbox's server: it has the server's command line."""
        await self._kill("a run", await asyncio.to_thread(self._found, _SERVER, forks=True))

    async def cut(self) -> None:
        """Close Discord's connection; the session can be resumed."""
        self.counts["cut: Discord's connection"] += 1
        await self._discord.gateway.drop()
        await self._discord.gateway.connected(seconds=120)

    async def reconnect(self) -> None:
        """Ask the bot to connect again."""
        self.counts["asked to connect again: Discord's connection"] += 1
        await self._discord.gateway.ask_to_reconnect()

    async def invalidate(self) -> None:
        """End the session: what is asked meanwhile is lost, as on Discord."""
        self.counts["ended: Discord's session"] += 1
        await self._discord.gateway.invalidate()
        await self._discord.gateway.connected(seconds=120)

    async def crash(self) -> None:
        """Kill Discord, and start it again."""
        self.counts["killed and restarted: Discord"] += 1
        await self._discord.crash()
        await asyncio.sleep(self._chance.uniform(0, 2))
        await self._discord.start()
        await self._discord.gateway.connected(seconds=120)

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
