"""What the recorder tells of threads, on every Python of this machine."""

import subprocess
from textwrap import dedent

import pytest

from tests.guests import Guests, in_order


def test_threads_run_side_by_side_in_lanes_of_their_own(guests: Guests) -> None:
    record = guests.run("""
        import threading, time
        def work(name, seconds):
            print(name, "starts")
            time.sleep(seconds)
            print(name, "ends")
        threads = [threading.Thread(target=work, args=one) for one in (("a", 0.4), ("b", 0.05))]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """)
    assert record.texts() == ["a starts", "b starts", "b ends", "a ends"]
    first, second = record.births
    assert (first.kind, first.code, first.name, first.parent) == (
        "thread",
        "work",
        "Thread-1 (work)",
        0,
    )
    assert record.story(first.lane) == ["running", "sleep(0.4)", "running"]
    assert record.story(second.lane) == ["running", "sleep(0.05)", "running"]
    assert in_order(["running", "thread work", "running"], record.story(0))
    assert [line.lane for line in record.lines()] == [
        first.lane,
        second.lane,
        second.lane,
        first.lane,
    ]
    ends = [record.ending(one.lane) for one in record.births]
    assert all(end is not None and end.how == "done" for end in ends)


def test_a_thread_that_raises_has_failed(guests: Guests) -> None:
    record = guests.run("""
        import threading
        class Own(threading.Thread):
            def run(self): raise KeyError("gone")
        thread = Own(name="worker")
        thread.start()
        thread.join()
    """)
    (born,) = record.births
    assert (born.name, born.code) == ("worker", "Own.run")
    end = record.ending(born.lane)
    assert end is not None
    assert (end.how, end.error) == ("failed", "KeyError: 'gone'")
    assert "Exception in thread worker:" in record.texts("stderr")


@pytest.mark.parametrize(
    ("waiting", "word"),
    [
        ("event.wait()", "Event.wait"),
        ("q.get()", "Queue.get"),
        ("simple.get()", "SimpleQueue.get"),
        ("simple.get(True, 5)", "SimpleQueue.get"),
        ("low.acquire()", "Lock"),
        ("low.acquire(True, 5)", "Lock"),
        ("with reentrant: pass", "RLock"),
        ("reentrant.acquire(timeout=5)", "RLock"),
        ("selector.select()", "select"),
        ("select.select([near], [], [], 5)", "select"),
        ("os.read(reader, 1)", "os.read"),
        ("poll.poll(5_000)", "poll"),
        ("signal.sigwait({signal.SIGUSR1})", "sigwait"),
        ("signal.sigtimedwait({signal.SIGUSR1}, 5)", "sigtimedwait"),
        ("near.recv(1)", "socket.recv"),
        ("near.recv_into(bytearray(1))", "socket.recv_into"),
        ("near.makefile('rb').read(1)", "SocketIO.readinto"),
        ("lock.acquire()", "Lock"),
        ("with lock: pass", "Lock"),
        ("with condition: condition.wait()", "Condition.wait"),
        ("with condition: condition.wait_for(lambda: go)", "Condition.wait_for"),
        ("semaphore.acquire()", "Semaphore.acquire"),
        ("barrier.wait()", "Barrier.wait"),
        ("future.result()", "Future.result"),
        ("concurrent.futures.wait([future])", "wait"),
        ("time.sleep(0.01)", "sleep(0.01)"),
        ("other.join()", "thread other"),
        ("threading.Timer(0.01, print).run()", "Timer.run"),
    ],
)
def test_what_a_thread_waits_on_is_said(guests: Guests, waiting: str, word: str) -> None:
    record = guests.run(f"""
        import concurrent.futures, queue, threading, time
        import _thread, os, select, selectors, signal, socket
        signal.pthread_sigmask(signal.SIG_BLOCK, {{signal.SIGUSR1}})
        low, reentrant, simple = _thread.allocate_lock(), threading.RLock(), queue.SimpleQueue()
        (near, far), (reader, writer) = socket.socketpair(), os.pipe()
        selector = selectors.DefaultSelector()
        selector.register(near, selectors.EVENT_READ)
        poll = select.poll()
        poll.register(reader, select.POLLIN)
        low.acquire(), reentrant.acquire()
        event, q, lock = threading.Event(), queue.Queue(), threading.Lock()
        condition, semaphore = threading.Condition(), threading.Semaphore(0)
        barrier, future = threading.Barrier(2), concurrent.futures.Future()
        other = threading.Thread(target=lambda: time.sleep(0.05), name="other")
        go = False
        def waiter():
            {waiting}
        lock.acquire()
        other.start()
        thread = threading.Thread(target=waiter)
        thread.start()
        time.sleep(0.05)
        go = True
        low.release(), reentrant.release(), simple.put(1), far.send(b"x")
        os.write(writer, b"x")
        os.kill(os.getpid(), signal.SIGUSR1)
        event.set(), q.put(1), lock.release(), semaphore.release(), future.set_result(1)
        with condition: condition.notify_all()
        {"barrier.wait()" if "barrier" in waiting else ""}
        thread.join()
    """)
    assert record.ended is not None
    assert record.ended.failure is None
    assert word in record.story(record.lane("waiter"))
    assert record.story(record.lane("waiter"))[-1] == "running"


