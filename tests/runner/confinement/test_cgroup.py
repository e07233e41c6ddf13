import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import SandboxError
from bot.runner.confinement import cgroup
from bot.runner.host.local import LocalRunner
from bot.runner.model import Outcome, RunRequest, collect

MOUNTS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))


@pytest.fixture
def group() -> Iterator[Path]:
    """A control group (v2) of our own."""
    for mount in MOUNTS:
        if (mount / "cgroup.controllers").exists() and os.access(mount, os.W_OK):
            made = mount / f"asyncio-tutor-test-{os.getpid()}"
            made.mkdir()
            yield made
            made.rmdir()
            return
    pytest.skip("this host lets the user of the tests make no control group (v2)")


async def test_the_fork_server_and_its_runs_live_in_the_operators_group(group: Path) -> None:
    runner = LocalRunner(strict=False, cgroup=group)
    await runner.start()
    try:
        ended = await collect(runner.run(RunRequest("print('hello')")))
        members = (group / "cgroup.procs").read_text().split()
        layer = next(layer for layer in runner.layers if layer.name == cgroup.NAME)
    finally:
        await runner.close()
    assert ended.finished.outcome is Outcome.OK
    assert members, "the fork server, and the child that waits for the next run"
    assert str(os.getpid()) not in members
    assert layer.status == "enforced"
    assert str(group) in layer.why


async def test_a_group_that_cannot_be_entered_is_a_missing_layer(tmp_path: Path) -> None:
    runner = LocalRunner(cgroup=tmp_path / "nowhere")
    with pytest.raises(SandboxError, match="cgroup-v2: the fork server could not be moved") as told:
        await runner.start()
    await runner.close()
    assert "TUTOR_SANDBOX_CGROUP" in str(told.value)


def test_the_caps_of_a_group_are_told(tmp_path: Path) -> None:
    (tmp_path / "memory.max").write_text("1073741824\n")
    (tmp_path / "pids.max").write_text("max\n")
    layer = cgroup.enter(tmp_path, 1)
    assert layer.why.endswith("(memory.max 1073741824, pids.max max)")
