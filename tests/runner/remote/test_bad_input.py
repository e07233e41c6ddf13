"""What can go wrong between fronts and workers: an honest word each time, and nothing left over.

Each test stands for a line of trouble: a worker of another version, one that lies, is late or
mute, a NATS that goes away, a front that dies.
"""

import asyncio
import itertools
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.errors import NoWorkersError, QueueFullError
from bot.runner.model import (
    Event,
    Finished,
    Limits,
    Line,
    Outcome,
    RunRequest,
    RunResult,
    Started,
    Warned,
    collect,
)
from bot.runner.remote import messages
from bot.runner.remote.client import RemoteRunner
from bot.runner.remote.link import LinkError, NatsLink
from bot.runner.remote.messages import (
    FromRun,
    Rules,
    RunMessage,
    Status,
    WorkerAnswer,
    batch,
    encode,
    encode_event,
)
from bot.runner.remote.worker import Sandbox
from bot.testing import FakeRunner
from tests.nats_server import NatsServer, fronting, link, working
from tests.processes import until

QUICK = Rules(
    status=0.05,
    forgotten=0.5,
    answer=0.2,
    heartbeat=0.1,
    run_silence=0.5,
    front_silence=0.5,
    late=1e9,
    alone=0.2,
    patience=0.5,
)
"""The same rules, sooner; a worker on a busy machine is never too late for them."""
HELLO = RunRequest("print('hello')", "hello")
ENDLESS = (Started(python="3.13.0"), Line(0.0, "on"))


@pytest.fixture
def nats(nats_server: Callable[[], NatsServer]) -> NatsServer:
    return nats_server()


class OddWorker:
    """A worker that speaks the protocol by hand."""

    def __init__(self, connection: NatsLink, number: int) -> None:
        self.id = f"odd.{number:08x}"
        self._link = connection
        self.asked: list[RunMessage] = []
        self.answers: tuple[WorkerAnswer, ...] = ("accepted",)
        self.wait = 0.0
        self.batches: list[list[Event]] = []
        self.tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        await self._link.take(messages.request_subject(self.id), self._take)
        self.tasks.add(asyncio.create_task(self._tick()))

    async def _tick(self) -> None:
        status = Status(
            id=self.id, python="3.13.0", layers=(), missing=(), capacity=99, running=0, lag=0
        )
        while True:
            await self._link.send(messages.status_subject(self.id), encode(status))
            await asyncio.sleep(0.05)

    async def _take(self, _subject: str, data: bytes) -> None:
        message = messages.decode(RunMessage, data)
        self.asked.append(message)
        self.tasks.add(asyncio.create_task(self._answer(message)))

    async def _answer(self, message: RunMessage) -> None:
        await asyncio.sleep(self.wait)
        subject = messages.run_subject(message.front, self.id, message.run)
        for answer in self.answers:
            await self._link.send(subject, encode(FromRun(n=0, answer=answer)))
        for number, events in enumerate(self.batches, start=1):
            await self._link.send(subject, batch(number, [encode_event(it) for it in events]))


@asynccontextmanager
async def odd_worker(nats: NatsServer) -> AsyncIterator[OddWorker]:
    connection = link(nats)
    await connection.open()
    made = OddWorker(connection, 1)
    await made.start()
    try:
        yield made
    finally:
        for task in made.tasks:
            task.cancel()
        await asyncio.gather(*made.tasks, return_exceptions=True)
        await connection.close()


async def known(front: RemoteRunner, count: int = 1) -> None:
    await until(lambda: len(front.workers.all) == count)


async def run(front: RemoteRunner, request: RunRequest = HELLO) -> RunResult:
    return await collect(front.run(request))


async def test_without_a_worker_it_is_said_so(nats: NatsServer) -> None:
    async with fronting(nats, rules=QUICK) as front:
        with pytest.raises(NoWorkersError, match="tutor worker"):
            await run(front)


async def test_a_worker_without_a_layer_gets_no_runs(nats: NatsServer) -> None:
    lacking = Sandbox("3.13.0", (), ("landlock",))
    with capture_logs() as logs:
        async with (
            fronting(nats, rules=QUICK) as front,
            working(nats, FakeRunner(), sandbox=lacking, rules=QUICK),
        ):
            await until(lambda: any(it["event"] == "worker not used" for it in logs))
            with pytest.raises(NoWorkersError):
                await run(front)


async def test_a_clock_that_jumps_changes_nothing(
    nats: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    jumps = itertools.cycle([1e6, -1e6, 0.0])
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + next(jumps))
    async with (
        working(nats, FakeRunner(), rules=QUICK),
        fronting(nats, rules=QUICK) as front,
    ):
        await known(front)
        for _ in range(5):
            assert (await run(front)).finished.outcome is Outcome.OK
            await asyncio.sleep(QUICK.status)