def test_a_pools_threads_show_each_piece_of_work(guests: Guests) -> None:
    record = guests.run("""
        import time
        from concurrent.futures import ThreadPoolExecutor
        def work(n):
            time.sleep(0.02)
            print(n)
        with ThreadPoolExecutor(1, thread_name_prefix="pool") as pool:
            pool.submit(work, 1)
            pool.submit(work, 2)
    """)
    (born,) = record.births
    assert born.name == "pool_0"
    assert record.story(born.lane) == [
        "work",
        "work",
        "sleep(0.02)",
        "running",
        "work",
        "work",
        "sleep(0.02)",
        "running",
        "work",
    ]
    activities = [state.activity for state in record.states(born.lane)]
    assert activities[:3] == ["waiting", "running", "waiting"]
    assert [line.lane for line in record.lines()] == [born.lane, born.lane]


def test_to_thread_shows_the_function_on_the_pools_lane(guests: Guests) -> None:
    record = guests.run("""
        import asyncio, time
        def fetch():
            time.sleep(0.02)
            print("fetched")
        async def main(): await asyncio.to_thread(fetch)
        asyncio.run(main())
    """)
    lane = record.lane("asyncio_0")
    assert in_order(["fetch", "sleep(0.02)", "running"], record.story(lane))
    assert [line.lane for line in record.lines()] == [lane]
    assert record.births[1].parent == record.lane("main")
    assert record.blocked == []


def test_a_loop_in_a_thread_stands_on_that_threads_lane(guests: Guests) -> None:
    record = guests.run("""
        import asyncio, threading
        async def inside(): await asyncio.sleep(0.03)
        thread = threading.Thread(target=lambda: asyncio.run(inside()), name="looper")
        thread.start()
        thread.join()
    """)
    assert "event loop" in record.story(record.lane("looper"))
    assert record.births[1].parent == record.lane("looper")
    assert "event loop" not in record.story(0)


def test_the_end_waits_for_threads(guests: Guests) -> None:
    record = guests.run("""
        import threading, time
        threading.Thread(target=time.sleep, args=(0.05,)).start()
        print("last line")
    """)
    assert record.story(0) == ["running", "threads"]
    assert record.ended is not None
    assert record.ended.at > 0.05


def test_a_thread_started_twice_is_the_scenarios_own_error(guests: Guests) -> None:
    record = guests.run("""
        import threading
        thread = threading.Thread(target=print)
        thread.start()
        thread.join()
        try: thread.start()
        except RuntimeError as error: print(error)
    """)
    assert record.texts() == ["", "threads can only be started once"]
    assert len(record.births) == 1


def test_a_timer_waits_on_its_lane(guests: Guests) -> None:
    record = guests.run("""
        import threading
        threading.Timer(0.02, print, ["rang"]).start()
    """)
    (born,) = record.births
    assert record.story(born.lane) == ["running", "Timer", "running"]
    assert [(line.text, line.lane) for line in record.lines()] == [("rang", born.lane)]


