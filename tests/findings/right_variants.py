"""Right programs that look like faulty ones, as other people write them."""

from tests.findings.programs import program

RIGHT_VARIANTS = (
    program(
        "a token that the first call keeps for the second",
        """
        import asyncio

        class Client:
            def __init__(self):
                self.token = None
            async def login(self):
                await asyncio.sleep(0.1)
                self.token = "t"
            async def fetch(self):
                await asyncio.sleep(0.1)
                return self.token + "!"

        async def main():
            c = Client()
            await c.login()
            print(await c.fetch())

        asyncio.run(main())
        """,
    ),
    program(
        "a list that one fills and the next reads",
        """
        import asyncio

        async def produce(items):
            await asyncio.sleep(0.1)
            items.append(3)

        async def consume(items):
            await asyncio.sleep(0.1)
            print(items.pop())

        async def main():
            items = []
            await produce(items)
            await consume(items)

        asyncio.run(main())
        """,
    ),
    program(
        "a set that one adds to and the next asks",
        """
        import asyncio

        users = set()

        async def register(name):
            await asyncio.sleep(0.1)
            users.add(name)

        async def greet(name):
            await asyncio.sleep(0.1)
            if name in users:
                print("hello", name)

        async def main():
            await register("kim")
            await greet("kim")

        asyncio.run(main())
        """,
    ),
    program(
        "a cache that one updates and the next reads",
        """
        import asyncio

        cache = {}

        async def warm():
            await asyncio.sleep(0.1)
            cache.update(a=1)

        async def show():
            await asyncio.sleep(0.1)
            print(cache["a"])

        async def main():
            await warm()
            await show()

        asyncio.run(main())
        """,
    ),
    program(
        "an event that the first sets and the next waits for",
        """
        import asyncio

        async def open_gate(gate):
            await asyncio.sleep(0.1)
            gate.set()

        async def walk(gate):
            await gate.wait()
            await asyncio.sleep(0.1)
            print("through")

        async def main():
            gate = asyncio.Event()
            await open_gate(gate)
            await walk(gate)

        asyncio.run(main())
        """,
    ),
    program(
        "a queue filled, then drained",
        """
        import asyncio

        async def fill(q):
            for n in range(3):
                await asyncio.sleep(0.03)
                await q.put(n)

        async def drain(q):
            while not q.empty():
                print(await q.get())
                await asyncio.sleep(0.03)

        async def main():
            q = asyncio.Queue()
            await fill(q)
            await drain(q)

        asyncio.run(main())
        """,
    ),
    program(
        "steps announced one by one",
        """
        import asyncio

        async def step(text):
            print(text)
            await asyncio.sleep(0.1)

        async def main():
            await step("three")
            await step("two")
            await step("one")
            print("go")

        asyncio.run(main())
        """,
    ),
    program(
        "letters typed one by one",
        """
        import asyncio

        async def typed(text):
            for c in text:
                print(c, end="", flush=True)
                await asyncio.sleep(0.03)
            print()

        async def main():
            await typed("hello")
            await typed("world")

        asyncio.run(main())
        """,
    ),
    program(
        "a check that may raise, then the saving",
        """
        import asyncio

        async def validate(user):
            await asyncio.sleep(0.1)
            if not user:
                raise ValueError("empty")

        async def save(user):
            await asyncio.sleep(0.1)
            print("saved", user)

        async def main():
            user = "kim"
            await validate(user)
            await save(user)

        asyncio.run(main())
        """,
    ),
    program(
        "the statements of a transaction",
        """
        import asyncio

        class Tx:
            def __init__(self): self.log = []
            async def execute(self, sql):
                await asyncio.sleep(0.05)
                self.log.append(sql)

        async def main():
            tx = Tx()
            await tx.execute("begin")
            await tx.execute("insert")
            await tx.execute("commit")
            print(tx.log)

        asyncio.run(main())
        """,
    ),
    program(
        "lines written, then read",
        """
        import asyncio

        class File:
            def __init__(self): self.data = []; self.pos = 0
            async def write(self, line):
                await asyncio.sleep(0.03)
                self.data.append(line)
            async def read(self):
                await asyncio.sleep(0.03)
                self.pos += 1
                return self.data[self.pos - 1]

        async def main():
            f = File()
            for n in range(3):
                await f.write(f"line {n}")
            print(await f.read())
            print(await f.read())

        asyncio.run(main())
        """,
    ),
    program(
        "a while loop that tries until it works",
        """
        import asyncio, random

        async def attempt(n):
            await asyncio.sleep(0.05)
            return n >= 2

        async def main():
            n = 0
            while not await attempt(n):
                n += 1
                print("again", n)
            print("done")

        asyncio.run(main())
        """,
    ),
    program(
        "pages by a cursor",
        """
        import asyncio

        async def page(cursor):
            await asyncio.sleep(0.08)
            return [cursor], cursor + 1 if cursor < 3 else None

        async def main():
            cursor, items = 0, []
            while cursor is not None:
                got, cursor = await page(cursor)
                items += got
            print(items)

        asyncio.run(main())
        """,
    ),
    program(
        "a ticker while a task works",
        """
        import asyncio

        async def job():
            await asyncio.sleep(0.3)
            return 7

        async def main():
            task = asyncio.create_task(job())
            while not task.done():
                print("working...")
                await asyncio.sleep(0.1)
            print(task.result())

        asyncio.run(main())
        """,
    ),
    program(
        "tasks started together, awaited in turn",
        """
        import asyncio

        async def job(n):
            await asyncio.sleep(0.1)
            return n

        async def main():
            tasks = [asyncio.create_task(job(n)) for n in range(4)]
            for t in tasks:
                print(await t)

        asyncio.run(main())
        """,
    ),
    program(
        "tasks in a dictionary, awaited in turn",
        """
        import asyncio

        async def job(n):
            await asyncio.sleep(0.1)
            return n

        async def main():
            tasks = {}
            for name in "abc":
                tasks[name] = asyncio.create_task(job(name))
            results = {}
            for name, task in tasks.items():
                results[name] = await task
            print(results)

        asyncio.run(main())
        """,
    ),
    program(
        "a pool's futures, awaited in turn",
        """
        import asyncio, time

        def slow(n):
            time.sleep(0.15)
            return n

        async def main():
            loop = asyncio.get_running_loop()
            futs = [loop.run_in_executor(None, slow, n) for n in range(3)]
            for f in futs:
                print(await f)

        asyncio.run(main())
        """,
    ),
    program(
        "work of its own while a task runs",
        """
        import asyncio

        async def download():
            await asyncio.sleep(0.2)
            return "data"

        async def prepare():
            await asyncio.sleep(0.1)
            return "ready"

        async def main():
            task = asyncio.create_task(download())
            state = await prepare()
            data = await task
            print(state, data)

        asyncio.run(main())
        """,
    ),
    program(
        "the same program run twice",
        """
        import asyncio, time

        async def fetch(n):
            await asyncio.sleep(0.1)
            return n

        async def concurrent():
            return await asyncio.gather(fetch(1), fetch(2))

        start = time.perf_counter()
        asyncio.run(concurrent())
        print("one", round(time.perf_counter() - start, 1))
        start = time.perf_counter()
        asyncio.run(concurrent())
        print("two", round(time.perf_counter() - start, 1))
        """,
    ),
    program(
        "gathers of two at a time",
        """
        import asyncio

        async def fetch(n):
            await asyncio.sleep(0.08)
            return n

        async def main():
            urls = list(range(6))
            for i in range(0, len(urls), 2):
                print(await asyncio.gather(*(fetch(u) for u in urls[i:i + 2])))

        asyncio.run(main())
        """,
    ),
    program(
        "waits with a limit until told to stop",
        """
        import asyncio

        async def server(stop):
            served = 0
            while not stop.is_set():
                try:
                    await asyncio.wait_for(stop.wait(), 0.05)
                except asyncio.TimeoutError:
                    served += 1
            print("served", served > 1)

        async def main():
            stop = asyncio.Event()
            asyncio.get_running_loop().call_later(0.2, stop.set)
            await server(stop)

        asyncio.run(main())
        """,
    ),
    program(
        "attempts with a limit each",
        """
        import asyncio

        async def call(n):
            await asyncio.sleep(0.2 if n == 0 else 0.02)
            return n

        async def main():
            for attempt in range(3):
                try:
                    print(await asyncio.wait_for(call(attempt), 0.1))
                    break
                except asyncio.TimeoutError:
                    print("retry")

        asyncio.run(main())
        """,
    ),
    program(
        "a light that changes its colour",
        """
        import asyncio

        class Light:
            color = "red"
            async def change(self, color):
                await asyncio.sleep(0.05)
                self.color = color
                print(color)

        async def main():
            light = Light()
            for color in ("green", "yellow", "red"):
                await light.change(color)

        asyncio.run(main())
        """,
    ),
    program(
        "a robot that moves and reports",
        """
        import asyncio

        class Robot:
            def __init__(self): self.x = 0
            async def move(self, dx):
                await asyncio.sleep(0.05)
                self.x += dx
            async def report(self):
                await asyncio.sleep(0.05)
                print("at", self.x)

        async def main():
            r = Robot()
            await r.move(2)
            await r.report()
            await r.move(3)
            await r.report()

        asyncio.run(main())
        """,
    ),
    program(
        "two items asked for in turn",
        """
        import asyncio

        async def gen():
            for n in range(3):
                await asyncio.sleep(0.05)
                yield n

        async def main():
            it = aiter(gen())
            a = await anext(it)
            b = await anext(it)
            print(a, b)

        asyncio.run(main())
        """,
    ),
    program(
        "lines written under one lock",
        """
        import asyncio

        lock = asyncio.Lock()
        log = []

        async def write(text):
            async with lock:
                await asyncio.sleep(0.05)
                log.append(text)

        async def main():
            await write("first")
            await write("second")
            print(log)

        asyncio.run(main())
        """,
    ),
    program(
        "a package that it does without",
        """
        try:
            import uvloop
        except ImportError:
            uvloop = None
        print("loop:", uvloop)
        """,
    ),
    program(
        "a call that replaces the one before",
        """
        import asyncio

        class Debounce:
            def __init__(self): self.task = None
            def call(self, value):
                if self.task:
                    self.task.cancel()
                self.task = asyncio.create_task(self.fire(value))
            async def fire(self, value):
                await asyncio.sleep(0.05)
                print("fired", value)

        async def main():
            d = Debounce()
            for v in range(3):
                d.call(v)
                await asyncio.sleep(0.01)
            await d.task

        asyncio.run(main())
        """,
    ),
    program(
        "a loop in a thread, used from outside",
        """
        import asyncio, threading

        def run_loop(loop):
            asyncio.set_event_loop(loop)
            loop.run_forever()

        async def job(n):
            await asyncio.sleep(0.1)
            return n * 2

        loop = asyncio.new_event_loop()
        t = threading.Thread(target=run_loop, args=(loop,), daemon=True)
        t.start()
        futures = [asyncio.run_coroutine_threadsafe(job(n), loop) for n in range(3)]
        print([f.result() for f in futures])
        loop.call_soon_threadsafe(loop.stop)
        t.join()
        loop.close()
        """,
    ),
    program(
        "background tasks whose failures a callback takes",
        """
        import asyncio

        background = set()

        async def log(n):
            await asyncio.sleep(0.05)
            if n == 1:
                raise ValueError("log failed")

        def done(task):
            background.discard(task)
            if not task.cancelled() and task.exception():
                print("background failed:", task.exception())

        async def main():
            for n in range(3):
                t = asyncio.create_task(log(n))
                background.add(t)
                t.add_done_callback(done)
            while background:
                await asyncio.wait(background)
            print("end")

        asyncio.run(main())
        """,
    ),
)