async def test_a_mute_worker_is_passed_over_and_set_aside(nats: NatsServer) -> None:
    async with fronting(nats, rules=QUICK) as front, odd_worker(nats) as odd:
        odd.answers = ()
        await known(front)
        async with working(nats, FakeRunner(), capacity=1, rules=QUICK):
            await known(front, 2)
            with capture_logs() as logs:
                while not odd.asked:
                    assert (await run(front)).finished.outcome is Outcome.OK
            assert [it["why"] for it in logs if it["event"] == "worker set aside"] == [
                "it did not answer in time"
            ]
            assert (await run(front)).finished.outcome is Outcome.OK
            assert len(odd.asked) == 1


async def test_an_answer_that_comes_late_starts_nothing_twice(nats: NatsServer) -> None:
    async with fronting(nats, rules=QUICK) as front, odd_worker(nats) as odd:
        odd.wait = 0.4
        odd.batches = [[Started(), Line(0.0, "late"), Finished(Outcome.OK, 0.1)]]
        await known(front)
        with pytest.raises((NoWorkersError, QueueFullError)):
            await run(front)
        assert len(odd.asked) == 1
        await asyncio.sleep(0.3)  # the late answer comes, and nobody minds


async def test_what_is_said_twice_counts_once(nats: NatsServer) -> None:
    async with fronting(nats, rules=QUICK) as front, odd_worker(nats) as odd:
        odd.answers = ("accepted", "accepted", "full")
        odd.batches = [[Started(), Line(0.0, "once"), Finished(Outcome.OK, 0.1)]]
        await known(front)
        assert [line.text for line in (await run(front)).lines] == ["once"]


async def test_a_flood_ends_the_run_and_the_worker_gets_no_more(nats: NatsServer) -> None:
    async with fronting(nats, rules=QUICK) as front, odd_worker(nats) as odd:
        odd.batches = [[Started()]]
        odd.batches += [[Line(0.0, "flood")] for _ in range(500)]
        await known(front)
        with capture_logs() as logs:
            seen: list[Event] = []
            async with aclosing(front.run(HELLO)) as events:
                async for event in events:
                    seen.append(event)
                    await asyncio.sleep(0.01)  # a reader that is slower than the flood
        assert seen[-1].outcome is Outcome.INTERRUPTED  # type: ignore[union-attr] # it is a Finished
        assert "more than it had credit for" in str(logs)
        assert front.workers.capacity == 0, "set aside"


async def test_a_slow_reader_stops_the_scenario_and_loses_nothing(nats: NatsServer) -> None:
    class Counting(FakeRunner):
        taken = 0

        async def run(self, request: RunRequest) -> AsyncGenerator[Event]:
            async with aclosing(super().run(request)) as events:
                async for event in events:
                    self.taken += 1
                    yield event

    many: list[Event] = [Started(), *[Line(0.0, "x" * 900)] * 1_900, Finished(Outcome.OK, 1.0)]
    runner = Counting(default=many)
    rules = Rules(late=1e9, batch_bytes=2_000)
    async with working(nats, runner, rules=rules), fronting(nats, rules=rules) as front:
        await known(front)
        async with aclosing(front.run(RunRequest("", limits=_roomy()))) as events:
            seen = [await anext(events)]
            await asyncio.sleep(0.3)
            assert runner.taken < 200, "the worker stopped reading"
            seen += [event async for event in events]
    assert seen == many


def _roomy() -> Limits:
    return Limits(output_bytes=2**22, output_lines=2_000)


async def test_a_lost_worker_is_told_and_its_run_not_made_twice(nats: NatsServer) -> None:
    async with AsyncExitStack() as stack:
        front = await stack.enter_async_context(fronting(nats, rules=QUICK))
        odd = await stack.enter_async_context(odd_worker(nats))
        odd.batches = [[Started(), Line(0.0, "printed")]]
        await known(front)
        found = await run(front)
    assert [line.text for line in found.lines] == ["printed"]
    assert found.finished.outcome is Outcome.INTERRUPTED
    assert "nothing was heard" in found.finished.detail
    assert len(odd.asked) == 1


async def test_before_the_first_line_a_lost_run_is_made_once_more_elsewhere(
    nats: NatsServer,
) -> None:
    async with fronting(nats, rules=QUICK) as front, odd_worker(nats) as odd:
        odd.batches = [[Started()]]
        await known(front)
        async with working(nats, FakeRunner(), capacity=1, rules=QUICK):
            await known(front, 2)
            while not odd.asked:
                found = await run(front)
    assert [it.what for it in found.events if isinstance(it, Warned)] == ["retried"]
    assert found.finished.outcome is Outcome.OK


async def test_full_workers_are_waited_for_and_then_told(nats: NatsServer) -> None:
    gate = asyncio.Event()
    runner = FakeRunner(default=(*ENDLESS, Finished(Outcome.OK, 1.0)), gate=gate)
    rules = Rules(late=1e9, patience=1.0)
    async with (
        working(nats, runner, capacity=1, rules=rules),
        fronting(nats, rules=rules) as one,
        fronting(nats, rules=rules) as two,
    ):
        await known(one)
        await known(two)
        first = asyncio.ensure_future(run(one))
        await runner.has_begun()
        with pytest.raises(QueueFullError):
            await run(two)
        waiting = asyncio.ensure_future(run(two))
        gate.set()
        assert (await first).finished.outcome is Outcome.OK
        assert (await waiting).finished.outcome is Outcome.OK


