"""Whether one call needs that another has ended, as the code alone tells it."""

import pytest

from bot.timeline.dependence import Dependence
from bot.timeline.source_code import SourceCode

WORKERS = """
class Client:
    def __init__(self, name, shared=None):
        self.name, self.shared, self.items = name, shared, []
    async def login(self):
        await pause()
        self.token = 1
    async def ask(self):
        await pause()
        return self.token
    async def rename(self):
        await pause()
        self.title = "x"
    async def keep(self, item):
        await pause()
        self.items.append(item)
    async def count(self):
        await pause()
        return len(self.items)

known = {}
narrow, wide = Lock(), Semaphore(5)
wide = Semaphore(5)

async def fetch(name):
    await pause()
    return name

async def learn(name):
    await pause()
    known[name] = 1

async def look():
    await pause()
    return known

async def check(name):
    await pause()
    if not name:
        raise ValueError

async def under(lock):
    async with lock:
        await pause()

async def in_wide():
    async with wide:
        await pause()

async def again(n):
    await pause()
    if n:
        await again(n - 1)

async def ping(n):
    await pause()
    pinged[0] = n
    if n:
        await pong(n - 1)

async def pong(n):
    await pause()
    if n:
        await ping(n - 1)
"""


@pytest.mark.parametrize(
    ("first", "second", "needs"),
    [
        ("a = await fetch(1)", "b = await fetch(2)", False),
        ("a = await fetch(1)", "b = await fetch(a)", True),
        ("self.a = await fetch(1)", "self.b = await fetch(2)", False),
        ("self.a = await fetch(1)", "self.b = await fetch(self.a)", True),
        ("got.append(await fetch(1))", "await fetch(got)", True),
        ("await one.login()", "await one.ask()", True),
        ("await one.login()", "await two.ask()", False),
        ("await one.login()", "await like_one.ask()", True),
        ("await one.login()", "await one.rename()", False),
        ("await one.keep(1)", "await one.keep(2)", False),
        ("await one.keep(1)", "await one.count()", True),
        ("await learn('a')", "await learn('b')", False),
        ("await learn('a')", "await look()", True),
        ("await check(1)", "await fetch(2)", True),
        ("await fetch(1)", "await check(2)", False),
        ("await under(narrow)", "await under(narrow)", True),
        ("await under(narrow)", "await under(other)", False),
        ("await in_wide()", "await in_wide()", False),
        ("await again(3)", "await again(4)", False),
        ("await ping(1)", "await pong(2)", True),
        ("await ping(1)", "await fetch(2)", False),
        ("a = await fetch(1)", "assert a\n    b = await fetch(2)", True),
        ("a = await fetch(1)", "print(a)\n    b = await fetch(2)", False),
        ("a = await fetch(1)", "b = a\n    c = b.d\n    await fetch(c)", True),
        ("await fetch(1)", "try:\n        await fetch(2)\n    finally:\n        print(3)", False),
        ("await one.login()", "if one.token:\n        await fetch(2)", True),
    ],
)
def test_what_needs_the_work_before_it(first: str, second: str, needs: bool) -> None:  # noqa: FBT001 - one of the facts of a case
    assert depends(f"    {first}\n    {second}\n") is needs


def test_what_is_set_up_comes_before_what_is_cleaned_up_after() -> None:
    body = ("await fetch(1)", "try:", "    await fetch(2)", "finally:", "    await fetch(3)")
    assert depends("".join(f"    {line}\n" for line in body), last=1)


@pytest.mark.parametrize("joined", ["or", "and"])
def test_the_second_part_of_a_condition_needs_the_first(joined: str) -> None:
    assert depends(f"    x = (await fetch(1)\n        {joined} await fetch(2))\n")


def test_code_that_is_nested_too_deep_may_change_anything() -> None:
    deep = "+".join(["x"] * 2_000)
    code = f"async def f(x):\n    y = {deep}\n\nasync def main():\n    await f(1)\n    await f(2)\n"
    source = SourceCode.parse(code)
    assert source is not None
    first, second = source.awaits_at(5)[0], source.awaits_at(6)[0]
    assert Dependence(source).depends(first, second)


def depends(body: str, last: int = -1) -> bool:
    """Tell whether the last work of a function's body, or another, needs the first."""
    head = (
        f"{WORKERS}\nasync def main(self, got, other):\n"
        "    two = Client('two')\n    one = Client('one')\n    like_one = Client('it', one)\n"
    )
    code = head + body
    source = SourceCode.parse(code)
    assert source is not None
    lines = range(head.count("\n") + 1, code.count("\n") + 1)
    sites = [site for line in lines for site in source.awaits_at(line) if site.line == line]
    return Dependence(source).depends(sites[0], sites[last])
