"""What the recorder tells of tasks, on every Python of this machine."""

from itertools import pairwise

import pytest

from bot.runner.model import Limits, Warned
from bot.runner.protocol import recorder_frames
from tests.guests import Guests, in_order

DESTROYED = "destroyed while pending"
AROUND = """
import asyncio, socket, time

kept = []

def later(do, *args):
    asyncio.get_running_loop().call_later(0.02, do, *args)

def helped(work):
    async def help():
        await asyncio.sleep(0.02)
        await work
    kept.append(asyncio.create_task(help()))

async def inner():
    await asyncio.sleep(0.02)

async def stream():
    await asyncio.sleep(0.03)
    yield 1

class Own:
    def __await__(self): return asyncio.sleep(0.04).__await__()

async def taken(lock):
    await lock.acquire()
    later(lock.release)
    return lock

def waking():
    condition = asyncio.Condition()
    condition.woken = False
    async def wake():
        async with condition:
            condition.woken = True
            condition.notify_all()
    helped(wake())
    return condition

def pair():
    ends = socket.socketpair()
    for end in ends: end.setblocking(False)
    kept.extend(ends)
    return ends

async def streams():
    near, far = pair()
    reader, writer = await asyncio.open_connection(sock=near)
    later(far.send, b"line\\n")
    asyncio.get_running_loop().call_later(0.05, writer.transport.abort)
    return reader, writer

async def drained(writer):
    writer.write(bytes(1 << 21))
    try: await writer.drain()
    except ConnectionError: pass
"""
"""What the awaits below are about; each is over in a twentieth of a second."""


def test_gather_runs_its_coroutines_in_lanes_of_their_own(guests: Guests) -> None:
    record = guests.run("""
        import asyncio
        async def work(name, seconds):
            print(name, "starts")
            await asyncio.sleep(seconds)
            print(name, "ends")
        async def main():
            await asyncio.gather(work("a", 0.06), work("b", 0.03))
        asyncio.run(main())
    """)
    assert record.texts() == ["a starts", "b starts", "b ends", "a ends"]
    main, first, second = record.births
    assert (main.code, main.kind, main.parent) == ("main", "task", 0)
    assert [(one.code, one.name, one.parent) for one in (first, second)] == [
        ("work", "Task-2", main.lane),
        ("work", "Task-3", main.lane),
    ]
    assert record.story(first.lane) == ["ready", "running", "sleep(0.06)", "ready", "running"]
    assert record.story(main.lane) == ["ready", "running", "gather", "ready", "running"]
    lanes = [line.lane for line in record.lines()]
    assert lanes == [first.lane, second.lane, second.lane, first.lane]
    assert all(
        (end := record.ending(one.lane)) is not None and end.how == "done" for one in record.births
    )
    _, _, waiting, ready, _ = record.states(first.lane)
    assert ready.at - waiting.at > 0.055


def test_main_waits_for_its_loop(guests: Guests) -> None:
    record = guests.run("""
        import asyncio
        async def main(): await asyncio.sleep(0.01)
        print("before")
        asyncio.run(main())
        asyncio.run(main())
        print("after")
    """)
    assert in_order(["running", "event loop", "running", "event loop", "running"], record.story(0))
    assert [line.lane for line in record.lines()] == [0, 0]
    assert [one.parent for one in record.births] == [0, 0]
    assert record.births[0].name == "Task-1"


