"""Every attack ends as it must, reaches nothing, and leaves nothing."""

import asyncio
import os
import sys
import sysconfig
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.runner.host.local import LocalRunner
from bot.runner.model import Limits, Outcome, RunRequest, RunResult, collect
from tests.attacks import exhaustion, intrusion
from tests.attacks.catalogue import Attack
from tests.processes import descriptors, exists, pythons, running, until

ROOT = Path(__file__).parents[2]
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"
PYTHONS = [one for one in pythons() if os.getuid() != 0 or one == RUNNING]
"""A bot is not to run as root, where one Python shows what is different there: the others' guests
are attacked where the bot has no rights (test_unprivileged.py)."""
pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("sandbox", PYTHONS, indirect=True, scope="module"),
]
LATE = 0.5
"""Seconds of processor time that the bot's loop may be held by one attack, between two ticks.
Not of wall time: this machine may do much else."""
TRACE = "sandbox-was-here"
EVERYWHERE = [Path(one) for one in ("/", "/etc", "/tmp", "/var/tmp", "/dev/shm", "/run", "/root")]
HELLO = 'import asyncio\nasync def main(): print("unharmed")\nasyncio.run(main())'


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A folder that anyone may write to, but for the sandbox."""
    tmp_path.chmod(0o777)
    (tmp_path / "victim").write_text("untouched")
    (tmp_path / "victim").chmod(0o666)
    (tmp_path / "empty").mkdir()
    return tmp_path


def server(sandbox: LocalRunner) -> int:
    assert sandbox._server is not None
    return sandbox._server.pid


def armed(attack: Attack, scratch: Path) -> RunRequest:
    """Fill in what an attacker could know of this host."""
    known = {
        "@ROOT@": str(ROOT),
        "@VENV@": sys.prefix,
        "@SITE@": sysconfig.get_path("purelib"),
        "@SCRATCH@": str(scratch),
        "@BOT@": str(os.getpid()),
    }
    code = attack.scenario
    for key, value in known.items():
        code = code.replace(key, value)
    return RunRequest(code, limits=Limits.model_validate(attack.limits))


@asynccontextmanager
async def punctual_loop() -> AsyncIterator[None]:
    """Hold the loop to its time while the block runs."""
    worst = 0.0

    async def watch() -> None:
        nonlocal worst
        while True:
            before = time.thread_time()
            await asyncio.sleep(0.01)
            worst = max(worst, time.thread_time() - before)

    watcher = asyncio.create_task(watch())
    yield
    watcher.cancel()
    assert worst < LATE


async def hello(sandbox: LocalRunner) -> list[str]:
    return [line.text for line in (await collect(sandbox.run(RunRequest(HELLO)))).lines]


def traces(scratch: Path) -> Iterator[Path]:
    for folder in (*EVERYWHERE, ROOT, ROOT / "lessons", Path(sys.prefix), scratch):
        if os.path.lexists(folder / TRACE):  # False, too, where this user may not look
            yield folder / TRACE


def untouched(scratch: Path) -> bool:
    victim = scratch / "victim"
    return (
        victim.read_text() == "untouched"
        and victim.stat().st_mode & 0o777 == 0o666
        and sorted(one.name for one in scratch.iterdir()) == ["empty", "victim"]
    )


ATTACKS = (*exhaustion.ATTACKS, *intrusion.ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_attack(sandbox: LocalRunner, attack: Attack, scratch: Path) -> None:
    assert await hello(sandbox) == ["unharmed"]
    before, target = set(descriptors()), server(sandbox)
    async with punctual_loop():
        found = await collect(sandbox.run(armed(attack, scratch)))
    lines = [line.text for line in found.lines]
    assert [line for line in lines if "REACHED" in line] == []
    assert found.finished.outcome in attack.outcomes, (found.finished, lines[-5:])
    assert [line for line in attack.prints if line not in lines] == [], lines[-5:]
    assert 0 <= found.finished.elapsed < 60
    assert server(sandbox) == target
    assert running(target) == []
    # The bot itself looks at its runs in /proc, from threads, now and then.
    await until(lambda: set(descriptors()) <= before)
    assert list(traces(scratch)) == []
    assert untouched(scratch)
    assert await hello(sandbox) == ["unharmed"]


async def test_what_is_no_text_arrives_replaced(sandbox: LocalRunner, scratch: Path) -> None:
    (attack,) = (one for one in ATTACKS if one.name == "what_is_no_text")
    lines = [line.text for line in (await collect(sandbox.run(armed(attack, scratch)))).lines]
    assert "\ufffd\ufffd\ufffd nul:\0 escape:\x1b[2J\x1b]0;x\x07" in lines
    assert "surrogate: \\ud800 nul: \0 escape: \x1b[2J" in lines
    assert "\ufffd\ufffd" in lines


async def test_a_sibling_is_out_of_reach(sandbox: LocalRunner) -> None:
    victim = asyncio.create_task(
        collect(sandbox.run(RunRequest("import time\nprint('up')\ntime.sleep(1)\nprint('safe')")))
    )
    await until(lambda: len(running(server(sandbox))) == 1)
    (sibling,) = running(server(sandbox))
    code = (
        f"target = {sibling}\n"
        "call('ptrace', 101, 117, 16, target, 0, 0)\n"
        "local, remote = ctypes.create_string_buffer(16), ctypes.create_string_buffer(16)\n"
        "call('readv', 310, 270, target, local, 1, remote, 1, 0)\n"
        "for name in ('environ', 'maps', 'mem', 'cmdline', 'status', 'fd/1', 'fd/3', 'stack'):\n"
        "    attempt(name, lambda: open(f'/proc/{target}/{name}', 'rb').read(1))\n"
        "attempt('fd', lambda: os.readlink(f'/proc/{target}/fd/3'))\n"
        "attempt('exe', lambda: os.readlink(f'/proc/{target}/exe'))\n"
        "attempt('kill', lambda: os.kill(target, 9))\n"
        "call('pidfd_open', 434, 434, target, 0)\n"
        "import resource\n"
        "attempt('limit', lambda: resource.prlimit(target, resource.RLIMIT_CPU, (0, 0)))\n"
        "print('over')"
    )
    found = await collect(sandbox.run(RunRequest(Attack("sibling", code).scenario)))
    lines = [line.text for line in found.lines]
    assert "over" in lines
    assert [line for line in lines if "REACHED" in line] == []
    survived = await victim
    assert [line.text for line in survived.lines] == ["up", "safe"]
    assert survived.finished.outcome is Outcome.OK


async def test_a_run_finds_nothing_of_the_one_before(sandbox: LocalRunner) -> None:
    async def run(code: str) -> RunResult:
        return await collect(sandbox.run(RunRequest(Attack("memory", code).scenario)))

    await run("secret = 'xyzzy-' + 'plugh-' * 3 # a secret: plover-plover-plover-plover")
    code = (
        "wanted = b'-'.join([b'plover'] * 4)\n"
        "libc.sbrk.restype = ctypes.c_void_p\n"
        "end = libc.sbrk(ctypes.c_long(0))\n"
        "heap = ctypes.string_at(end - 2 ** 20, 2 ** 20)\n"
        "print('searched', len(heap))\n"
        "if wanted in heap: print('REACHED')\n"
        "import gc, linecache\n"
        "if any('plover' * 2 in str(one)[:9999] for one in linecache.cache.values()"
        " if 'wanted' not in str(one)): print('REACHED')\n"
    )
    found = await run(code)
    lines = [line.text for line in found.lines]
    assert lines == ["searched 1048576"], found.finished


async def test_a_hundred_attacks_at_once_disturb_nobody(sandbox: LocalRunner) -> None:
    limits = Limits(cpu_seconds=5, wall_seconds=60)
    hostile = ["while True: print('x' * 100)", "import os\nos.fork()", "x = bytes(2**40)"]
    tasks = [
        asyncio.create_task(collect(sandbox.run(RunRequest(hostile[i % 3], limits=limits))))
        for i in range(100)
    ]
    async with punctual_loop():
        assert await hello(sandbox) == ["unharmed"]
        found = await asyncio.gather(*tasks)
    expected = [Outcome.OUTPUT, Outcome.ERROR, Outcome.MEMORY]
    assert [one.finished.outcome for one in found] == [expected[i % 3] for i in range(100)]
    assert running(server(sandbox)) == []
    assert exists(server(sandbox))
