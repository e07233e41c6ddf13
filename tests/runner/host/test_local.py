"""The sandbox from outside: what a run's stream says, and what is left when it is over."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from bot.errors import SandboxError
from bot.runner.confinement import confine
from bot.runner.host.local import LocalRunner
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
from tests.processes import descriptors, exists, running, until

if TYPE_CHECKING:
    from bot.runner.host.fork_server_client import ChildListener

HELLO = 'import asyncio\nasync def main():\n    print("hello")\nasyncio.run(main())'


async def result(runner: LocalRunner, code: str, **limits: float) -> RunResult:
    return await collect(runner.run(RunRequest(code, limits=Limits.model_validate(limits))))


def texts(found: RunResult) -> list[str]:
    return [line.text for line in found.lines]


def server_pid(runner: LocalRunner) -> int:
    assert runner._server is not None
    return runner._server.pid


async def test_a_run_starts_prints_and_ends(runner: LocalRunner) -> None:
    found = await result(runner, HELLO)
    assert texts(found) == ["hello"]
    assert isinstance(found.events[0], Started)
    assert found.python == sys.version.split()[0]
    assert found.finished.outcome is Outcome.OK
    assert 0 < found.finished.elapsed < 5
    assert sum(isinstance(event, Finished) for event in found.events) == 1


async def test_lines_arrive_as_they_are_printed(runner: LocalRunner) -> None:
    code = "import time\nprint('first')\ntime.sleep(0.5)\nprint('second')"
    arrived = [
        time.perf_counter()
        async for event in runner.run(RunRequest(code))
        if isinstance(event, Line)
    ]
    assert arrived[1] - arrived[0] > 0.3


async def test_what_is_written_to_the_descriptor_arrives_too(runner: LocalRunner) -> None:
    code = (
        "import os, time\nprint('a')\ntime.sleep(.1)\nos.write(1, b'b\\nc')\ntime.sleep(.1)\n"
        "os.write(2, b'd\\xff\\n')\ntime.sleep(.1)\nprint('e')"
    )
    found = await result(runner, code)
    assert [(line.text, line.stream) for line in found.lines] == [
        ("a", "stdout"),
        ("b", "stdout"),
        ("d\ufffd", "stderr"),
        ("ce", "stdout"),
    ]
    stamps = [line.at for line in found.lines]
    assert stamps == sorted(stamps)


@pytest.mark.parametrize(
    ("code", "limits", "outcome", "limit"),
    [
        ("while True: pass", {"cpu_seconds": 1}, Outcome.CPU, "cpu_seconds"),
        (
            "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
            {"cpu_seconds": 1},
            Outcome.CPU,
            "cpu_seconds",
        ),
        ("input_ = [0] * 10**9", {}, Outcome.MEMORY, "memory_bytes"),
        ("print('x' * 10**6)", {}, Outcome.OUTPUT, "line_bytes"),
        ("while True: print('x' * 1000)", {}, Outcome.OUTPUT, "output_bytes"),
        ("while True: print()", {}, Outcome.OUTPUT, "output_lines"),
        (
            "import os\nwhile True: os.write(1, b'x' * 4096)",
            {},
            Outcome.OUTPUT,
            "line_bytes",
        ),
        ("import time\ntime.sleep(60)", {"wall_seconds": 0.3}, Outcome.TIMEOUT, "wall_seconds"),
        (
            (
                "import threading, time\nfor _ in range(9):\n"
                "  threading.Thread(target=time.sleep, args=(1,)).start()"
            ),
            {"threads": 8},
            Outcome.THREADS,
            "threads",
        ),
        (
            (
                "import asyncio\nasync def main():\n  while True: await asyncio.sleep(0)\n"
                "asyncio.run(main())"
            ),
            {"events": 500},
            Outcome.EVENTS,
            "events",
        ),
    ],
)
async def test_each_limit_ends_a_run_with_its_own_outcome(
    runner: LocalRunner, code: str, limits: dict[str, float], outcome: Outcome, limit: str
) -> None:
    found = await result(runner, "print('before')\n" + code, **limits)
    assert (found.finished.outcome, found.finished.limit) == (outcome, limit)
    assert texts(found)[0] == "before"


async def test_a_warning_that_no_frame_stands_for_asks_for_no_file(runner: LocalRunner) -> None:
    found = await result(runner, "import warnings\nwarnings.warn('hello', stacklevel=2)")
    assert "UserWarning: hello" in texts(found)[0]
    assert found.finished.refused == ()


async def test_as_many_threads_as_allowed_are_no_offence(runner: LocalRunner) -> None:
    code = (
        "import threading, time\n"
        "for _ in range(20):\n"
        "  made = [threading.Thread(target=time.sleep, args=(.01,)) for _ in range(7)]\n"
        "  for thread in made: thread.start()\n"
        "  for thread in made: thread.join()\n"
        "print('done')"
    )
    found = await result(runner, code, threads=8)
    assert (found.finished.outcome, texts(found)) == (Outcome.OK, ["done"])


async def test_what_was_printed_of_a_line_is_shown_when_its_run_is_killed(
    runner: LocalRunner,
) -> None:
    code = "print('whole')\nprint('half a', end=' ', flush=True)\nprint('line', end='', flush=True)"
    found = await result(runner, code + "\nwhile True: pass", wall_seconds=0.5)
    assert (found.finished.outcome, texts(found)) == (Outcome.TIMEOUT, ["whole", "half a line"])
    assert found.lines[1].at < found.finished.elapsed


@pytest.mark.parametrize(
    "take_away",
    [
        "os.close(3)",
        "os.closerange(3, 64)",
        "os.dup2(1, 3)",
        "os.dup2(os.pipe()[1], 3)",
        "os.dup2(0, 3)",
    ],
)
async def test_a_record_that_the_scenario_cuts_off_is_said_to_be_and_its_output_is_whole(
    runner: LocalRunner, take_away: str
) -> None:
    found = await result(
        runner,
        f"import os\nprint('before')\n{take_away}\nprint('after', end=' ')\nprint('it')"
        "\nimport asyncio\nasyncio.run(asyncio.sleep(0))\nprint('end', end='')",
    )
    assert (found.finished.outcome, texts(found)) == (Outcome.OK, ["before", "after it", "end"])
    warned = [one for one in found.events if isinstance(one, Warned)]
    assert [one.what for one in warned if one.what != "unconfined"] == ["record-truncated"]


@pytest.mark.parametrize(
    ("code", "outcome", "detail"),
    [
        ("1/0", Outcome.ERROR, "exit status 1"),
        ("def", Outcome.ERROR, "exit status 1"),
        ("raise SystemExit(3)", Outcome.ERROR, "exit status 3"),
        ("raise SystemExit", Outcome.OK, ""),
        ("import os\nos._exit(0)", Outcome.OK, ""),
        ("import os\nos._exit(70)", Outcome.ERROR, "exit status 70"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGTERM)", Outcome.CRASHED, "SIGTERM"),
        ("import ctypes\nctypes.string_at(0)", Outcome.CRASHED, "SIGSEGV"),
        ("(" * 200_000, Outcome.ERROR, "exit status 1"),
    ],
)
async def test_a_scenarios_own_end_is_an_outcome(
    runner: LocalRunner, code: str, outcome: Outcome, detail: str
) -> None:
    finished = (await result(runner, code)).finished
    assert (finished.outcome, finished.detail) == (outcome, detail)


async def test_closing_the_stream_kills_the_run_and_leaves_nothing(runner: LocalRunner) -> None:
    await result(runner, HELLO)
    before = set(descriptors())
    code = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\nprint(1)\n"
    async with contextlib.aclosing(runner.run(RunRequest(code + "while True: pass"))) as events:
        async for event in events:
            if isinstance(event, Line):
                assert len(running(server_pid(runner))) == 1
                break
    assert running(server_pid(runner)) == []
    assert set(descriptors()) == before


async def test_cancelling_the_reader_kills_the_run(runner: LocalRunner) -> None:
    reader = asyncio.create_task(result(runner, "import time\ntime.sleep(60)"))
    await until(lambda: len(running(server_pid(runner))) == 1)
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    await until(lambda: running(server_pid(runner)) == [])


async def test_a_run_can_be_cancelled_before_it_was_born(runner: LocalRunner) -> None:
    for _ in range(20):
        reader = asyncio.create_task(result(runner, "import time\ntime.sleep(60)"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
    await until(lambda: running(server_pid(runner)) == [])
    assert texts(await result(runner, HELLO)) == ["hello"]


async def test_a_slow_reader_misses_nothing_and_holds_the_scenario_back(
    runner: LocalRunner,
) -> None:
    code = "for number in range(20_000): print(number)"
    request = RunRequest(code, limits=Limits(output_lines=20_000, events=100_000))
    seen: list[str] = []
    most = 0
    async for event in runner.run(request):
        if isinstance(event, Line):
            if len(seen) % 1_000 == 0:
                await asyncio.sleep(0.05)
                (run,) = runner._runs
                most = max(most, len(run._queue))
            seen.append(event.text)
    assert seen == [str(number) for number in range(20_000)]
    assert most < 15_000


async def test_many_at_once(runner: LocalRunner) -> None:
    code = "import asyncio\nasyncio.run(asyncio.sleep(0.5))\nprint({})"
    found = await asyncio.gather(*(result(runner, code.format(i)) for i in range(40)))
    assert [texts(one) for one in found] == [[str(i)] for i in range(40)]
    assert all(one.finished.outcome is Outcome.OK for one in found)


async def test_children_that_die_while_they_wait_cost_no_run(runner: LocalRunner) -> None:
    await result(runner, HELLO)
    server = server_pid(runner)
    waiting = await asyncio.to_thread(_children, server)
    assert waiting
    # The order reaches a server that has not yet heard of their deaths.
    os.kill(server, signal.SIGSTOP)
    for pid in waiting:
        os.kill(pid, signal.SIGKILL)
    asking = asyncio.create_task(result(runner, HELLO))
    await asyncio.sleep(0.2)
    os.kill(server, signal.SIGCONT)
    assert texts(await asking) == ["hello"]
    assert server_pid(runner) == server
    assert texts(await result(runner, HELLO)) == ["hello"]


def _children(pid: int) -> list[int]:
    """Return a process's children, as soon as there are some (proc(5))."""
    deadline = time.monotonic() + 10
    while True:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if found or time.monotonic() > deadline:
            return [int(each) for each in found]
        time.sleep(0.01)


