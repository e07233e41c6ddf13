"""Holds all runs together to what the host, or the container, has.

Each run is capped by itself; a few that keep to their caps can fill a small container all the same.
As it gets full, new runs wait, and the largest run is ended before the kernel picks one.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import structlog

from bot.runner.host.outcome import Stop
from bot.runner.host.room import Room, read_room
from bot.runner.model import Outcome

_MIB = 1 << 20
_SMALLEST_RESERVE, _LARGEST_RESERVE = 64 * _MIB, 512 * _MIB
_RESERVE_SHARE = 8
RESERVED_PROCESSES = 64
_UNBLAMED = 48 * _MIB
"""What holds less than this makes no difference: an interpreter has a third of it by itself."""
_FASTEST = 2 << 30
"""Bytes a second that one core can fill at most."""
_SHORTEST_SECONDS, _LONGEST_SECONDS = 0.02, 1.0
_WAITING_SECONDS = 0.05


class Weighed(Protocol):
    """A run, as far as its weight goes."""

    @property
    def pid(self) -> int:
        """Its process; 0 before it has one."""
        ...

    @property
    def stopped(self) -> bool:
        """Whether it is being ended already."""
        ...

    def stop(self, why: Stop) -> None:
        """End it."""
        ...


class Capacity:
    """Watches the room that is left, while there are runs.

    :param read: returns the room; it may block
    :param weigh: returns the bytes that a process holds for itself; it may block
    """

    def __init__(
        self, read: Callable[[], Room] = read_room, weigh: Callable[[int], int] | None = None
    ) -> None:
        self._read = read
        self._weigh = weigh or private_bytes
        self._runs: set[Weighed] = set()
        self._room: Room | None = None
        self._watching: asyncio.Task[None] | None = None
        self._log = structlog.get_logger("bot.runner")

    async def most_threads(self) -> int | None:
        """Return how many threads all runs may have together; None where nothing limits them."""
        room = await asyncio.to_thread(self._read)
        return None if room.processes is None else max(room.processes - RESERVED_PROCESSES, 2)

    async def admitted(self) -> None:
        """Wait until there is room for one more run; at once where there is no other run."""
        while self._runs and self._room is not None and _is_nearly_full(self._room):  # noqa: ASYNC110 - the kernel announces no room
            await asyncio.sleep(_WAITING_SECONDS)

    def enter(self, run: Weighed) -> None:
        """Watch a run."""
        self._runs.add(run)
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())

    def leave(self, run: Weighed) -> None:
        """Watch a run no more."""
        self._runs.discard(run)

    async def close(self) -> None:
        """Stop watching. Safe to call twice."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait([self._watching])
            self._watching = None

    async def _watch(self) -> None:
        """Look as often as the fastest could fill the room, until there are no runs."""
        try:
            await asyncio.sleep(_SHORTEST_SECONDS)  # most runs' first line comes earlier
            while self._runs:
                self._room = await asyncio.to_thread(self._read)
                await self._relieve(self._room)
                cores = os.cpu_count() or 1
                spare = self._room.memory - reserve(self._room)
                pause = max(spare / (_FASTEST * cores), _SHORTEST_SECONDS)
                await asyncio.sleep(min(pause, _LONGEST_SECONDS))
        finally:
            self._room = self._watching = None

    async def _relieve(self, room: Room) -> None:
        """End the largest runs if the reserve is touched, as many as make up for it."""
        lacking = reserve(room) - room.memory
        if lacking <= 0:
            return
        runs = [run for run in self._runs if run.pid]
        weights = await asyncio.to_thread(lambda: [self._weigh(run.pid) for run in runs])
        weighed = sorted(zip(weights, runs, strict=True), key=lambda one: one[0], reverse=True)
        lacking -= sum(weight for weight, run in weighed if run.stopped)  # on its way
        for weight, run in weighed:
            if lacking <= 0 or weight < _UNBLAMED:
                return
            if not run.stopped:
                self._log.warning("run ended for all", bytes=weight, left=room.memory)
                run.stop(
                    Stop(
                        Outcome.MEMORY,
                        "memory_bytes",
                        f"all runs together had filled the memory, and this one held most:"
                        f" {weight // _MIB} MiB",
                    )
                )
                lacking -= weight


def _is_nearly_full(room: Room) -> bool:
    few = room.processes is not None and room.processes < RESERVED_PROCESSES
    return few or room.memory < 2 * reserve(room)


def reserve(room: Room) -> int:
    """Return the bytes that are kept free: for the bot, and for what grows between two looks."""
    return min(max(room.memory_total // _RESERVE_SHARE, _SMALLEST_RESERVE), _LARGEST_RESERVE)


def private_bytes(pid: int) -> int:
    """Return the memory that a process has in use and no file backs; 0 if it is gone: proc(5)."""
    with contextlib.suppress(OSError):
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
        return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
    return 0