@pytest.mark.parametrize(
    ("awaited", "word"),
    [
        ("await asyncio.sleep(0.01)", "sleep(0.01)"),
        ("await asyncio.sleep(delay=0.0125)", "sleep(0.013)"),
        ("await asyncio.create_task(inner())", "task inner"),
        ("await asyncio.create_task(inner(), name='given')", "task given"),
        ("await asyncio.gather(inner())", "gather"),
        ("await inner()", "sleep(0.02)"),
        ("await asyncio.wait_for(inner(), 1)", "wait_for"),
        ("await asyncio.wait([asyncio.create_task(inner())])", "wait"),
        ("await asyncio.shield(inner())", "shield"),
        ("await asyncio.to_thread(time.sleep, 0.02)", "to_thread"),
        ("await loop.run_in_executor(None, time.sleep, 0.02)", "run_in_executor"),
        ("async for _ in stream(): pass", "sleep(0.03)"),
        ("[one async for one in stream()]", "sleep(0.03)"),
        ("await Own()", "sleep(0.04)"),
        ("async with asyncio.timeout(1): await inner()", "sleep(0.02)"),
        ("async with asyncio.TaskGroup() as g: g.create_task(inner())", "TaskGroup"),
        ("for one in asyncio.as_completed([inner()]): await one", "as_completed"),
        ("async with asyncio.timeout(1): await asyncio.sleep(0.02)", "sleep(0.02)"),
        ("q = asyncio.Queue(); later(q.put_nowait, 1); await q.get()", "Queue.get"),
        ("q = asyncio.PriorityQueue(); later(q.put_nowait, 1); await q.get()", "PriorityQueue.get"),
        ("q = asyncio.Queue(1); q.put_nowait(1); later(q.get_nowait); await q.put(2)", "Queue.put"),
        ("q = asyncio.Queue(); q.put_nowait(1); later(q.task_done); await q.join()", "Queue.join"),
        ("e = asyncio.Event(); later(e.set); await e.wait()", "Event.wait"),
        ("l = await taken(asyncio.Lock()); await l.acquire()", "Lock.acquire"),
        ("l = await taken(asyncio.Lock())\n    async with l: pass", "Lock.acquire"),
        ("s = await taken(asyncio.Semaphore()); await s.acquire()", "Semaphore.acquire"),
        ("s = await taken(asyncio.Semaphore())\n    async with s: pass", "Semaphore.acquire"),
        (
            "s = await taken(asyncio.BoundedSemaphore())\n    async with s: pass",
            "BoundedSemaphore.acquire",
        ),
        ("c = await taken(asyncio.Condition())\n    async with c: pass", "Condition.acquire"),
        ("c = waking()\n    async with c: await c.wait()", "Condition.wait"),
        ("c = waking()\n    async with c: await c.wait_for(lambda: c.woken)", "Condition.wait_for"),
        ("b = asyncio.Barrier(2); helped(b.wait()); await b.wait()", "Barrier.wait"),
        ("b = asyncio.Barrier(2); helped(b.wait())\n    async with b: pass", "Barrier.wait"),
        ("reader, _ = await streams(); await reader.readline()", "StreamReader.readline"),
        ("reader, _ = await streams()\n    async for _ in reader: break", "StreamReader.readline"),
        ("_, writer = await streams(); await drained(writer)", "StreamWriter.drain"),
        ("await streams()", "open_connection"),
        ("a, b = pair(); later(b.send, b'x'); await loop.sock_recv(a, 1)", "loop.sock_recv"),
        ("f = loop.create_future(); later(f.set_result, 1); await f", "future"),
    ],
)
def test_what_a_task_waits_on_is_said_in_the_scenarios_words(
    guests: Guests, awaited: str, word: str
) -> None:
    record = guests.run(f"""
{AROUND}
async def main():
    loop = asyncio.get_running_loop()
    {awaited}
asyncio.run(main())
""")
    assert record.ended is not None
    assert record.ended.failure is None, record.ended
    assert word in record.story(record.lane("main"))


def test_wait_for_makes_no_lane_of_its_own(guests: Guests) -> None:
    record = guests.run("""
        import asyncio
        async def inner():
            print("inner")
            await asyncio.sleep(5)
        async def main():
            try: await asyncio.wait_for(inner(), 0.03)
            except TimeoutError: print("timeout")
        asyncio.run(main())
    """)
    (main,) = record.births
    assert [(line.text, line.lane) for line in record.lines()] == [
        ("inner", main.lane),
        ("timeout", main.lane),
    ]
    assert in_order(["running", "wait_for", "ready", "running"], record.story(main.lane))
    assert record.ending(main.lane) is not None


