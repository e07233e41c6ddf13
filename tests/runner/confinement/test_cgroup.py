import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import SandboxError
from bot.runner.confinement import cgroup
from bot.runner.guest.waiting_children import _MOST
from bot.runner.host.local import LocalRunner
from bot.runner.model import Outcome, RunRequest, collect
from tests.processes import until

MOUNTS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))


@pytest.fixture
def group() -> Iterator[Path]:
    """A control group (v2) of our own."""
    for mount in MOUNTS:
        if (mount / "cgroup.controllers").exists() and os.access(mount, os.W_OK):
            made = mount / f"asyncio-tutor-test-{os.getpid()}"
            made.mkdir()
            yield made
            made.rmdir()  # nothing may be left in it
            return
    pytest.skip("this host lets the user of the tests make no control group (v2)")


def members(group: Path, kind: str) -> list[str]:
    """Return the processes in the groups of one kind beneath `group`."""
    folders = group.glob(f"tutor-*-{kind}*")
    return [pid for one in folders for pid in (one / "cgroup.procs").read_text().split()]


def groups_of_runs(group: Path) -> list[str]:
    """Return the process ids for which there are groups."""
    return [one.name.rpartition("-")[2] for one in group.glob("tutor-*-run-*")]


async def test_the_fork_server_and_its_runs_live_beneath_the_operators_group(group: Path) -> None:
    runner = LocalRunner(strict=False, cgroup=group)
    await runner.start()
    try:
        ended = await collect(runner.run(RunRequest("print('hello')")))
        assert runner._server is not None
        assert str(runner._server.pid) in members(group, "server")
        layer = next(layer for layer in runner.layers if layer.name == cgroup.CGROUP_LAYER)
    finally:
        await runner.close()
    assert ended.finished.outcome is Outcome.OK
    assert layer.status == "enforced"
    assert str(group) in layer.why


@pytest.fixture
def controller(group: Path) -> Iterator[str]:
    """A controller that `group` has for its children, of those that version 2 has on this host."""
    parent = group.parent
    offered = (parent / "cgroup.controllers").read_text().split()
    if not offered:
        pytest.skip("version 2 has no controller on this host: all belong to version 1")
    chosen = "memory" if "memory" in offered else offered[0]
    enabled = chosen in (parent / "cgroup.subtree_control").read_text().split()
    (parent / "cgroup.subtree_control").write_text(f"+{chosen}")
    yield chosen
    if not enabled:
        with contextlib.suppress(OSError):  # another's group uses it meanwhile
            (group / "cgroup.subtree_control").write_text(f"-{chosen}")
            (parent / "cgroup.subtree_control").write_text(f"-{chosen}")


async def test_each_run_has_a_group_of_its_own_which_goes_with_it(
    group: Path, controller: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With any controller that version 2 has here: how groups come and go is the same for all."""
    if controller not in cgroup.CONTROLLERS:
        monkeypatch.setattr(cgroup, "CONTROLLERS", (controller,))
    runner = LocalRunner(cgroup=group)  # strict: confined as in production
    await runner.start()
    try:
        for _ in range(5):
            sleeping = RunRequest("import time; time.sleep(1)")
            running = asyncio.create_task(collect(runner.run(sleeping)))
            await until(lambda: len(members(group, "run")) == 1 + _MOST)
            assert (await running).finished.outcome is Outcome.OK
        await until(lambda: len(groups_of_runs(group)) == _MOST)
        assert sorted(members(group, "run")) == sorted(groups_of_runs(group)), "each in its own"
    finally:
        await runner.close()


async def test_a_group_that_cannot_be_entered_is_a_missing_layer(tmp_path: Path) -> None:
    runner = LocalRunner(cgroup=tmp_path / "nowhere")
    with pytest.raises(SandboxError, match="cgroup-v2: the fork server could not be moved") as told:
        await runner.start()
    await runner.close()
    assert "TUTOR_SANDBOX_CGROUP" in str(told.value)


def delegated(folder: Path) -> Path:
    """Return a folder with the files of a group whose parent enabled both controllers for it."""
    for name, text in {
        "cgroup.controllers": "cpu memory pids",
        "cgroup.subtree_control": "memory pids",
        "memory.max": "1073741824\n",
        "pids.max": "max\n",
    }.items():
        (folder / name).write_text(text)
    return folder


def test_the_caps_of_a_group_are_told(tmp_path: Path) -> None:
    entered = cgroup.join(delegated(tmp_path), 1)
    assert entered.controllers == ("memory", "pids")
    assert "(memory.max 1073741824, pids.max max)" in entered.layer.why
    assert entered.layer.why.endswith("each in a group of its own (memory, pids)")
    assert (tmp_path / "tutor-1-server" / "cgroup.procs").read_text() == "1"


def test_controllers_are_enabled_where_they_are_not_yet(tmp_path: Path) -> None:
    (delegated(tmp_path) / "cgroup.subtree_control").write_text("memory")
    cgroup.join(tmp_path, 1)
    assert (tmp_path / "cgroup.subtree_control").read_text() == "+pids"


def test_what_a_killed_bot_left_is_removed_and_what_lives_is_not(tmp_path: Path) -> None:
    gone = 2**22 + 1  # the kernel gives no process such a number
    for name in (f"tutor-{gone}-run-7", f"tutor-{gone}-server", f"tutor-{os.getpid()}-run-8"):
        (tmp_path / name).mkdir()
    cgroup.join(delegated(tmp_path), 1)
    left = {one.name for one in tmp_path.iterdir() if one.is_dir()}
    assert left == {f"tutor-{os.getpid()}-run-8", "tutor-1-server"}
