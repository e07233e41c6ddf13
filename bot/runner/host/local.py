"""Runs scenarios on this host: keeps a fork server, replaces it in time, and hands out runs."""

import asyncio
import contextlib
import itertools
import resource
import sys
from collections.abc import AsyncGenerator
from functools import partial
from pathlib import Path

import structlog

from bot.runner.confinement import confine
from bot.runner.confinement.layer import Layer
from bot.runner.host.capacity import Capacity
from bot.runner.host.fork_server_client import ForkServerClient, Prepare, ServerKilledError
from bot.runner.host.loop_lag import LoopLag
from bot.runner.host.process import RunningProcess
from bot.runner.host.room import read_room
from bot.runner.host.server_process import ServerProcess
from bot.runner.host.turns import Turns
from bot.runner.model import Event, Finished, Line, LinePart, Outcome, RunRequest, Warned

RECYCLE_AFTER = 1_000
"""Runs that one fork server makes before the next takes over: all of them share its memory
layout and hash secret, which none should have long to learn."""
_HELD_BACK = 256
"""Events kept until the first printed line, so that a retried run starts over for its reader."""
_OPEN_FILES = 65_536
_SERVERS_LIMITS = {"memory_bytes", "cpu_seconds", "threads", "wall_seconds"}
"""What the fork server, or the kernel at its request, holds a run to."""