def test_a_group_that_fails_shows_who_failed_and_who_was_cancelled(guests: Guests) -> None:
    record = guests.run("""
        import asyncio
        async def slow(): await asyncio.sleep(5)
        async def fail():
            await asyncio.sleep(0.01)
            raise ValueError("broken")
        async def main():
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(slow(), name="tortoise")
                    group.create_task(fail())
            except* ValueError: print("caught")
        asyncio.run(main())
    """)
    slow, failed = record.ending(record.lane("slow")), record.ending(record.lane("fail"))
    assert slow is not None
    assert slow.how == "cancelled"
    assert failed is not None
    assert (failed.how, failed.error) == ("failed", "ValueError: broken")
    assert record.name(record.lane("slow")) == "tortoise"
    assert record.texts("stderr") == []


def test_a_blocked_loop_is_told_and_who_starved_since_when(guests: Guests) -> None:
    record = guests.run("""
        import asyncio, time
        async def sleeper(): await asyncio.sleep(0.3)
        async def hog():
            await asyncio.sleep(0.01)
            time.sleep(0.8)
        async def main(): await asyncio.gather(sleeper(), hog())
        asyncio.run(main())
    """)
    (blocked,) = record.blocked
    assert blocked.lane == record.lane("hog")
    assert blocked.at - blocked.since >= 0.8
    *_, ready, running = record.states(record.lane("sleeper"))
    assert (ready.activity, running.activity) == ("ready", "running")
    assert blocked.since < ready.at < blocked.at - 0.15
    assert running.at >= blocked.at
    assert "sleep(0.8)" not in record.story(record.lane("hog"))


def test_a_step_that_gets_no_processor_blocks_nothing(guests: Guests) -> None:
    """With twelve others on its one processor, 40 ms of computing take half a second."""
    record = guests.run("""
        import asyncio, ctypes, os, signal, time
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        async def compute(seconds):
            end = time.thread_time() + seconds
            while time.thread_time() < end: pass
        async def in_c(): ctypes.CDLL(None).usleep(200_000)
        async def main():
            others = []
            for _ in range(12):
                if not (pid := os.fork()):
                    while True: pass
                others.append(pid)
            await asyncio.create_task(compute(0.04), name="starved")
            for pid in others: os.kill(pid, signal.SIGKILL)
            for pid in others: os.waitpid(pid, 0)
            await asyncio.create_task(compute(0.15), name="computes")
            await asyncio.create_task(in_c(), name="sleeps where nothing sees it")
        asyncio.run(main())
    """)
    blocked = [record.name(one.lane) for one in record.blocked]
    assert [name for name in blocked if name != "Task-1"] == [
        "computes",
        "sleeps where nothing sees it",
    ]


def test_a_callback_that_blocks_stands_on_the_main_lane(guests: Guests) -> None:
    record = guests.run("""
        import asyncio, time
        def callback():
            print("callback")
            time.sleep(0.15)
        async def main():
            asyncio.get_running_loop().call_soon(callback)
            await asyncio.sleep(0.2)
        asyncio.run(main())
    """)
    assert [line.lane for line in record.lines()] == [0]
    assert [one.lane for one in record.blocked] == [0]
    assert in_order(["event loop", "running", "event loop"], record.story(0))


def test_an_eager_task_runs_within_its_creation(guests: Guests) -> None:
    if guests.version < (3, 12):
        pytest.skip("eager tasks came with Python 3.12")
    record = guests.run("""
        import asyncio
        async def at_once(): print("at once")
        async def sleeper():
            print("sleeper")
            await asyncio.sleep(0.02)
        async def yielder():
            await asyncio.sleep(0)
            print("yielder")
        async def parent(): await asyncio.create_task(sleeper())
        async def main():
            asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
            tasks = [asyncio.create_task(one()) for one in (at_once, parent, yielder)]
            print("made")
            await asyncio.gather(*tasks)
        asyncio.run(main())
    """)
    assert record.texts() == ["at once", "sleeper", "made", "yielder"]
    assert [line.lane for line in record.lines()] == [
        record.lane(one) for one in ("at_once", "sleeper", "main", "yielder")
    ]
    assert record.story(record.lane("at_once")) == ["running"]
    assert record.story(record.lane("sleeper")) == ["running", "sleep(0.02)", "ready", "running"]
    assert record.story(record.lane("yielder")) == ["running", "ready", "running"]
    story = record.story(record.lane("parent"))
    assert story == ["running", "task sleeper", "running", "task sleeper", "ready", "running"]
    assert len(record.births) == 5
    assert all(record.ending(one.lane) for one in record.births)


