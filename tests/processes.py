"""What tests look at from outside: processes, descriptors, and the Pythons of this machine."""

import asyncio
import functools
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

NAMED = os.environ.get("TUTOR_TEST_PYTHONS", "")
"""Read before the tests start: each of them runs without the operator's `TUTOR_` settings."""


def running(server: int) -> list[int]:
    """Return the process ids of the runs that a fork server has under way.

    Its other child waits for the next run: it has the fork server's seccomp filters, and not yet
    the one more that every scenario has.
    """
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    usual = _filters(server)
    return [int(child) for child in children if _filters(int(child)) > usual]


def _filters(pid: int) -> int:
    """Return how many seccomp filters a process has; 0 for one that is dead."""
    try:
        rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    status = dict(row.split(":\t", 1) for row in rows if ":\t" in row)
    return 0 if status["State"].startswith("Z") else int(status["Seccomp_filters"])


def exists(pid: int) -> bool:
    """Tell whether a process is there and no zombie."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def descriptors(pid: int | str = "self") -> dict[str, str]:
    """Return the open descriptors of a process, and what they lead to."""
    found = {}
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found[entry.name] = str(entry.readlink())
        except FileNotFoundError:  # the one that lists the folder
            continue
    return found


async def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for `condition`, looking often: the kernel announces none of this."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)


def pythons() -> dict[str, Path]:
    """Return this machine's Pythons from 3.11 on, one a minor version, by version."""
    return {version: found[0] for version, found in all_pythons().items()}


@functools.cache
def all_pythons() -> dict[str, list[Path]]:
    """Return all of this machine's Pythons from 3.11 on, by version, those of PATH first.

    `TUTOR_TEST_PYTHONS` names further interpreters, with colons as in PATH.
    """
    folders = [Path(folder) for folder in os.get_exec_path()]
    folders += [Path(python).parent for python in NAMED.split(":") if python]
    folders += sorted(Path.home().glob(".pyenv/versions/*/bin"))
    found: dict[str, list[Path]] = {}
    for version in (f"3.{minor}" for minor in range(11, 17)):
        for folder in folders:
            python = folder / f"python{version}"
            # A shim is a shell script that may start anything or nothing.
            if "shims" not in folder.parts and os.access(python, os.X_OK) and _works(python):
                found.setdefault(version, []).append(python)
    return found


def _works(python: Path) -> bool:
    answer = subprocess.run([python, "-I", "-S", "-c", "import ctypes"], check=False)
    return answer.returncode == 0
