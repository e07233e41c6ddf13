"""An hour of two fronts and two workers in which every part is killed at random, NATS included.

Learners ask at one front or the other, as behind a balancer that does not know them; one whose
front dies asks again at the other. Each question must come to an answer or to an honest refusal,
and no process may be left of a part that was killed.
"""

import asyncio
import random
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from tests.bench.figures import Figure
from tests.commands import TUTOR, clean_environment
from tests.nats_server import NatsServer

_SECONDS, _QUICK_SECONDS = 3_600.0, 60.0
_LEARNERS = 6
_BETWEEN_KILLS = (5.0, 20.0)
_AWAY = (0.5, 4.0)
"""Seconds for which a part that was killed stays away."""
_PATIENCE = 90.0
_GONE_SECONDS = 10.0
_TYPED = (
    ("/run gather", 4),
    ("/run sync", 2),
    ("/run sleep_zero", 4),
    ("/why lock", 2),
    ("/compare await create_task gather", 1),
    ("/explain coroutine", 3),
)
_SAID = {
    "No computer that runs": "refused: no worker is there",
    "Too many runs": "refused: all workers are full",
    "last run is still under way": "refused: one run at a time",
    "Cut off:": "told that it was cut off",
    "Something went wrong": "told of a fault of ours",
    "cannot be run safely": "told that the sandbox cannot work",
}
_LOGS = Path(__file__).parents[2] / ".bench"


@dataclass
class Part:
    """A process that is killed and started again."""

    name: str
    command: Sequence[str]
    env: dict[str, str]
    port: int = 0
    process: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def start(self) -> None:
        """Start it; its log goes to .bench/."""
        with (_LOGS / f"workers-chaos-{self.name}.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *TUTOR, *self.command, env=clean_environment(self.env), stdout=log, stderr=log
            )

    async def stop(self, number: int) -> int:
        """Send it a signal, and wait for its end; return how many of its own are left over."""
        assert self.process
        family = await asyncio.to_thread(_family, self.process.pid)
        with suppress(ProcessLookupError):
            self.process.send_signal(number)
        await self.process.wait()
        deadline = time.monotonic() + _GONE_SECONDS
        while (left := [pid for pid in family if _lives(pid)]) and time.monotonic() < deadline:  # noqa: ASYNC110 - processes of others announce no end
            await asyncio.sleep(0.1)
        return len(left)


async def workers_chaos(
    quick: bool,  # noqa: FBT001 - one signature for all
    seconds: float | None = None,
) -> list[Figure]:
    """Kill at random while learners ask; count what became of each question."""
    total = seconds or (_QUICK_SECONDS if quick else _SECONDS)
    _LOGS.mkdir(exist_ok=True)
    with TemporaryDirectory() as name:
        nats = NatsServer(Path(name), f'jetstream {{store_dir: "{name}"}}').start()
        parts = playground_parts(nats.url)
        try:
            for part in parts:
                await part.start()
            scene = _Scene(nats, parts)
            await scene.fronts_answer()
            until = time.monotonic() + total
            async with asyncio.TaskGroup() as group:
                group.create_task(scene.rage(until))
                for learner in range(_LEARNERS):
                    group.create_task(scene.ask_on(learner, until))
            left = [await part.stop(signal.SIGTERM) for part in parts]
        finally:
            for part in parts:
                if part.process and part.process.returncode is None:
                    part.process.kill()
                    await part.process.wait()
            nats.stop()
    for each in scene.broken:
        print(f"  not answered: {each}", file=sys.stderr)  # noqa: T201 - what went wrong
    return [
        *(Figure(name, count, "times") for name, count in sorted(scene.counts.items())),
        Figure("neither an answer nor an honest refusal", len(scene.broken), "times", "≤ 0"),
        Figure("processes left of parts that ended", scene.left + sum(left), "", "≤ 0"),
    ]