def test_a_task_of_an_own_factory_has_a_name(guests: Guests) -> None:
    record = guests.run("""
        import asyncio
        async def work(): await asyncio.sleep(0.01)
        def factory(loop, coro, **kwargs): return asyncio.Task(coro, loop=loop, **kwargs)
        async def main():
            asyncio.get_running_loop().set_task_factory(factory)
            await asyncio.create_task(work())
            await asyncio.create_task(work(), name="mine")
        asyncio.run(main())
    """)
    names = [record.name(one.lane) for one in record.births]
    assert names[2] == "mine"
    assert "None" not in names
    assert record.story(record.births[1].lane) == [
        "ready",
        "running",
        "sleep(0.01)",
        "ready",
        "running",
    ]


def test_a_cancel_that_a_timer_brings_is_no_step(guests: Guests) -> None:
    record = guests.run("""
        import asyncio
        async def work(): await asyncio.sleep(5)
        async def main():
            task = asyncio.create_task(work())
            asyncio.get_running_loop().call_later(0.02, task.cancel)
            try: await task
            except asyncio.CancelledError: print("cancelled")
        asyncio.run(main())
    """)
    lane = record.lane("work")
    assert record.story(lane) == ["ready", "running", "sleep(5)", "ready", "running"]
    end = record.ending(lane)
    assert end is not None
    assert end.how == "cancelled"


def test_tasks_left_behind_have_no_end_or_a_cancelled_one(guests: Guests) -> None:
    record = guests.run("""
        import asyncio
        async def forgotten(): await asyncio.sleep(5)
        async def main(): asyncio.create_task(forgotten()); await asyncio.sleep(0)
        asyncio.run(main())
        loop = asyncio.new_event_loop()
        async def pending(): await asyncio.sleep(5)
        async def second():
            global kept
            kept = asyncio.create_task(pending())
            await asyncio.sleep(0)
        loop.run_until_complete(second())
        print("over")
    """)
    end = record.ending(record.lane("forgotten"))
    assert end is not None
    assert end.how == "cancelled"
    pending = record.ending(record.lane("pending"))
    assert pending is not None
    assert (pending.how, pending.error) == ("failed", DESTROYED)
    assert record.texts() == ["over"]


def test_a_task_that_is_collected_ends_there(guests: Guests) -> None:
    record = guests.run("""
        import asyncio, gc
        async def forgotten(): await asyncio.get_running_loop().create_future()
        async def main():
            asyncio.create_task(forgotten())
            await asyncio.sleep(0.01)
            print("collecting")
            gc.collect()
            await asyncio.sleep(0.05)
            print("over")
        asyncio.run(main())
    """)
    collecting, over = record.lines()
    end = record.ending(record.lane("forgotten"))
    assert end is not None
    assert (end.how, end.error) == ("failed", DESTROYED)
    assert collecting.at <= end.at < over.at - 0.04
    assert "Task was destroyed but it is pending!" in record.texts("stderr")
    assert not record.malformed


def test_a_task_that_a_handler_saves_from_destruction_harms_no_record(guests: Guests) -> None:
    record = guests.run("""
        import asyncio, gc
        saved = []
        async def forgotten(): await asyncio.get_running_loop().create_future()
        async def main():
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda _, context: saved.append(context["task"]))
            asyncio.create_task(forgotten())
            await asyncio.sleep(0)
            gc.collect()
            saved[0].cancel()
            await asyncio.wait(saved, timeout=0.01)
            print(len(saved))
        asyncio.run(main())
    """)
    assert record.texts() == ["1"]
    end = record.ending(record.lane("forgotten"))
    assert end is not None
    assert end.error == DESTROYED
    assert not record.malformed


