"""Programs without a fault that look like those with one: none may get a finding."""

from tests.findings.programs import program

RIGHT = (
    program(
        "gather of two fetches",
        """
        import asyncio

        async def fetch(name):
            await asyncio.sleep(0.2)
            return name

        async def main():
            a, b = await asyncio.gather(fetch("a"), fetch("b"))
            print(a, b)

        asyncio.run(main())
        """,
    ),
    program(
        "the second fetch needs what the first returns",
        """
        import asyncio

        async def login():
            await asyncio.sleep(0.1)
            return "token"

        async def fetch(token):
            await asyncio.sleep(0.1)
            return token + " data"

        async def main():
            token = await login()
            data = await fetch(token)
            print(data)

        asyncio.run(main())
        """,
    ),
    program(
        "create both tasks, then await both",
        """
        import asyncio

        async def work(seconds):
            await asyncio.sleep(seconds)
            print("worked", seconds)

        async def main():
            first = asyncio.create_task(work(0.2))
            second = asyncio.create_task(work(0.3))
            await first
            await second

        asyncio.run(main())
        """,
    ),
    program(
        "a task group",
        """
        import asyncio

        async def work(n):
            await asyncio.sleep(0.1)
            print(n)

        async def main():
            async with asyncio.TaskGroup() as group:
                for n in range(3):
                    group.create_task(work(n))

        asyncio.run(main())
        """,
    ),
    program(
        "a ticker paces itself",
        """
        import asyncio

        async def main():
            for n in range(4):
                print("tick", n)
                await asyncio.sleep(0.1)

        asyncio.run(main())
        """,
    ),
    program(
        "a countdown",
        """
        import asyncio

        async def countdown(start):
            while start:
                print(start)
                await asyncio.sleep(0.1)
                start -= 1
            print("lift off")

        asyncio.run(countdown(3))
        """,
    ),
    program(
        "retry with back-off",
        """
        import asyncio

        attempts = 0

        async def flaky():
            global attempts
            attempts += 1
            await asyncio.sleep(0.02)
            if attempts < 3:
                raise OSError("not yet")
            return "answer"

        async def main():
            delay = 0.05
            while True:
                try:
                    print(await flaky())
                    return
                except OSError as error:
                    print(error)
                    await asyncio.sleep(delay)
                    delay *= 2

        asyncio.run(main())
        """,
    ),
    program(
        "a pipeline of dependent steps",
        """
        import asyncio

        async def step(value):
            await asyncio.sleep(0.08)
            return value + 1

        async def main():
            value = 0
            for _ in range(3):
                value = await step(value)
            print(value)

        asyncio.run(main())
        """,
    ),
    program(
        "wait for an event, then for the next",
        """
        import asyncio

        async def worker(started, finished):
            await asyncio.sleep(0.1)
            started.set()
            await asyncio.sleep(0.1)
            finished.set()

        async def main():
            started, finished = asyncio.Event(), asyncio.Event()
            task = asyncio.create_task(worker(started, finished))
            await started.wait()
            print("started")
            await finished.wait()
            print("finished")
            await task

        asyncio.run(main())
        """,
    ),
    program(
        "a consumer that takes items as they come",
        """
        import asyncio

        async def produce(queue):
            for n in range(3):
                await asyncio.sleep(0.08)
                await queue.put(n)
            await queue.put(None)

        async def consume(queue):
            while (item := await queue.get()) is not None:
                print("got", item)

        async def main():
            queue = asyncio.Queue()
            await asyncio.gather(produce(queue), consume(queue))

        asyncio.run(main())
        """,
    ),
    program(
        "set up, work, clean up",
        """
        import asyncio

        class Connection:
            async def __aenter__(self):
                await asyncio.sleep(0.05)
                print("open")
                return self

            async def __aexit__(self, *_):
                await asyncio.sleep(0.05)
                print("closed")

            async def query(self):
                await asyncio.sleep(0.05)
                return 42

        async def main():
            async with Connection() as connection:
                print(await connection.query())

        asyncio.run(main())
        """,
    ),
    program(
        "sleep in a thread",
        """
        import asyncio
        import time

        def read():
            time.sleep(0.2)
            return "read"

        async def ticker():
            for _ in range(3):
                print("tick")
                await asyncio.sleep(0.05)

        async def main():
            print(await asyncio.gather(asyncio.to_thread(read), ticker()))

        asyncio.run(main())
        """,
    ),
    program(
        "time.sleep in plain synchronous code",
        """
        import time

        for n in range(2):
            time.sleep(0.15)
            print(n)
        """,
    ),
    program(
        "threads that sleep",
        """
        import threading
        import time

        def work(n):
            time.sleep(0.2)
            print("thread", n)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        """,
    ),
    program(
        "short work between two awaits",
        """
        import asyncio

        async def work(n):
            for _ in range(3):
                sum(range(10_000))
                await asyncio.sleep(0.02)
            print("worked", n)

        async def main():
            await asyncio.gather(*(work(n) for n in range(3)))

        asyncio.run(main())
        """,
    ),
    program(
        "a coroutine kept and awaited later",
        """
        import asyncio

        async def greet():
            print("hello")

        async def main():
            later = greet()
            print("first")
            await later

        asyncio.run(main())
        """,
    ),
    program(
        "a task whose exception is handled",
        """
        import asyncio

        async def job():
            await asyncio.sleep(0.05)
            raise ValueError("no such page")

        async def main():
            task = asyncio.create_task(job())
            try:
                await task
            except ValueError as error:
                print("handled:", error)

        asyncio.run(main())
        """,
    ),
    program(
        "gather returns exceptions",
        """
        import asyncio

        async def job(n):
            await asyncio.sleep(0.05)
            if n:
                raise KeyError(n)
            return n

        async def main():
            print(await asyncio.gather(*map(job, range(3)), return_exceptions=True))

        asyncio.run(main())
        """,
    ),
    program(
        "wait, and every result looked at",
        """
        import asyncio

        async def job(n):
            await asyncio.sleep(0.05)
            if n == 1:
                raise KeyError(n)

        async def main():
            tasks = [asyncio.create_task(job(n)) for n in range(3)]
            done, _ = await asyncio.wait(tasks)
            print(sum(task.exception() is not None for task in done))

        asyncio.run(main())
        """,
    ),
    program(
        "a background task that is cancelled and awaited",
        """
        import asyncio

        async def heartbeat():
            while True:
                print("beat")
                await asyncio.sleep(0.1)

        async def main():
            task = asyncio.create_task(heartbeat())
            await asyncio.sleep(0.25)
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                print("stopped")

        asyncio.run(main())
        """,
    ),
    program(
        "clean up at cancellation and raise again",
        """
        import asyncio

        async def worker():
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                print("cleaning up")
                raise

        async def main():
            task = asyncio.create_task(worker())
            await asyncio.sleep(0.05)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            print("cancelled:", task.cancelled())

        asyncio.run(main())
        """,
    ),
    program(
        "finally at cancellation",
        """
        import asyncio

        async def worker():
            try:
                await asyncio.sleep(10)
            finally:
                print("released")

        async def main():
            task = asyncio.create_task(worker())
            await asyncio.sleep(0.05)
            task.cancel()
            await asyncio.wait([task])
            print(task.cancelled())

        asyncio.run(main())
        """,
    ),
    program(
        "except Exception does not catch a cancellation",
        """
        import asyncio

        async def worker():
            while True:
                try:
                    await asyncio.sleep(0.04)
                except Exception as error:
                    print(error)

        async def main():
            task = asyncio.create_task(worker())
            await asyncio.sleep(0.1)
            task.cancel()
            await asyncio.wait([task])
            print(task.cancelled())

        asyncio.run(main())
        """,
    ),
    program(
        "a cancellation that the task asked for itself and undid",
        """
        import asyncio

        async def main():
            task = asyncio.current_task()
            task.cancel()
            try:
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                task.uncancel()
            await asyncio.sleep(0.05)
            print("went on")

        asyncio.run(main())
        """,
    ),
    program(
        "a timeout that comes in time",
        """
        import asyncio

        async def main():
            try:
                async with asyncio.timeout(0.1):
                    await asyncio.sleep(1)
            except TimeoutError:
                print("timed out")

        asyncio.run(main())
        """,
    ),
    program(
        "wait_for that times out",
        """
        import asyncio

        async def slow():
            await asyncio.sleep(1)

        async def main():
            try:
                await asyncio.wait_for(slow(), 0.1)
            except TimeoutError:
                print("too slow")

        asyncio.run(main())
        """,
    ),
    program(
        "two locks in the same order",
        """
        import asyncio

        async def move(first, second, name):
            async with first:
                await asyncio.sleep(0.05)
                async with second:
                    print(name, "moved")

        async def main():
            a, b = asyncio.Lock(), asyncio.Lock()
            await asyncio.gather(move(a, b, "one"), move(a, b, "two"))

        asyncio.run(main())
        """,
    ),
    program(
        "Queue.join with task_done",
        """
        import asyncio

        async def worker(queue):
            while True:
                item = await queue.get()
                await asyncio.sleep(0.02)
                print("item", item)
                queue.task_done()

        async def main():
            queue = asyncio.Queue()
            task = asyncio.create_task(worker(queue))
            for n in range(3):
                queue.put_nowait(n)
            await queue.join()
            task.cancel()
            await asyncio.wait([task])

        asyncio.run(main())
        """,
    ),
    program(
        "an event that a thread sets",
        """
        import asyncio
        import threading
        import time

        async def main():
            loop = asyncio.get_running_loop()
            event = asyncio.Event()

            def work():
                time.sleep(1.3)
                loop.call_soon_threadsafe(event.set)

            threading.Thread(target=work).start()
            await event.wait()
            print("set")

        asyncio.run(main())
        """,
    ),
    program(
        "a reader that waits for a socket pair",
        """
        import asyncio
        import socket
        import threading
        import time

        left, right = socket.socketpair()

        def send():
            time.sleep(1.3)
            left.send(b"hello")

        async def main():
            loop = asyncio.get_running_loop()
            right.setblocking(False)
            print(await loop.sock_recv(right, 10))

        threading.Thread(target=send).start()
        asyncio.run(main())
        """,
    ),
    program(
        "an alarm that comes while everything waits",
        """
        import asyncio
        import signal

        async def main():
            event = asyncio.Event()
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGALRM, event.set)
            signal.setitimer(signal.ITIMER_REAL, 1.3)
            await event.wait()
            print("alarm")

        asyncio.run(main())
        """,
    ),
    program(
        "an executor that works for long",
        """
        import asyncio
        import time

        async def main():
            loop = asyncio.get_running_loop()
            print(await loop.run_in_executor(None, lambda: time.sleep(1.3) or "worked"))

        asyncio.run(main())
        """,
    ),
    program(
        "sleep(0) to be fair",
        """
        import asyncio

        async def count(name):
            for n in range(3):
                print(name, n)
                await asyncio.sleep(0)

        async def main():
            await asyncio.gather(count("a"), count("b"))

        asyncio.run(main())
        """,
    ),
    program(
        "a chunked computation that lets others run",
        """
        import asyncio

        async def compute():
            total = 0
            for start in range(0, 200_000, 20_000):
                total += sum(range(start, start + 20_000))
                await asyncio.sleep(0)
            print(total)

        async def ticker():
            for _ in range(3):
                await asyncio.sleep(0.01)

        async def main():
            await asyncio.gather(compute(), ticker())

        asyncio.run(main())
        """,
    ),
    program(
        "a semaphore bounds the fetches",
        """
        import asyncio

        async def fetch(n, limit):
            async with limit:
                await asyncio.sleep(0.08)
            return n

        async def main():
            limit = asyncio.Semaphore(2)
            print(await asyncio.gather(*(fetch(n, limit) for n in range(6))))

        asyncio.run(main())
        """,
    ),
    program(
        "as they complete",
        """
        import asyncio

        async def fetch(seconds):
            await asyncio.sleep(seconds)
            return seconds

        async def main():
            for next_one in asyncio.as_completed([fetch(0.2), fetch(0.1)]):
                print(await next_one)

        asyncio.run(main())
        """,
    ),
    program(
        "the first wins, the others are cancelled and waited for",
        """
        import asyncio

        async def mirror(seconds):
            await asyncio.sleep(seconds)
            return seconds

        async def main():
            tasks = [asyncio.create_task(mirror(s)) for s in (0.1, 0.3)]
            done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in pending:
                task.cancel()
            await asyncio.wait(pending)
            print(done.pop().result())

        asyncio.run(main())
        """,
    ),
    program(
        "a stream of items read one by one",
        """
        import asyncio

        async def items():
            for n in range(3):
                await asyncio.sleep(0.06)
                yield n

        async def main():
            async for item in items():
                print(item)

        asyncio.run(main())
        """,
    ),
    program(
        "debit, then credit: an order that matters",
        """
        import asyncio

        balance = {"a": 10, "b": 0}

        async def write(account, change):
            await asyncio.sleep(0.06)
            balance[account] += change

        async def main():
            async with asyncio.Lock():
                await write("a", -5)
                assert balance["a"] == 5
                await write("b", 5)
            print(balance)

        asyncio.run(main())
        """,
    ),
    program(
        "many timers of a loop without tasks",
        """
        import asyncio

        loop = asyncio.new_event_loop()
        for n in range(3):
            loop.call_later(0.05 * n, print, n)
        loop.call_later(0.2, loop.stop)
        loop.run_forever()
        loop.close()
        """,
    ),
    program(
        "no asyncio at all",
        """
        def fib(n):
            return n if n < 2 else fib(n - 1) + fib(n - 2)

        print(fib(15))
        """,
    ),
    program(
        "only definitions, and something printed",
        """
        def area(width, height):
            return width * height

        print(area(3, 4))
        """,
    ),
    program(
        "three thousand tasks at once",
        """
        import asyncio
        async def get(n):
            await asyncio.sleep(0.2)
        async def main():
            await asyncio.gather(*(get(n) for n in range(3000)))
        asyncio.run(main())
        """,
    ),
    program(
        "a task cancelled, and its cancellation suppressed by the canceller",
        """
        import asyncio, contextlib
        async def worker():
            while True:
                await asyncio.sleep(0.02)
        async def main():
            t = asyncio.create_task(worker())
            await asyncio.sleep(0.1)
            t.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await t
            print("gone")
        asyncio.run(main())
        """,
    ),
    program(
        "work until an event is set",
        """
        import asyncio
        async def worker(stop):
            while not stop.is_set():
                print("work")
                await asyncio.sleep(0.1)
        async def main():
            stop = asyncio.Event()
            t = asyncio.create_task(worker(stop))
            await asyncio.sleep(0.25)
            stop.set()
            await t
        asyncio.run(main())
        """,
    ),
    program(
        "pages, each named by the one before",
        """
        import asyncio
        async def page(cursor):
            await asyncio.sleep(0.1)
            return cursor + 1 if cursor < 3 else None
        async def main():
            cursor = 0
            while cursor is not None:
                cursor = await page(cursor)
            print("all")
        asyncio.run(main())
        """,
    ),
)
