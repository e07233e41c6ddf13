"""A small pool of processes that lay out and draw; one that dies or hangs is replaced.

`multiprocessing` is not used: its `forkserver` needs a writable folder for its socket, and its
`spawn` hands the environment, with the bot's secrets in it, to the processes.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Self, TypeVar

import structlog

from bot.timeline.drawing.jobs import Job, LayOut, job_frames
from bot.timeline.drawing.renderer import PictureRenderer
from bot.timeline.drawing.worker import LENGTH, MADE
from bot.together import cancel_all

_BOOT = (
    "import json, sys; sys.path[:0] = json.loads(sys.argv[1]); "
    "from bot.timeline.drawing.worker import draw_jobs; draw_jobs(float(sys.argv[2]))"
)
_PACKAGES = Path(__file__).parents[3]
"""The folder that holds the package `bot`."""

_START_SECONDS = 20.0
"""A process needs about 0.3 s to start; on a machine that is very busy, longer."""

_LARGEST = 16 * 2**20
"""Bytes of a picture. The largest that our own code makes has about 4 MB."""


_LIVE_WAITING, _LIVE_PATIENCE = 8, 0.25
"""A run under way is laid out only if fewer wait than this, and it waits no longer than this many
seconds: its next update comes soon."""

_Result = TypeVar("_Result")


class WorkerError(Exception):
    """A process died, hung, or sent what cannot be. It is of no more use."""


class JobError(Exception):
    """A process could not do this job; it goes on to the next."""


class _Worker:
    """One process. Not to be shared: it does one job at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._pidfd = os.pidfd_open(process.pid)

    @classmethod
    async def start(cls, seconds: float) -> Self:
        """Start a process and wait until it is ready.

        :raises WorkerError: if it does not become so
        """
        folders = [str(_PACKAGES), *(it for it in sys.path if it.startswith("/"))]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-c", _BOOT, json.dumps(folders), str(seconds + 1)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={},
            cwd="/",
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await worker._answer()
        except BaseException:
            await worker.end()
            raise
        return worker

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """False once it is known to have ended."""
        return self._process.returncode is None

    async def do(self, job: Job) -> bytes:
        """Have a job done, and return what was made.

        :raises WorkerError: if the process broke
        :raises JobError: if it could not do this job
        """
        assert self._process.stdin is not None
        try:
            for frame in job_frames(job):
                self._process.stdin.write(LENGTH.pack(len(frame)))
                self._process.stdin.write(frame)
                await self._process.stdin.drain()
                await asyncio.sleep(0)  # drain() seldom lets others run
        except OSError as error:
            raise WorkerError(f"its input is closed: {error}") from None
        return await self._answer()

    async def _answer(self) -> bytes:
        assert self._process.stdout is not None
        try:
            (size,) = LENGTH.unpack(await self._process.stdout.readexactly(LENGTH.size))
            if not 0 < size <= _LARGEST:
                raise WorkerError(f"an answer of {size} bytes")
            answer = await self._process.stdout.readexactly(size)
        except (asyncio.IncompleteReadError, OSError):
            raise WorkerError("it died") from None
        if answer[:1] != MADE:
            raise JobError(answer[1:201].decode("utf-8", "replace"))
        return answer[1:]

    async def end(self) -> None:
        """End the process at once, and wait until it is gone."""
        # Not Process.kill(): it polls, and so takes the exit status from asyncio's own watcher.
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        if self._process.stdin is not None:
            self._process.stdin.close()
        await asyncio.shield(self._process.wait())
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1


class RendererPool(PictureRenderer):
    """Implements `PictureRenderer` with processes of their own.

    :param processes: how many there are at most; they start when they are needed
    :param waiting: jobs that may wait for a process; further ones come to nothing
    :param seconds: what one job may take until its process is given up
    :param patience: seconds that a job waits for a process, at most
    """

    def __init__(
        self,
        *,
        processes: int = 2,
        waiting: int = 64,
        seconds: float = 10.0,
        patience: float = 15.0,
    ) -> None:
        self._room = asyncio.Semaphore(processes)
        self._most_waiting = waiting
        self._waiting = 0
        self._seconds = seconds
        self._patience = patience
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False
        self._log = structlog.get_logger(__name__)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes' ids."""
        return tuple(worker.pid for worker in (*self._idle, *self._busy))

    async def start(self) -> None:
        """Start the first process, so that the first picture need not wait for it."""
        if self._closed or self._idle or self._busy:
            return
        async with self._room:
            with contextlib.suppress(WorkerError, TimeoutError, OSError):
                self._put_back(await _Worker.start(self._seconds))

    async def close(self) -> None:
        """End all processes; what is being made becomes None."""
        self._closed = True
        await cancel_all(self._tasks)
        while self._idle:
            await self._idle.pop().end()

    async def _made(self, job: Job) -> bytes | None:
        live = isinstance(job, LayOut) and job.now is not None
        if self._closed or (live and not self._ready_for_more()):
            return None
        if self._waiting >= self._most_waiting:
            self._log.warning("picture left out", cause="too many wait", waiting=self._waiting)
            return None
        # A task of its own: a learner who leaves must not leave half a job in a process.
        task = self._begin(self._in_turn(job, _LIVE_PATIENCE if live else self._patience))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled() and self._closed:
                return None
            raise

    def _ready_for_more(self) -> bool:
        """Tell whether a job can begin soon; where there is no process yet, start one."""
        if not self._idle and not self._busy and not self._tasks:
            self._begin(self.start())
        return bool(self._idle or self._busy) and self._waiting < _LIVE_WAITING

    def _begin(self, work: Coroutine[None, None, _Result]) -> asyncio.Task[_Result]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _in_turn(self, job: Job, patience: float) -> bytes | None:
        """Wait for a process, and have the job done."""
        self._waiting += 1
        try:
            async with asyncio.timeout(patience):
                await self._room.acquire()
        except TimeoutError:
            if patience > _LIVE_PATIENCE:
                self._log.warning("picture left out", cause="no process is free")
            return None
        finally:
            self._waiting -= 1
        try:
            return await self._with_a_worker(job)
        finally:
            self._room.release()

    async def _with_a_worker(self, job: Job) -> bytes | None:
        """Have the job done by a process that is idle, or a new one."""
        worker: _Worker | None = None
        began = time.monotonic()
        try:
            worker = await self._free_worker()
            self._busy.add(worker)
            async with asyncio.timeout(self._seconds):
                made = await worker.do(job)
        except JobError as error:
            self._log.warning("picture not drawn", cause=str(error))
            assert worker is not None
            self._put_back(worker)
            return None
        except (WorkerError, TimeoutError, OSError) as error:
            cause = str(error) or f"it took longer than {self._seconds:g} s"
            taken = round(time.monotonic() - began, 3)
            self._log.warning("drawing process replaced", cause=cause, seconds=taken)
            await self._give_up(worker)
            return None
        except BaseException:
            await self._give_up(worker)
            raise
        self._put_back(worker)
        return made

    async def _free_worker(self) -> _Worker:
        """Return a process that is idle and alive, or else a new one."""
        while self._idle:
            worker = self._idle.pop()
            if worker.alive:
                return worker
            await worker.end()
        return await _Worker.start(self._seconds)

    def _put_back(self, worker: _Worker) -> None:
        self._busy.discard(worker)
        self._idle.append(worker)

    async def _give_up(self, worker: _Worker | None) -> None:
        if worker is not None:
            self._busy.discard(worker)
            await worker.end()
