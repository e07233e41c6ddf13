"""As memory gets scarce, new runs wait, and the largest are ended; nobody is without need."""

import asyncio
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.runner.host.capacity import Capacity, reserve
from bot.runner.host.outcome import Stop
from bot.runner.host.room import Room
from bot.runner.model import Outcome

MIB = 2**20
TOTAL = 1024 * MIB


@dataclass(eq=False)
class FakeRun:
    pid: int
    stops: list[Stop] = field(default_factory=list)

    @property
    def stopped(self) -> bool:
        return bool(self.stops)

    def stop(self, why: Stop) -> None:
        self.stops.append(why)


class Host:
    """A host on which runs hold what they are said to hold, until they are ended."""

    def __init__(self, *sizes: int) -> None:
        self.sizes = dict(enumerate(sizes, start=1))
        self.runs = [FakeRun(pid) for pid in self.sizes]
        self.looks = 0

    def read(self) -> Room:
        self.looks += 1
        living = [self.sizes[run.pid] for run in self.runs if not run.stopped]
        return Room(TOTAL - sum(living), TOTAL, None)

    def capacity(self) -> Capacity:
        return Capacity(self.read, lambda pid: self.sizes[pid])

    async def looked(self, times: int = 2) -> None:
        async with asyncio.timeout(10):
            before = self.looks
            while self.looks < before + times:  # noqa: ASYNC110 - nothing else tells
                await asyncio.sleep(0.005)


async def ended(host: Host) -> list[int]:
    capacity = host.capacity()
    for run in host.runs:
        capacity.enter(run)
    await host.looked()
    await capacity.close()
    return [run.pid for run in host.runs if run.stopped]


async def test_with_room_nobody_is_ended() -> None:
    assert await ended(Host(200 * MIB, 300 * MIB, 20 * MIB)) == []


async def test_the_largest_is_ended_and_told_why() -> None:
    host = Host(300 * MIB, 20 * MIB, 400 * MIB, 250 * MIB)
    assert await ended(host) == [3]
    (stop,) = host.runs[2].stops
    assert (stop.outcome, stop.limit) == (Outcome.MEMORY, "memory_bytes")
    assert "400 MiB" in stop.detail


async def test_small_runs_are_never_blamed() -> None:
    assert await ended(Host(*[40 * MIB] * 30)) == []


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 500), min_size=1, max_size=12))
def test_who_is_ended_held_at_least_as_much_as_any_who_stays(sizes: list[int]) -> None:
    host = Host(*(size * MIB for size in sizes))
    gone = asyncio.run(ended(host))
    stay = [size for pid, size in host.sizes.items() if pid not in gone]
    assert all(host.sizes[pid] >= max(stay, default=0) for pid in gone)
    room = host.read()
    assert room.memory >= reserve(room) or max(stay) < 48 * MIB


async def test_a_new_run_waits_until_there_is_room() -> None:
    host = Host(700 * MIB, 150 * MIB)
    capacity = host.capacity()
    await asyncio.wait_for(capacity.admitted(), 5)  # nothing runs
    for run in host.runs:
        capacity.enter(run)
    await host.looked()
    waiting = asyncio.create_task(capacity.admitted())
    await asyncio.sleep(0.2)
    assert not waiting.done()
    host.sizes[1] = 10 * MIB
    await asyncio.wait_for(waiting, 5)
    await capacity.close()


async def test_nobody_waits_for_room_that_no_run_can_free() -> None:
    host = Host(1000 * MIB)
    capacity = host.capacity()
    capacity.enter(host.runs[0])
    await host.looked()
    waiting = asyncio.create_task(capacity.admitted())
    capacity.leave(host.runs[0])
    await asyncio.wait_for(waiting, 5)
    assert waiting.done()
    await capacity.close()


async def test_threads_are_limited_where_processes_are() -> None:
    assert await Capacity(lambda: Room(1, 1, None)).most_threads() is None
    assert await Capacity(lambda: Room(1, 1, 1000)).most_threads() == 936
    assert await Capacity(lambda: Room(1, 1, 3)).most_threads() == 2
