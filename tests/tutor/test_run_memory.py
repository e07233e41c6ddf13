"""What was just shown is told about without a second run, within a bounded memory."""

import asyncio

from bot.runner.model import Finished, Limits, Line, Outcome, RunRequest, Started
from bot.tutor.run_memory import RunMemory
from tests.processes import until

ONE = RunRequest("print(1)", "main")
EVENTS = (Started(python="3.13.0"), Line(0.1, "1"), Finished(Outcome.OK, 0.1))


async def test_a_run_is_found_by_its_learner_its_code_and_its_limits() -> None:
    memory = RunMemory()
    memory.keep("a", ONE, EVENTS)
    assert memory.find("a", ONE) == EVENTS
    assert memory.find("b", ONE) == ()
    assert memory.find("a", RunRequest("print(2)", "main")) == ()
    assert memory.find("a", RunRequest("print(1)", "main", Limits(threads=1))) == ()


async def test_it_is_kept_for_a_while() -> None:
    now = 0.0
    memory = RunMemory(seconds=900, clock=lambda: now)
    memory.keep("a", ONE, EVENTS)
    now = 899.0
    assert memory.find("a", ONE)
    now = 900.0
    assert not memory.find("a", ONE)


async def test_nothing_stays_longer_though_nobody_asks() -> None:
    memory = RunMemory(seconds=0.05)
    memory.keep("a", ONE, EVENTS)
    await asyncio.sleep(0.02)
    memory.keep("b", ONE, EVENTS)
    assert memory.size > 0
    await until(lambda: memory.size == 0)


async def test_the_oldest_go_where_there_is_no_room() -> None:
    memory = RunMemory(most_bytes=20_000)
    requests = [RunRequest(f"print({number})", "main") for number in range(9)]
    for request in requests:
        memory.keep("a", request, EVENTS)
    kept = [bool(memory.find("a", request)) for request in requests]
    assert kept == sorted(kept)
    assert 3 <= sum(kept) < 9
    memory.keep("a", ONE, (*EVENTS[:2], Line(0.1, "x" * 20_000), EVENTS[2]))
    assert not memory.find("a", ONE)
    for _ in range(50):
        memory.keep("a", requests[-1], EVENTS)
    assert memory.find("a", requests[-1])
    assert memory.find("a", requests[-2])


async def test_a_run_that_was_cut_off_is_not_kept() -> None:
    memory = RunMemory()
    for outcome in (Outcome.REFUSED, Outcome.INTERRUPTED):
        memory.keep("a", ONE, (Started(python="3.13.0"), Finished(outcome, 0.1)))
    memory.keep("a", ONE, EVENTS[:2])
    memory.keep("a", ONE, ())
    assert memory.find("a", ONE) == ()