async def test_a_run_whose_server_dies_before_it_printed_is_made_again(
    runner: LocalRunner,
) -> None:
    first = server_pid(runner)
    reading = asyncio.create_task(result(runner, "import time\ntime.sleep(.5)\nprint('made')"))
    await until(lambda: len(running(first)) == 1)
    os.kill(first, signal.SIGKILL)
    found = await reading
    assert [event.what for event in found.events if isinstance(event, Warned)] == ["retried"]
    assert sum(isinstance(event, Started) for event in found.events) == 1
    assert (found.finished.outcome, texts(found)) == (Outcome.OK, ["made"])
    assert server_pid(runner) != first


async def test_a_run_whose_server_dies_after_it_printed_is_interrupted(
    runner: LocalRunner,
) -> None:
    first = server_pid(runner)
    found: list[Event] = []
    child = 0
    async for event in runner.run(RunRequest("import time\nprint('on')\ntime.sleep(60)")):
        found.append(event)
        if isinstance(event, Line):
            (child,) = running(first)
            os.kill(first, signal.SIGKILL)
    finished = RunResult(tuple(found)).finished
    assert (finished.outcome, texts(RunResult(tuple(found)))) == (Outcome.INTERRUPTED, ["on"])
    await until(lambda: not exists(child))
    assert texts(await result(runner, HELLO)) == ["hello"]


