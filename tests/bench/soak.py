"""Ten minutes of mixed commands from the playground and Discord: does the served bot grow?

The bot is `tutor serve` in a process of its own, its sandbox the real one, Discord a stand-in.
Learners ask in rounds; between two rounds, when all is quiet, everything that the bot holds is
counted. Among them are some who vanish in the middle of a run, send nonsense or run scenarios
that never end; Discord fails, too; lessons are saved; fork servers are replaced all the time.
"""

import asyncio
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.figures import Figure
from tests.bench.traffic import Traffic, good_lesson, harmful_lesson
from tests.bench.watched import Sample, Watched, watched
from tests.discord_standin.server import StandIn, standin

_SECONDS, _QUICK_SECONDS = 600.0, 60.0
_ROUNDS = 20
_SHARE_OF_TRAFFIC = 0.85
"""The share of a round in which something is asked; the rest is for what is under way."""
_WARMING = 5
"""Rounds until everything that is kept is there: fonts, textures, pools of threads, caches."""
_WEB, _DISCORD = 8, 5
_IDLE = 30
"""Connections that are opened in each round and never used."""
_LOG = Path(__file__).parents[2] / ".bench" / "soak.log"
_SETTINGS = {
    "TUTOR_RECYCLE_AFTER": "40",
    "TUTOR_LEARNER_REQUESTS_PER_MINUTE": "10000",
    "TUTOR_SERVER_REQUESTS_PER_MINUTE": "100000",
}


async def soak(
    quick: bool,  # noqa: FBT001 - one signature for all
    seconds: float | None = None,
) -> list[Figure]:
    """Count what the bot holds, again and again."""
    total = seconds or (_QUICK_SECONDS if quick else _SECONDS)
    _LOG.parent.mkdir(exist_ok=True)
    _LOG.with_suffix(".jsonl").unlink(missing_ok=True)
    with TemporaryDirectory() as name:
        lessons = Path(name)
        save(lessons, 0)
        settings = {**_SETTINGS, "TUTOR_EXTRA_LESSONS": name}
        async with standin(check=False) as discord, watched(discord, _LOG, settings) as bot:
            traffic = Traffic(bot, discord)
            samples, commands = await _rounds(traffic, lessons, total)
            bot.process.terminate()
            status = await asyncio.wait_for(bot.process.wait(), 60)
    for each in traffic.broken:
        print(f"  not answered: {each}", file=sys.stderr)  # noqa: T201 - what went wrong
    return [
        *(Figure(name, count, "times") for name, count in sorted(traffic.counts.items())),
        Figure("playground: no whole answer", len(traffic.broken), "times", "≤ 0"),
        *growth(samples, commands),
        Figure("tracebacks and warnings in its log", complaints(_LOG), "times", "≤ 0"),
        Figure("exit status after SIGTERM", status, "", "≤ 0"),
    ]


async def _rounds(traffic: Traffic, lessons: Path, total: float) -> tuple[list[Sample], list[int]]:
    """Return what the bot held after each round, and how many things were asked by then."""
    until = time.monotonic() + total
    samples: list[Sample] = []
    commands: list[int] = []
    while time.monotonic() < until:
        save(lessons, len(samples) + 1)
        async with asyncio.TaskGroup() as group:
            group.create_task(_faults(traffic.discord))
            group.create_task(_idle(traffic.bot, total / _ROUNDS / 2))
            group.create_task(
                traffic.learners(_SHARE_OF_TRAFFIC * total / _ROUNDS, web=_WEB, discord=_DISCORD)
            )
        await traffic.bot.quiet()
        await asyncio.sleep(1)
        samples.append(await traffic.bot.sample())
        commands.append(traffic.counts.total())
        note(_LOG, samples[-1], asked=commands[-1])
        forget(traffic.discord)
    return samples, commands


def save(lessons: Path, number: int) -> None:
    """Save lessons as an author would; now and then one that is broken."""
    (lessons / "harmful.yaml").write_text(harmful_lesson(number))
    broken = number % 4 == 3
    (lessons / "edited.yaml").write_text("id: [" if broken else good_lesson(number))


async def _faults(discord: StandIn) -> None:
    """Let Discord fail in the ways it does, and cut the connection."""
    await asyncio.sleep(1)
    discord.fail("PATCH", "/messages/", 404, code=10_008)
    discord.fail("PATCH", "/messages/", 500)
    discord.fail("POST", "/callback", 404, code=10_062)
    await asyncio.sleep(1)
    await discord.gateway.drop()
    await discord.gateway.connected()


