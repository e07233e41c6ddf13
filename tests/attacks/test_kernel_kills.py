"""Where the kernel is quicker than the bot: a real kill for want of memory, in a control group."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.runner.guest.waiting_children import _MOST
from bot.runner.host.local import LocalRunner
from bot.runner.model import Limits, Outcome, RunRequest, collect

ROOM = 64 << 20
HOG = "hold = []\nwhile True: hold.append(bytearray(b'x') * (1 << 20))"
HONEST = "import asyncio\nasyncio.run(asyncio.sleep(.2))\nprint('over')"
GROUPS = (  # of each version of control groups: its folder, and its file for the limit
    (Path("/sys/fs/cgroup"), "memory.max"),
    (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),
)


@pytest.fixture
def small() -> Iterator[Path]:
    """A control group in which there is little memory."""
    for mount, limit in GROUPS:
        made = mount / f"asyncio-tutor-oom-{os.getpid()}"
        with contextlib.suppress(OSError):
            made.mkdir()
            if (made / limit).exists():
                (made / limit).write_text(str(ROOM))
                yield made
                made.rmdir()
                return
            made.rmdir()
    pytest.skip("this host lets the user of the tests make no control group for memory")


async def test_a_kill_by_the_kernel_names_memory_to_the_learner_and_the_log(small: Path) -> None:
    runner = LocalRunner()
    await runner.start()
    try:
        server = runner._server
        assert server is not None
        (small / "cgroup.procs").write_text(str(server.pid))
        limits = Limits(memory_bytes=512 << 20)
        for _ in range(_MOST):  # a child that waited for a run is in the group it was born in
            await collect(runner.run(RunRequest("pass")))
        with capture_logs() as logs:
            killed = await collect(runner.run(RunRequest(HOG, limits=limits)))
        assert (killed.finished.outcome, killed.finished.limit) == (Outcome.MEMORY, "memory_bytes")
        assert killed.finished.detail == "the kernel ended it: there was no memory left"
        told = [log for log in logs if log["event"] == "run killed by the kernel"]
        assert [(log["log_level"], log["why"]) for log in told] == [("warning", "out of memory")]
        assert runner._server is server, "runs come before the server"
        assert server.alive
        after = await collect(runner.run(RunRequest(HONEST)))
        assert (after.finished.outcome, after.lines[0].text) == (Outcome.OK, "over")
    finally:
        await runner.close()
