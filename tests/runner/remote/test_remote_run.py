"""A run as its front sees it: what arrives, in which order, and what does not."""

import asyncio
from contextlib import aclosing

import pytest

from bot.errors import SandboxError
from bot.runner.model import Event, Finished, Limits, Line, Outcome, RunRequest, Started
from bot.runner.remote.messages import (
    FromRun,
    Rules,
    ToRun,
    batch,
    encode,
    encode_event,
    encode_trouble,
)
from bot.runner.remote.remote_run import LostRunError, RemoteRun

RULES = Rules(answer=0.05, credit=4)
ACCEPTED = encode(FromRun(n=0, answer="accepted"))
END = Finished(Outcome.OK, 1.0)


class Front:
    """A run, and what its worker was told."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.told: list[ToRun] = []
        self.run = RemoteRun(
            "0" * 32, "one.00000001", RunRequest("", limits=Limits()), rules=rules, tell=self._tell
        )

    async def _tell(self, control: ToRun) -> None:
        self.told.append(control)

    def take(self, number: int, *events: Event) -> None:
        self.run.take(batch(number, [encode_event(event) for event in events]))

    async def events(self) -> list[Event]:
        async with aclosing(self.run.events()) as events:
            return [event async for event in events]


async def test_batches_come_in_order_and_end_once() -> None:
    front = Front()
    front.run.take(ACCEPTED)
    assert await front.run.answered() == "accepted"
    front.take(1, Started(), Line(0.1, "a"))
    front.take(2, END)
    assert await front.events() == [Started(), Line(0.1, "a"), END]
    await front.run.leave()
    assert front.told == [], "an ended run needs no cancellation"


async def test_what_is_said_twice_counts_once() -> None:
    front = Front()
    for _ in range(2):
        front.run.take(ACCEPTED)
    for _ in range(2):
        front.take(1, Started())
    for _ in range(2):
        front.take(2, END)
    assert await front.events() == [Started(), END]


async def test_a_worker_that_never_answers_is_not_waited_for() -> None:
    front = Front()
    assert await front.run.answered() is None
    await front.run.leave()
    assert [it.cancel for it in front.told] == [True]
    front.run.take(ACCEPTED)
    front.take(1, Started())
    with pytest.raises(LostRunError):
        await front.events()


async def test_a_gap_loses_the_run() -> None:
    front = Front()
    front.take(1, Started())
    front.take(3, END)
    with pytest.raises(LostRunError, match="got lost"):
        await front.events()


async def test_a_heartbeat_tells_of_a_batch_that_got_lost() -> None:
    front = Front()
    front.take(1, Started())
    front.run.take(batch(2, []))
    with pytest.raises(LostRunError, match="got lost"):
        await front.events()


async def test_silence_loses_the_run_and_a_heartbeat_does_not() -> None:
    front = Front()
    for _ in range(6):
        front.run.tick()
    front.run.take(batch(0, []))
    for _ in range(6):
        front.run.tick()
    front.take(1, Started())
    async with aclosing(front.run.events()) as events:
        assert await anext(events) == Started()
        for _ in range(7):
            front.run.tick()
        with pytest.raises(LostRunError, match="nothing was heard"):
            await anext(events)


async def test_a_worker_that_floods_past_its_credit_is_found_out() -> None:
    front = Front()
    for number in range(1, 6):
        front.take(number, Line(0.0, "flood"))
    assert "credit" in front.run.broken
    with pytest.raises(LostRunError, match="broke the protocol"):
        await front.events()


async def test_credit_follows_the_reader_and_not_the_worker() -> None:
    front = Front()
    for number in range(1, 5):
        front.take(number, Line(0.0, str(number)))
    assert front.told == [], "nothing is read yet"
    async with aclosing(front.run.events()) as events:
        for _ in range(4):
            await anext(events)
        reading = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        assert [it.credit for it in front.told] == [6, 8]
        front.take(5, END)
        assert await reading == END


@pytest.mark.parametrize("data", [b"", b"{}", b'{"n":1,"events":[["line",{}]]}', b"\xff" * 100])
async def test_nonsense_ends_the_run_and_names_the_worker(data: bytes) -> None:
    front = Front()
    front.run.take(data)
    assert front.run.broken
    with pytest.raises(LostRunError):
        await front.events()


async def test_a_sandbox_that_cannot_work_is_told_as_such() -> None:
    front = Front()
    front.run.take(encode_trouble(1, "No landlock."))
    with pytest.raises(SandboxError, match="No landlock"):
        await front.events()
