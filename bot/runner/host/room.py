"""How much memory and how many processes are left for the bot and all runs together.

The control groups that this process lives in say so, of version 1 or 2, and those above it as far
as they can be seen from here. So does the group that was delegated for the runs; the host's free
memory says the rest. See cgroups(7) and proc(5).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_UNLIMITED = 1 << 60  # version 1 says "none" by a number near 2^63
_KIB = 1024


@dataclass(frozen=True, slots=True)
class Room:
    """What is left, and out of how much."""

    memory: int
    """Bytes that can be taken before the kernel must kill something."""
    memory_total: int
    processes: int | None = None
    """How many processes and threads can still be made; None where nothing limits them."""


@dataclass(frozen=True, slots=True)
class _Files:
    """A controller's files in one version of control groups."""

    limit: str
    usage: str
    cached: tuple[str, ...] = ()
    """Rows of `memory.stat` that count what the kernel gives back when asked."""


_MEMORY = {
    2: _Files("memory.max", "memory.current", ("inactive_file", "active_file")),
    1: _Files(
        "memory.limit_in_bytes",
        "memory.usage_in_bytes",
        ("total_inactive_file", "total_active_file"),
    ),
}
_PROCESSES = dict.fromkeys((1, 2), _Files("pids.max", "pids.current"))


def read_room(root: Path = Path("/"), *, group: Path | None = None) -> Room:
    """Return what is left now. It blocks: it reads some of the kernel's files.

    :param root: where /proc and /sys are
    :param group: a control group (v2) that was delegated for the runs, which this process is not in
    """
    delegated = [(one, 2) for one in (group, *group.parents)] if group is not None else []
    total, free = _host_memory(root)
    processes: int | None = None
    for folder, version in (*_groups(root, "memory"), *delegated):
        limit, left = _left(folder, _MEMORY[version])
        if limit is not None and left is not None:
            total, free = min(total, limit), min(free, left)
    for folder, version in (*_groups(root, "pids"), *delegated):
        _, left = _left(folder, _PROCESSES[version])
        if left is not None:
            processes = left if processes is None else min(processes, left)
    return Room(max(free, 0), total, processes)


def _host_memory(root: Path) -> tuple[int, int]:
    """Return the host's memory and how much of it can be had, in bytes."""
    try:
        rows = (root / "proc/meminfo").read_text().splitlines()
    except OSError:  # no Linux: nothing is known, and nothing waits for it
        return _UNLIMITED, _UNLIMITED
    found = {
        name: int(rest.split()[0]) * _KIB for name, _, rest in (r.partition(":") for r in rows)
    }
    return found["MemTotal"], found.get("MemAvailable", found["MemTotal"])


def _groups(root: Path, controller: str) -> Iterator[tuple[Path, int]]:
    """Yield the folders of this process's groups, its own first, with their version.

    In a container the names may be the host's, while the mount shows the container's own group at
    its root: then only the root is there.
    """
    try:
        rows = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for row in rows:
        _, controllers, path = row.split(":", 2)
        if controllers == "":
            mount, version = root / "sys/fs/cgroup", 2
        elif controller in controllers.split(","):
            mount, version = root / "sys/fs/cgroup" / controller, 1
        else:
            continue
        own = mount / path.lstrip("/")
        for folder in (own, *own.parents):
            if folder.is_relative_to(mount):
                yield folder, version


def _left(folder: Path, files: _Files) -> tuple[int | None, int | None]:
    """Return a group's limit and what is left of it; None for each where there is no limit."""
    try:
        limit = int((folder / files.limit).read_text())
        used = int((folder / files.usage).read_text())
        if files.cached:
            rows = [row.split() for row in (folder / "memory.stat").read_text().splitlines()]
            used -= sum(int(value) for name, value in rows if name in files.cached)
    except (OSError, ValueError):  # no such group or controller, or "max"
        return None, None
    return (limit, limit - used) if limit < _UNLIMITED else (None, None)
