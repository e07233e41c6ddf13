"""The attacks on a bot that is not root, with guests on every Python, where the tests are root."""

import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

from tests.processes import all_pythons

ROOT = Path(__file__).parents[2]
NOBODY = 65534


def readable_python() -> Path:
    """Return a Python of the running one's version that other users can start, too."""
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    for python in [Path(sys.executable), *all_pythons().get(running, [])]:
        try:
            subprocess.run([python, "-I", "-c", ""], user=NOBODY, group=NOBODY, check=True, cwd="/")
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.fail(
        f"No Python {running} here can be started by other users than root: install"
        f" python{running} in /usr/bin, or run the tests as another user."
    )


@pytest.mark.long
@pytest.mark.timeout(280)
def test_the_attacks_on_a_bot_that_is_not_root() -> None:
    """Where the tests do not run as root, tests/attacks has shown this already."""
    if os.getuid() != 0:
        assert os.geteuid() != 0
        return
    with tempfile.TemporaryDirectory() as home:  # pytest's own folders are closed to others
        os.chown(home, NOBODY, NOBODY)
        answer = as_nobody(home)
    told = answer.stdout.decode(errors="replace")
    assert answer.returncode == 0, told[-6000:]
    assert " passed" in told


def as_nobody(home: str) -> "subprocess.CompletedProcess[bytes]":
    """Run the attacks as a user without any right."""
    return subprocess.run(
        [
            *(readable_python(), "-m", "pytest", "tests/attacks/test_attacks.py", "-q"),
            *("-p", "no:cacheprovider", "-n", "2", f"--basetemp={home}/nobody"),
        ],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd=ROOT,
        env={
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": home,
            "PYTHONPATH": sysconfig.get_path("purelib"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TUTOR_TEST_PYTHONS": ":".join(
                str(one) for found in all_pythons().values() for one in found
            ),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