class LocalRunner:
    """Implements `Runner` with processes of this host."""

    def __init__(
        self,
        *,
        strict: bool = True,
        python: Path | None = None,
        recycle_after: int = RECYCLE_AFTER,
        prepare: Prepare = confine.everything,
        cgroup: Path | None = None,
        capacity: Capacity | None = None,
        begun: ServerProcess | None = None,
    ) -> None:
        """Make a runner; `start` it before use.

        :param strict: refuse to run where a layer of the confinement is missing
        :param python: the guests' interpreter, 3.11 or newer; the bot's own by default
        :param recycle_after: runs after which a fork server is replaced
        :param prepare: makes the confinement, given what the fork server may read
        :param cgroup: a delegated control group (v2) that caps all runs together
        :param capacity: what holds all runs together to the room there is; this host's by default
        :param begun: the first fork server's process, where one was started ahead with `python`; it
            is closed with this runner
        """
        self._begun = begun
        self._strict = strict
        self._python = python or Path(sys.executable)
        self._recycle_after = recycle_after
        self._prepare = prepare
        self._cgroup = cgroup
        self._log = structlog.get_logger("bot.runner")
        self._numbers = itertools.count(1)
        self._server: ForkServerClient | None = None
        self._coming: asyncio.Task[ForkServerClient] | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._runs: set[RunningProcess] = set()
        self._lag = LoopLag()
        self._turns = Turns()
        self._capacity = capacity or Capacity(partial(read_room, group=cgroup))
        self._closed = False

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The confinement as the present fork server entered it."""
        return self._server.layers if self._server is not None else ()

    @property
    def python(self) -> str:
        """The version of the Python that the present fork server runs; "" before there is one."""
        return self._server.python if self._server is not None else ""

    def describe(self) -> str:
        """Return whether runs are confined, for operators."""
        lacking = ", ".join(layer.name for layer in confine.missing(self.layers))
        if lacking:
            return f"NOT fully confined, as TUTOR_SANDBOX=best-effort allows: {lacking} missing"
        return "every run is confined"

    async def start(self) -> None:
        """Start the first fork server.

        :raises SandboxError: if it does not start, or, when strict, if a layer is missing
        """
        _raise_open_files()
        await self._ready()

    async def run(self, request: RunRequest) -> AsyncGenerator[Event, None]:
        """Run one scenario; see `Runner.run`.

        Where the fork server dies, or the bot is too busy to follow, before the scenario printed
        anything, the run is made once more after `Warned("retried")`; what came before it is void.

        :raises SandboxError: if the sandbox itself cannot work
        """
        if self._closed:
            yield Finished(Outcome.REFUSED, 0.0, detail="the bot is shutting down")
            return
        for retry in (True, False):
            try:
                async with contextlib.aclosing(self._attempt(request, retry=retry)) as events:
                    async for event in events:
                        yield event
            except _CutOffError as why:
                self._log.warning("run retried", scenario=request.name, why=str(why))
                yield Warned(0.0, "retried", str(why))
            else:
                return

    async def _attempt(self, request: RunRequest, *, retry: bool) -> AsyncGenerator[Event, None]:
        """Run it in one fork server.

        :raises _CutOffError: if `retry`, and it was interrupted before anything was printed
        """
        await self._capacity.admitted()
        server = await self._ready()
        lacking = confine.missing(server.layers)
        if lacking:
            names = ", ".join(layer.name for layer in lacking)
            self._log.warning("run unconfined", scenario=request.name, missing=names)
            yield Warned(0.0, "unconfined", f"not enforced on this host: {names}")
        run = RunningProcess(
            request,
            turns=self._turns,
            lag=lambda: self._lag.seconds,
            extend=lambda seconds: server.extend(run, seconds),
        )
        self._runs.add(run)
        self._lag.start()
        self._capacity.enter(run)
        limits = request.limits.model_dump(include=_SERVERS_LIMITS)
        try:
            server.launch(next(self._numbers), run, limits, run.open(request))
            self._recycle(server)
            held: list[Event] = []
            holding = retry
            async for event in run.events():
                if not holding:
                    yield event
                    continue
                held.append(event)
                if isinstance(event, Finished) and _was_cut_off(event) and not self._closed:
                    raise _CutOffError(event.detail)
                if isinstance(event, Line | LinePart | Finished) or len(held) == _HELD_BACK:
                    holding = False
                    for early in held:
                        yield early
        finally:
            self._runs.discard(run)
            self._capacity.leave(run)
            if not self._runs:
                self._lag.stop()
            await run.end()

    async def close(self) -> None:
        """End every run under way and every server. Safe to call twice."""
        self._closed = True
        for run in self._runs:
            run.interrupt("the bot is shutting down")
        if self._coming is not None:
            self._coming.cancel()
            await asyncio.wait([self._coming])
        server, self._server = self._server, None
        if server is not None:
            await server.close()
        while self._retiring:
            await asyncio.wait(self._retiring)
        if self._begun is not None:
            await asyncio.to_thread(self._begun.close)
        await self._capacity.close()

    async def _ready(self) -> ForkServerClient:
        """Return a server that takes requests, starting one if there is none."""
        if self._server is not None and self._server.alive:
            return self._server
        if self._coming is None or self._coming.done():
            self._coming = asyncio.create_task(self._start_server())
        return await asyncio.shield(self._coming)

    async def _start_server(self) -> ForkServerClient:
        """Start a server and make it the one that takes new runs.

        All who wait for it would be turned away at once, so one that is killed gets a second try.
        """
        confine.hide_this_process()
        try:
            server = await self._started()
        except ServerKilledError as error:
            self._log.warning("sandbox server killed at its start", why=str(error))
            server = await self._started()
        lacking = confine.missing(server.layers)
        if lacking and self._strict:
            await server.close()
            raise confine.refusal(lacking)
        self._server, old = server, self._server
        self._log.info("sandbox server started", pid=server.pid, python=server.python)
        if old is not None:
            self._retire(old)
        return server

    async def _started(self) -> ForkServerClient:
        server = ForkServerClient(self._died, most_threads=await self._capacity.most_threads())
        begun, self._begun = self._begun, None
        await server.start(begun or self._python, self._prepare, self._cgroup)
        return server

    def _recycle(self, server: ForkServerClient) -> None:
        """Once `server` has made enough runs, let a new one come up beside it."""
        due = server is self._server and server.launched >= self._recycle_after
        if due and (self._coming is None or self._coming.done()):
            self._coming = asyncio.create_task(self._start_server())
            self._coming.add_done_callback(self._note_failure)

    def _retire(self, server: ForkServerClient) -> None:
        """Let `server` end its runs, then end it."""

        async def drain() -> None:
            await server.drained()
            await server.close()

        task = asyncio.create_task(drain())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    def _died(self, server: ForkServerClient) -> None:
        """Reap a server that went without being asked to, and have another ready."""
        self._log.warning("sandbox server died", pid=server.pid)
        self._retire(server)
        if server is self._server:
            self._server = None
            if not self._closed and (self._coming is None or self._coming.done()):
                self._coming = asyncio.create_task(self._start_server())
                self._coming.add_done_callback(self._note_failure)

    def _note_failure(self, coming: asyncio.Task[ForkServerClient]) -> None:
        """Say that a server did not come up; the next run that needs one tries again."""
        if not coming.cancelled() and (error := coming.exception()) is not None:
            self._log.error("sandbox server not started", error=str(error))


class _CutOffError(Exception):
    """A run that had not printed anything was interrupted, and not by its own doing."""


def _was_cut_off(finished: Finished) -> bool:
    return finished.outcome is Outcome.INTERRUPTED


def _raise_open_files() -> None:
    """Use all the descriptors this process may have: each run under way takes four."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # macOS has a lower ceiling of its own
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
