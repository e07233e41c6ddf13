"""The same faults as other people write them: each must get the finding that names it."""

from tests.findings.programs import program

FAULTY_VARIANTS = (
    program(
        "methods of one client, one after the other",
        """
        import asyncio

        class Api:
            def __init__(self, delay):
                self.delay = delay

            async def get(self, path):
                await asyncio.sleep(self.delay)
                return f"<{path}>"

            async def load_page(self):
                header = await self.get("/header")
                body = await self.get("/body")
                footer = await self.get("/footer")
                return header + body + footer

        async def main():
            api = Api(0.2)
            page = await api.load_page()
            print(page)

        if __name__ == "__main__":
            asyncio.run(main())
        """,
        ("sequential_awaits", 12),
    ),
    program(
        "two results kept on the object",
        """
        import asyncio

        class Dashboard:
            async def fetch_user(self):
                await asyncio.sleep(0.15)
                return "kim"

            async def fetch_news(self):
                await asyncio.sleep(0.2)
                return ["a", "b"]

            async def load(self):
                self.user = await self.fetch_user()
                self.news = await self.fetch_news()

        async def main():
            d = Dashboard()
            await d.load()
            print(d.user, d.news)

        asyncio.run(main())
        """,
        ("sequential_awaits", 13),
    ),
    program(
        "a session's pages, one by one",
        """
        import asyncio

        class Session:
            async def __aenter__(self):
                await asyncio.sleep(0.01)
                return self
            async def __aexit__(self, *exc):
                await asyncio.sleep(0.01)
            async def get(self, url):
                await asyncio.sleep(0.2)
                return len(url)

        async def fetch(session, url):
            return await session.get(url)

        async def main():
            urls = ["http://a", "http://bb", "http://ccc"]
            async with Session() as session:
                for url in urls:
                    size = await fetch(session, url)
                    print(url, size)

        asyncio.run(main())
        """,
        ("sequential_awaits", 20),
    ),
    program(
        "a gather for each of two",
        """
        import asyncio

        async def task(n):
            await asyncio.sleep(0.2)
            return n

        async def main():
            await asyncio.gather(task(1))
            await asyncio.gather(task(2))

        asyncio.run(main())
        """,
        ("sequential_awaits", 8),
    ),
    program(
        "two awaits in one tuple",
        """
        import asyncio

        async def fetch(n):
            await asyncio.sleep(0.2)
            return n

        async def main():
            a, b = await fetch(1), await fetch(2)
            print(a, b)

        asyncio.run(main())
        """,
        ("sequential_awaits", 8),
    ),
    program(
        "two awaits among the arguments of print",
        """
        import asyncio

        async def get(n):
            await asyncio.sleep(0.2)
            return n

        async def main():
            print(await get(1), await get(2))

        asyncio.run(main())
        """,
        ("sequential_awaits", 8),
    ),
    program(
        "a dictionary's values awaited one by one",
        """
        import asyncio

        async def price(item):
            await asyncio.sleep(0.15)
            return len(item)

        async def main():
            items = ["tea", "coffee", "milk"]
            prices = {item: await price(item) for item in items}
            print(prices)

        asyncio.run(main())
        """,
        ("sequential_awaits", 9),
    ),
    program(
        "coroutines made first, awaited one by one",
        """
        import asyncio

        async def job(n):
            await asyncio.sleep(0.2)
            return n

        async def main():
            coros = [job(n) for n in range(3)]
            results = []
            for coro in coros:
                results.append(await coro)
            print(results)

        asyncio.run(main())
        """,
        ("sequential_awaits", 11),
    ),
    program(
        "two coroutines kept, then awaited in turn",
        """
        import asyncio

        async def job(n):
            await asyncio.sleep(0.2)
            return n

        async def main():
            one = job(1)
            two = job(2)
            print("made both")
            await one
            await two

        asyncio.run(main())
        """,
        ("sequential_awaits", 11),
    ),
    program(
        "a while loop that counts through the pages",
        """
        import asyncio

        async def get(url):
            await asyncio.sleep(0.15)
            return url.upper()

        async def main():
            urls = ["a", "b", "c"]
            i = 0
            while i < len(urls):
                print(await get(urls[i]))
                i += 1

        asyncio.run(main())
        """,
        ("sequential_awaits", 11),
    ),
    program(
        "functions out of a list, called and awaited in turn",
        """
        import asyncio

        async def fetch(n):
            await asyncio.sleep(0.2)
            return n

        async def main():
            fetchers = [fetch, fetch, fetch]
            for i, f in enumerate(fetchers):
                print(await f(i))

        asyncio.run(main())
        """,
        ("sequential_awaits", 10),
    ),
    program(
        "each page in a try of its own",
        """
        import asyncio

        async def get(url):
            await asyncio.sleep(0.15)
            if url == "b":
                raise ValueError(url)
            return url.upper()

        async def main():
            pages = {}
            for url in ["a", "b", "c"]:
                try:
                    pages[url] = await get(url)
                except ValueError as error:
                    print("failed", error)
            print(pages)

        asyncio.run(main())
        """,
        ("sequential_awaits", 13),
    ),
    program(
        "pages appended to what the crawler has",
        """
        import asyncio

        class Crawler:
            def __init__(self):
                self.pages = []

            async def fetch(self, url):
                await asyncio.sleep(0.15)
                return f"page {url}"

            async def crawl(self, urls):
                for url in urls:
                    page = await self.fetch(url)
                    self.pages.append(page)

        async def main():
            crawler = Crawler()
            await crawler.crawl(["a", "b", "c"])
            print(crawler.pages)

        asyncio.run(main())
        """,
        ("sequential_awaits", 13),
    ),
    program(
        "an async generator that awaits before each item",
        """
        import asyncio

        async def fetch(n):
            await asyncio.sleep(0.1)
            return n

        async def pages():
            for n in range(4):
                yield await fetch(n)

        async def main():
            async for page in pages():
                print(page)

        asyncio.run(main())
        """,
        ("sequential_awaits", 9),
    ),
    program(
        "queries behind a decorator that measures them",
        """
        import asyncio, functools, time

        def timed(func):
            @functools.wraps(func)
            async def wrapper(*args, **kwargs):
                started = time.perf_counter()
                try:
                    return await func(*args, **kwargs)
                finally:
                    print(func.__name__, round(time.perf_counter() - started, 1))
            return wrapper

        @timed
        async def query(table):
            await asyncio.sleep(0.2)
            return table

        @timed
        async def main():
            users = await query("users")
            posts = await query("posts")
            print(users, posts)

        asyncio.run(main())
        """,
        ("sequential_awaits", 20),
    ),
    program(
        "names and texts in Korean",
        """
        import asyncio

        async def 가져오기(이름):
            print(f"{이름} 시작")
            await asyncio.sleep(0.2)
            print(f"{이름} 끝")
            return f"{이름} 결과"

        async def 메인():
            첫째 = await 가져오기("첫째")
            둘째 = await 가져오기("둘째")
            print(첫째, 둘째)

        asyncio.run(메인())
        """,
        ("sequential_awaits", 10),
    ),
    program(
        "a blocking function called where it should be handed over",
        """
        import asyncio, time

        def slow(n):
            time.sleep(0.3)
            return lambda: n

        async def main():
            loop = asyncio.get_running_loop()
            a = loop.run_in_executor(None, slow(1))
            b = loop.run_in_executor(None, slow(2))
            print(await a, await b)

        asyncio.run(main())
        """,
        ("blocked_loop", 4),
    ),
    program(
        "a thread's queue, waited for in a coroutine",
        """
        import asyncio, queue, threading, time

        q = queue.Queue()

        def producer():
            for n in range(3):
                time.sleep(0.15)
                q.put(n)

        async def consumer():
            for _ in range(3):
                item = q.get()
                print("got", item)

        async def ticker():
            for _ in range(4):
                print("tick")
                await asyncio.sleep(0.1)

        async def main():
            threading.Thread(target=producer).start()
            await asyncio.gather(ticker(), consumer())

        asyncio.run(main())
        """,
        ("blocked_loop", 12),
    ),
    program(
        "a callback of the loop that sleeps",
        """
        import asyncio, time

        def on_tick():
            print("tick")
            time.sleep(0.3)

        async def main():
            loop = asyncio.get_running_loop()
            loop.call_soon(on_tick)
            loop.call_later(0.1, on_tick)
            await asyncio.sleep(0.5)

        asyncio.run(main())
        """,
        ("blocked_loop", 5),
    ),
    program(
        "a context manager that sleeps at its end",
        """
        import asyncio, time
        from contextlib import contextmanager

        @contextmanager
        def transaction():
            print("begin")
            yield
            time.sleep(0.25)
            print("commit")

        async def save(n):
            with transaction():
                await asyncio.sleep(0.05)

        async def main():
            await asyncio.gather(save(1), save(2))

        asyncio.run(main())
        """,
        ("blocked_loop", 8),
    ),
    program(
        "an async generator that sleeps",
        """
        import asyncio, time

        async def numbers():
            for n in range(3):
                time.sleep(0.15)
                yield n

        async def consume(name):
            async for n in numbers():
                print(name, n)
                await asyncio.sleep(0)

        async def main():
            await asyncio.gather(consume("a"), consume("b"))

        asyncio.run(main())
        """,
        ("blocked_loop", 5),
    ),
    program(
        "a coroutine function given to call_later",
        """
        import asyncio

        async def notify():
            print("notified")

        async def main():
            loop = asyncio.get_running_loop()
            loop.call_later(0.05, notify)
            await asyncio.sleep(0.1)

        asyncio.run(main())
        """,
        ("never_awaited", 8),
    ),
    program(
        "a coroutine function given to to_thread",
        """
        import asyncio

        async def work():
            await asyncio.sleep(0.1)
            return 5

        async def main():
            result = await asyncio.to_thread(work)
            print("got it")

        asyncio.run(main())
        """,
        ("never_awaited", 8),
    ),
    program(
        "a coroutine function as a thread's target",
        """
        import asyncio, threading

        async def work():
            print("never")

        t = threading.Thread(target=work)
        t.start()
        t.join()
        """,
        ("never_awaited", 6),
    ),
    program(
        "a coroutine function given to map",
        """
        import asyncio

        async def work(n):
            return n

        async def main():
            results = list(map(work, [1, 2, 3]))
            print(len(results))

        asyncio.run(main())
        """,
        ("never_awaited", 7),
    ),
    program(
        "a coroutine function called through a dictionary",
        """
        import asyncio

        async def hello():
            print("hello")

        async def main():
            handlers = {"hi": hello}
            handlers["hi"]()
            print("end")

        asyncio.run(main())
        """,
        ("never_awaited", 8),
    ),
    program(
        "two methods of one name, one of them forgotten",
        """
        import asyncio

        class A:
            async def close(self):
                print("a closed")

        class B:
            async def close(self):
                print("b closed")

        async def main():
            a, b = A(), B()
            await a.close()
            b.close()

        asyncio.run(main())
        """,
        ("never_awaited", 14),
    ),
    program(
        "a coroutine made in a lambda",
        """
        import asyncio

        async def job():
            print("job")

        async def main():
            run = lambda: job()
            run()
            print("end")

        asyncio.run(main())
        """,
        ("never_awaited", 7),
    ),
    program(
        "a future's exception that nobody asks for",
        """
        import asyncio

        async def main():
            loop = asyncio.get_running_loop()
            fut = loop.create_future()
            fut.set_exception(RuntimeError("nobody looks"))
            await asyncio.sleep(0.05)
            print("end")

        asyncio.run(main())
        """,
        ("lost_exception", 6),
    ),
    program(
        "a pool's failure that nobody asks for",
        """
        import asyncio

        def work():
            raise OSError("disk")

        async def main():
            loop = asyncio.get_running_loop()
            loop.run_in_executor(None, work)
            await asyncio.sleep(0.1)
            print("end")

        asyncio.run(main())
        """,
        ("lost_exception", 4),
    ),
    program(
        "a shielded task that fails after the timeout",
        """
        import asyncio

        async def save():
            await asyncio.sleep(0.1)
            raise OSError("disk full")

        async def main():
            try:
                await asyncio.wait_for(asyncio.shield(save()), 0.05)
            except asyncio.TimeoutError:
                print("too slow")
            await asyncio.sleep(0.5)

        asyncio.run(main())
        """,
        ("lost_exception", 5),
    ),
    program(
        "a gather that nobody awaits",
        """
        import asyncio

        async def job(n):
            await asyncio.sleep(0.3)
            print(n)

        async def main():
            asyncio.gather(job(1), job(2))
            print("main ends")

        asyncio.run(main())
        """,
        ("unfinished_task", 8),
    ),
    program(
        "a task made in a callback",
        """
        import asyncio

        async def late():
            await asyncio.sleep(1)
            print("late")

        def later():
            asyncio.ensure_future(late())

        async def main():
            asyncio.get_running_loop().call_later(0.02, later)
            await asyncio.sleep(0.1)
            print("end")

        asyncio.run(main())
        """,
        ("unfinished_task", 8),
    ),
    program(
        "a shielded task left behind",
        """
        import asyncio

        async def save():
            await asyncio.sleep(1)
            print("saved")

        async def main():
            try:
                await asyncio.wait_for(asyncio.shield(save()), 0.05)
            except asyncio.TimeoutError:
                print("gave up")

        asyncio.run(main())
        """,
        ("unfinished_task", 9),
    ),
    program(
        "a timeout's cancellation caught and dropped",
        """
        import asyncio

        async def slow():
            try:
                await asyncio.sleep(0.5)
            except asyncio.CancelledError:
                print("ignoring")
            await asyncio.sleep(0.1)
            return "late result"

        async def main():
            try:
                async with asyncio.timeout(0.1):
                    print(await slow())
            except TimeoutError:
                print("timeout")

        asyncio.run(main())
        """,
        ("swallowed_cancellation", 6),
    ),
    program(
        "a wait_for whose coroutine drops the cancellation",
        """
        import asyncio

        async def slow():
            try:
                await asyncio.sleep(0.5)
            except asyncio.CancelledError:
                print("ignoring")
            return "late"

        async def main():
            try:
                print(await asyncio.wait_for(slow(), 0.1))
            except asyncio.TimeoutError:
                print("timeout")

        asyncio.run(main())
        """,
        ("swallowed_cancellation", 6),
    ),
    program(
        "a return in finally",
        """
        import asyncio

        async def worker():
            try:
                await asyncio.sleep(1)
            finally:
                return "swallowed"

        async def main():
            t = asyncio.create_task(worker())
            await asyncio.sleep(0.03)
            t.cancel()
            print(await t)

        asyncio.run(main())
        """,
        ("swallowed_cancellation", 7),
    ),
    program(
        "an __aexit__ that takes everything",
        """
        import asyncio

        class Quiet:
            async def __aenter__(self):
                return self
            async def __aexit__(self, kind, value, tb):
                return True

        async def worker():
            async with Quiet():
                await asyncio.sleep(1)
            print("went on")

        async def main():
            t = asyncio.create_task(worker())
            await asyncio.sleep(0.03)
            t.cancel()
            await t

        asyncio.run(main())
        """,
        ("swallowed_cancellation", 7),
    ),
    program(
        "a thread's lock held over an await, taken by another task",
        """
        import asyncio, threading

        lock = threading.Lock()

        async def first():
            with lock:
                await asyncio.sleep(0.1)
                print("first")

        async def second():
            await asyncio.sleep(0.02)
            with lock:
                print("second")

        async def main():
            await asyncio.gather(first(), second())

        asyncio.run(main())
        """,
        ("deadlock", 12),
    ),
    program(
        "the loop's own thread waits for the loop",
        """
        import asyncio

        async def answer():
            return 42

        async def main():
            loop = asyncio.get_running_loop()
            future = asyncio.run_coroutine_threadsafe(answer(), loop)
            print(future.result())

        asyncio.run(main())
        """,
        ("deadlock", 9),
    ),
    program(
        "a pool of one thread that waits for itself",
        """
        from concurrent.futures import ThreadPoolExecutor

        pool = ThreadPoolExecutor(max_workers=1)

        def inner():
            return 1

        def outer():
            future = pool.submit(inner)
            return future.result()

        print(pool.submit(outer).result())
        """,
        ("deadlock", 10),
    ),
    program(
        "four philosophers",
        """
        import asyncio

        async def philosopher(n, forks):
            async with forks[n]:
                await asyncio.sleep(0.02)
                async with forks[(n + 1) % len(forks)]:
                    print(n, "eats")

        async def main():
            forks = [asyncio.Lock() for _ in range(4)]
            async with asyncio.TaskGroup() as tg:
                for n in range(4):
                    tg.create_task(philosopher(n, forks))

        asyncio.run(main())
        """,
        ("deadlock", 6),
    ),
    program(
        "an event replaced while somebody waits for it",
        """
        import asyncio

        class Gate:
            def __init__(self):
                self.open = asyncio.Event()

        async def guard(gate):
            await asyncio.sleep(0.02)
            gate.open = asyncio.Event()
            gate.open.set()

        async def visitor(gate):
            await gate.open.wait()
            print("in")

        async def main():
            gate = Gate()
            await asyncio.gather(visitor(gate), guard(gate))

        asyncio.run(main())
        """,
        ("deadlock", 13),
    ),
    program(
        "a queue tried again and again",
        """
        import asyncio

        async def producer(q):
            await asyncio.sleep(0.2)
            q.put_nowait("x")

        async def main():
            q = asyncio.Queue()
            t = asyncio.create_task(producer(q))
            while True:
                try:
                    item = q.get_nowait()
                    break
                except asyncio.QueueEmpty:
                    await asyncio.sleep(0.01)
            print(item)
            await t

        asyncio.run(main())
        """,
        ("busy_wait", 15),
    ),
    program(
        "a thread that polls a flag",
        """
        import threading, time

        done = False

        def work():
            global done
            time.sleep(0.2)
            done = True

        t = threading.Thread(target=work)
        t.start()
        while not done:
            time.sleep(0.01)
        t.join()
        print("done")
        """,
        ("busy_wait", 13),
    ),
    program(
        "a loop that counts its own rounds",
        """
        import asyncio

        async def job():
            await asyncio.sleep(0.25)
            return "x"

        async def main():
            t = asyncio.create_task(job())
            spins = 0
            while not t.done():
                spins += 1
                await asyncio.sleep(0)
            print(t.result(), spins > 1)

        asyncio.run(main())
        """,
        ("busy_wait", 12),
    ),
    program(
        "a late timeout whose length has a name",
        """
        import asyncio, time

        LIMIT = 0.5

        async def work():
            await asyncio.sleep(0.01)
            time.sleep(0.9)
            await asyncio.sleep(1)

        async def main():
            try:
                async with asyncio.timeout(LIMIT):
                    await work()
            except TimeoutError:
                print("timeout")

        asyncio.run(main())
        """,
        ("blocked_loop", 7),
        ("late_timeout", 12),
    ),
    program(
        "a timeout_at that comes late",
        """
        import asyncio, time

        async def main():
            loop = asyncio.get_running_loop()
            try:
                async with asyncio.timeout_at(loop.time() + 0.5):
                    await asyncio.sleep(0.01)
                    time.sleep(0.9)
                    await asyncio.sleep(1)
            except TimeoutError:
                print("late")

        asyncio.run(main())
        """,
        ("late_timeout", 6),
        ("blocked_loop", 8),
    ),
    program(
        "tasks made first, gathered, one fails",
        """
        import asyncio

        async def bad():
            await asyncio.sleep(0.02)
            raise OSError("x")

        async def good():
            await asyncio.sleep(3)
            print("good")

        async def main():
            tasks = [asyncio.create_task(bad()), asyncio.create_task(good())]
            await asyncio.gather(*tasks)

        asyncio.run(main())
        """,
        ("cancelled_gather_sibling", None),
    ),
    program(
        "a connection to a host by name",
        """
        import asyncio

        async def main():
            reader, writer = await asyncio.open_connection("example.org", 80)
            writer.close()

        asyncio.run(main())
        """,
        ("refused", 4),
    ),
    program(
        "a file that is read",
        """
        import json

        with open("config.json") as f:
            print(json.load(f))
        """,
        ("refused", 3),
    ),
)
