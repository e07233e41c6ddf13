"""A scenario in the guest behaves as `python file.py` does, and its end is reported."""

import re
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest

from bot.runner.host.meter import Splitter
from bot.runner.model import Limits, Line, LinePart, Started
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
    "a hook of its own for what ends it": """
        import sys
        sys.excepthook = lambda kind, error, trace: print(kind.__name__, trace.tb_lineno)
        sys.unraisablehook = lambda unraisable: print("unraisable")
        1 / 0
    """,
    "a hook for what ends it that fails itself": """
        import sys
        def hook(*args): raise TypeError("hook")
        sys.excepthook = hook
        1 / 0
    """,
    "an error that has no text": """
        class Own(Exception):
            def __str__(self): raise RuntimeError
        raise Own
    """,
    "code in a string": 'exec("1 / 0")',
    "another encoding": """
        import sys
        sys.stdout.reconfigure(errors="xmlcharrefreplace", encoding="ascii")
        print("\u00e9", sys.stdout.encoding, sys.stdout.errors)
        sys.stdout.reconfigure(encoding="latin-1")
        print("\u4e2d")
    """,
    "the streams as they are shown": """
        import sys
        print(sys.stdout, sys.__stderr__, type(sys.stdout), file=sys.stderr)
        for ask in (sys.stdout.read, sys.stdout.readline, sys.stdout.buffer.read):
            try: ask()
            except Exception as error: print(type(error).__name__)
    """,
    "source lines by the file's whole path": """
        import linecache, os
        print(linecache.getline(os.path.abspath(__file__), 3).strip())
    """,
    "a detached stream": """
        import codecs, io, sys
        sys.stdout = io.TextIOWrapper(sys.stdout.detach(), "utf-8", line_buffering=True)
        print("\u00e9")
        sys.stderr = codecs.getwriter("utf-8")(sys.stderr.detach())
        print("\u00e9", file=sys.stderr)
        try: print("x", file=sys.__stdout__)
        except ValueError as error: print(error)
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
        import threading, atexit
        atexit.register(lambda: print("exit"))
        def late():
            threading.main_thread().join()
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
    "unfinished lines of several tasks": """
        import asyncio
        async def dots(mark, delay):
            for _ in range(3):
                print(mark, end="", flush=True)
                await asyncio.sleep(delay)
        async def main():
            await asyncio.gather(dots(".", 0.3), dots("x", 0.4))
            print()
            print("no newline at end", end="")
        asyncio.run(main())
    """,
    "a line that another task finishes": """
        import asyncio
        async def head(): print("Loading ", end="")
        async def tail():
            await asyncio.sleep(0.02)
            print("done")
        async def main():
            await asyncio.create_task(head())
            await asyncio.create_task(tail())
            print("bye")
        asyncio.run(main())
    """,
    "a spinner": """
        import time, sys
        for mark in "|/-":
            sys.stdout.write("\\r" + mark)
            sys.stdout.flush()
            time.sleep(0.01)
        print("\\rready")
    """,
    "an unfinished line, then an error": "print('half', end=''); 1 / 0",
    "the stack of the main program": """
        import inspect, logging, sys, traceback, warnings
        def look():
            traceback.print_stack()
            print([one.function for one in inspect.stack()])
            print(len(traceback.extract_stack()), sys._getframe(1).f_back, sys.exc_info())
            try: sys._getframe(2)
            except ValueError as e: print(e)
            logging.warning("words", stack_info=True, stacklevel=5)
        look()
        warnings.warn("beyond", stacklevel=2)
        print(sys._current_frames()[__import__("threading").get_ident()] is sys._getframe())
    """,
    "what is printed about the stack in tasks and threads": """
        import asyncio, inspect, logging, threading, traceback
        def look():
            traceback.print_stack()
            print([one.function for one in inspect.stack()])
        async def main():
            look()
            try: 1 / 0
            except ZeroDivisionError:
                logging.exception("in a task")
                print([one.function for one in inspect.trace()])
            await asyncio.to_thread(look)
            logging.warning("with its stack", stack_info=True)
        asyncio.run(main())
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    """,
    "errors out of what is recorded": """
        import asyncio, threading, time, traceback
        def attempt(ask):
            try: ask()
            except Exception as error:
                traceback.print_exc()
                trace, names = error.__traceback__, []
                while trace is not None:
                    names.append(trace.tb_frame.f_code.co_name)
                    trace = trace.tb_next
                print(names)
        attempt(lambda: time.sleep(-1))
        attempt(lambda: time.sleep("1"))
        thread = threading.Thread(target=print, args=("hi",))
        thread.start()
        thread.join()
        attempt(thread.start)
        attempt(threading.Thread(target=print).join)
        attempt(threading.Lock().release)
        attempt(threading.Condition().wait)
        async def main():
            attempt(lambda: asyncio.create_task(3))
            attempt(lambda: asyncio.get_running_loop().run_forever())
        asyncio.run(main())
    """,
    "a coroutine never awaited in debug mode": """
        import asyncio, time
        async def slow(): time.sleep(0.15)
        async def main():
            await asyncio.create_task(slow(), name="slow one")
            c = slow()
            del c
            asyncio.get_running_loop().call_soon(lambda: slow())
            await asyncio.sleep(0.01)
        asyncio.run(main(), debug=True)
    """,
    "a walk along the stack in tasks, callbacks and threads": """
        import _thread, asyncio, concurrent.futures, contextvars, sys, threading, time, weakref
        def walk(who):
            frame, found = sys._getframe(), []
            while frame is not None:
                found.append((frame.f_code.co_name, frame.f_lineno))
                frame = frame.f_back
            print(who, found)
            depth = 0
            try:
                while True:
                    sys._getframe(depth)
                    depth += 1
            except ValueError as error: print(depth, error)
        async def child():
            walk("task")
            await asyncio.sleep(0)
            walk("task, second step")
        async def main():
            await asyncio.create_task(child())
            factory = getattr(asyncio, "eager_task_factory", None)
            asyncio.get_running_loop().set_task_factory(factory)
            await asyncio.create_task(child())
            asyncio.get_running_loop().set_task_factory(None)
            asyncio.get_running_loop().call_later(0.01, walk, "timer")
            await asyncio.sleep(0.02)
            await asyncio.to_thread(walk, "pool")
            await asyncio.wait_for(child(), 1)
        asyncio.run(main())
        thread = threading.Thread(target=walk, args=("thread",))
        thread.start()
        thread.join()
        timer = threading.Timer(0.01, walk, ("Timer",))
        timer.start()
        timer.join()
        lock = _thread.allocate_lock()
        lock.acquire()
        def low():
            walk("low")
            lock.release()
        _thread.start_new_thread(low, ())
        lock.acquire()
        class Failing(threading.Thread):
            def run(self): raise KeyError
        threading.excepthook = lambda args: walk("excepthook")
        failing = Failing()
        failing.start()
        failing.join()
        with concurrent.futures.ThreadPoolExecutor(1, initializer=walk, initargs=("new",)) as pool:
            gate = threading.Event()
            future = pool.submit(lambda: gate.wait() and walk("work"))
            future.add_done_callback(lambda _: walk("done"))
            gate.set()
    """,
    "the stack of a task as its own methods tell it": """
        import asyncio, sys, traceback
        async def inner():
            asyncio.current_task().print_stack(file=sys.stdout)
            frames = asyncio.current_task().get_stack()
            print([(one.f_code.co_name, one.f_lineno) for one in frames])
        async def main():
            await inner()
            other = asyncio.create_task(asyncio.sleep(1))
            await asyncio.sleep(0)
            other.print_stack(file=sys.stdout)
            other.cancel()
            if sys.version_info >= (3, 14): asyncio.print_call_graph(file=sys.stdout)
        asyncio.run(main())
    """,
    "warnings and log records that name distant callers": """
        import asyncio, logging, threading, warnings
        logging.basicConfig(format="%(filename)s:%(lineno)d %(funcName)s %(message)s")
        def look():
            for level in range(1, 9):
                warnings.warn(f"level {level}", stacklevel=level)
                logging.warning("level %d", level, stacklevel=level)
            print(logging.getLogger().findCaller()[1:3])
            logging.error("with its stack", stack_info=True)
        async def main():
            look()
            await asyncio.to_thread(look)
        asyncio.run(main())
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    """,
    "what a signal handler interrupts": """
        import asyncio, signal, threading, time, traceback
        def handle(number, frame):
            print([one.name for one in traceback.extract_stack(frame)])
            traceback.print_stack()
            print([one.name for one in traceback.extract_stack()])
        signal.signal(signal.SIGALRM, handle)
        def alarm(): signal.setitimer(signal.ITIMER_REAL, 0.05)
        alarm()
        time.sleep(0.1)
        async def main():
            alarm()
            time.sleep(0.1)
        asyncio.run(main())
        lock = threading.Lock()
        lock.acquire()
        alarm()
        lock.acquire(timeout=0.2)
        def fail(number, frame): raise TimeoutError
        signal.signal(signal.SIGALRM, fail)
        alarm()
        try: time.sleep(1)
        except TimeoutError: traceback.print_exc()
        alarm()
        try: lock.acquire()
        except TimeoutError: traceback.print_exc()
        thread = threading.Thread(target=time.sleep, args=(0.2,))
        thread.start()
        alarm()
        try: thread.join()
        except TimeoutError: print("join")
    """,
    "the frames of other threads": """
        import queue, sys, threading, time, traceback
        lock, things = threading.Lock(), queue.SimpleQueue()
        lock.acquire()
        waiting = [threading.Thread(target=time.sleep, args=(1.5,)), threading.Thread(
            target=lock.acquire), threading.Thread(target=things.get),
            threading.Thread(target=threading.Event().wait, args=(1.5,))]
        try:
            for thread in waiting: thread.start()
            time.sleep(0.2)
            frames = sys._current_frames()
            for thread in waiting: print("".join(traceback.format_stack(frames[thread.ident])), "|")
        finally:
            lock.release()
            things.put(1)
        for thread in waiting: thread.join()
    """,
    "a tracing function": """
        import sys, threading, time
        def trace(frame, event, arg):
            print(event, frame.f_code.co_name)
            return trace
        def work():
            time.sleep(0.01)
            with threading.Lock(): pass
        sys.settrace(trace)
        work()
        sys.settrace(None)
    """,
    "an exit out of a task": """
        import asyncio, sys, traceback
        async def main(): sys.exit(3)
        try: asyncio.run(main())
        except SystemExit: traceback.print_exc()
    """,
    "the builtins that site adds": """
        print(exit, quit, copyright.__class__, credits.__class__, license.__class__, help)
        print("bye")
        quit()
    """,
    "leaving with words": "exit('so long')",
    "the names of the main module": """
        print(sorted(globals()), __name__, __doc__, __package__, __spec__, __builtins__.__name__)
        print(type(__loader__).__name__)
    """,
    "await outside a function": """
        import asyncio
        print("first")
        await asyncio.sleep(1)
    """,
    "return outside a function": "x = 1\nif x:\n    return 3\n",
    "an error of the symbol table": "def f(x):\n    global x\n",
    "nonlocal at the top": "nonlocal x\n",
    "a wrong indentation": "if True:\nprint(1)\n",
    "tabs and spaces": "if True:\n        x = 1\n\ty = 2\n",
    "a break outside a loop": "x = [\n  1]\nbreak\n",
    "an unknown encoding": "# coding: klingon\nprint(1)\n",
    "another encoding for plain letters": "# -*- coding: latin-1 -*-\nprint('abc')\n1/0\n",
    "a late future import": "x = 1\nfrom __future__ import annotations\n",
    "a warning of the compiler": "x = 3\nprint(x is 3)\n",
    "form feeds": "x = 1\n\f\ndef f():\n    raise ValueError(x)\nf()\n",
    "a byte order mark and other newlines": "\ufeffx = 1\r\nraise ValueError(\r\n 'two')\r\n",
    "deep recursion through C in a thread": """
        import asyncio
        def deep(n): return sorted([1, 2], key=lambda v: deep(n + 1))
        async def main():
            try: await asyncio.to_thread(deep, 0)
            except RecursionError: print("RecursionError caught")
        asyncio.run(main())
    """,
    "a pending task at the end": """
        import asyncio
        async def forever(): await asyncio.Event().wait()
        async def short(): await asyncio.sleep(0.01)
        loop = asyncio.new_event_loop()
        t = loop.create_task(forever())
        loop.run_until_complete(short())
        loop.close()
        del t
        print("closed")
    """,
    "a worker that is never stopped": """
        import asyncio
        async def worker(q):
            while True: print("item", await q.get())
        async def main(loop):
            q = asyncio.Queue()
            loop.create_task(worker(q), name="worker")
            await q.put(1); await asyncio.sleep(0.01)
        loop = asyncio.new_event_loop()
        loop.run_until_complete(main(loop))
        loop.close()
        print("closed with a worker pending")
    """,
    "objects with finalizers at the end": """
        import atexit, threading
        class A:
            def __init__(self, name): self.name = name
            def __del__(self): print("freed", self.name)
        one, two, _three = A(1), A(2), A(3)
        one.other = two
        two.other = one
        atexit.register(print, "first registered")
        atexit.register(print, "last registered")
        threading.Thread(target=lambda: print("thread", one.name)).start()
    """,
    "an error in an exit callback": """
        import atexit
        atexit.register(lambda: 1 / 0)
        atexit.register(print, "before it")
    """,
    "an unraisable error": """
        class A:
            def __del__(self):
                try: 1 / 0
                except ZeroDivisionError: raise KeyError("x")
        a = A()
        del a
    """,
    "a hook for unraisable errors": """
        import sys
        sys.unraisablehook = lambda u: print("unraisable", type(u.exc_value).__name__)
        class A:
            def __del__(self): 1 / 0
        a = A()
        del a
    """,
    "an own hook": """
        import sys
        sys.excepthook = lambda kind, error, trace: print("hooked", kind.__name__, file=sys.stderr)
        print("x")
    """,
    "Python's hook, called": """
        import sys
        try: 1 / 0
        except ZeroDivisionError: sys.excepthook(*sys.exc_info())
    """,
    "a coroutine never awaited, at the end": "async def f(): pass\nx = f()\n",
    "an interrupted main": """
        import asyncio, signal
        async def main():
            try:
                signal.raise_signal(signal.SIGINT)
                await asyncio.sleep(1)
            except asyncio.CancelledError:
                print("cancelled")
                raise
        try: asyncio.run(main())
        except KeyboardInterrupt: print("interrupted")
    """,
    "descriptors that do not block, or are none": """
        import os, select, socket
        def attempt(ask):
            try: print(ask())
            except Exception as e: print(type(e).__name__, e)
        reader, writer = os.pipe()
        os.write(writer, b"abc")
        near, far = socket.socketpair()
        far.sendall(b"xyz")
        print(os.read(reader, 2), near.recv(2), near.recv(1), os.read(reader, 5))
        os.set_blocking(reader, False)
        near.setblocking(False)
        attempt(lambda: os.read(reader, 1))
        attempt(lambda: near.recv(1))
        near.settimeout(0.01)
        attempt(lambda: near.recv(1))
        print(select.select([near], [far], [], 0) == ([], [far], []))
        print(select.select([near], [], [], 0.01))
        for wrong in (lambda: os.read(-1, 1), lambda: os.read("x", 1), lambda: os.read(reader),
                      lambda: os.read(10 ** 30, 1), lambda: os.read(True), lambda: near.recv(-1),
                      near.recv, select.select, lambda: select.select(1, [], []),
                      lambda: select.select([near], [], [], -1), lambda: far.send(1)):
            attempt(wrong)
        near.close()
        attempt(lambda: near.recv(1))
        os.close(writer)
        attempt(lambda: os.read(reader, 1))
        print(far.recv(1), os.read.__name__, socket.socket.recv.__name__)
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
    "tasks that only let others go first": """
        import asyncio, gc
        class Held:
            def __init__(self, name): self.name = name
            def __del__(self): print(self.name, "freed")
        async def spin(held, steps):
            me = asyncio.current_task()
            for _ in range(steps): await asyncio.sleep(0)
            print("spun")
        async def main():
            await asyncio.gather(spin(Held("a"), 3), spin(Held("b"), 5))
            print("gathered")
        asyncio.run(main())
        loop = asyncio.new_event_loop()
        loop.create_task(spin(Held("c"), 100_000_000))
        loop.call_later(0.01, loop.stop)
        loop.run_forever()
        loop.close()
        del loop
        gc.collect()
        print("collected")
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
# Which is finalized first, a task that is destroyed while it waits or its coroutine, is seen in
# what the task says: "running at" a line, or "done". It is the one that the collector reached first
# when it last came by: when that was is said here, or is as in plain Python.
PENDING = """
    import asyncio, gc
    gc.disable()
    async def forever():
        await asyncio.Event().wait()
    async def short():
        await asyncio.sleep(0.01)
        print("short done")
    loop = asyncio.new_event_loop()
    task = loop.create_task(forever())
    loop.run_until_complete(short())
    loop.close()
    del task
    print("closed")
