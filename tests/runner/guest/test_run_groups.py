"""On a folder of the shape that the kernel gives a group: its files are there from the first."""

import os
from pathlib import Path

import pytest

from bot.runner.guest.run_groups import OWN_BYTES, RunGroups, run_prefix

RUN = 4242


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The group that the kernel would make of mkdir(2)."""
    folder = tmp_path / f"{run_prefix(os.getpid())}{RUN}"
    folder.mkdir()
    for name in ("cgroup.procs", "memory.max", "memory.swap.max", "pids.max"):
        (folder / name).touch()
    (folder / "memory.events").write_text("low 0\noom 0\noom_kill 0\noom_group_kill 0\n")
    return folder


def said(run: Path) -> dict[str, str]:
    return {one.name: one.read_text() for one in run.iterdir() if one.name != "memory.events"}


@pytest.mark.parametrize(
    ("controllers", "memory", "pids"),
    [
        (("memory", "pids"), str(1000 + OWN_BYTES), "8"),
        (("pids",), "", "8"),
        (("memory",), str(1000 + OWN_BYTES), ""),
    ],
)
def test_a_run_is_moved_and_limited(
    run: Path, controllers: tuple[str, ...], memory: str, pids: str
) -> None:
    groups = RunGroups(str(run.parent), controllers)
    groups.make(RUN)
    groups.limit(RUN, 1000, 8)
    swap = "0" if memory else ""
    assert said(run) == {
        "cgroup.procs": str(RUN),
        "memory.max": memory,
        "memory.swap.max": swap,
        "pids.max": pids,
    }
    groups.close()


def test_a_kernel_without_swap_has_no_limit_on_it(run: Path) -> None:
    (run / "memory.swap.max").unlink()
    groups = RunGroups(str(run.parent), ("memory",))
    groups.limit(RUN, 1000, 8)
    assert (run / "memory.max").read_text() == str(1000 + OWN_BYTES)
    groups.close()


def test_a_limit_that_the_kernel_does_not_take_is_an_error(run: Path) -> None:
    (run / "memory.max").unlink()
    groups = RunGroups(str(run.parent), ("memory",))
    with pytest.raises(FileNotFoundError):
        groups.limit(RUN, 1000, 8)
    groups.close()


@pytest.mark.parametrize("kills", [0, 1])
def test_whose_memory_ran_out_is_told(run: Path, kills: int) -> None:
    (run / "memory.events").write_text(f"oom 3\noom_kill {kills}\n")
    groups = RunGroups(str(run.parent), ("memory",))
    assert groups.remove(RUN) is bool(kills)
    groups.close()


def test_a_group_that_is_still_in_use_is_removed_with_a_later_one(tmp_path: Path) -> None:
    groups = RunGroups(str(tmp_path), ())
    first, second = (tmp_path / f"{run_prefix(os.getpid())}{pid}" for pid in (1, 2))
    (first / "busy").mkdir(parents=True)
    second.mkdir()
    assert not groups.remove(1)
    (first / "busy").rmdir()
    assert not groups.remove(2)
    assert list(tmp_path.iterdir()) == []
    groups.close()
