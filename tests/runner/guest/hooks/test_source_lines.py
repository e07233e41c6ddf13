"""Every birth, wait and resumption says where in the scenario it happens, and who woke whom."""

import pytest

from bot.runner.lane_events import LaneBorn, LaneState
from tests.guests import Guests, Record


def states(record: Record, called: str) -> list[tuple[str, int | None, object]]:
    """Return what a lane did: what it was about, where, and who made it ready."""
    return [
        (one.on or one.activity, one.line, _name(record, one.by))
        for one in record.states(record.lane(called))
    ]


def _name(record: Record, by: int | str | None) -> object:
    names = {one.lane: one.code or one.name for one in record.births} | {0: "<main>"}
    return names[by] if isinstance(by, int) else by


def causes(record: Record, called: str) -> list[object]:
    """Return who made a lane ready, each time."""
    return [by for what, _, by in states(record, called) if what == "ready"]


def test_a_tasks_life_line_by_line(guests: Guests) -> None:
    record = guests.run("""\
        import asyncio
        async def inner():
            await asyncio.sleep(0.01)
        async def work():
            await inner()
            await asyncio.sleep(0)
            print("done")
        async def main():
            task = asyncio.create_task(
                work())
            await task
        asyncio.run(main())
    """)
    main, work = record.births
    assert (main.line, work.line) == (12, 9)
    assert states(record, "work") == [
        ("ready", 4, "main"),
        ("running", 4, None),
        ("sleep(0.01)", 3, None),
        ("ready", 3, "clock"),
        ("running", 3, None),
        ("ready", 6, "work"),
        ("running", 6, None),
    ]
    assert states(record, "main") == [
        ("ready", 8, "<main>"),
        ("running", 8, None),
        ("task work", 11, None),
        ("ready", 11, "work"),
        ("running", 11, None),
    ]
    assert [one.line for one in record.lines()] == [7]
    assert [(one.on, one.line) for one in record.states(0)][1] == ("event loop", 12)


def test_one_await_of_several_things_that_let_others_go_first(guests: Guests) -> None:
    record = guests.run("""\
        import asyncio
        async def inner():
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        async def work():
            for one in (asyncio.sleep(0), inner(), asyncio.sleep(0), asyncio.sleep(0), inner()):
                await one
            await asyncio.sleep(0)
        async def main():
            await asyncio.create_task(work())
        asyncio.run(main())
    """)
    ready = [line for what, line, _ in states(record, "work") if what == "ready"]
    assert ready == [5, 7, 3, 4, 7, 7, 3, 4, 8]


def test_a_task_without_code_of_the_scenario_is_where_it_was_made(guests: Guests) -> None:
    record = guests.run("""\
        import asyncio
        async def main():
            await asyncio.gather(
                asyncio.sleep(0.01))
        asyncio.run(main())
    """)
    assert [line for _, line, _ in states(record, "sleep")] == [3] * 5
    assert record.births[1].line == 3


WOKEN = {
    "an event": ("event.set()", "await event.wait()", "helper"),
    "a queue": ("queue.put_nowait(1)", "await queue.get()", "helper"),
    "a future": ("future.set_result(1)", "await future", "helper"),
    "a lock": ("lock.release()", "await lock.acquire()", "helper"),
    "a condition": (
        "\n    async with condition: condition.notify()",
        "\n    async with condition: await condition.wait()",
        "helper",
    ),
    "an end": ("pass", "await help", "helper"),
    "a gather": ("pass", "await asyncio.gather(help)", "helper"),
    "a wait": ("pass", "await asyncio.wait([help])", "helper"),
    "a group": (
        "pass",
        "\n    async with asyncio.TaskGroup() as group: group.create_task(echo(help))",
        "echo",
    ),
    "a cancellation": (
        "waiter.cancel()",
        "\n    try: await asyncio.sleep(5)\n    except asyncio.CancelledError: pass",
        "helper",
    ),
    "a callback that was asked for": (
        "loop.call_soon(future.set_result, 1)",
        "await future",
        "helper",
    ),
    "a timer": ("loop.call_later(0.01, event.set)", "await event.wait()", "clock"),
    "a deadline": (
        "pass",
        (
            "\n    try:\n        async with asyncio.timeout(0.03): await event.wait()"
            "\n    except TimeoutError: pass"
        ),
        "clock",
    ),
    "wait_for's deadline": (
        "pass",
        "\n    try: await asyncio.wait_for(event.wait(), 0.03)\n    except TimeoutError: pass",
        "clock",
    ),
    "a descriptor": ("far.send(b'x')", "await loop.sock_recv(near, 1)", "io"),
    "a pool's thread": ("gate.set()", "await asyncio.to_thread(gate.wait)", "asyncio_0"),
    "an executor": (
        "gate.set()",
        "await loop.run_in_executor(None, gate.wait)",
        "asyncio_0",
    ),
    "a thread": (
        "threading.Thread(target=outside, args=(loop, event)).start()",
        "await event.wait()",
        "outside",
    ),
}


