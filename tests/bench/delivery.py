"""What one run that prints much costs the bot on Discord: 600 lines in 3 seconds.

The bot runs in a process of its own with the real tutor and the real sandbox; its processor time
is that of this process alone, the sandbox's processes not counted. An update is made only when
it can be shown, so the cost must not grow with the number of printed lines.
"""

import asyncio
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.discord_load import bot_process
from tests.bench.figures import Figure
from tests.discord_standin.learner import Learner
from tests.discord_standin.server import StandIn, standin

LINES, SECONDS = 600, 3.0

_LESSON = f"""\
id: much
order: 1
title: {{ko: 많이, en: Much}}
summary: {{ko: 많이, en: Much}}
scenarios:
  - id: much
    title: {{ko: 많이, en: Much}}
    summary: {{ko: 많이, en: Much}}
    because: {{ko: 많이, en: Much}}
    code: |
      import asyncio


      async def main():
          for number in range({LINES}):
              print("line", number)
              await asyncio.sleep({SECONDS / LINES})


      asyncio.run(main())
    expect:
      outcome: ok
  - id: little
    title: {{ko: 조금, en: Little}}
    summary: {{ko: 조금, en: Little}}
    because: {{ko: 조금, en: Little}}
    code: |
      import asyncio


      async def main():
          print("line")
          await asyncio.sleep({SECONDS})


      asyncio.run(main())
    expect:
      outcome: ok
"""


async def delivery(quick: bool) -> list[Figure]:  # noqa: FBT001 - as every benchmark is called
    """Run it a few times; report the bot's processor time, and how often the message changed."""
    with TemporaryDirectory() as folder:
        await asyncio.to_thread((Path(folder) / "much.yaml").write_text, _LESSON)
        async with standin(check=False) as server, bot_process(server, folder) as process:
            rounds = 2 if quick else 5
            little = [await _cost(server, process.pid, "little") for _ in range(rounds)]
            much = [await _cost(server, process.pid, "much") for _ in range(rounds)]
    cost = statistics.median(cpu for cpu, _ in much)
    least = statistics.median(cpu for cpu, _ in little)
    return [
        Figure(f"CPU of a run of {LINES} lines in {SECONDS:g} s", cost, "ms", "≤ 80"),
        Figure("CPU of a run of one line in the same time", least, "ms"),
        Figure("times as much", cost / least, "times"),
        Figure("edits a run", statistics.mean(edits for _, edits in much), "edits"),
    ]


async def _cost(server: StandIn, pid: int, scenario: str) -> tuple[float, int]:
    """Run it once; return the bot's processor time in milliseconds, and how often it wrote."""
    await asyncio.sleep(0.5)  # what the run before left behind is done
    before = cpu_seconds(pid)
    exchange = await Learner(server).command("run", scenario=scenario)
    await exchange.finished()
    await asyncio.sleep(0.2)
    return 1000 * (cpu_seconds(pid) - before), len(exchange.message.history)


def cpu_seconds(pid: int) -> float:
    """Return a process's processor time so far, exactly: its own clock (clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)
