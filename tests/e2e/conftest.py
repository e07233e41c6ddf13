"""Programs of others that operators put beside the tutor, run for real."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest


class Start(Protocol):
    def __call__(self, *command: str | Path, until: Callable[[], bool]) -> None: ...


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start programs; each is ended with the test."""
    with ExitStack() as stack:

        def start(*command: str | Path, until: Callable[[], bool]) -> None:
            program = str(command[0])
            if shutil.which(program, path="/usr/bin:/usr/sbin") is None:
                pytest.skip(f"{program} is not installed here")
            log = tmp_path / f"{program}.log"
            with log.open("wb") as written:
                process = subprocess.Popen(
                    command, stdout=written, stderr=written, env=_environment(tmp_path)
                )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            deadline = time.monotonic() + 30
            while not until():
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.05)

        yield start


def _environment(home: Path) -> dict[str, str]:
    return {"PATH": "/usr/bin:/usr/sbin:/bin", "HOME": str(home), "XDG_DATA_HOME": str(home)}
