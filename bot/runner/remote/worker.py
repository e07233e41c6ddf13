"""A worker: makes the runs that fronts ask for, with a runner of its own machine."""

import asyncio
import math
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from bot.runner.host.loop_lag import LoopLag
from bot.runner.model import Runner, RunRequest
from bot.runner.remote import messages
from bot.runner.remote.link import NatsLink
from bot.runner.remote.messages import (
    FromRun,
    ProtocolError,
    Rules,
    RunMessage,
    Status,
    ToRun,
    WorkerAnswer,
)
from bot.runner.remote.sent_run import SentRun
from bot.together import cancel_all

_ENDING_SECONDS = 5.0
"""How long runs that were ended may take to be gone."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """What a worker's sandbox is like."""

    python: str
    layers: tuple[str, ...] = ()
    """Enforced layers of the confinement."""
    missing: tuple[str, ...] = ()


@dataclass
class _Run:
    """A run under way here."""

    front: str
    sent: SentRun
    task: asyncio.Task[None] = field(init=False)
    _ending: bool = False

    def end(self) -> None:
        """End it. Only the first time counts: a second one would cut the cleaning short."""
        if not self._ending:
            self._ending = True
            self.task.cancel()


class Worker:
    """Serves a runner over NATS until it has drained.

    :param link: the connection to NATS; its owner closes it
    :param runner: makes the runs
    :param sandbox: returns what its sandbox is like now
    :param name: the operator's name for it, on which its rights depend
    :param capacity: how many runs it takes at once
    """

    def __init__(
        self,
        link: NatsLink,
        runner: Runner,
        sandbox: Callable[[], Sandbox],
        *,
        name: str,
        capacity: int,
        rules: Rules | None = None,
    ) -> None:
        self.id = f"{name}.{secrets.token_hex(4)}"
        self._link = link
        self._runner = runner
        self._sandbox = sandbox
        self._capacity = capacity
        self._rules = rules or Rules()
        self._runs: dict[str, _Run] = {}
        self._fronts: dict[str, int] = {}
        self._draining = False
        self._ticking: asyncio.Task[None] | None = None
        self._lag = LoopLag()
        self._lag_told = 0.0
        self._log = structlog.get_logger("bot.runner.remote")

    @property
    def running(self) -> int:
        """How many runs are under way."""
        return len(self._runs)

    async def start(self) -> None:
        """Take requests, and say so."""
        await self._link.take(messages.request_subject(self.id), self._take_request)
        await self._link.take(messages.control_subject(self.id), self._take_control)
        await self._link.take(messages.FRONTS, self._take_front)
        self._lag.start()
        self._ticking = asyncio.create_task(self._tick(), name="status")

    async def drain(self, seconds: float) -> None:
        """Take no new runs, and let those under way go on for so long; end the rest."""
        self._draining = True
        await self._tell_status()
        await self._gone(seconds)
        for run in list(self._runs.values()):
            run.end()
        await self._gone(_ENDING_SECONDS)
        await cancel_all(filter(None, [self._ticking]))
        self._lag.stop()
        await self._tell_status()
        await self._link.flush()

    async def _gone(self, seconds: float) -> None:
        """Wait until no run is under way, at most for so long."""
        tasks = [run.task for run in self._runs.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)

    # What fronts say.

    async def _take_request(self, _subject: str, data: bytes) -> None:
        try:
            message = messages.decode(RunMessage, data)
            request = message.request()
        except ProtocolError as error:
            self._log.error("request not understood", why=str(error))
            return
        if message.run in self._runs:
            return  # said twice
        subject = messages.run_subject(message.front, self.id, message.run)

        async def send(data: bytes) -> bool:
            return await self._link.send(subject, data)

        answer: WorkerAnswer = "accepted"
        if self._draining:
            answer = "draining"
        elif len(self._runs) >= self._capacity:
            answer = "full"
        else:
            self._fronts.setdefault(message.front, 0)
            sent = SentRun(credit=message.credit, rules=self._rules, send=send)
            run = self._runs[message.run] = _Run(message.front, sent)
            run.task = asyncio.create_task(self._run(message, run, request), name=message.run)
        await send(messages.encode(FromRun(n=0, answer=answer)))

    async def _take_control(self, _subject: str, data: bytes) -> None:
        try:
            control = messages.decode(ToRun, data)
        except ProtocolError as error:
            self._log.error("control not understood", why=str(error))
            return
        run = self._runs.get(control.run)
        if run is None:
            return
        if control.cancel:
            run.end()
        run.sent.give_credit(control.credit)

    async def _take_front(self, subject: str, _data: bytes) -> None:
        front = subject.rpartition(".")[2]
        new = front not in self._fronts
        self._fronts[front] = 0
        if new:
            await self._tell_status()

    # What goes on here.

    async def _run(self, message: RunMessage, run: _Run, request: RunRequest) -> None:
        """Make one run. However it ends, nothing of it is left."""
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(message.deadline):
                    await run.sent.send(self._runner.run(request))
        except Exception as error:  # noqa: BLE001 - the front must know, whatever it is
            self._log.exception("run failed", scenario=request.name)
            subject = messages.run_subject(message.front, self.id, message.run)
            why = f"The worker failed: {type(error).__name__}. Its log tells where."
            await self._link.send(subject, messages.encode_trouble(run.sent.next_number, why))
        finally:
            del self._runs[message.run]

    async def _tick(self) -> None:
        """Say how we are, and end the runs of fronts that have fallen silent. Never ends."""
        while True:
            await self._tell_status()
            await asyncio.sleep(self._rules.status)
            self._end_silent_fronts()

    def _end_silent_fronts(self) -> None:
        """Where our loop stood still, no time has passed: what came meanwhile is read first."""
        most = math.ceil(self._rules.front_silence / self._rules.status)
        for front, silent in list(self._fronts.items()):
            self._fronts[front] = silent + 1
            if silent < most:
                continue
            del self._fronts[front]
            theirs = [run for run in self._runs.values() if run.front == front]
            if theirs:
                self._log.warning("front lost", front=front, runs=len(theirs))
            for run in theirs:
                run.end()

    async def _tell_status(self) -> None:
        sandbox = self._sandbox()
        late, self._lag_told = self._lag.seconds - self._lag_told, self._lag.seconds
        status = Status(
            id=self.id,
            python=sandbox.python,
            layers=sandbox.layers,
            missing=sandbox.missing,
            capacity=self._capacity,
            running=len(self._runs),
            lag=max(late, 0.0),
            draining=self._draining,
        )
        await self._link.send(messages.status_subject(self.id), messages.encode(status))
