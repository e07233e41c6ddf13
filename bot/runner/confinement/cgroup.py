"""Control groups (v2) for the runs, where the operator was delegated one.

Beneath the operator's group the fork server and each run get one of their own: a group whose
controllers its children use can hold no process itself. See cgroups(7), also for who may do this: a
user who may write a group's `cgroup.procs` and that of the common ancestor may move processes into
it. All of this blocks: it reads and writes files of the kernel's.
"""

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from bot.runner.confinement.layer import Layer
from bot.runner.guest.run_groups import run_prefix

CGROUP_LAYER = "cgroup-v2"
_CAPS = ("memory.max", "pids.max", "cpu.max")
CONTROLLERS = ("memory", "pids")
"""Those that cap a run. Not "cpu": it would falsify measured times."""
_GONE_SECONDS = 2.0
_REMEDY = (
    "TUTOR_SANDBOX_CGROUP must name a cgroup v2 folder delegated to the bot's user"
    " (systemd: Delegate=yes) that holds no process itself, or be unset."
)


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of a fork server's move into the operator's group."""

    layer: Layer
    controllers: tuple[str, ...] = ()
    """Those that a group for each run would have; without any there is none."""


def join(group: Path, pid: int) -> Entered:
    """Move the fork server `pid` beneath `group`, where each run will have a group of its own.

    Once an operator named a group, it is required: a cap that silently is not there is none. Where
    the group has no controller for its children, all runs share the fork server's.
    """
    try:
        _sweep(group)
        _enable(group)
        own = group / _servers(pid)
        own.mkdir()
        (own / "cgroup.procs").write_text(str(pid))
    except OSError as error:
        why = f"the fork server could not be moved into {group}: {error.strerror}"
        return Entered(Layer(CGROUP_LAYER, "missing", why, _REMEDY))
    caps = ", ".join(f"{name} {value}" for name in _CAPS if (value := _read(group / name)))
    told = f"all runs together are in {group} ({caps or 'no cap is set'})"
    enabled = _read(group / "cgroup.subtree_control").split()
    has = tuple(name for name in CONTROLLERS if name in enabled)
    each = f"each in a group of its own ({', '.join(has)})" if has else "which has no controller"
    return Entered(Layer(CGROUP_LAYER, "enforced", f"{told}, {each}"), has)


def leave(group: Path, pid: int) -> None:
    """Remove the groups of a fork server that is gone, and of its runs, which go with it."""
    end = time.monotonic() + _GONE_SECONDS
    while left := [*group.glob(f"{run_prefix(pid)}*"), *group.glob(_servers(pid))]:
        for one in left:
            with contextlib.suppress(OSError):
                one.rmdir()
        if time.monotonic() > end:
            return
        time.sleep(0.01)


def _servers(pid: int) -> str:
    return f"tutor-{pid}-server"


def _enable(group: Path) -> None:
    """Let the children of `group` have the controllers that it has itself."""
    available = _read(group / "cgroup.controllers").split()
    enabled = _read(group / "cgroup.subtree_control").split()
    for name in CONTROLLERS:
        if name in available and name not in enabled:
            (group / "cgroup.subtree_control").write_text(f"+{name}")


def _sweep(group: Path) -> None:
    """Remove what a bot that was killed has left behind."""
    for one in group.glob("tutor-*-*"):
        number = one.name.split("-")[1]
        if number.isdigit() and not _lives(int(number)):
            with contextlib.suppress(OSError):  # what is in use stays
                one.rmdir()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        return True
    return True


def _read(file: Path) -> str:
    """Return what a control file says, or "" where the group lacks that controller."""
    try:
        return file.read_text().strip()
    except OSError:
        return ""