async def test_a_server_is_replaced_after_its_runs_without_a_gap() -> None:
    runner = LocalRunner(recycle_after=3)
    await runner.start()
    try:
        first = server_pid(runner)
        slow = asyncio.create_task(result(runner, "import time\ntime.sleep(1)\nprint('slow')"))
        for _ in range(4):
            assert texts(await result(runner, HELLO)) == ["hello"]
        await until(lambda: server_pid(runner) != first)
        assert texts(await slow) == ["slow"]
        await until(lambda: not exists(first))
        assert texts(await result(runner, HELLO)) == ["hello"]
    finally:
        await runner.close()


async def test_closing_ends_what_is_under_way_and_refuses_what_comes() -> None:
    runner = LocalRunner()
    await runner.start()
    pid = server_pid(runner)
    reading = asyncio.create_task(result(runner, "print(1)\nimport time\ntime.sleep(60)"))
    await until(lambda: len(running(pid)) == 1)
    await runner.close()
    await runner.close()
    assert (await reading).finished.outcome is Outcome.INTERRUPTED
    assert not exists(pid)
    assert (await result(runner, HELLO)).finished.outcome is Outcome.REFUSED


async def test_the_server_dies_with_the_bot() -> None:
    code = (
        "import asyncio, os\nfrom bot.runner.host.local import LocalRunner\n"
        "async def main():\n"
        "  runner = LocalRunner()\n  await runner.start()\n"
        "  print(runner._server.pid, flush=True)\n  await asyncio.sleep(60)\n"
        "asyncio.run(main())"
    )
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    assert bot.stdout is not None
    async for line in bot.stdout:
        if line.strip().isdigit():
            server = int(line)
            break
    assert exists(server)
    bot.kill()
    await bot.wait()
    await until(lambda: not exists(server))


