"""What is left is read from the kernel's files, of either version of control groups."""

from pathlib import Path

import pytest

from bot.runner.host.room import Room, read_room

MIB = 2**20


def files(root: Path, contents: dict[str, str]) -> Path:
    for name, text in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


MEMINFO = {"proc/meminfo": "MemTotal:  8388608 kB\nMemFree: 1 kB\nMemAvailable: 4194304 kB\n"}


def test_without_groups_the_hosts_free_memory_counts(tmp_path: Path) -> None:
    room = read_room(files(tmp_path, MEMINFO))
    assert room == Room(4096 * MIB, 8192 * MIB, None)


def test_a_group_of_version_2_and_those_above_it(tmp_path: Path) -> None:
    root = files(
        tmp_path,
        {
            **MEMINFO,
            "proc/self/cgroup": "0::/outer/inner\n",
            "sys/fs/cgroup/outer/memory.max": str(1024 * MIB),
            "sys/fs/cgroup/outer/memory.current": str(1000 * MIB),
            "sys/fs/cgroup/outer/memory.stat": f"anon 1\ninactive_file {300 * MIB}\nactive_file 0",
            "sys/fs/cgroup/outer/inner/memory.max": "max",
            "sys/fs/cgroup/outer/inner/memory.current": "5",
            "sys/fs/cgroup/outer/pids.max": "1024",
            "sys/fs/cgroup/outer/pids.current": "1000",
            "sys/fs/cgroup/outer/inner/pids.max": "100",
            "sys/fs/cgroup/outer/inner/pids.current": "10",
        },
    )
    assert read_room(root) == Room(324 * MIB, 1024 * MIB, 24)


def test_the_group_that_was_delegated_for_the_runs(tmp_path: Path) -> None:
    root = files(
        tmp_path,
        {
            **MEMINFO,
            "proc/self/cgroup": "0::/bot\n",
            "sys/fs/cgroup/bot/pids.max": "500",
            "sys/fs/cgroup/bot/pids.current": "10",
            "sys/fs/cgroup/runs/memory.max": str(800 * MIB),
            "sys/fs/cgroup/runs/memory.current": str(10 * MIB),
            "sys/fs/cgroup/runs/memory.stat": "inactive_file 0",
            "sys/fs/cgroup/runs/deep/memory.max": str(400 * MIB),
            "sys/fs/cgroup/runs/deep/memory.current": str(150 * MIB),
            "sys/fs/cgroup/runs/deep/memory.stat": f"inactive_file {50 * MIB}",
            "sys/fs/cgroup/runs/deep/pids.max": "200",
            "sys/fs/cgroup/runs/deep/pids.current": "20",
        },
    )
    assert read_room(root) == Room(4096 * MIB, 8192 * MIB, 490)
    deep = root / "sys/fs/cgroup/runs/deep"
    assert read_room(root, group=deep) == Room(300 * MIB, 400 * MIB, 180)


def test_a_containers_group_of_version_1_at_the_root_of_its_mount(tmp_path: Path) -> None:
    root = files(
        tmp_path,
        {
            **MEMINFO,
            "proc/self/cgroup": "5:pids:/docker/x\n4:memory,other:/docker/x\n0::/\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": str(512 * MIB),
            "sys/fs/cgroup/memory/memory.usage_in_bytes": str(200 * MIB),
            "sys/fs/cgroup/memory/memory.stat": f"total_inactive_file {50 * MIB}\n",
            "sys/fs/cgroup/pids/pids.max": "max\n",
            "sys/fs/cgroup/pids/pids.current": "3\n",
        },
    )
    assert read_room(root) == Room(362 * MIB, 512 * MIB, None)


def test_version_1_without_a_limit_is_none(tmp_path: Path) -> None:
    root = files(
        tmp_path,
        {
            **MEMINFO,
            "proc/self/cgroup": "4:memory:/\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": str(2**63 - 4096),
            "sys/fs/cgroup/memory/memory.usage_in_bytes": "1",
            "sys/fs/cgroup/memory/memory.stat": "",
        },
    )
    assert read_room(root) == Room(4096 * MIB, 8192 * MIB, None)


@pytest.mark.parametrize("text", ["", "nonsense\n"])
def test_what_cannot_be_read_limits_nothing(tmp_path: Path, text: str) -> None:
    root = files(
        tmp_path,
        {**MEMINFO, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": text},
    )
    assert read_room(root).memory == 4096 * MIB


def test_on_this_host_something_is_left() -> None:
    room = read_room()
    assert 0 < room.memory <= room.memory_total