def test_asyncios_own_housekeeping_is_not_shown(guests: Guests) -> None:
    record = guests.run("""
        import asyncio, time
        async def main(): await asyncio.to_thread(time.sleep, 0.01)
        asyncio.run(main())
    """)
    assert [(one.kind, one.name) for one in record.births] == [
        ("task", "Task-1"),
        ("thread", "asyncio_0"),
    ]


def test_more_tasks_than_lanes_are_said_and_harm_nothing(guests: Guests) -> None:
    record = guests.run(
        f"""
        import asyncio
        async def work(): pass
        async def main():
            tasks = [asyncio.create_task(work()) for _ in range({recorder_frames.MAX_LANES} + 50)]
            await asyncio.gather(*tasks)
            print("done")
        asyncio.run(main())
    """,
        limits=Limits(events=200_000),
    )
    warnings = [one for one in record.events if isinstance(one, Warned)]
    assert [one.what for one in warnings] == ["record-truncated"]
    assert record.texts() == ["done"]
    assert not record.malformed


def test_a_nested_run_is_the_scenarios_own_error(guests: Guests) -> None:
    record = guests.run("""
        import asyncio
        async def main():
            inner = asyncio.sleep(0)
            try: asyncio.run(inner)
            except RuntimeError as error: print(error)
            inner.close()
        asyncio.run(main())
    """)
    assert record.texts() == ["asyncio.run() cannot be called from a running event loop"]


def test_each_lanes_time_runs_forwards(guests: Guests) -> None:
    record = guests.run("""
        import asyncio, random, time
        async def work(n):
            for _ in range(5):
                await asyncio.sleep(random.random() / 200)
                if random.random() < 0.2: time.sleep(0.01)
        async def main():
            async with asyncio.TaskGroup() as group:
                for n in range(20): group.create_task(work(n))
        asyncio.run(main())
    """)
    assert not record.malformed
    for one in record.births:
        moments = [state.at for state in record.states(one.lane)]
        assert moments == sorted(moments)
        story = [state.activity for state in record.states(one.lane)]
        assert all(a != b for a, b in pairwise(story))


def test_every_one_of_many_switches_is_recorded(guests: Guests) -> None:
    record = guests.run(
        """
        import asyncio
        async def work():
            for _ in range(1_000): await asyncio.sleep(0)
        async def main(): await asyncio.gather(*(work() for _ in range(20)))
        asyncio.run(main())
        print("done")
    """,
        limits=Limits(events=200_000),
    )
    assert record.texts() == ["done"]
    assert len(record.events) > 40_000
    assert not record.malformed


def test_a_task_has_a_lane_however_it_is_made(guests: Guests) -> None:
    record = guests.run("""
        import asyncio
        async def job(n):
            print("job", n); await asyncio.sleep(0.03); print("end", n)
        async def main():
            t = asyncio.Task(job(1), name="direct")
            u = asyncio.ensure_future(job(2))
            v = asyncio.tasks._PyTask(job(3), name="pure python")
            await asyncio.wait([t, u, v])
        asyncio.run(main())
    """)
    main, *jobs = record.births
    assert [(one.name, one.code, one.parent) for one in jobs] == [
        ("direct", "job", main.lane),
        ("Task-2", "job", main.lane),
        ("pure python", "job", main.lane),
    ]
    story = ["ready", "running", "sleep(0.03)", "ready", "running"]
    assert [record.story(one.lane) for one in jobs] == [story] * 3
    assert [line.lane for line in record.lines()] == [one.lane for one in jobs] * 2
    assert all((end := record.ending(one.lane)) and end.how == "done" for one in jobs)


def test_a_task_of_a_class_of_its_own_has_a_lane(guests: Guests) -> None:
    record = guests.run("""
        import asyncio
        class Own(asyncio.Task):
            def __init__(self, coro):
                super().__init__(coro)
                self.mine = "mine"
            def get_name(self): return self.mine
        async def job(): await asyncio.sleep(0.01)
        async def main(): await Own(job())
        asyncio.run(main())
    """)
    assert record.ended is not None
    assert record.ended.failure is None
    assert record.story(record.lane("mine"))[2:] == ["sleep(0.01)", "ready", "running"]


