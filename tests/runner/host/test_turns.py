"""Those who have much to say take turns, and the loop does other things in between."""

import asyncio
import time

from bot.runner.host.turns import Turns


async def test_they_are_called_in_the_order_in_which_they_asked() -> None:
    turns, called, done = Turns(), [], asyncio.Event()
    for number in range(5):
        turns.ask(lambda number=number: called.append(number))  # type: ignore[misc] # a default binds it
    turns.ask(done.set)
    await asyncio.wait_for(done.wait(), 5)
    assert called == [0, 1, 2, 3, 4]


async def test_the_loop_goes_round_while_they_read() -> None:
    turns, done, rounds = Turns(), asyncio.Event(), 0

    def read() -> None:
        end = time.perf_counter() + 0.002
        while time.perf_counter() < end:
            pass

    for _ in range(50):
        turns.ask(read)
    turns.ask(done.set)
    while not done.is_set():
        rounds += 1
        await asyncio.sleep(0)
    assert rounds > 10


async def test_one_who_asks_again_comes_last() -> None:
    turns, called, done = Turns(), [], asyncio.Event()

    def greedy() -> None:
        called.append("greedy")
        if len(called) < 6:
            turns.ask(greedy)
        else:
            done.set()

    turns.ask(greedy)
    turns.ask(lambda: called.append("other"))
    await asyncio.wait_for(done.wait(), 5)
    assert called[:3] == ["greedy", "other", "greedy"]
