"""Limits that one attack alone cannot show: between two runs, of all runs, beside a busy bot."""

import asyncio
import os
import time
from collections import Counter
from pathlib import Path

import pytest

from bot.runner.host.capacity import Capacity, private_bytes
from bot.runner.host.local import LocalRunner
from bot.runner.host.room import Room
from bot.runner.model import Limits, Outcome, RunRequest, RunResult, Warned, collect
from tests.attacks.catalogue import Attack
from tests.attacks.intrusion import FORGE
from tests.processes import exists, running, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 2**20
HONEST = (
    "import asyncio\nasync def main():\n    for _ in range(10):\n        print('on')\n"
    "        await asyncio.sleep(.1)\nasyncio.run(main())"
)
HOG = (
    "import time\nhold = []\n"
    "for _ in range(60):\n    hold.append(bytearray(b'x') * (4 << 20))\n    time.sleep(.005)\n"
    "time.sleep(1)"
)


def server(sandbox: LocalRunner) -> int:
    assert sandbox._server is not None
    return sandbox._server.pid


async def run(sandbox: LocalRunner, code: str, **limits: float) -> RunResult:
    scenario = Attack("together", code).scenario
    return await collect(sandbox.run(RunRequest(scenario, limits=Limits.model_validate(limits))))


def score(pid: int) -> int:
    return int(Path(f"/proc/{pid}/oom_score_adj").read_text())


def status(pid: int) -> dict[str, str]:
    rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(row.split(":\t", 1) for row in rows if ":\t" in row)


async def test_a_run_uses_little_more_than_its_processor_time(sandbox: LocalRunner) -> None:
    code = (
        "import threading\nfor _ in range(8): threading.Thread(target=lambda: 9 ** 9 ** 9).start()"
    )
    finished = (await run(sandbox, code, cpu_seconds=1)).finished
    assert (finished.outcome, finished.limit) == (Outcome.CPU, "cpu_seconds")
    assert 0.9 < finished.usage.cpu_seconds < 1.5


async def test_flags_of_the_standard_input_are_nobody_elses(sandbox: LocalRunner) -> None:
    code = (
        "import fcntl\nprint(fcntl.fcntl(0, fcntl.F_GETFL))\n"
        "fcntl.fcntl(0, fcntl.F_SETFL, os.O_APPEND | os.O_NONBLOCK)\nprint('over')"
    )
    told = [[line.text for line in (await run(sandbox, code)).lines] for _ in range(3)]
    assert told[0] == told[1] == told[2]
    assert told[0][-1] == "over"


async def test_a_forged_end_does_not_stop_the_hosts_clock(sandbox: LocalRunner) -> None:
    code = FORGE + "os.write(3, end)\ntime.sleep(1)\nos.write(1, b'after\\n')"
    found = await run(sandbox, code)
    assert [line.text for line in found.lines] == ["after"]
    assert found.finished.outcome is Outcome.OK
    assert found.lines[-1].at <= found.finished.elapsed
    assert found.finished.elapsed >= 1


async def test_a_runs_process_is_the_kernels_first_choice_and_has_no_right(
    sandbox: LocalRunner,
) -> None:
    sleeping = asyncio.create_task(run(sandbox, "time.sleep(1)\nprint('over')"))
    await until(lambda: len(running(server(sandbox))) == 1)
    (pid,) = running(server(sandbox))
    # While it forks, the server has the score of the child that it makes.
    await until(lambda: [score(one) for one in (pid, server(sandbox))] == [1000, 500])
    assert score(os.getpid()) < 500
    found = status(pid)
    assert {int(found[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
    assert found["NoNewPrivs"] == "1"
    for other in (pid, server(sandbox), os.getpid()):  # the kernel's mark of the undumpable
        assert os.stat(f"/proc/{other}/environ").st_uid == 0  # noqa: PTH116 - of a process
    assert [line.text for line in (await sleeping).lines] == ["over"]


async def test_the_deadline_is_kept_while_the_bots_loop_is_held(sandbox: LocalRunner) -> None:
    ours = asyncio.create_task(run(sandbox, "time.sleep(60)", wall_seconds=2))
    await until(lambda: len(running(server(sandbox))) == 1)
    (pid,) = running(server(sandbox))
    end = time.monotonic() + 10
    while exists(pid) and time.monotonic() < end:
        time.sleep(0.05)  # noqa: ASYNC251 - the loop is held on purpose
    assert not exists(pid), "the fork server ends it by itself"
    found = await ours
    again = [event.detail for event in found.events if isinstance(event, Warned)]
    assert again == ["the bot was too busy to follow it"], "it may have waited for us"
    assert found.finished.outcome is Outcome.TIMEOUT


async def test_a_run_is_not_charged_for_a_bot_that_reads_late(sandbox: LocalRunner) -> None:
    code = "for n in range(1500): print('x' * 100)\nprint('over')"
    ours = asyncio.create_task(run(sandbox, code, wall_seconds=0.5))
    await until(lambda: len(running(server(sandbox))) == 1)
    time.sleep(0.8)  # noqa: ASYNC251 - the loop is held on purpose
    found = await ours
    assert (found.finished.outcome, found.lines[-1].text) == (Outcome.OK, "over")


@pytest.fixture
def small() -> Capacity:
    """The room of a container of 600 MiB in which nothing but the runs is."""
    own = os.getpid()

    def read() -> Room:
        servers = Path(f"/proc/{own}/task/{own}/children").read_text().split()
        runs = [pid for one in servers for pid in running(int(one))]
        return Room(600 * MIB - sum(map(private_bytes, runs)), 600 * MIB)

    return Capacity(read)


async def test_an_honest_run_beside_fifty_hogs_is_never_the_one_that_is_ended(
    small: Capacity,
) -> None:
    runner = LocalRunner(capacity=small)
    await runner.start()
    try:
        honest = asyncio.create_task(run(runner, HONEST))
        await until(lambda: len(running(server(runner))) == 1)
        hogs = await asyncio.gather(*(run(runner, HOG, wall_seconds=60) for _ in range(50)))
        assert (await honest).finished.outcome is Outcome.OK
        ends = Counter(one.finished.outcome for one in hogs)
        assert set(ends) <= {Outcome.MEMORY, Outcome.OK}
        assert ends[Outcome.MEMORY] > 0
        assert [one for one in hogs if one.finished.limit not in {"", "memory_bytes"}] == []
    finally:
        await runner.close()


async def test_the_threads_of_all_runs_have_one_limit() -> None:
    capacity = Capacity(lambda: Room(2**40, 2**40, processes=64 + 100))
    runner = LocalRunner(capacity=capacity)
    await runner.start()
    start = "threading.Thread(target=time.sleep, args=(2,)).start()"
    many, few = (f"import threading\nfor _ in range({n}): {start}" for n in (50, 3))
    try:
        honest = asyncio.create_task(run(runner, few))
        await until(lambda: len(running(server(runner))) == 1)
        hogs = await asyncio.gather(*(run(runner, many) for _ in range(5)))
        ends = Counter(one.finished.outcome for one in hogs)
        assert ends[Outcome.OK] in {1, 2}
        assert ends[Outcome.THREADS] == 5 - ends[Outcome.OK]
        assert (await honest).finished.outcome is Outcome.OK
    finally:
        await runner.close()