def test_an_awaitable_object_is_called_after_its_class(guests: Guests) -> None:
    record = guests.run("""
        import asyncio
        class Later:
            def __init__(self, d): self.d = d
            def __await__(self):
                yield from asyncio.sleep(self.d).__await__()
                return self.d
        async def main(): print(await asyncio.gather(Later(0.01), Later(0.02)))
        asyncio.run(main())
    """)
    assert record.texts() == ["[0.01, 0.02]"]
    _, first, second = record.births
    assert (first.code, second.code) == ("Later", "Later")
    assert record.story(first.lane) == ["ready", "running", "sleep(0.01)", "ready", "running"]
    waits = [one for one in record.states(second.lane) if one.activity == "waiting"]
    assert [(one.on, one.line) for one in waits] == [("sleep(0.02)", 6)]


def test_an_eager_task_made_directly_has_a_lane(guests: Guests) -> None:
    if guests.version < (3, 12):
        pytest.skip("eager tasks came with Python 3.12")
    record = guests.run("""
        import asyncio
        async def speaks():
            print("at once")
            await asyncio.sleep(0.01)
            print("later")
        async def main():
            loop = asyncio.get_running_loop()
            await asyncio.Task(speaks(), loop=loop, eager_start=True)
        asyncio.run(main())
    """)
    lane = record.lane("speaks")
    assert [line.lane for line in record.lines()] == [lane, lane]
    assert record.ending(lane) is not None


@pytest.mark.parametrize("seconds", ["float('nan')", "-1", "10**400", "'3'", "None"])
def test_no_delay_makes_the_recorder_raise(guests: Guests, seconds: str) -> None:
    record = guests.run(f"""
        import asyncio, time, threading
        async def main():
            for wait in (asyncio.sleep, asyncio.get_running_loop().call_later):
                try:
                    given = wait({seconds}, *(() if wait is asyncio.sleep else (print,)))
                    if asyncio.iscoroutine(given): await asyncio.wait_for(given, 0.01)
                    else: given.cancel()
                except (ValueError, TypeError, OverflowError, TimeoutError): pass
        asyncio.run(main())
        for wait in (time.sleep, threading.Event().wait):
            try: wait({seconds} if {seconds} is not None else 0)
            except (ValueError, TypeError, OverflowError): pass
        print("over")
    """)
    assert record.texts() == ["over"]
    assert not record.malformed


def test_a_loop_with_a_clock_of_its_own_is_recorded_by_the_real_one(guests: Guests) -> None:
    record = guests.run("""
        import asyncio
        class Simulated(asyncio.SelectorEventLoop):
            now = 0.0
            def time(self):
                return self.now
            def _run_once(self):
                if not self._ready and self._scheduled:
                    self.now = self._scheduled[0]._when
                super()._run_once()
        async def main():
            print("start")
            await asyncio.sleep(3600)
            print("slept")
        loop = Simulated()
        loop.run_until_complete(main())
        loop.close()
        print("end")
    """)
    assert record.texts() == ["start", "slept", "end"]
    assert not record.malformed
    assert "sleep(3600)" in record.story(record.lane("main"))


def test_objects_that_raise_when_looked_at_harm_neither_run_nor_record(guests: Guests) -> None:
    record = guests.run("""
        import asyncio
        class Hostile:
            def __getattr__(self, name): raise ValueError(name)
            def __call__(self, *args): print("called")
            def __await__(self): return asyncio.sleep(0.01).__await__()
        class Task(asyncio.Task):
            def get_coro(self): raise ValueError
            def get_name(self): raise ValueError
        async def job(): await Hostile()
        async def main():
            loop = asyncio.get_running_loop()
            loop.call_soon(Hostile())
            await asyncio.gather(Hostile(), Task(job()))
        asyncio.run(main())
        print("over")
    """)
    assert record.texts() == ["called", "over"]
    assert record.texts("stderr") == []
    assert not record.malformed
