"""A run as its worker sends it: batches, heartbeats, and no more than there is credit for."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import pytest

from bot.errors import SandboxError
from bot.runner.lane_events import LaneState
from bot.runner.model import Event, Finished, Line, Outcome, Started
from bot.runner.remote.messages import Rules
from bot.runner.remote.sent_run import SentRun
from tests.processes import until

END = Finished(Outcome.OK, 1.0)


class Sending:
    """A run under way, and what was sent of it."""

    def __init__(self, rules: Rules, credit: int = 100) -> None:
        self.sent: list[dict[str, Any]] = []
        self.reachable = True
        self.taken = 0
        self.closed = False
        self.gate = asyncio.Event()
        self.run = SentRun(credit=credit, rules=rules, send=self._send)

    async def _send(self, data: bytes) -> bool:
        self.sent.append(json.loads(data))
        return self.reachable

    async def events(
        self, events: Sequence[Event], error: Exception | None
    ) -> AsyncGenerator[Event]:
        try:
            for event in events:
                self.taken += 1
                yield event
            await self.gate.wait()
            if error:
                raise error
            yield END
        finally:
            self.closed = True

    def start(self, *events: Event, error: Exception | None = None) -> asyncio.Task[None]:
        return asyncio.ensure_future(self.run.send(self.events(events, error)))

    @property
    def batches(self) -> list[list[Any]]:
        return [it["events"] for it in self.sent if it["events"]]


async def test_what_comes_at_once_goes_at_once_and_together() -> None:
    sending = Sending(Rules(batch=60, heartbeat=60))
    task = sending.start(Started(), *[Line(0.0, str(number)) for number in range(20)])
    await until(lambda: bool(sending.batches))
    assert len(sending.batches[0]) == 21, "a line does not wait for the batch's time"
    sending.gate.set()
    await task
    assert sending.batches[1][0][0] == "finished"
    assert [it["n"] for it in sending.sent] == [1, 2]


async def test_events_without_a_line_wait_for_others() -> None:
    sending = Sending(Rules(batch=0.02, heartbeat=60))
    task = sending.start(*[LaneState(0.0, 0, "running")] * 5)
    await until(lambda: bool(sending.sent))
    assert len(sending.batches[0]) == 5
    sending.gate.set()
    await task


async def test_a_batch_is_bounded() -> None:
    sending = Sending(Rules(batch_bytes=1_000))
    task = sending.start(*[Line(0.0, "x" * 300)] * 20)
    sending.gate.set()
    await task
    assert max(len(json.dumps(it["events"])) for it in sending.sent) < 1_100
    assert sum(len(it) for it in sending.batches) == 21


async def test_without_credit_nothing_more_is_taken_and_nothing_is_dropped() -> None:
    sending = Sending(Rules(batch_bytes=1_000, heartbeat=0.05), credit=2)
    task = sending.start(*[Line(0.0, "x" * 300)] * 50)
    await until(lambda: len(sending.sent) > 4)
    assert len(sending.batches) == 2
    assert sending.taken < 15
    assert {it["n"] for it in sending.sent[2:]} == {2}, "heartbeats go on, with the last number"
    sending.gate.set()
    sending.run.give_credit(100)
    await task
    assert sum(len(it) for it in sending.batches) == 51


async def test_cancelling_ends_the_run() -> None:
    sending = Sending(Rules())
    task = sending.start(Line(0.0, "x"))
    await until(lambda: bool(sending.sent))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sending.closed


async def test_a_run_that_nobody_can_be_told_of_is_ended() -> None:
    sending = Sending(Rules(heartbeat=0.02))
    sending.reachable = False
    await sending.start(Line(0.0, "x"))
    assert sending.closed


async def test_a_sandbox_that_cannot_work_is_told() -> None:
    sending = Sending(Rules())
    task = sending.start(error=SandboxError("No landlock."))
    sending.gate.set()
    await task
    assert sending.sent == [{"n": 1, "trouble": "No landlock."}]
