"""What it takes to explain a run of own code: findings, causes, layout, and their sentences.

The records are real ones of about 1,000 and 10,000 events. What is measured is this process's own
processor time, beyond the run: that is what an answer costs before its picture is drawn.
"""

import time
from contextlib import aclosing

from bot.runner.host.local import LocalRunner
from bot.runner.model import Event, Limits, RunRequest, collect
from bot.timeline.explanation import explain_run
from bot.timeline.layout import lay_out
from bot.tutor.words import words
from bot.tutor.words.captions import captions
from tests.bench.figures import Figure, spread

_CODE = """import asyncio

async def fetch(shop, n):
    await asyncio.sleep(0.02)
    return n

async def count(shop, rounds):
    total = 0
    for n in range(rounds):
        got = await fetch(shop, n)
        total += got
    print(shop, total)

async def main():
    await asyncio.gather(*(count(shop, {rounds}) for shop in range(60)))
    fetch("late", 0)

asyncio.run(main())
"""
_LIMITS = Limits(wall_seconds=15, cpu_seconds=5)
_SIZES = {"1,000": (4, "≤ 30"), "10,000": (54, "≤ 300")}
"""By events: rounds of each task, and the milliseconds that are asked for."""


async def explaining(quick: bool) -> list[Figure]:  # noqa: FBT001 - one signature for all
    """Measure the explanation of two sizes of run."""
    figures = []
    runner = LocalRunner()
    try:
        for name, (rounds, asked) in _SIZES.items():
            code = _CODE.format(rounds=rounds)
            async with aclosing(runner.run(RunRequest(code, limits=_LIMITS))) as events:
                result = await collect(events)
            took = [_explained(result.events, code) for _ in range(5 if quick else 30)]
            title = f"{name} events ({len(result.events):,})"
            figures += spread(title, took, "ms", median=asked)
    finally:
        await runner.close()
    return figures


def _explained(events: tuple[Event, ...] | list[Event], code: str) -> float:
    """Return the milliseconds of processor time that one explanation takes."""
    say = words("ko")
    start = time.process_time()
    explanation = explain_run(events, code, captions("ko").main)
    lay_out(events, title="", captions=captions("ko"))
    told = [say.why.sentence(one) for one in explanation.findings]
    assert told
    return 1_000 * (time.process_time() - start)
