"""Programs that look right and are not: each kind of cheating meets the goal that tells it."""

import asyncio
from dataclasses import dataclass

import pytest

from bot.lessons.exercise import Exercise
from bot.runner.host.local import LocalRunner
from bot.runner.model import Limits
from bot.runner.protocol import recorder_frames as frames
from bot.tutor.attempts import read_answer, run_and_grade
from bot.tutor.own_code import limits_of_own_code
from tests.exercises.run_solutions import exercises

WORDS = 'for line in ("A arrived", "B arrived", "C arrived", "all done"): print(line)\n'
FETCH = 'async def fetch(name):\n    await asyncio.sleep(0.3)\n    print(f"{name} arrived")\n'

FORGERY = f"""\
import os, struct, time
head = struct.Struct({frames.HEADER.format!r})
def forge(kind, small, number, lane, at, payload=b"", line=0):
    return head.pack({frames.MARK}, kind, small, number, lane, 0, line, at) + payload
def word(number, seconds, name):
    label = name.encode()
    payload = struct.pack({frames.WAIT.format!r}, seconds, len(label), 0) + label
    return forge({frames.WORD}, 0, len(payload), number, 0, payload)
def lane(number, at, end):
    code = b"fetch"
    payload = struct.pack({frames.BIRTH.format!r}, 0, 1) + b"x" + code
    os.write(3, forge({frames.BORN}, {frames.TASK}, len(payload), number, at, payload))
    os.write(3, forge({frames.STATE}, {frames.WAITING}, 900, number, at))
    os.write(3, forge({frames.STATE}, {frames.RUNNING}, 0, number, end))
"""


@dataclass(frozen=True, slots=True)
class Cheat:
    """A program, and the goals of which at least one must not be met."""

    name: str
    code: str
    caught_by: frozenset[str]


def cheat(name: str, caught_by: str, code: str) -> Cheat:
    return Cheat(name, code, frozenset(caught_by.split()))


CHEATS = (
    cheat("prints the words at once", "elapsed overlap stays", WORDS),
    cheat("prints the words in time", "overlap stays", f"import time\ntime.sleep(0.3)\n{WORDS}"),
    cheat(
        "sleeps somewhere else",
        "overlap stays",
        f"import asyncio\n{FETCH}async def main():\n    await asyncio.sleep(0.3)\n"
        f"asyncio.run(main())\n{WORDS}",
    ),
    cheat(
        "prints first and works later",
        "moment order",
        f"import asyncio\n{WORDS}async def fetch(name):\n    await asyncio.sleep(0.3)\n"
        "async def main():\n    await asyncio.gather(*map(fetch, 'ABC'))\nasyncio.run(main())\n",
    ),
    cheat(
        "shortens the sleeps",
        "stays",
        f"import asyncio\nsleep = asyncio.sleep\nasyncio.sleep = lambda s: sleep(s / 3)\n{FETCH}"
        "async def main():\n    for name in 'ABC': await fetch(name)\n    print('all done')\n"
        "asyncio.run(main())\n",
    ),
    cheat(
        "replaces asyncio.sleep by nothing",
        "stays overlap",
        f"import asyncio, time\nasync def nothing(_): pass\nasyncio.sleep = nothing\n{FETCH}"
        "async def main():\n    time.sleep(0.3)\n    for name in 'ABC': await fetch(name)\n"
        "    print('all done')\nasyncio.run(main())\n",
    ),
    cheat(
        "makes the loop's clock run faster",
        "stays elapsed overlap",
        f"import asyncio, time\n{FETCH}async def main():\n    loop = asyncio.get_running_loop()\n"
        "    clock = loop.time\n    loop.time = lambda: clock() * 3\n"
        "    for name in 'ABC': await fetch(name)\n    print('all done')\nasyncio.run(main())\n",
    ),
    cheat(
        "replaces every clock that it can reach",
        "elapsed overlap",
        "import asyncio, time\nfor name in ('time', 'monotonic', 'perf_counter', 'perf_counter_ns',"
        f" 'monotonic_ns'): setattr(time, name, lambda: 0)\n{FETCH}async def main():\n"
        "    for name in 'ABC': await fetch(name)\n    print('all done')\nasyncio.run(main())\n",
    ),
    cheat(
        "replaces gather by a loop",
        "elapsed overlap",
        f"import asyncio\nasync def gather(*them):\n    for one in them: await one\n"
        f"asyncio.gather = gather\n{FETCH}async def main():\n"
        "    await asyncio.gather(*map(fetch, 'ABC'))\n    print('all done')\n"
        "asyncio.run(main())\n",
    ),
    cheat(
        "blocks in threads' names",
        "overlap stays elapsed",
        "import threading, time\nlock = threading.Lock()\ndef fetch(name):\n    with lock:\n"
        "        time.sleep(0.3)\n        print(f'{name} arrived')\n"
        "them = [threading.Thread(target=fetch, args=name) for name in 'ABC']\n"
        "[one.start() for one in them]; [one.join() for one in them]\nprint('all done')\n",
    ),
    # Backdated by far more than what a busy host is forgiven.
    cheat(
        "forges lanes after the fact",
        "record",
        f"{FORGERY}begin = time.perf_counter_ns()\ntime.sleep(1.5)\nend = time.perf_counter_ns()\n"
        f"os.write(3, word(900, 1.5, 'sleep'))\n"
        f"for number in (50, 51, 52): lane(number, begin, end)\n{WORDS}",
    ),
    cheat(
        "forges the end and works on",
        "record order stays elapsed outcome",
        f"{FORGERY}import asyncio\n{FETCH}os.write(3, forge({frames.ENDED}, {frames.FINE},"
        f" {frames.REPORT.size}, 0, time.perf_counter_ns(), bytes({frames.REPORT.size})))\n"
        "async def main():\n    for name in 'ABC': await fetch(name)\nasyncio.run(main())\n",
    ),
    cheat("leaves before its end", "record", f"import os\n{WORDS}os._exit(0)\n"),
    cheat("closes the record", "record stays", f"import os\nos.close(3)\n{WORDS}"),
    cheat(
        "puts another pipe in the record's place",
        "record stays",
        f"import os\nread, write = os.pipe()\nos.dup2(write, 3)\n{WORDS}",
    ),
    cheat(
        "writes nonsense into the record",
        "record stays",
        f"import os\nos.write(3, bytes(range(256)) * 4)\n{WORDS}",
    ),
    cheat("never ends", "outcome", f"{WORDS}while True: pass\n"),
    cheat("raises at its end", "outcome", f"{WORDS}raise SystemExit(3)\n"),
    cheat("floods its output", "outcome", "while True: print('A arrived')\n"),
)


@pytest.fixture(scope="module")
def fetch_together() -> Exercise:
    return exercises()["fetch_together"]


async def test_no_cheat_passes(runner: LocalRunner, fetch_together: Exercise) -> None:
    limits = limits_of_own_code(Limits(wall_seconds=5))

    async def missed(one: Cheat) -> set[str]:
        attempt = await asyncio.to_thread(read_answer, fetch_together, one.code, "en")
        grade, _ = await run_and_grade(runner, fetch_together, attempt, limits, "en")
        return {goal.kind for goal in grade.goals if not goal.met}

    found = await asyncio.gather(*map(missed, CHEATS))
    assert {
        one.name: sorted(goals)
        for one, goals in zip(CHEATS, found, strict=True)
        if not goals & one.caught_by
    } == {}
