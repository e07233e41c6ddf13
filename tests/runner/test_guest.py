"""A scenario in the guest behaves as `python file.py` does, and its end is reported."""

import re
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest

from bot.runner.model import Limits, Line, Started
from tests.guests import Guests

SAME = {
    "a coroutine never awaited": """
        import asyncio
        async def f(): pass
        async def main():
            f()
            print("x")
        asyncio.run(main())
    """,
    "an exception never retrieved": """
        import asyncio
        async def f(): raise ValueError("x")
        async def main():
            t = asyncio.create_task(f())
            await asyncio.sleep(0.01)
            del t
            await asyncio.sleep(0.01)
        asyncio.run(main())
    """,
    "a pending task destroyed": """
        import asyncio, gc
        async def f(): await asyncio.get_running_loop().create_future()
        async def main():
            asyncio.create_task(f())
            await asyncio.sleep(0)
            gc.collect()
            print([t.get_name() for t in asyncio.all_tasks()])
        asyncio.run(main())
    """,
    "debug mode": """
        import asyncio, time
        async def f(): time.sleep(0.15)
        async def main():
            await asyncio.create_task(f(), name="slow")
            asyncio.get_running_loop().call_soon(lambda: time.sleep(0.12))
            await asyncio.sleep(0.01)
        asyncio.run(main(), debug=True)
    """,
    "a thread that raises": """
        import threading
        def f(): raise KeyError("a")
        t = threading.Thread(target=f)
        t.start()
        t.join()
        print(t.name, t.is_alive())
    """,
    "an exit status": "import sys; print('a'); sys.exit(3)",
    "an exit with words": "import sys; print('a'); sys.exit('bye')",
    "an exception group": """
        import asyncio
        async def f(n): raise ValueError(n)
        async def main():
            async with asyncio.TaskGroup() as group:
                group.create_task(f(1))
                group.create_task(f(2))
        asyncio.run(main())
    """,
    "no Python": "print('a'",
    "a thread that outlives the main one": """
        import threading, time, atexit
        atexit.register(lambda: print("exit"))
        def late():
            time.sleep(0.05)
            print("late")
        threading.Thread(target=late).start()
        print("main done")
    """,
    "introspection": """
        import asyncio, inspect
        async def f():
            task = asyncio.current_task()
            print(task.get_coro().__qualname__, task.get_name(), type(task))
            print(inspect.getsource(f))
        asyncio.run(f())
        class A: pass
        print(A, f.__module__, __name__, __file__.endswith("scenario.py"))
    """,
    "a finalizer": """
        class A:
            def __del__(self): print("del")
        a = A()
    """,
    "unfinished lines": """
        import sys
        print("a", end="")
        print("b", end="", file=sys.stderr)
    """,
    "a cause": """
        try: 1 / 0
        except ZeroDivisionError as e: raise KeyError("x") from e
    """,
    "gather with an error": """
        import asyncio
        async def f(n):
            await asyncio.sleep(n * n * n / 50)
            if n == 2: raise RuntimeError("bad")
            print(n)
        async def main(): await asyncio.gather(f(1), f(2), f(3))
        asyncio.run(main())
    """,
    "a callback that raises": """
        import asyncio
        async def main():
            asyncio.get_running_loop().call_soon(lambda: 1 / 0)
            await asyncio.sleep(0.01)
        asyncio.run(main())
    """,
    "a wrong argument": "import time; time.sleep('x')",
    "no coroutine": """
        import asyncio
        async def main(): asyncio.create_task(3)
        asyncio.run(main())
    """,
    "warnings": """
        import warnings
        warnings.warn("old", DeprecationWarning)
        warnings.warn("hey")
    """,
    "an asynchronous generator left early": """
        import asyncio
        async def g():
            try:
                yield 1
                yield 2
            finally: print("closed")
        async def main():
            async for x in g():
                print(x)
                break
        asyncio.run(main())
    """,
    "dataclasses and pickles": """
        import dataclasses, pickle
        @dataclasses.dataclass
        class P: x: int
        print(pickle.loads(pickle.dumps(P(1))))
    """,
    "logging": """
        import logging
        logging.basicConfig(level=10)
        logging.info("x")
        try: 1 / 0
        except ZeroDivisionError: logging.getLogger("a").exception("y")
    """,
    "a daemon thread": """
        import threading, time
        threading.Thread(target=time.sleep, args=(9,), daemon=True).start()
        print("z")
    """,
    "a thread that exits": """
        import threading, sys
        t = threading.Thread(target=sys.exit)
        t.start()
        t.join()
    """,
    "no input": "input('? ')",
    "several loops": """
        import asyncio, threading
        def run():
            asyncio.run(asyncio.sleep(0.01))
            print("t")
        t = threading.Thread(target=run)
        t.start()
        asyncio.run(asyncio.sleep(0.02))
        t.join()
        asyncio.run(asyncio.sleep(0))
    """,
    "main cancelled": """
        import asyncio
        async def main():
            asyncio.current_task().cancel()
            await asyncio.sleep(1)
        asyncio.run(main())
    """,
    "the streams": """
        import sys
        print(sys.stdout.encoding, sys.stdout.isatty(), sys.argv, sys.stdin.read() == "")
        print(sys.stdout.name, sys.stdout.writable(), sys.stdout.readable(), sys.stdout.fileno())
        sys.stdout.writelines(["a\\n", "b\\n"])
        sys.stdout.flush()
        sys.stdout.buffer.write("안녕\\n".encode())
    """,
    "locks": """
        import threading
        lock, again = threading.Lock(), threading.RLock()
        with lock: print(lock.locked(), lock.acquire(False), lock.acquire(timeout=0.01))
        with again, again: print("twice")
        print(threading.Condition(lock).acquire(), lock.locked())
        print(threading.Condition().wait(0.01) if False else "c")
        try: again.release()
        except RuntimeError as e: print(e)
    """,
}
WHEN_FREED = {
    "the exception of a task that nobody kept": """
        import asyncio
        async def save():
            print("saving")
            await asyncio.sleep(0.01)
            raise OSError("disk full")
        async def main():
            asyncio.create_task(save())
            await asyncio.sleep(0.5)
            print("all is well")
        asyncio.run(main())
    """,
    "the exception of a first step": """
        import asyncio
        async def save(): raise OSError("disk full")
        async def main():
            asyncio.create_task(save())
            await asyncio.sleep(0.5)
            print("all is well")
        asyncio.run(main())
    """,
    "eager tasks that fail": """
        import asyncio
        async def at_once(): raise OSError("at once")
        async def later():
            await asyncio.sleep(0.01)
            raise OSError("later")
        async def main():
            factory = getattr(asyncio, "eager_task_factory", None)
            asyncio.get_running_loop().set_task_factory(factory)
            asyncio.create_task(at_once())
            asyncio.create_task(later())
            await asyncio.sleep(0.5)
            print("all is well")
        asyncio.run(main())
    """,
    "arguments of what failed in tasks": """
        import asyncio
        class Held:
            def __del__(self): print("freed")
        async def work(held):
            await asyncio.sleep(0)
            raise OSError
        async def main():
            try:
                async with asyncio.TaskGroup() as group: group.create_task(work(Held()))
            except* OSError: print("group")
            results = await asyncio.gather(work(Held()), work(Held()), return_exceptions=True)
            print("gather")
            del results
            try: await asyncio.wait_for(work(Held()), 1)
            except OSError: print("wait_for")
        asyncio.run(main())
        print("over")
    """,
    "arguments of what failed in callbacks and threads": """
        import asyncio, threading
        from concurrent.futures import ThreadPoolExecutor
        class Held:
            def __del__(self): print("freed")
        def work(held): raise OSError
        async def main():
            asyncio.get_running_loop().call_soon(work, Held())
            await asyncio.sleep(0)
            try: await asyncio.to_thread(work, Held())
            except OSError: print("to_thread")
        asyncio.run(main())
        thread = threading.Thread(target=work, args=(Held(),))
        thread.start()
        thread.join()
        print("thread")
        del thread
        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(work, Held())
            print(repr(future.exception()))
            del future
            pool.submit(print, "pool").result()
        print("over")
    """,
}
VARYING = re.compile(r"(?:0|\.\.\.)x[0-9a-f]+|\d+\.\d+ seconds|:\d+>")