async def test_the_server_holds_no_environment_and_no_descriptor_of_the_bot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TUTOR_DISCORD_TOKEN", "secret")
    runner = LocalRunner()
    await runner.start()
    try:
        await result(runner, HELLO)
        server = Path(f"/proc/{server_pid(runner)}")
        assert (server / "environ").read_bytes() == b""
        assert (server / "cwd").readlink() == Path("/")
        held = list(descriptors(server_pid(runner)).values())
        files = [name.removeprefix("/proc") for name in held if name.startswith("/")]
        assert set(files) <= {"/dev/null", "", "/", f"/{server.name}/oom_score_adj"}
        assert len(held) <= 19  # six of them lead to children that wait for runs
    finally:
        await runner.close()


@pytest.mark.parametrize("python", ["/nonexistent/python3", "/bin/false", "/etc/passwd"])
async def test_a_server_that_does_not_start_is_explained(python: str) -> None:
    runner = LocalRunner(python=Path(python))
    with pytest.raises(SandboxError) as caught:
        await runner.start()
    assert python in str(caught.value) or "tutor doctor" in str(caught.value)
    await runner.close()


@dataclass
class Killing:
    """Confines as usual, but kills the first servers while they start."""

    times: int
    starts: int = 0

    def __call__(self, readable: Sequence[Path], group: Path | None) -> confine.Confinement:
        self.starts += 1
        if self.starts <= self.times:
            for child in children():
                if b"fork_server" in Path(f"/proc/{child}/cmdline").read_bytes():
                    os.kill(child, signal.SIGKILL)
                    time.sleep(0.1)  # so that the loop, too, knows of it
        return confine.everything(readable, group)


def children() -> list[int]:
    """Return the processes that this one started; its threads come and go meanwhile."""
    found: list[int] = []
    for thread in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found += map(int, (thread / "children").read_text().split())
    return found


def rulesets() -> int:
    """Count the descriptors of this process that hold a confinement for a server."""
    return sum("landlock" in target for target in descriptors().values())


async def test_a_server_killed_while_it_starts_turns_nobody_away() -> None:
    before = rulesets()
    prepare = Killing(times=1)
    runner = LocalRunner(prepare=prepare)
    try:
        found = await asyncio.gather(*(result(runner, HELLO) for _ in range(8)))
        assert [texts(each) for each in found] == [["hello"]] * 8
        assert prepare.starts == 2
    finally:
        await runner.close()
    assert rulesets() == before


