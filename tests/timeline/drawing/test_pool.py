"""What the processes that draw are, and what happens when they die, hang, or are too few."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest_asyncio

from bot.timeline.drawing.pool import RendererPool
from tests.contract.test_picture_renderer import spinner
from tests.timeline.streams import CAPTIONS, many

PATIENT = 60.0
Make = Callable[..., Awaitable[RendererPool]]


@pytest_asyncio.fixture
async def make() -> AsyncIterator[Make]:
    pools: list[RendererPool] = []

    async def started(**options: float) -> RendererPool:
        pool = RendererPool(**options)  # type: ignore[arg-type]  # counts are whole numbers
        pools.append(pool)
        await pool.start()
        return pool

    yield started
    for pool in pools:
        await pool.close()


async def drawn(pool: RendererPool) -> bool:
    return await pool.lay_out(many(2), title="run", captions=CAPTIONS) is not None


async def gone(pid: int) -> None:
    async with asyncio.timeout(PATIENT):
        while is_there(pid):  # noqa: ASYNC110 - no event tells of a process's end
            await asyncio.sleep(0.01)


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def test_a_process_has_no_environment_and_can_write_no_file(make: Make) -> None:
    pool = await make(processes=1)
    (pid,) = pool.pids
    proc = Path(f"/proc/{pid}")
    assert (proc / "environ").read_bytes() == b""
    limits = (proc / "limits").read_text()
    assert limits.split("Max file size")[1].split()[:2] == ["0", "0"]
    opened = {str(fd.readlink()) for fd in (proc / "fd").iterdir()}
    assert all(name.startswith(("pipe:", "/dev/null", "socket:")) for name in opened), opened


def written(pid: int) -> float:
    """Return what a process has written and still holds, in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:")) / 1024


async def test_what_an_animation_needed_is_given_back(make: Make) -> None:
    pool = await make(processes=1)
    run = await pool.lay_out(many(20), title="run", captions=CAPTIONS)
    assert run is not None
    assert await pool.png([run], CAPTIONS), "the fonts stay"
    (pid,) = pool.pids
    before = written(pid)
    assert await pool.gif(run, "import asyncio\n", CAPTIONS)
    assert pool.pids == (pid,)
    assert written(pid) < before + 16


async def test_one_that_died_idle_costs_nothing(make: Make) -> None:
    pool = await make(processes=1)
    (pid,) = pool.pids
    os.kill(pid, signal.SIGKILL)
    await gone(pid)
    await asyncio.sleep(0.1)
    assert await drawn(pool)
    assert pool.pids != (pid,)


async def test_one_that_is_killed_costs_its_picture_and_no_more(make: Make) -> None:
    pool = await make(processes=1)
    (pid,) = pool.pids
    os.kill(pid, signal.SIGSTOP)  # so that the job is surely under way
    lost = asyncio.create_task(drawn(pool))
    await asyncio.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    assert await lost is False
    assert await drawn(pool)
    await gone(pid)


async def test_one_that_hangs_is_replaced(make: Make) -> None:
    pool = await make(processes=1, seconds=0.3)
    (pid,) = pool.pids
    os.kill(pid, signal.SIGSTOP)
    assert await drawn(pool) is False
    await gone(pid)
    slow = RendererPool(processes=1)
    assert await drawn(slow)
    await slow.close()


async def test_one_that_hangs_does_not_hold_up_the_other(make: Make) -> None:
    pool = await make(processes=2, seconds=PATIENT)
    (pid,) = pool.pids
    os.kill(pid, signal.SIGSTOP)
    stuck = asyncio.create_task(drawn(pool))
    await asyncio.sleep(0)
    assert await drawn(pool)
    os.kill(pid, signal.SIGKILL)
    assert await stuck is False


async def test_too_many_are_left_out_at_once(make: Make) -> None:
    pool = await make(processes=1, waiting=2, seconds=PATIENT, patience=PATIENT)
    (pid,) = pool.pids
    os.kill(pid, signal.SIGSTOP)
    jobs = []
    for _ in range(5):
        jobs.append(asyncio.create_task(drawn(pool)))
        await asyncio.sleep(0.01)
    assert [job.done() and job.result() is False for job in jobs] == [False] * 3 + [True] * 2
    os.kill(pid, signal.SIGCONT)
    assert await asyncio.gather(*jobs) == [True] * 3 + [False] * 2


async def test_one_that_waits_too_long_goes_without(make: Make) -> None:
    pool = await make(processes=1, seconds=PATIENT, patience=0.1)
    (pid,) = pool.pids
    os.kill(pid, signal.SIGSTOP)
    stuck = asyncio.create_task(drawn(pool))
    await asyncio.sleep(0.01)
    assert await drawn(pool) is False
    os.kill(pid, signal.SIGCONT)
    assert await stuck


async def test_a_run_under_way_does_not_wait(make: Make) -> None:
    pool = await make(processes=1, seconds=PATIENT)
    (pid,) = pool.pids
    os.kill(pid, signal.SIGSTOP)
    stuck = asyncio.create_task(drawn(pool))
    await asyncio.sleep(0.01)
    assert await pool.lay_out(many(2), title="", captions=CAPTIONS, now=1.0) is None
    os.kill(pid, signal.SIGCONT)
    assert await stuck


async def test_closing_ends_every_process_and_every_job(make: Make) -> None:
    pool = await make(processes=2, seconds=PATIENT)
    (pid,) = pool.pids
    os.kill(pid, signal.SIGSTOP)
    stuck = asyncio.create_task(drawn(pool))
    await asyncio.sleep(0)
    assert await drawn(pool)
    pids = pool.pids
    await pool.close()
    assert await stuck is False
    assert len(pids) == 2
    for pid in pids:
        await gone(pid)


async def test_a_process_ends_with_its_bot(make: Make) -> None:
    pool = await make(processes=1)
    (pid,) = pool.pids
    (worker,) = pool._idle
    assert worker._process.stdin is not None
    worker._process.stdin.close()
    await gone(pid)


async def test_hostile_records_keep_the_loop_free(make: Make) -> None:
    """Each step that the loop takes for a record of 20,000 events is small."""
    pool = await make(processes=2, seconds=PATIENT, patience=PATIENT)
    loop = asyncio.get_running_loop()
    record = spinner(20_000)
    await drawn(pool)
    steps = []
    jobs = [
        asyncio.create_task(pool.lay_out(record, title="", captions=CAPTIONS)) for _ in range(6)
    ]
    before = loop.time()
    while not all(job.done() for job in jobs):
        await asyncio.sleep(0)
        steps.append(loop.time() - before)
        before = loop.time()
    assert all(job.result() for job in jobs)
    assert len(steps) > 60  # what is long is cut into many small pieces