def steady(text: str) -> list[str]:
    return [VARYING.sub("…", line) for line in text.splitlines()]


def plainly(
    guests: Guests, code: str, folder: Path, *, errors: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Run a scenario as Python does, without us; of its own path, only the name is left."""
    (folder / "scenario.py").write_text(code)
    plain = subprocess.run(
        [guests.python, "-I", "-u", "-X", "utf8", "scenario.py"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        encoding="utf-8",
        check=False,
    )
    plain.stdout = plain.stdout.replace(f"{folder}/", "")
    plain.stderr = (plain.stderr or "").replace(f"{folder}/", "")
    return plain


@pytest.mark.parametrize("scenario", SAME)
def test_it_is_as_with_plain_python(guests: Guests, scenario: str, tmp_path: Path) -> None:
    code = dedent(SAME[scenario])
    plain = plainly(guests, code, tmp_path)
    record = guests.run(code)
    assert not record.malformed
    assert record.ended is not None
    failure = record.ended.failure
    errors = "\n".join(record.texts("stderr")) + "\n" + (failure.traceback if failure else "")
    assert steady("\n".join(record.texts())) == steady(plain.stdout)
    assert steady(errors.strip("\n")) == steady(plain.stderr.strip("\n"))
    assert record.status == plain.returncode
    assert (failure is None) == (plain.returncode == 0)


@pytest.mark.parametrize("scenario", WHEN_FREED)
def test_things_are_freed_when_plain_python_frees_them(
    guests: Guests, scenario: str, tmp_path: Path
) -> None:
    code = dedent(WHEN_FREED[scenario])
    plain = plainly(guests, code, tmp_path, errors=subprocess.STDOUT)
    record = guests.run(code)
    printed = "\n".join(one.text for one in record.events if isinstance(one, Line))
    assert steady(printed) == steady(plain.stdout)


def test_the_start_comes_first_and_names_python(guests: Guests) -> None:
    first = guests.run("").events[0]
    assert isinstance(first, Started)
    assert tuple(int(part) for part in first.python.split(".")[:2]) == guests.version


def test_a_failure_names_its_line(guests: Guests) -> None:
    record = guests.run("def f():\n    return 1 / 0\n\n\nf()\n", name="division")
    assert record.ended is not None
    failure = record.ended.failure
    assert failure is not None
    assert (failure.type, failure.message, failure.line) == (
        "ZeroDivisionError",
        "division by zero",
        2,
    )
    assert 'File "division.py", line 2, in f' in failure.traceback
    assert "guest.py" not in failure.traceback


def test_a_syntax_error_names_its_line(guests: Guests) -> None:
    record = guests.run("x = 1\ny = = 2\n")
    assert record.ended is not None
    assert record.ended.failure is not None
    assert record.ended.failure.type == "SyntaxError"
    assert record.ended.failure.line == 2
    assert "y = = 2" in record.ended.failure.traceback


@pytest.mark.parametrize("code", ["\0", "(" * 5_000, "\ud800"])
def test_code_that_no_compiler_takes_is_a_failure(guests: Guests, code: str) -> None:
    record = guests.run(code)
    assert record.ended is not None
    assert record.ended.failure is not None
    assert record.status == 1


def test_memory_that_runs_out_is_told_apart(guests: Guests) -> None:
    record = guests.run("""
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))
        def hoard():
            hoarded = []
            while True: hoarded.append(bytearray(1 << 20))
        print("before")
        hoard()
    """)
    assert record.texts() == ["before"]
    assert record.ended is not None
    assert record.ended.memory
    assert record.ended.failure is not None
    assert record.ended.failure.line == 6


def test_an_error_that_refuses_to_be_described_is_still_reported(guests: Guests) -> None:
    record = guests.run("""
        class Hostile(Exception):
            def __str__(self): raise SystemExit(7)
        raise Hostile
    """)
    assert record.ended is not None
    assert record.ended.failure is not None
    assert record.ended.failure.type == "Hostile"


def test_an_interrupt_is_a_failure(guests: Guests) -> None:
    record = guests.run("import signal\nsignal.raise_signal(signal.SIGINT)")
    assert record.ended is not None
    assert record.ended.failure is not None
    assert record.ended.failure.type == "KeyboardInterrupt"


def test_an_own_excepthook_is_called(guests: Guests) -> None:
    record = guests.run("""
        import sys
        sys.excepthook = lambda *args: print("hooked", args[0].__name__)
        1 / 0
    """)
    assert record.texts() == ["hooked ZeroDivisionError"]
    assert record.status == 1


def test_leaving_without_goodbye_keeps_what_was_printed(guests: Guests) -> None:
    record = guests.run("""
        import os
        print("a")
        print("b", end="", flush=True)
        os._exit(3)
    """)
    assert record.texts() == ["a", "b"]
    assert record.ended is None
    assert record.status == 3


def test_what_cannot_be_encoded_is_still_printed(guests: Guests) -> None:
    record = guests.run(r"""
        import sys
        print("\ud800 \x00 \x1b[31m")
        sys.stdout.buffer.write(b"\xff\xfe\n")
    """)
    assert record.texts() == ["\\ud800 \x00 \x1b[31m", "\ufffd\ufffd"]


def test_several_threads_printing_do_not_garble_each_other(guests: Guests) -> None:
    record = guests.run("""
        import sys, threading
        sys.setswitchinterval(1e-6)
        def speak(n):
            for i in range(50): print(n, i, "x" * 50, sep="|")
        threads = [threading.Thread(target=speak, args=(n,)) for n in range(4)]
        for t in threads: t.start()
        for t in threads: t.join()
    """)
    assert sorted(record.texts()) == sorted(
        f"{n}|{i}|{'x' * 50}" for n in range(4) for i in range(50)
    )


def test_one_endless_line_passes_on_in_pieces_and_meets_its_limit(guests: Guests) -> None:
    limits = Limits(line_bytes=1_000)
    record = guests.run("for _ in range(10_000): print('가' * 100, end='')", limits=limits)
    assert record.exceeded == "line_bytes"
    (line,) = record.lines()
    assert len(line.text.encode()) <= limits.line_bytes + 3  # the last character may be cut


def test_a_raw_write_bypasses_the_record(guests: Guests) -> None:
    record = guests.run("import os; os.write(1, b'raw'); os.write(2, b'err')")
    assert (record.raw_stdout, record.raw_stderr) == (b"raw", b"err")


def test_a_scenario_that_closes_the_record_can_still_print(guests: Guests) -> None:
    record = guests.run("""
        import os
        print("stamped")
        os.closerange(3, 100)
        print("written as the pipe goes")
        print("unstamped")
    """)
    assert record.texts() == ["stamped"]
    assert record.raw_stdout == b"written as the pipe goes\nunstamped\n"


def test_what_takes_the_place_of_the_recorders_pipe_gets_nothing_of_the_record(
    guests: Guests,
) -> None:
    record = guests.run("""
        import os
        os.closerange(3, 100)
        ends = [end for _ in range(30) for end in os.pipe()]
        print("printed")
        for end in ends[::2]:
            os.set_blocking(end, False)
            try: print(os.read(end, 100))
            except BlockingIOError: pass
        print("over")
    """)
    assert record.raw_stdout == b"printed\nover\n"
    assert record.ended is None


def test_a_scenario_that_replaces_stdout_harms_itself_only(guests: Guests) -> None:
    record = guests.run("""
        import io, sys, asyncio
        sys.stdout = io.StringIO()
        asyncio.events.Handle._run = None
        print("swallowed")
    """)
    assert record.texts() == []
    assert record.ended is not None
    assert record.ended.failure is None


def test_bytes_that_are_no_frame_cost_no_output(guests: Guests) -> None:
    record = guests.run("""
        import os
        print("before")
        os.write(43, b"forged " * 100)
        print("after")
    """)
    assert record.malformed
    assert record.texts() == ["before", "after"]
    assert record.ended is not None


def test_a_signal_handler_may_print_while_a_line_goes_out(guests: Guests) -> None:
    record = guests.run("""
        import signal
        printed = 0
        def tick(*_):
            global printed
            printed += 1
            print("tick")
        signal.signal(signal.SIGALRM, tick)
        signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
        for _ in range(2_000): print("line")
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(printed)
    """)
    assert not record.malformed
    *texts, printed = record.texts()  # a tick may come between a line and its newline
    assert "".join(texts).count("tick") == int(printed)
    assert "".join(texts).count("line") == 2_000


def test_each_printed_line_says_where_it_was_printed(guests: Guests) -> None:
    record = guests.run("""\
        import sys, threading
        print("one"); print("two",
                            "words")
        def deep(n):
            if n: deep(n - 1)
            else: sys.stderr.write("deep\\n")
        deep(50)
        sys.stdout.writelines(["a\\n", "b\\n"])
        thread = threading.Thread(target=lambda: print("thread"))
        thread.start(); thread.join()
    """)
    assert [(one.text, one.line) for one in record.lines()] == [
        ("one", 2),
        ("two words", 2),
        ("a", 8),
        ("b", 8),
        ("thread", 9),
    ]
    assert [one.line for one in record.lines("stderr")] == [6]


def test_what_the_compiler_says_comes_first_and_harms_no_record(guests: Guests) -> None:
    record = guests.run("""\
        print("first")
        if 3 is 3: print("second")
    """)
    assert record.texts() == ["first", "second"]
    assert any("SyntaxWarning" in text for text in record.texts("stderr"))
    assert {one.at for one in record.lines("stderr")} == {0.0}
    assert not record.malformed
