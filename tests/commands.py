"""The command line as people use it: a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TUTOR = (sys.executable, "-m", "bot")


@dataclass(frozen=True)
class Ended:
    """What a command came to."""

    status: int
    out: str
    err: str


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment without the settings and the language of the user who runs the tests."""
    ours = ("TUTOR_", "LANG", "LC_", "NO_COLOR", "COLUMNS", "TERM", "FORCE_COLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {
        **kept,
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        # discord.py imports audioop, where there still is one.
        "PYTHONWARNINGS": "error,ignore:'audioop' is deprecated:DeprecationWarning",
        **(extra or {}),
    }


def tutor(
    *arguments: str,
    stdin: str = "",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float = 100,
) -> Ended:
    """Run a command to its end."""
    done = subprocess.run(
        [*TUTOR, *arguments],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env=clean_environment(env),
        cwd=cwd or "/",
        timeout=timeout,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)
