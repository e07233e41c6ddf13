"""A served bot in a process of its own, looked at from outside and, for its tasks, from inside."""

import asyncio
import ctypes
import gc
import json
import re
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from bot.foundation import read_settings
from bot.serving import Server
from bot.tutor.run_memory import RunMemory
from tests.commands import clean_environment
from tests.discord_standin.server import StandIn, pointed_to
from tests.discord_standin.state import TOKEN
from tests.processes import descriptors

_PATIENCE = 30.0
_START_SECONDS = 120.0
"""On a machine that is busy with other things."""
_QUIET_SECONDS = 3.0
"""Longer than any scenario of `traffic` runs on after the learner who asked for it has gone."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What the bot holds at one moment."""

    resident: float
    """The bot's own memory, in MiB (RSS)."""
    largest: Mapping[str, float]
    """What the largest process of each program has written, in MiB (Pss_Anon), by `_program`."""
    heap: float
    """What the C library has handed out to the bot, in MiB (mallinfo(3)): without what is free."""
    blocks: int
    """What Python's own allocator has handed out to the bot."""
    descriptors: int
    """Of the bot, and of the sandbox's processes."""
    processes: int
    tasks: int
    objects: int
    """Python objects that the bot's garbage collector knows."""
    kept: float
    """Runs that are kept for those who asked for them, in MiB, as `RunMemory` counts them."""
    kinds: Mapping[str, int]
    """Those objects, by type."""
    targets: Mapping[str, int]
    """The descriptors, by the process that has them and what they lead to."""


@dataclass
class Watched:
    """A bot under way."""

    process: asyncio.subprocess.Process
    log: Path
    port: int = 0
    probes: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    async def sample(self) -> Sample:
        """Look at all that it holds; what is free is first freed, and given back to the system."""
        self.process.send_signal(signal.SIGUSR1)
        inside = await asyncio.wait_for(self.probes.get(), _PATIENCE)
        return await asyncio.to_thread(self._sample, inside)

    def _sample(self, inside: Mapping[str, Any]) -> Sample:
        family = self.family()
        targets = Counter(name for pid in family for name in _targets(pid))
        return Sample(
            resident=_kib(f"/proc/{self.process.pid}/status", "VmRSS:") / 1024,
            largest=_largest(family),
            heap=inside["heap"] / 2**20,
            blocks=inside["blocks"],
            descriptors=targets.total(),
            processes=len(family),
            tasks=inside["tasks"],
            objects=inside["objects"],
            kept=inside["kept"] / 2**20,
            kinds=inside["kinds"],
            targets=dict(targets),
        )

    def family(self) -> list[int]:
        """Return the ids of the bot and of all processes below it."""
        return list(_family(self.process.pid))

    async def quiet(self) -> None:
        """Wait until processes have neither come nor gone for a while, as long as is reasonable."""
        loop = asyncio.get_running_loop()
        family, since = self.family(), loop.time()
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while loop.time() - since < _QUIET_SECONDS:
                    await asyncio.sleep(0.1)
                    if (now := self.family()) != family:
                        family, since = now, loop.time()

    async def listen(self) -> None:
        """Read what the bot says: its address, and answers to `sample`."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            said = line.decode()
            if found := re.search(r"playground: on, at http://127\.0\.0\.1:(\d+)", said):
                self.port = int(found[1])
            elif said.startswith("{"):
                self.probes.put_nowait(json.loads(said))


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _family(int(child))


def _targets(pid: int) -> list[str]:
    """Name a process's descriptors: whose they are, and what they lead to, without numbers."""
    whose = _program(pid)
    with suppress(OSError):
        return [f"{whose}: {re.sub(r'[0-9]+', 'N', to)}" for to in descriptors(pid).values()]
    return []


def _largest(family: list[int]) -> dict[str, float]:
    """Return what the largest process of each program has written, in MiB."""
    found: dict[str, float] = {}
    for pid in family:
        whose = _program(pid)
        size = _kib(f"/proc/{pid}/smaps_rollup", "Pss_Anon:") / 1024
        found[whose] = max(found.get(whose, 0), size)
    return found


def _program(pid: int) -> str:
    """Return what a process of the family is."""
    command = b""
    with suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    found = re.search(rb"fork_server|drawing\.worker|watched", command)
    return found[0].decode() if found else "another"


def _kib(path: str, name: str) -> int:
    """Return a field of a file of proc(5); 0 for a process that has just ended."""
    with suppress(OSError, StopIteration):
        lines = Path(path).read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name))
    return 0


@asynccontextmanager
async def watched(
    server: StandIn, log: Path, settings: Mapping[str, str]
) -> AsyncIterator[Watched]:
    """Serve the playground and Discord's stand-in; errors and the log go to `log`."""
    environment = clean_environment(
        {
            "MALLOC_ARENA_MAX": "2",  # as in the image
            "TUTOR_WEB_PORT": "0",
            "TUTOR_DISCORD_TOKEN": TOKEN,
            "TUTOR_DISCORD_SHARDS": "1",
            "TUTOR_LOG_LEVEL": "warning",
            **settings,
        }
    )
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.watched", server.rest.url,
            stdout=asyncio.subprocess.PIPE, stderr=errors, env=environment, cwd="/",
        )  # fmt: skip
    bot = Watched(process, log)
    listening = asyncio.create_task(bot.listen())
    try:
        await server.gateway.connected(seconds=_START_SECONDS)
        async with asyncio.timeout(_START_SECONDS):
            while not bot.port:  # noqa: ASYNC110 - said once, on a pipe
                await asyncio.sleep(0.05)
        yield bot
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await listening


class _MallInfo(ctypes.Structure):
    """glibc's `struct mallinfo2`: https://man7.org/linux/man-pages/man3/mallinfo.3.html."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    )


async def _serve(url: str) -> int:
    """Be the bot, as `tutor serve` is; tell what is inside whenever SIGUSR1 asks."""

    libc = ctypes.CDLL(None)
    libc.mallinfo2.restype = _MallInfo

    def probe() -> None:
        tasks = asyncio.all_tasks()
        named = Counter(getattr(task.get_coro(), "__qualname__", "?") for task in tasks)
        click.echo(f"tasks: {dict(named)}", err=True)
        gc.collect()
        said = {"tasks": len(tasks), **counted(gc.get_objects())}
        libc.malloc_trim(0)  # what this look itself needed, too
        info = libc.mallinfo2()
        said |= {"heap": info.uordblks + info.hblkhd, "blocks": sys.getallocatedblocks()}
        click.echo(json.dumps(said))

    def counted(objects: list[object]) -> dict[str, Any]:
        kinds = Counter(f"{type(it).__module__}.{type(it).__qualname__}" for it in objects)
        kept = sum(it.size for it in objects if isinstance(it, RunMemory))
        return {"objects": kinds.total(), "kinds": kinds, "kept": kept}

    settings = read_settings(quiet=False)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, probe)
    with pointed_to(url):
        return await Server(settings, say=click.echo).serve()


if __name__ == "__main__":
    sys.exit(asyncio.run(_serve(sys.argv[1])))
