"""A control group (v2) for all runs together, where the operator was delegated one.

Each run is capped by itself whatever happens; a group caps their sum. See cgroups(7): whoever
may write a group's `cgroup.procs` and that of the common ancestor may move processes into it.
"""

from pathlib import Path

from bot.runner.confinement.layer import Layer

NAME = "cgroup-v2"
_CAPS = ("memory.max", "pids.max", "cpu.max")


def enter(group: Path, pid: int) -> Layer:
    """Move the fork server `pid`, and so each run that it will fork, into `group`. It blocks.

    Once an operator named a group, it is required: a cap that silently is not there is none.
    """
    try:
        (group / "cgroup.procs").write_text(str(pid))
    except OSError as error:
        why = f"the fork server could not be moved into {group}: {error.strerror}"
        remedy = (
            "TUTOR_SANDBOX_CGROUP must name a cgroup v2 folder delegated to the bot's user"
            " (systemd: Delegate=yes), or be unset."
        )
        return Layer(NAME, "missing", why, remedy)
    caps = ", ".join(f"{name} {value}" for name in _CAPS if (value := _read(group / name)))
    return Layer(NAME, "enforced", f"all runs together are in {group} ({caps or 'no cap is set'})")


def _read(file: Path) -> str:
    """Return what a control file says, or "" where the group lacks that controller."""
    try:
        return file.read_text().strip()
    except OSError:
        return ""