async def _idle(bot: Watched, seconds: float) -> None:
    """Open connections, send nothing, and be gone."""
    opened = [await asyncio.open_connection("127.0.0.1", bot.port) for _ in range(_IDLE)]
    await asyncio.sleep(seconds)
    for _, writer in opened:
        writer.transport.abort()


def note(log: Path, sample: Sample, *, asked: int) -> None:
    """Write a sample beside the log: what grew, and when, can be read there afterwards."""
    with log.with_suffix(".jsonl").open("a") as series:
        series.write(json.dumps({"asked": asked, **asdict(sample)}) + "\n")


def forget(discord: StandIn) -> None:
    """Empty the stand-in's memory, which keeps every request."""
    state = discord.state
    for kept in (state.records, state.faults, state.wrong):
        kept.clear()
    state.messages.clear()
    state.interactions.clear()


def growth(
    samples: Sequence[Sample], commands: Sequence[int], *, warming: int = _WARMING
) -> list[Figure]:
    """Compare the first rounds after warming up with the last ones.

    :param warming: rounds until everything that is kept is there; at most a third of all rounds
    """
    warm = min(warming, len(samples) // 3)
    kept, asked = samples[warm:], commands[warm:]
    few = max(1, len(kept) // 4)
    figures = [Figure("rounds, after those to warm up", len(kept), "rounds")]
    look: Sequence[tuple[str, Callable[[Sample], float], str, str]] = (
        ("the bot's memory", lambda it: it.resident, "MiB", "≤ 2"),
        ("of it handed out by the C library", lambda it: it.heap, "MiB", "≤ 1"),
        ("of it blocks of Python's allocator", lambda it: it.blocks, "", ""),
        ("the sandbox's server", lambda it: it.largest.get("fork_server", 0), "MiB", "≤ 1"),
        ("a drawing process", lambda it: it.largest.get("drawing.worker", 0), "MiB", "≤ 4"),
        ("descriptors", lambda it: it.descriptors, "", "≤ 0"),
        ("processes", lambda it: it.processes, "", "≤ 0"),
        ("tasks", lambda it: it.tasks, "", "≤ 0"),
        ("objects", lambda it: it.objects, "", ""),
        ("runs that are kept", lambda it: it.kept, "MiB", ""),
    )
    for name, held, unit, most in look:
        values = [float(held(sample)) for sample in kept]
        first, last = statistics.median(values[:few]), statistics.median(values[-few:])
        figures += [
            Figure(f"{name}, after warming up", first, unit),
            Figure(f"{name}, growth to the end", last - first, unit, most),
        ]
    runs = [sample.kept for sample in kept]
    handed_out = _growth_beside([sample.heap for sample in kept], runs)
    blocks = _growth_beside([float(sample.blocks) for sample in kept], runs)
    figures += [
        Figure("handed out by the C library, beside kept runs", handed_out, "MiB", "≤ 1"),
        Figure("blocks of Python's allocator, beside kept runs", blocks, ""),
    ]
    resident = [sample.resident for sample in kept]
    slope = statistics.linear_regression(asked, resident).slope if len(kept) > 1 else 0.0
    return [*figures, Figure("the bot's memory, slope", slope * 2**20, "bytes")]


def _growth_beside(values: Sequence[float], other: Sequence[float]) -> float:
    """Return how much values grew over all rounds, but for what `other` explains.

    It is the share of time in a linear regression by both (Frisch-Waugh): what is kept goes up and
    down with how busy the machine is.
    """
    rounds = [float(number) for number in range(len(values))]
    if len(values) < 3 or len(set(other)) == 1:
        return 0.0
    left = _left_over(rounds, other)
    if not any(left):
        return 0.0
    return statistics.linear_regression(left, _left_over(values, other)).slope * len(values)


def _left_over(values: Sequence[float], other: Sequence[float]) -> list[float]:
    """Return what of each value `other` does not explain."""
    line = statistics.linear_regression(other, values)
    return [it - line.slope * by - line.intercept for it, by in zip(values, other, strict=True)]


def complaints(log: Path) -> int:
    """Count what Python says when something went wrong unseen."""
    said = log.read_text(errors="replace")
    return len(re.findall(r"Traceback|Exception ignored|Warning:|never retrieved", said))