@pytest.mark.parametrize("way", WOKEN)
def test_who_wakes_a_task(guests: Guests, way: str) -> None:
    act, wait, by = WOKEN[way]
    record = guests.run(f"""
import asyncio, socket, threading, time
gate = threading.Event()
def outside(loop, event): loop.call_soon_threadsafe(event.set)
async def echo(task): await task
async def helper(waiter, loop, event, queue, future, lock, condition, far):
    await asyncio.sleep(0.01)
    {act}
async def waits():
    loop = asyncio.get_running_loop()
    event, queue, future = asyncio.Event(), asyncio.Queue(), loop.create_future()
    lock, condition = asyncio.Lock(), asyncio.Condition()
    await lock.acquire()
    near, far = socket.socketpair()
    near.setblocking(False)
    help = asyncio.create_task(
        helper(asyncio.current_task(), loop, event, queue, future, lock, condition, far))
    {wait}
asyncio.run(waits())
""")
    assert record.ended is not None
    assert record.ended.failure is None, record.ended
    assert causes(record, "waits")[1] == by
    assert not record.malformed


def test_an_eager_task_is_made_ready_by_what_wakes_it(guests: Guests) -> None:
    if guests.version < (3, 12):
        pytest.skip("eager tasks came with Python 3.12")
    record = guests.run("""\
        import asyncio
        async def eager(event):
            await event.wait()
        async def main():
            event = asyncio.Event()
            asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
            task = asyncio.create_task(eager(event))
            event.set()
            await task
        asyncio.run(main())
    """)
    assert states(record, "eager") == [
        ("running", 2, None),
        ("Event.wait", 3, None),
        ("ready", 3, "main"),
        ("running", 3, None),
    ]
    assert [one.line for one in record.births] == [10, 7]


def test_a_threads_life_line_by_line(guests: Guests) -> None:
    record = guests.run("""\
        import threading, time
        lock = threading.Lock()
        def work():
            time.sleep(0.02)
            with lock:
                pass
            raise ValueError
        threading.excepthook = lambda _: None
        thread = threading.Thread(target=work)
        with lock:
            thread.start()
            time.sleep(0.4)
        thread.join()
    """)
    (born,) = record.births
    assert born.line == 11
    assert states(record, "work") == [
        ("running", 3, None),
        ("sleep(0.02)", 4, None),
        ("running", 4, None),
        ("Lock", 5, None),
        ("running", 5, None),
    ]
    end = record.ending(born.lane)
    assert end is not None
    assert (end.how, end.line) == ("failed", 7)
    assert ("sleep(0.4)", 12) in [(one.on, one.line) for one in record.states(0)]


def test_where_a_task_failed_was_cancelled_or_held_its_loop(guests: Guests) -> None:
    record = guests.run("""\
        import asyncio, time
        async def fails():
            raise ValueError
        async def waits():
            await asyncio.sleep(5)
        async def calls():
            time.sleep(0.15)
        async def computes():
            await asyncio.sleep(0)
            until = time.thread_time() + 0.15
            while time.thread_time() < until: pass
        async def main():
            tasks = [asyncio.create_task(one()) for one in (fails, waits, calls, computes)]
            await asyncio.wait(tasks[2:])
            tasks[1].cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        asyncio.run(main())
    """)
    ends = {one: record.ending(record.lane(one)) for one in ("fails", "waits", "calls")}
    assert {one: end and end.line for one, end in ends.items()} == {
        "fails": 3,
        "waits": 5,
        "calls": None,
    }
    assert [(one.lane, one.line) for one in record.blocked] == [
        (record.lane("calls"), 7),
        (record.lane("computes"), 9),
    ]


def test_where_a_pools_thread_runs(guests: Guests) -> None:
    record = guests.run("""\
        from concurrent.futures import ThreadPoolExecutor
        import time
        def work():
            time.sleep(0.01)
        with ThreadPoolExecutor(1, "pool") as pool:
            pool.submit(work).result()
    """)
    (born,) = record.births
    assert born.line == 6
    found = [(what, line) for what, line, _ in states(record, "pool_0")]
    assert ("work", 3) in found
    assert ("sleep(0.01)", 4) in found


def test_every_event_of_a_lane_has_a_line(guests: Guests) -> None:
    record = guests.run("""\
        import asyncio, threading
        async def work(n):
            async with asyncio.timeout(1): await asyncio.sleep(n / 100)
            print(n)
        async def main():
            async with asyncio.TaskGroup() as group:
                for n in range(3): group.create_task(work(n))
            await asyncio.wait_for(asyncio.to_thread(print, "x"), 1)
        asyncio.run(main())
    """)
    for one in record.events:
        if isinstance(one, LaneBorn | LaneState) and (one.lane or one.at):
            assert one.line is not None, one
    assert all(one.line is not None for one in record.lines())