"""
WHEN_FREED |= {
    "a task that was looked at by the collector and is pending at the end": PENDING.replace(
        "    del task", "    gc.collect()\n    del task"
    ),
    "a task that is pending at the end, and no collector comes by": PENDING,
    "a task that is pending when the collector comes by": PENDING + "    gc.collect()\n",
    "a task that is pending at the end": PENDING.replace(", gc", "").replace("gc.disable()", ""),
    "one beside another import": PENDING.replace("gc.disable()", ""),
    "what is garbage at the end, and what the module holds": """
        import asyncio
        class Held:
            def __init__(self, name): self.name = name
            def __del__(self): print(self.name, "freed", loop and loop.is_closed())
        loop = asyncio.new_event_loop()
        cycle = Held("cycle")
        cycle.itself = cycle
        del cycle
        later, _first = Held("later"), Held("first")
        loop.close()
        print("over")
    """,
}
VARYING = re.compile(r"(?:0|\.\.\.)x[0-9a-f]+|\d+\.\d+ seconds|:\d+>")


def steady(text: str) -> list[str]:
    """What of a text does not vary.

    Debug mode's "Executing <…> took 0.1 seconds" stands in plain Python's text or in ours, in both
    or in neither, by how busy the machine is: a comparison of the two cannot ask for it.
    """
    lines = (line for line in text.splitlines() if not line.startswith("Executing <"))
    return [VARYING.sub("…", line) for line in lines]


def plainly(
    guests: Guests, code: str, folder: Path, *, errors: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Run a scenario as Python does, without us; of its own path, only the name is left.

    By the interpreter that stands behind a virtual environment: what that adds is not a program's.
    """
    (folder / "scenario.py").write_bytes(code.encode())
    plain = subprocess.run(
        [guests.python.resolve(), "-I", "-u", "-X", "utf8", "scenario.py"],
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


COLLECTED = """
    import asyncio, gc
    counted = gc.get_count()[0]
    class Cycle:
        def __init__(self, step): self.step, self.itself = step, self
        def __del__(self): freed.append(step)
    freed = []
    async def main():
        global step
        for step in range(100):
            Cycle(step)
            kept.append([[] for _ in range(50)])
            await asyncio.sleep(0)
    kept = []
    asyncio.run(main())
    print(counted, *sorted(set(freed)))
"""


def test_the_garbage_collector_comes_by_when_it_does_in_plain_python(
    guests: Guests, tmp_path: Path
) -> None:
    code = dedent(COLLECTED)
    counted, *collected = map(int, plainly(guests, code, tmp_path).stdout.split())
    [line] = guests.run(code).texts()
    ours, *moments = map(int, line.split())
    assert collected
    assert abs(ours - counted) <= 20  # of 700 or 2,000
    assert len(moments) == len(collected)
    for one, plain in zip(moments, collected, strict=True):
        assert abs(one - plain) <= 1 + plain // 20  # the recorder's own objects count


def test_faulthandler_tells_what_it_tells_with_plain_python(guests: Guests, tmp_path: Path) -> None:
    code = dedent("""
        import asyncio, faulthandler, queue, threading, time
        lock, things = threading.Lock(), queue.SimpleQueue()
        lock.acquire()
        waiting = [threading.Thread(target=time.sleep, args=(1.5,)),
            threading.Thread(target=lock.acquire), threading.Thread(target=things.get)]
        for thread in waiting: thread.start()
        time.sleep(0.2)
        async def main():
            faulthandler.dump_traceback(all_threads=True)
            await asyncio.to_thread(faulthandler.dump_traceback, all_threads=False)
        asyncio.run(main())
        lock.release()
        things.put(1)
        for thread in waiting: thread.join()
        faulthandler.dump_traceback_later(0.1)
        time.sleep(0.3)
        faulthandler.enable()
        faulthandler._sigsegv()
    """)
    plain = plainly(guests, code, tmp_path)
    record = guests.run(code)
    own = "\n".join(Splitter(10_000).feed(record.raw_stderr))
    assert "recorder" not in own
    varying = re.compile(
        r"0x[0-9a-f]+| \[[^]]*\]|\n(?:Extension modules|Current thread's C).*", re.DOTALL
    )
    assert varying.sub("", own).splitlines() == varying.sub("", plain.stderr).splitlines()


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
    assert "run.py" not in failure.traceback


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


def test_code_with_a_nul_is_refused_as_a_file_is(guests: Guests) -> None:
    """As Python does from 3.11.4 on; before, it read on to the line's end."""
    record = guests.run("print(1)\nx = 1 \0 + 2\nprint(3)\n")
    assert record.ended is not None
    assert record.ended.failure is not None
    assert record.ended.failure.traceback.splitlines() == [
        '  File "scenario.py", line 2',
        "    x = 1 ",
        "SyntaxError: source code cannot contain null bytes",
    ]


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
        sys.setswitchinterval(1e-4)  # fifty times as often as by default
        def speak(n):
            for i in range(50): print(n, i, "x" * 50, sep="|")
        threads = [threading.Thread(target=speak, args=(n,)) for n in range(4)]
        for t in threads: t.start()
        for t in threads: t.join()
    """)
    assert sorted(record.texts()) == sorted(
        f"{n}|{i}|{'x' * 50}" for n in range(4) for i in range(50)
    )


def test_unfinished_lines_of_several_threads_are_neither_lost_nor_doubled(guests: Guests) -> None:
    code = """
        import threading, time
        def speak(n):
            for i in range(400): print(f"{n}.{i}", end=" ")
            print()
        def tick():
            for _ in range(20): time.sleep(0.0005)
        threads = [threading.Thread(target=speak, args=(n,)) for n in range(2)]
        threads.append(threading.Thread(target=tick))
        for t in threads: t.start()
        for t in threads: t.join()
    """
    for _ in range(10):
        record = guests.run(code)
        assert record.exceeded == ""
        words = " ".join(record.texts()).split()
        for n in ("0", "1"):
            assert [word for word in words if word.startswith(n)] == [
                f"{n}.{i}" for i in range(400)
            ]


def test_pieces_of_a_line_have_their_own_time_and_the_lane_that_began_it(guests: Guests) -> None:
    record = guests.run("""
        import asyncio
        async def head():
            print("Loading ", end="")
        async def main():
            await asyncio.create_task(head())
            await asyncio.sleep(0.05)
            print("done")
            print("no newline", end="")
            await asyncio.sleep(0.2)
        asyncio.run(main())
    """)
    done, last = record.lines()
    parts = [one for one in record.events if isinstance(one, LinePart)]
    assert [(one.text, one.lane, one.line) for one in parts] == [
        ("Loading ", record.lane("head"), 4),
        ("no newline", record.lane("main"), 9),
    ]
    assert parts[0].at + 0.05 <= done.at
    assert parts[1].at == last.at
    assert (done.text, done.lane, done.line) == ("Loading done", record.lane("head"), 4)
    assert (last.text, last.lane) == ("no newline", record.lane("main"))
    assert record.ended is not None
    assert 0.05 <= done.at <= last.at <= record.ended.at - 0.2


def test_what_the_sandbox_refuses_is_reported_with_its_line(guests: Guests) -> None:
    record = guests.run("""
        import os, socket, sys
        def attempt(ask):
            try: ask()
            except BaseException: pass
        attempt(lambda: socket.socket(socket.AF_INET))
        attempt(lambda: open("/nowhere/notes.txt", "w"))
        attempt(lambda: input())
        attempt(lambda: __import__("numpy"))
        attempt(lambda: os.kill(1, 0))
    """)
    assert [(one.what, one.line, one.detail) for one in record.refused] == [
        ("network", 6, "socket"),
        ("file", 7, "/nowhere/notes.txt"),
        ("input", 8, "input"),
        ("module", 9, "numpy"),
        ("signal", 10, "process 1"),
    ]


def test_what_the_sandbox_gives_is_no_refusal(guests: Guests) -> None:
    record = guests.run("""
        import asyncio, bz2, collections.abc, io, lzma, os, signal, socket, tokenize, uuid
        try: raise PermissionError(1, "mine")
        except PermissionError: pass
        one, two = socket.socketpair()
        one.sendall(b"x")
        print(two.recv(1), socket.fromfd(one.fileno(), socket.AF_UNIX, socket.SOCK_STREAM).family)
        one.close(); two.close()
        os.kill(os.getpid(), 0)
        open(os.__file__).close()
        os.listdir(os.path.dirname(os.__file__))
        try: open("not-there.txt")
        except FileNotFoundError: pass
        with os.fdopen(os.dup(1), "w") as copy: print(copy.mode)
        with open(2, "w", closefd=False) as errors: print(errors.name)
        import sqlite3
        print(sqlite3.connect(":memory:").execute("select 1 + 1").fetchone())
        async def main(): await asyncio.to_thread(print, "thread")
        asyncio.run(main())
    """)
    assert record.texts()[1:] == ["w", "2", "(2,)", "thread"]
    assert record.refused == []


def test_nothing_of_ours_can_be_imported(guests: Guests) -> None:
    record = guests.run("""
        import sys
        print([name for name in sys.modules if name.split(".")[0] == "bot"], sys.orig_argv[1:])
        try: import bot
        except ModuleNotFoundError as e: print(e)
    """)
    assert record.texts() == ["[] ['scenario.py']", "No module named 'bot'"]


def test_one_endless_line_passes_on_in_pieces_and_meets_its_limit(guests: Guests) -> None:
    limits = Limits(line_bytes=1_000)
    record = guests.run("for _ in range(10_000): print('가' * 100, end='')", limits=limits)
    assert record.exceeded == "line_bytes"
    (line,) = record.lines()
    assert len(line.text.encode()) <= limits.line_bytes + 3  # the last character may be cut


def test_a_raw_write_comes_in_its_order_unless_it_is_large(guests: Guests) -> None:
    record = guests.run("""
        import os
        print("a", end="")
        os.write(1, "\u00e9\\n".encode())
        print("b")
        os.write(2, memoryview(b"err"))
        os.write(1, b"large" * 1000)
        os.dup2(2, 1)
        os.write(1, b"other")
    """)
    assert [(one.text, one.line) for one in record.lines()] == [("a\u00e9", 3), ("b", 5)]
    assert record.texts("stderr") == ["err"]
    assert (record.raw_stdout, record.raw_stderr) == (b"large" * 1000, b"other")


def test_a_wait_for_the_recorders_own_lock_is_not_recorded(guests: Guests) -> None:
    """To record it would write what is printed first, and so wait for that lock without end."""
    record = guests.run("""
        import sys, threading, time
        held = threading.Event()
        def hold():
            with sys.stdout._lock:
                held.set()
                end = time.perf_counter() + 0.1
                while time.perf_counter() < end: pass
        thread = threading.Thread(target=hold)
        thread.start()
        held.wait()
        print("printed")
        thread.join()
    """)
    assert record.texts() == ["printed"]
    assert record.texts("stderr") == []


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
    assert record.lines("stderr")[-1].at < record.lines()[0].at
    assert not record.malformed