async def test_a_server_that_is_always_killed_is_given_up_with_a_reason() -> None:
    prepare = Killing(times=9)
    runner = LocalRunner(prepare=prepare)
    with pytest.raises(SandboxError, match="was killed while it started"):
        await runner.start()
    assert prepare.starts == 2
    await runner.close()


class LostListener:
    """Only notes that its server is gone."""

    def __init__(self) -> None:
        self.lost_servers = 0

    def lost(self) -> None:
        self.lost_servers += 1


async def test_a_run_given_to_a_server_that_has_just_died_is_lost_at_once(
    runner: LocalRunner,
) -> None:
    server = runner._server
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    await until(lambda: not server.alive)
    reader, writer = os.pipe()
    listener = LostListener()
    server.launch(1_000, cast("ChildListener", listener), {}, (reader, writer))
    assert listener.lost_servers == 1
    for descriptor in (reader, writer):
        with pytest.raises(OSError, match="Bad file"):
            os.fstat(descriptor)
    await asyncio.wait_for(server.drained(), 10)


async def test_a_host_that_cannot_confine_is_refused_with_every_remedy() -> None:
    runner = LocalRunner(prepare=confine.nothing)
    with pytest.raises(SandboxError) as caught:
        await runner.start()
    message = str(caught.value)
    for name in (confine.FILES, confine.SYSCALLS, confine.THREADS):
        assert name in message
    assert "TUTOR_SANDBOX=best-effort" in message
    await runner.close()


async def test_best_effort_runs_all_the_same_and_says_so_each_time() -> None:
    runner = LocalRunner(prepare=confine.nothing, strict=False)
    await runner.start()
    try:
        for _ in range(2):
            found = await result(runner, HELLO)
            first = found.events[0]
            assert isinstance(first, Warned)
            assert first.what == "unconfined"
            assert confine.SYSCALLS in first.detail
            assert texts(found) == ["hello"]
    finally:
        await runner.close()


async def test_what_is_refused_is_part_of_the_end(runner: LocalRunner) -> None:
    found = await result(
        runner,
        "import asyncio\n"
        "async def main(): await asyncio.start_server(print, '127.0.0.1', 0)\n"
        "try: asyncio.run(main())\n"
        "except OSError: pass\n"
        "try: open('notes.txt', 'w')\n"
        "except OSError: pass\n",
    )
    assert found.finished.outcome is Outcome.OK
    assert [(one.what, one.line) for one in found.finished.refused] == [("network", 2), ("file", 5)]


async def test_sqlite_and_the_compressors_work_in_memory(runner: LocalRunner) -> None:
    found = await result(
        runner,
        "import bz2, lzma, sqlite3\n"
        "print(sqlite3.connect(':memory:').execute('select 1 + 1').fetchone())\n"
        "print(bz2.decompress(bz2.compress(b'b')), lzma.decompress(lzma.compress(b'l')))\n",
    )
    assert texts(found) == ["(2,)", "b'b' b'l'"]
    assert found.finished.refused == ()


async def test_deep_recursion_in_a_thread_raises(runner: LocalRunner) -> None:
    found = await result(
        runner,
        "import asyncio\n"
        "def deep(n): return sorted([1, 2], key=lambda v: deep(n + 1))\n"
        "async def main():\n"
        "    try: await asyncio.to_thread(deep, 0)\n"
        "    except RecursionError: print('caught')\n"
        "asyncio.run(main())\n",
    )
    assert texts(found) == ["caught"]


async def test_forty_threads_fit_into_256_mib(runner: LocalRunner) -> None:
    found = await result(
        runner,
        "import asyncio, time\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "async def main():\n"
        "    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(40))\n"
        "    await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.1) for _ in range(40)))\n"
        "    print('forty')\n"
        "asyncio.run(main())\n",
        memory_bytes=256 * 2**20,
    )
    assert texts(found) == ["forty"]
