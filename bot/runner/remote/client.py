"""A runner whose runs are made by workers on other machines."""

import asyncio
import contextlib
import math
import secrets
import time
from collections.abc import AsyncGenerator, Callable

import structlog

from bot.errors import NoWorkersError, QueueFullError, SandboxError
from bot.observe.metrics import Metrics
from bot.runner.model import (
    Event,
    Finished,
    Line,
    LinePart,
    Outcome,
    RunRequest,
    Started,
    Warned,
)
from bot.runner.remote import messages
from bot.runner.remote.link import NatsLink
from bot.runner.remote.messages import Rules, RunMessage, ToRun
from bot.runner.remote.remote_run import LostRunError, RemoteRun
from bot.runner.remote.workers import KnownWorker, Workers
from bot.together import cancel_all, set_within

_LATE_SECONDS = 3.0
"""So long a run waits for a worker that is on time, where all with room are late."""
_STARTING_SECONDS = 30.0
"""What a worker may need on top of a run's own limit."""
_CLOSING = "the bot is shutting down"


class RemoteRunner:
    """Implements `Runner` over NATS.

    :param link: the connection to NATS; it is opened here, and closed
    :param strict: use no worker whose confinement lacks a layer
    """

    def __init__(
        self,
        link: NatsLink,
        *,
        strict: bool = True,
        rules: Rules | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._link = link
        self._rules = rules or Rules()
        self._metrics = metrics or Metrics()
        self._front = secrets.token_hex(4)
        self.workers = Workers(self._rules, self._metrics, strict=strict)
        self._runs: dict[str, RemoteRun] = {}
        self._follow: Callable[[int], None] = lambda _: None
        self._capacity = 0
        self._starting = asyncio.Lock()
        self._ticking: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._closed = False
        self._log = structlog.get_logger("bot.runner.remote")

    def follow_capacity(self, follow: Callable[[int], None]) -> None:
        """Have `follow` called with how many runs all workers take, whenever that changes."""
        self._follow = follow

    def describe(self) -> str:
        """Return who makes the runs, for operators."""
        found = len(self.workers.all)
        who = "1 worker" if found == 1 else f"{found} workers"
        return f"{who} on NATS, for {self.workers.capacity} runs at once"

    async def start(self) -> None:
        """Connect, and wait a moment for the workers to say that they are there.

        :raises SandboxError: if NATS cannot be used
        """
        async with self._starting:
            if self._ticking is not None or self._closed:
                return
            await self._link.open()
            await self._link.take(messages.STATUSES, self._take_status)
            await self._link.take(messages.runs_subject(self._front), self._take_message)
            self._ticking = asyncio.create_task(self._tick(), name="workers")
            await set_within(self._news, 2 * self._rules.status)

    async def run(self, request: RunRequest) -> AsyncGenerator[Event, None]:
        """Run one scenario at one worker; see `Runner.run`.

        Where the worker is lost before the scenario printed anything, the run is made once more by
        another one, after `Warned("retried")`; what came before it is void. Later, it ends as
        interrupted.

        :raises SandboxError: if NATS, or every worker's sandbox, cannot be used
        :raises QueueFullError: if all workers stay full
        """
        if self._closed:
            yield Finished(Outcome.REFUSED, 0.0, detail=_CLOSING)
            return
        await self.start()
        avoid: set[str] = set()
        for retry in (True, False):
            told = _Told()
            try:
                async with contextlib.aclosing(self._attempt(request, avoid)) as events:
                    async for event in events:
                        told.note(event)
                        told.raise_if_cut_off(unless=self._closed or not retry)
                        yield event
            except LostRunError as why:
                self._log.warning("run lost", scenario=request.name, why=str(why), retried=retry)
                if told.printed or not retry or self._closed:
                    yield Finished(Outcome.INTERRUPTED, told.elapsed, detail=str(why))
                    return
                yield Warned(0.0, "retried", str(why))
            else:
                return

    async def close(self) -> None:
        """End every run under way, and leave NATS. Safe to call twice."""
        self._closed = True
        for run in list(self._runs.values()):
            run.give_up(_CLOSING)
            await run.leave()
        await cancel_all(filter(None, [self._ticking]))
        await self._link.close()

    async def _attempt(self, request: RunRequest, avoid: set[str]) -> AsyncGenerator[Event, None]:
        """Run it at one worker.

        :param avoid: who shall not get it; who had it is added
        :raises LostRunError: if its end will never be known
        """
        run = await self._placed(request, avoid)
        avoid.add(run.worker)
        try:
            async with contextlib.aclosing(run.events()) as events:
                async for event in events:
                    yield event
        finally:
            del self._runs[run.id]
            if run.broken:
                self.workers.set_aside(run.worker, run.broken, self._rules.set_aside)
            await run.leave()

    async def _placed(self, request: RunRequest, avoid: set[str]) -> RemoteRun:
        """Find a worker that takes it.

        :raises NoWorkersError: if there is none
        :raises QueueFullError: if all stay full
        """
        began = time.monotonic()
        while True:
            waited = time.monotonic() - began
            worker = self.workers.choose(avoid, late=waited > _LATE_SECONDS)
            if worker is not None:
                if (run := await self._asked(worker, request)) is not None:
                    return run
                continue
            if not self.workers.all and waited > self._rules.alone:
                raise NoWorkersError(
                    "No worker is there to run anything. Start one with `tutor worker` and the "
                    "same TUTOR_NATS_URL; `tutor doctor` lists those that are there."
                )
            if waited > self._rules.patience:
                raise QueueFullError("All workers are full.")
            if avoid and waited > self._rules.forgotten:
                avoid.clear()  # better the same worker once more than none
            self._news.clear()
            await set_within(self._news, self._rules.status)

    async def _asked(self, worker: KnownWorker, request: RunRequest) -> RemoteRun | None:
        """Ask one worker; return the run if it takes it."""
        message = RunMessage(
            run=secrets.token_hex(16),
            front=self._front,
            name=request.name.encode("utf-8", "replace").decode()[:200],
            code=messages.packed(request.code),
            limits=request.limits,
            deadline=request.limits.wall_seconds * 2 + _STARTING_SECONDS,
            credit=self._rules.credit,
        )
        data = messages.encode(message)
        if len(data) > min(self._link.largest or math.inf, messages.LARGEST_MESSAGE):
            raise SandboxError("The code is too large to be sent to a worker. Make it shorter.")

        async def tell(control: ToRun) -> None:
            await self._link.send(messages.control_subject(worker.id), messages.encode(control))

        run = RemoteRun(message.run, worker.id, request, rules=self._rules, tell=tell)
        worker.placed += 1
        self._runs[run.id] = run
        answer, asked = None, time.monotonic()
        try:
            if await self._link.send(messages.request_subject(worker.id), data):
                answer = await run.answered()
            if answer == "accepted":
                self._metrics.worker_answered(time.monotonic() - asked)
                return run
        finally:
            if answer != "accepted":
                del self._runs[run.id]
                if answer is None:
                    await run.leave()
        worker.full = True
        self._metrics.worker_refused(answer or "silent")
        if answer is None and self._link.connected:
            self.workers.set_aside(worker.id, "it did not answer in time", self._rules.unanswered)
        return None

    async def _take_status(self, subject: str, data: bytes) -> None:
        self.workers.heard(subject, data)
        self._note_capacity()
        if self.workers.all:
            self._news.set()

    async def _take_message(self, subject: str, data: bytes) -> None:
        """Take what a worker tells of a run. NATS lets a worker write under its own name alone."""
        *_, name, instance, run_id = subject.split(".")
        run = self._runs.get(run_id)
        if run is not None and run.worker == f"{name}.{instance}":
            run.take(data)

    def _note_capacity(self) -> None:
        capacity = self.workers.capacity
        if capacity != self._capacity:
            self._capacity = capacity
            self._follow(capacity)

    async def _tick(self) -> None:
        """Let time pass for all, and tell the workers that we are there. Never ends."""
        beats = max(round(self._rules.heartbeat / self._rules.status), 1)
        count = 0
        while True:
            if count % beats == 0:
                await self._link.send(messages.front_subject(self._front), b"{}")
            count += 1
            await asyncio.sleep(self._rules.status)
            self.workers.tick()
            self._note_capacity()
            for run in list(self._runs.values()):
                run.tick()


class _Told:
    """What the reader of a run has been told of it."""

    def __init__(self) -> None:
        self.printed = self.was_cut_off = False
        self.detail = ""
        self._latest = 0.0
        self._since: float | None = None

    def note(self, event: Event) -> None:
        """Take note of one more event."""
        self.printed = self.printed or isinstance(event, Line | LinePart)
        self._latest = max(self._latest, event.at)
        if isinstance(event, Started):
            self._since = time.monotonic()
        if isinstance(event, Finished):
            self.detail = event.detail
            self.was_cut_off = event.outcome is Outcome.INTERRUPTED and not self.printed

    def raise_if_cut_off(self, *, unless: bool) -> None:
        """Raise if its worker ended the run before it printed anything, and not by its own doing.

        :raises LostRunError: if so
        """
        if self.was_cut_off and not unless:
            raise LostRunError(self.detail)

    @property
    def elapsed(self) -> float:
        """For how long it ran, as far as is known."""
        lasted = 0.0 if self._since is None else time.monotonic() - self._since
        return max(self._latest, lasted)