def playground_parts(url: str) -> list[Part]:
    """Return two workers and two fronts that are not started."""
    fronts = [
        Part(
            f"front-{number}",
            ["serve"],
            {
                "TUTOR_NATS_URL": url,
                "TUTOR_WEB_PORT": str(port),
                "TUTOR_LEARNER_REQUESTS_PER_MINUTE": "10000",
                "TUTOR_SHUTDOWN_SECONDS": "10",
            },
            port,
        )
        for number, port in enumerate(_free_ports(2), start=1)
    ]
    workers = [
        Part(
            f"worker-{number}",
            ["worker"],
            {
                "TUTOR_NATS_URL": url,
                "TUTOR_RUNS_AT_ONCE": "20",
                "TUTOR_WORKER_NAME": f"worker-{number}",
            },
        )
        for number in (1, 2)
    ]
    return [*workers, *fronts]


class _Scene:
    """The parts, those who ask, and who kills."""

    def __init__(self, nats: NatsServer, parts: Sequence[Part]) -> None:
        self._nats = nats
        self._parts = parts
        self._fronts = [part for part in parts if part.port]
        self._chance = random.Random(3)
        self.counts: Counter[str] = Counter()
        self.broken: list[str] = []
        self.left = 0

    async def fronts_answer(self) -> None:
        """Wait until every front serves."""
        for part in self._fronts:
            while not await playground_answers(part.port):  # noqa: ASYNC110 - a front announces nothing
                await asyncio.sleep(0.2)

    async def rage(self, until: float) -> None:
        """Kill a part every now and then, and start it again."""
        while time.monotonic() + _BETWEEN_KILLS[1] < until:
            await asyncio.sleep(self._chance.uniform(*_BETWEEN_KILLS))
            away = self._chance.uniform(*_AWAY)
            if self._chance.random() < 0.2:
                self.counts["killed: NATS"] += 1
                await asyncio.to_thread(self._nats.restart, away)
                continue
            part = self._chance.choice(self._parts)
            kind = part.name.partition("-")[0]
            number = self._chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM))
            verb = "killed" if number is signal.SIGKILL else "stopped by SIGTERM"
            self.counts[f"{verb}: a {kind}"] += 1
            self.left += await part.stop(number)
            await asyncio.sleep(away)
            await part.start()

    async def ask_on(self, learner: int, until: float) -> None:
        """Ask one thing after another."""
        await asyncio.sleep(self._chance.uniform(0, 2))
        while time.monotonic() < until:
            texts, weights = zip(*_TYPED, strict=True)
            await self._ask(learner, self._chance.choices(texts, weights)[0])
            await asyncio.sleep(self._chance.uniform(0.2, 3.0))

    async def _ask(self, learner: int, text: str) -> None:
        """Ask at one front, and at the other if that one is away, as a balancer does."""
        self.counts["asked"] += 1
        deadline = time.monotonic() + _PATIENCE
        tries = 0
        while time.monotonic() < deadline:
            front = self._chance.choice(self._fronts)
            tries += 1
            try:
                answer = await said(front.port, learner, text)
            except (aiohttp.ClientError, OSError, TimeoutError):
                self.counts["tries at a front that was away or died meanwhile"] += 1
                await asyncio.sleep(0.5)
                continue
            if '"final": true' not in answer and '{"html": "' not in answer:
                self.broken.append(f"{text}: {answer[-300:]}")
                return
            last = answer[-20_000:]
            outcome = next((it for words, it in _SAID.items() if words in last), "answered")
            self.counts[outcome] += 1
            return
        self.broken.append(f"{text}: no front answered {tries} times")


async def said(port: int, learner: int, text: str) -> str:
    """Return all that a front answers to a learner, as the playground gets it."""
    address = aiohttp.TCPConnector(local_addr=(f"127.0.0.{10 + learner % 200}", 0))
    async with (
        aiohttp.ClientSession(connector=address) as session,
        session.post(
            f"http://127.0.0.1:{port}/api/ask",
            json={"text": text, "lang": "en"},
            headers={"Cookie": f"learner=chaos{learner:017d}"},
            timeout=aiohttp.ClientTimeout(total=_PATIENCE),
        ) as response,
    ):
        return await response.text()


async def playground_answers(port: int) -> bool:
    """Tell whether a front serves."""
    with suppress(aiohttp.ClientError, OSError):
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/healthz") as response,
        ):
            return response.status == 200
    return False


def _free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _family(pid: int) -> list[int]:
    """Return a process's descendants."""
    found, rest = list[int](), [pid]
    while rest:
        one = rest.pop()
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                children = [int(it) for it in (task / "children").read_text().split()]
                found += children
                rest += children
    return found


def _lives(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