def test_a_low_level_thread_has_a_lane(guests: Guests) -> None:
    record = guests.run("""
        import _thread, time
        def low(n):
            time.sleep(0.05)
            print("low", n)
        for n in range(2): _thread.start_new_thread(low, (n,))
        time.sleep(0.15)
        print("main")
    """)
    assert [(one.kind, one.code, one.parent) for one in record.births] == [("thread", "low", 0)] * 2
    for one in record.births:
        assert record.story(one.lane) == ["running", "sleep(0.05)", "running"]
        end = record.ending(one.lane)
        assert end is not None
        assert end.how == "done"
    assert sorted(line.lane for line in record.lines()) == [0, 1, 2]


def test_a_low_level_thread_that_raises_has_failed_and_python_says_so(guests: Guests) -> None:
    record = guests.run("""
        import _thread, time
        def low(*, word): begun.append(1); raise ValueError(word)
        begun = []
        _thread.start_new_thread(low, (), {"word": "x"})
        while not begun or _thread._count(): time.sleep(0.001)
    """)
    end = record.ending(record.births[0].lane)
    assert end is not None
    assert (end.how, end.error, end.line) == ("failed", "ValueError: x", 3)
    first, *_, last = record.texts("stderr")
    assert first.startswith("Exception ignored in thread started by")
    assert "<function low at 0x" in first
    assert last == "ValueError: x"


@pytest.mark.parametrize(
    "call",
    [
        "_thread.start_new_thread()",
        "_thread.start_new_thread(3, ())",
        "_thread.start_new_thread(print, 3)",
        "threading.Lock().acquire(1, -5)",
        "threading.Lock().acquire(False, 1)",
        "threading.Lock().acquire(timeout=None)",
        "threading.Lock().acquire(True, 1e300)",
        "threading.Lock().acquire(True, 1, 2)",
        "threading.Lock().acquire(spam=1)",
        "threading.RLock().acquire(timeout=-2)",
        "threading.RLock().release()",
        "threading.Lock().release()",
        "queue.SimpleQueue().get(True, -1)",
        "queue.SimpleQueue().get(timeout='x')",
        "queue.SimpleQueue().get(False)",
        "queue.SimpleQueue().get(True, 0.01)",
        "copy.copy(threading.Lock())",
        "copy.copy(threading.RLock())",
        "copy.deepcopy(threading.Condition())",
        "pickle.dumps(queue.SimpleQueue())",
        "type(threading.Lock()) is _thread.LockType",
        "isinstance(threading.RLock(), _thread.RLock)",
        "type(threading.Lock())()",
        "repr(threading.Lock())[:22]",
        "threading.Lock is _thread.allocate_lock",
        "queue.SimpleQueue is _queue.SimpleQueue",
        "[name for name in dir(threading.Lock()) if not name.startswith('__')]",
        "threading.Lock().acquire(timeout=1), threading.Lock().acquire(0)",
    ],
)
def test_locks_and_low_threads_are_as_in_plain_python(guests: Guests, call: str) -> None:
    code = dedent(f"""
        import _queue, _thread, copy, pickle, queue, re, threading
        try: found = str({call})
        except BaseException as error: found = f"{{type(error).__name__}}: {{error}}"
        print(re.sub("0x[0-9a-f]+", "0x", found))
    """)
    plain = subprocess.run(
        [guests.python, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert guests.run(code).texts() == plain.stdout.splitlines()


def test_a_thread_that_is_slow_to_start_blocks_no_loop(guests: Guests) -> None:
    """The sandbox is asked whether there may be one more thread; on a busy host it takes long."""
    record = guests.run("""
        import asyncio, threading, time
        from concurrent.futures import ThreadPoolExecutor
        name = "_start_joinable_thread"
        name = name if hasattr(threading, name) else "_start_new_thread"
        start = getattr(threading, name)
        def slow(*args, **kwargs):
            end = time.perf_counter() + 0.4
            while time.perf_counter() < end: pass
            return start(*args, **kwargs)
        setattr(threading, name, slow)
        async def waits():
            with ThreadPoolExecutor() as pool:
                future = pool.submit(time.sleep, 0.15)
                future.result()
        async def starts(): threading.Thread(target=int).start()
        asyncio.run(waits())
        asyncio.run(starts())
    """)
    assert [(one.lane, one.line) for one in record.blocked] == [(record.lane("waits"), 15)]