async def test_a_draining_worker_ends_its_runs_and_takes_no_more(nats: NatsServer) -> None:
    gate = asyncio.Event()
    runner = FakeRunner(default=(*ENDLESS, Finished(Outcome.OK, 1.0)), gate=gate)
    async with fronting(nats, rules=QUICK) as front:
        async with working(nats, runner, rules=QUICK) as worker:
            await known(front)
            under_way = asyncio.ensure_future(run(front))
            await runner.has_begun()
            draining = asyncio.ensure_future(worker.drain(30))
            await until(lambda: front.workers.capacity == 0)
            with pytest.raises((NoWorkersError, QueueFullError)):
                await run(front)
            gate.set()
            await draining
            assert (await under_way).finished.outcome is Outcome.OK
        assert runner.killed == 0


async def test_a_front_that_dies_leaves_none_of_its_200_runs(nats: NatsServer) -> None:
    runner = FakeRunner(default=ENDLESS, gate=asyncio.Event())
    rules = Rules(late=1e9, answer=30)  # a run that was asked for twice would be killed twice
    async with working(nats, runner, capacity=200, rules=rules) as worker:
        connection = link(nats)
        front = RemoteRunner(connection, rules=rules)
        await front.start()
        await known(front)
        printed: list[Event] = []

        async def watched() -> RunResult:
            seen: list[Event] = []
            async with aclosing(front.run(HELLO)) as events:
                async for event in events:
                    seen.append(event)
                    if isinstance(event, Line):
                        printed.append(event)
            return RunResult(tuple(seen))

        runs = [asyncio.ensure_future(watched()) for _ in range(200)]
        await until(lambda: len(printed) == 200)
        died = time.monotonic()
        await connection.close()  # not a word to the worker
        with capture_logs() as logs:
            await until(lambda: worker.running == 0)
        assert time.monotonic() - died >= 4
        assert [(it["event"], it["runs"]) for it in logs if "front" in it] == [("front lost", 200)]
        assert runner.killed == 200
        found = await asyncio.gather(*runs)
        assert {it.finished.outcome for it in found} == {Outcome.INTERRUPTED}
        await front.close()


async def test_leaving_a_run_frees_its_place(nats: NatsServer) -> None:
    runner = FakeRunner(default=ENDLESS, gate=asyncio.Event())
    async with working(nats, runner, capacity=1) as worker, fronting(nats) as front:
        await known(front)
        async with aclosing(front.run(HELLO)) as events:
            async for event in events:
                if isinstance(event, Line):
                    break
        await until(lambda: worker.running == 0)
        assert runner.killed == 1


async def test_runs_go_on_after_nats_restarts(tmp_path: Path) -> None:
    nats = NatsServer(tmp_path).start()
    gate = asyncio.Event()
    runner = FakeRunner(default=(*ENDLESS, Finished(Outcome.OK, 1.0)), gate=gate)
    rules = Rules(late=1e9)
    try:
        async with working(nats, runner, rules=rules), fronting(nats, rules=rules) as front:
            await known(front)
            under_way = asyncio.ensure_future(run(front))
            await runner.has_begun()
            with capture_logs() as logs:
                await asyncio.to_thread(nats.restart)
                await until(lambda: "NATS connected again" in str(logs))
            assert any(it["event"] == "NATS disconnected" for it in logs)
            gate.set()
            assert (await under_way).finished.outcome in {Outcome.OK, Outcome.INTERRUPTED}
            await known(front)
            assert (await run(front)).finished.outcome is Outcome.OK
    finally:
        nats.stop()


async def test_a_nats_that_is_not_there_or_full_or_refuses_us_is_told_with_a_remedy(
    tmp_path: Path,
) -> None:
    nats = NatsServer(tmp_path, "max_connections: 1").start()
    try:
        held = link(nats)
        await held.open()
        with pytest.raises(LinkError, match="max_connections"):
            await link(nats).open()
        await held.close()
    finally:
        nats.stop()
    with pytest.raises(LinkError, match=r"cannot be reached.*TUTOR_NATS_URL"):
        await link(nats).open()
    nats = NatsServer(tmp_path, 'authorization {user: "a", password: "b"}').start()
    try:
        with pytest.raises(LinkError, match=r"refused the key.*TUTOR_NATS_NKEY"):
            await link(nats).open()
    finally:
        nats.stop()


async def test_the_number_of_runs_at_once_follows_workers_that_come_and_go(
    nats: NatsServer,
) -> None:
    told: list[int] = []
    async with fronting(nats, rules=QUICK) as front:
        front.follow_capacity(told.append)
        async with working(nats, FakeRunner(), name="one", capacity=7, rules=QUICK):
            await until(lambda: told == [7])
            async with working(nats, FakeRunner(), name="two", capacity=5, rules=QUICK):
                await until(lambda: told == [7, 12])
                assert front.describe() == "2 workers on NATS, for 12 runs at once"
            await until(lambda: told == [7, 12, 7])
        await until(lambda: told[-1] == 0)
