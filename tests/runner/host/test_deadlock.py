"""A run in which nothing can ever wake anything is ended as a deadlock; in doubt it runs on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.runner.host.deadlock import DeadlockWatch
from bot.runner.host.local import LocalRunner
from bot.runner.host.outcome import Stop
from bot.runner.lane_events import MAIN_LANE, LaneState
from bot.runner.model import Limits, Outcome, RunRequest, RunResult, collect
from tests.processes import pythons, until

DEADLOCKED = {
    "an event": """
        import asyncio
        asyncio.run(asyncio.Event().wait())
    """,
    "a lock that its own loop holds": """
        import asyncio, threading
        lock = threading.Lock()
        async def main():
            lock.acquire()
            lock.acquire()
        asyncio.run(main())
    """,
    "a loop that runs for ever": """
        import asyncio
        asyncio.new_event_loop().run_forever()
    """,
    "a lock of the main thread": """
        import threading
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()
    """,
    "a thread that the end waits for": """
        import queue, threading
        threading.Thread(target=queue.Queue().get).start()
    """,
    "work of a pool that waits": """
        import asyncio, threading
        asyncio.run(asyncio.to_thread(threading.Event().wait))
    """,
}
UNDER_WAY = {
    "a timer": "asyncio.get_running_loop().call_later(1.5, event.set)",
    "a thread that sleeps": (
        "loop = asyncio.get_running_loop()\n"
        "    threading.Timer(1.5, lambda: loop.call_soon_threadsafe(event.set)).start()"
    ),
    "an alarm": (
        "asyncio.get_running_loop().add_signal_handler(signal.SIGALRM, event.set)\n"
        "    signal.setitimer(signal.ITIMER_REAL, 1.5)"
    ),
    "a thread that reads a socket": (
        "left, right = socket.socketpair()\n"
        "    loop = asyncio.get_running_loop()\n"
        "    def read():\n"
        "        right.recv(1)\n"
        "        loop.call_soon_threadsafe(event.set)\n"
        "    threading.Thread(target=read).start()\n"
        "    threading.Timer(1.5, left.send, [b'x']).start()"
    ),
    "a lock with a time limit": (
        "loop = asyncio.get_running_loop()\n"
        "    def wait():\n"
        "        threading.Event().wait(1.5)\n"
        "        loop.call_soon_threadsafe(event.set)\n"
        "    threading.Thread(target=wait).start()"
    ),
}
WAITING = """
import asyncio, signal, socket, threading
async def main():
    event = asyncio.Event()
    {what}
    await event.wait()
    print("woken")
asyncio.run(main())
"""


@pytest.fixture(params=list(pythons().values()), ids=list(pythons()))
async def runner(request: pytest.FixtureRequest) -> AsyncIterator[LocalRunner]:
    one = LocalRunner(python=request.param)
    yield one
    await one.close()


async def test_what_nothing_can_wake_is_ended_as_a_deadlock(runner: LocalRunner) -> None:
    limits = Limits(wall_seconds=60)
    runs = [
        collect(runner.run(RunRequest("if True:" + code, limits=limits)))
        for code in DEADLOCKED.values()
    ]
    results = await asyncio.gather(*runs)
    assert {name: one.finished.outcome for name, one in zip(DEADLOCKED, results, strict=True)} == (
        dict.fromkeys(DEADLOCKED, Outcome.DEADLOCK)
    )
    by_name = dict(zip(DEADLOCKED, results, strict=True))
    assert last_state(by_name["an event"], MAIN_LANE).activity == "waiting"
    held = last_state(by_name["a lock that its own loop holds"], 1)
    assert (held.activity, held.line) == ("running", 6)


def last_state(result: RunResult, lane: int) -> LaneState:
    """Return what a lane did when its run was ended."""
    states = [one for one in result.events if isinstance(one, LaneState) and one.lane == lane]
    return states[-1]


async def test_what_something_will_wake_runs_on(runner: LocalRunner) -> None:
    runs = [
        collect(runner.run(RunRequest(WAITING.format(what=what)))) for what in UNDER_WAY.values()
    ]
    results = await asyncio.gather(*runs)
    ends = {
        name: (one.finished.outcome, [line.text for line in one.lines])
        for name, one in zip(UNDER_WAY, results, strict=True)
    }
    assert ends == dict.fromkeys(UNDER_WAY, (Outcome.OK, ["woken"]))


@dataclass
class Liar:
    """A run whose record says that it is stuck, while its process works."""

    pid: int
    stuck_threads: int = 1
    ended: list[Stop] = field(default_factory=list)

    def stop(self, why: Stop) -> None:
        self.ended.append(why)


async def test_a_record_that_lies_ends_no_process_that_works() -> None:
    process = await asyncio.create_subprocess_exec("sh", "-c", "while :; do :; done")
    run = Liar(process.pid)
    watch = DeadlockWatch(run)
    watch.look()
    await asyncio.sleep(1)
    watch.close()
    process.kill()
    await process.wait()
    assert run.ended == []


async def test_a_run_may_say_that_it_is_stuck_before_its_process_is_known() -> None:
    process = await asyncio.create_subprocess_exec("sleep", "60")
    run = Liar(pid=0)
    watch = DeadlockWatch(run)
    watch.look()
    await asyncio.sleep(0.4)  # one look
    run.pid = process.pid
    await until(lambda: bool(run.ended))
    process.kill()
    await process.wait()
    assert run.ended == [Stop(Outcome.DEADLOCK)]
