"""Programs with a fault: each must get the finding that names it, at its line."""

from tests.findings.programs import program

FAULTY = (
    program(
        "two fetches, one after the other",
        """
        import asyncio

        async def fetch(name):
            await asyncio.sleep(0.2)
            return name

        async def main():
            a = await fetch("a")
            b = await fetch("b")
            print(a, b)

        asyncio.run(main())
        """,
        ("sequential_awaits", 8),
    ),
    program(
        "create_task awaited line by line",
        """
        import asyncio

        async def work(seconds):
            await asyncio.sleep(seconds)
            print("worked", seconds)

        async def main():
            await asyncio.create_task(work(0.2))
            await asyncio.create_task(work(0.3))

        asyncio.run(main())
        """,
        ("sequential_awaits", 8),
    ),
    program(
        "a loop of fetches whose results are gathered in a list",
        """
        import asyncio

        async def fetch(n):
            await asyncio.sleep(0.15)
            return n * n

        async def main():
            squares = []
            for n in range(4):
                squares.append(await fetch(n))
            print(squares)

        asyncio.run(main())
        """,
        ("sequential_awaits", 10),
    ),
    program(
        "a comprehension that awaits one by one",
        """
        import asyncio

        async def fetch(n):
            await asyncio.sleep(0.15)
            return n

        async def main():
            print([await fetch(n) for n in range(3)])

        asyncio.run(main())
        """,
        ("sequential_awaits", 8),
    ),
    program(
        "three pages for a dictionary",
        """
        import asyncio

        async def page(name):
            await asyncio.sleep(0.1)
            return len(name)

        async def main():
            pages = {}
            pages["home"] = await page("home")
            pages["about"] = await page("about")
            pages["news"] = await page("news")
            print(pages)

        asyncio.run(main())
        """,
        ("sequential_awaits", 9),
    ),
    program(
        "two threads' worth of work, one after the other",
        """
        import asyncio
        import time

        def read(name):
            time.sleep(0.5)
            return name

        async def main():
            first = await asyncio.to_thread(read, "first")
            second = await asyncio.to_thread(read, "second")
            print(first, second)

        asyncio.run(main())
        """,
        ("sequential_awaits", 9),
    ),
    program(
        "coffee and toast",
        """
        import asyncio

        async def coffee():
            print("coffee: start")
            await asyncio.sleep(0.3)
            print("coffee: ready")

        async def toast():
            print("toast: start")
            await asyncio.sleep(0.2)
            print("toast: ready")

        async def breakfast():
            await coffee()
            await toast()

        asyncio.run(breakfast())
        """,
        ("sequential_awaits", 14),
    ),
    program(
        "time.sleep in a coroutine",
        """
        import asyncio
        import time

        async def work(name):
            print(name, "starts")
            time.sleep(0.3)
            print(name, "ends")

        async def main():
            await asyncio.gather(work("a"), work("b"))

        asyncio.run(main())
        """,
        ("blocked_loop", 6),
    ),
    program(
        "computing in a coroutine beside a ticker",
        """
        import asyncio

        async def ticker():
            for _ in range(5):
                print("tick")
                await asyncio.sleep(0.05)

        async def compute():
            total = 0
            for n in range(9_000_000):
                total += n
            print(total)

        async def main():
            await asyncio.gather(ticker(), compute())

        asyncio.run(main())
        """,
        ("blocked_loop", None),
    ),
    program(
        "a lock of threads, waited for in a coroutine",
        """
        import asyncio
        import threading
        import time

        lock = threading.Lock()

        def hold():
            with lock:
                time.sleep(0.4)

        async def main():
            thread = threading.Thread(target=hold)
            thread.start()
            await asyncio.sleep(0.05)
            with lock:
                print("got it")
            thread.join()

        async def ticker():
            for _ in range(3):
                await asyncio.sleep(0.1)
                print("tick")

        async def both():
            await asyncio.gather(main(), ticker())

        asyncio.run(both())
        """,
        ("blocked_loop", 15),
    ),
    program(
        "time.sleep deep in a helper",
        """
        import asyncio
        import time

        def save(item):
            time.sleep(0.2)

        async def handle(item):
            await asyncio.sleep(0.01)
            save(item)
            print("handled", item)

        async def main():
            await asyncio.gather(*(handle(n) for n in range(3)))

        asyncio.run(main())
        """,
        ("blocked_loop", 5),
    ),
    program(
        "a future's result waited for in a coroutine",
        """
        import asyncio
        import time
        from concurrent.futures import ThreadPoolExecutor

        async def main():
            with ThreadPoolExecutor() as pool:
                future = pool.submit(time.sleep, 0.5)
                future.result()
            print("done")

        async def ticker():
            await asyncio.sleep(0.1)
            print("tick")

        async def both():
            await asyncio.gather(main(), ticker())

        asyncio.run(both())
        """,
        ("blocked_loop", 8),
    ),
    program(
        "a coroutine called and forgotten",
        """
        import asyncio

        async def greet():
            print("hello")

        async def main():
            greet()
            print("done")

        asyncio.run(main())
        """,
        ("never_awaited", 7),
    ),
    program(
        "asyncio.sleep without await",
        """
        import asyncio

        async def main():
            print("one")
            asyncio.sleep(1)
            print("two")

        asyncio.run(main())
        """,
        ("never_awaited", 5),
    ),
    program(
        "a coroutine kept in a variable and never awaited",
        """
        import asyncio

        async def fetch():
            await asyncio.sleep(0.1)
            return 3

        async def main():
            result = fetch()
            print("got something")

        asyncio.run(main())
        """,
        ("never_awaited", 8),
    ),
    program(
        "async method called without await",
        """
        import asyncio

        class Client:
            async def close(self):
                print("closed")

        async def main():
            client = Client()
            print("working")
            client.close()

        asyncio.run(main())
        """,
        ("never_awaited", 10),
    ),
    program(
        "main called and not run",
        """
        import asyncio

        async def main():
            print("never seen")

        main()
        """,
        ("never_awaited", 6),
    ),
    program(
        "a background task that fails unseen",
        """
        import asyncio

        async def job():
            await asyncio.sleep(0.05)
            raise ValueError("no such page")

        async def main():
            task = asyncio.create_task(job())
            await asyncio.sleep(0.2)
            print("all fine")

        asyncio.run(main())
        """,
        ("lost_exception", 5),
    ),
    program(
        "wait, and the result not looked at",
        """
        import asyncio

        async def job(n):
            await asyncio.sleep(0.05)
            if n == 1:
                raise KeyError(n)

        async def main():
            tasks = [asyncio.create_task(job(n)) for n in range(3)]
            await asyncio.wait(tasks)
            print("waited")

        asyncio.run(main())
        """,
        ("lost_exception", 6),
    ),
    program(
        "a done callback that does not ask",
        """
        import asyncio

        async def job():
            return 1 / 0

        async def main():
            task = asyncio.create_task(job())
            task.add_done_callback(lambda _: print("over"))
            await asyncio.sleep(0.1)

        asyncio.run(main())
        """,
        ("lost_exception", 4),
    ),
    program(
        "main ends before its task",
        """
        import asyncio

        async def save():
            await asyncio.sleep(0.5)
            print("saved")

        async def main():
            asyncio.create_task(save())
            print("main ends")

        asyncio.run(main())
        """,
        ("unfinished_task", 8),
    ),
    program(
        "two of three workers left behind",
        """
        import asyncio

        async def worker(n):
            await asyncio.sleep(0.1 * n)
            print("worker", n)

        async def main():
            tasks = [asyncio.create_task(worker(n)) for n in (1, 5, 6)]
            await tasks[0]

        asyncio.run(main())
        """,
        ("unfinished_task", 8),
    ),
    program(
        "a loop closed with a task pending",
        """
        import asyncio

        async def forever():
            await asyncio.sleep(3)

        async def short():
            await asyncio.sleep(0.05)

        loop = asyncio.new_event_loop()
        task = loop.create_task(forever())
        loop.run_until_complete(short())
        loop.close()
        del task
        print("closed")
        """,
        ("unfinished_task", 10),
    ),
    program(
        "except CancelledError and go on",
        """
        import asyncio

        async def worker():
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                print("ignored")
            print("still here")

        async def main():
            task = asyncio.create_task(worker())
            await asyncio.sleep(0.05)
            task.cancel()
            await task

        asyncio.run(main())
        """,
        ("swallowed_cancellation", 6),
    ),
    program(
        "a bare except around an await",
        """
        import asyncio

        async def poll():
            while True:
                try:
                    await asyncio.sleep(0.05)
                    print("poll")
                except:
                    print("error, trying again")
                    return

        async def main():
            task = asyncio.create_task(poll())
            await asyncio.sleep(0.12)
            task.cancel()
            await asyncio.gather(task)
            print("cancelled?", task.cancelled())

        asyncio.run(main())
        """,
        ("swallowed_cancellation", 8),
    ),
    program(
        "except BaseException in a worker",
        """
        import asyncio

        async def worker():
            try:
                await asyncio.Event().wait()
            except BaseException as error:
                print("stopped by", type(error).__name__)

        async def main():
            task = asyncio.create_task(worker())
            await asyncio.sleep(0.05)
            task.cancel()
            await asyncio.sleep(0.05)

        asyncio.run(main())
        """,
        ("swallowed_cancellation", 6),
    ),
    program(
        "two locks taken in the other order",
        """
        import asyncio

        async def move(first, second, name):
            async with first:
                await asyncio.sleep(0.05)
                async with second:
                    print(name, "moved")

        async def main():
            a, b = asyncio.Lock(), asyncio.Lock()
            await asyncio.gather(move(a, b, "one"), move(b, a, "two"))

        asyncio.run(main())
        """,
        ("deadlock", 6),
    ),
    program(
        "the same lock twice",
        """
        import asyncio

        lock = asyncio.Lock()

        async def inner():
            async with lock:
                print("inner")

        async def outer():
            async with lock:
                await inner()

        asyncio.run(outer())
        """,
        ("deadlock", 6),
    ),
    program(
        "Queue.join without task_done",
        """
        import asyncio

        async def worker(queue):
            while True:
                item = await queue.get()
                print("item", item)

        async def main():
            queue = asyncio.Queue()
            task = asyncio.create_task(worker(queue))
            for n in range(2):
                queue.put_nowait(n)
            await queue.join()
            task.cancel()

        asyncio.run(main())
        """,
        ("deadlock", 13),
    ),
    program(
        "an event that nobody sets",
        """
        import asyncio

        async def main():
            ready = asyncio.Event()
            print("waiting")
            await ready.wait()

        asyncio.run(main())
        """,
        ("deadlock", 6),
    ),
    program(
        "a queue that nobody fills",
        """
        import asyncio

        async def consumer(queue):
            print(await queue.get())

        async def main():
            queue = asyncio.Queue()
            await asyncio.gather(consumer(queue), consumer(queue))

        asyncio.run(main())
        """,
        ("deadlock", 4),
    ),
    program(
        "two threads' locks taken in the other order",
        """
        import threading
        import time

        a, b = threading.Lock(), threading.Lock()

        def move(first, second):
            with first:
                time.sleep(0.5)
                with second:
                    print("moved")

        one = threading.Thread(target=move, args=(a, b))
        two = threading.Thread(target=move, args=(b, a))
        one.start()
        two.start()
        one.join()
        two.join()
        """,
        ("deadlock", 9),
    ),
    program(
        "a task that awaits the one that awaits it",
        """
        import asyncio

        async def wait_for_other(tasks, other):
            await asyncio.sleep(0)
            await asyncio.wait([tasks[other]])

        async def main():
            tasks = {}
            tasks["a"] = asyncio.create_task(wait_for_other(tasks, "b"))
            tasks["b"] = asyncio.create_task(wait_for_other(tasks, "a"))
            await asyncio.gather(*tasks.values())

        asyncio.run(main())
        """,
        ("deadlock", 5),
    ),
    program(
        "spinning on sleep(0) until a flag is set",
        """
        import asyncio

        done = False

        async def setter():
            global done
            await asyncio.sleep(0.2)
            done = True

        async def main():
            task = asyncio.create_task(setter())
            while not done:
                await asyncio.sleep(0)
            await task
            print("done")

        asyncio.run(main())
        """,
        ("busy_wait", 13),
    ),
    program(
        "polling a task every few milliseconds",
        """
        import asyncio

        async def job():
            await asyncio.sleep(0.3)

        async def main():
            task = asyncio.create_task(job())
            while not task.done():
                await asyncio.sleep(0.002)
            print("done")

        asyncio.run(main())
        """,
        ("busy_wait", 9),
    ),
    program(
        "a hog that is ready for long",
        """
        import asyncio

        async def hog():
            for _ in range(150):
                sum(range(100_000))
                await asyncio.sleep(0)

        async def main():
            await asyncio.gather(*(hog() for _ in range(3)))
            print("done")

        asyncio.run(main())
        """,
        ("starved", None),
    ),
    program(
        "a timeout that a blocking call makes late",
        """
        import asyncio
        import time

        async def work():
            await asyncio.sleep(0.01)
            time.sleep(0.9)
            await asyncio.sleep(1)

        async def main():
            try:
                async with asyncio.timeout(0.5):
                    await work()
            except TimeoutError:
                print("timed out")

        asyncio.run(main())
        """,
        ("late_timeout", 11),
    ),
    program(
        "gather fails, and its sibling is cancelled at the end",
        """
        import asyncio

        async def fails():
            await asyncio.sleep(0.05)
            raise ValueError("no")

        async def saves():
            await asyncio.sleep(3)
            print("saved")

        async def main():
            await asyncio.gather(fails(), saves())

        asyncio.run(main())
        """,
        ("cancelled_gather_sibling", 12),
    ),
    program(
        "a server on loopback",
        """
        import asyncio

        async def handle(reader, writer):
            writer.close()

        async def main():
            server = await asyncio.start_server(handle, "127.0.0.1", 8888)
            print(server)

        asyncio.run(main())
        """,
        ("refused", 7),
    ),
    program(
        "a file that is written",
        """
        with open("notes.txt", "w") as file:
            file.write("hello")
        """,
        ("refused", 1),
    ),
    program(
        "a package that is not here",
        """
        import asyncio
        import aiohttp

        async def main():
            async with aiohttp.ClientSession() as session:
                print(await session.get("https://example.org"))

        asyncio.run(main())
        """,
        ("refused", 2),
    ),
    program(
        "input in a coroutine",
        """
        import asyncio

        async def main():
            name = input("Your name? ")
            print("hello", name)

        asyncio.run(main())
        """,
        ("refused", 4),
    ),
    program(
        "only definitions",
        """
        import asyncio

        async def main():
            await asyncio.sleep(1)
            print("done")
        """,
        ("nothing_ran", None),
    ),
    program(
        "a task made and awaited in each round",
        """
        import asyncio
        async def job(n):
            await asyncio.sleep(0.2)
            print("done", n)
        async def main():
            for n in range(3):
                task = asyncio.create_task(job(n))
                await task
        asyncio.run(main())
        """,
        ("sequential_awaits", 8),
    ),
    program(
        "two waits with a limit, one after the other",
        """
        import asyncio
        async def load(n):
            await asyncio.sleep(0.3)
            return n
        async def main():
            first = await asyncio.wait_for(load(1), 2)
            second = await asyncio.wait_for(load(2), 2)
            print(first + second)
        asyncio.run(main())
        """,
        ("sequential_awaits", 6),
    ),
    program(
        "a worker that suppresses its cancellation",
        """
        import asyncio, contextlib
        async def worker():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(1)
            await asyncio.sleep(0.1)
            print("goes on")
        async def main():
            t = asyncio.create_task(worker())
            await asyncio.sleep(0.05)
            t.cancel()
            await t
        asyncio.run(main())
        """,
        ("swallowed_cancellation", 3),
    ),
    program(
        "a queue asked again and again whether it is empty",
        """
        import asyncio
        async def producer(q):
            for n in range(2):
                await asyncio.sleep(0.15)
                q.put_nowait(n)
        async def main():
            q = asyncio.Queue()
            t = asyncio.create_task(producer(q))
            got = 0
            while got < 2:
                if q.empty():
                    await asyncio.sleep(0.001)
                    continue
                print(q.get_nowait())
                got += 1
            await t
        asyncio.run(main())
        """,
        ("busy_wait", 12),
    ),
    program(
        "a timeout whose block holds the loop from its start",
        """
        import asyncio, time
        async def slow():
            time.sleep(0.6)
            await asyncio.sleep(0.1)
        async def main():
            try:
                async with asyncio.timeout(0.2):
                    await slow()
            except TimeoutError:
                print("too late")
        asyncio.run(main())
        """,
        ("late_timeout", 7),
        ("blocked_loop", 3),
    ),
)
