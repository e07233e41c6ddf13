"""The unit file, as systemd reads it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.deploy.conftest import DEPLOY

UNIT = DEPLOY / "tutor.service"
MOST_EXPOSED = "15"
"""Of 100: 0 is a service that can do nothing, 96 one without any hardening."""


@pytest.fixture
def analyze() -> str:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd is not installed here")
    return tool


def test_systemd_finds_nothing_to_complain_about(analyze: str, tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    # The one thing that a machine without the tutor in /opt cannot have.
    unit.write_text(UNIT.read_text().replace("/opt/tutor/bin/tutor", sys.executable))
    read = subprocess.run(
        [analyze, "verify", unit],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "info"},
    )
    assert read.returncode == 0, read.stderr
    assert unit.name not in read.stderr, read.stderr


def test_the_service_is_hardened(analyze: str) -> None:
    rated = subprocess.run(
        [analyze, "security", "--offline=true", f"--threshold={MOST_EXPOSED}", UNIT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert rated.returncode == 0, rated.stdout + rated.stderr
    assert "Overall exposure level" in rated.stdout


def test_the_hidden_lines_are_settings_that_there_are() -> None:
    text = UNIT.read_text()
    assert "TUTOR_DISCORD_TOKEN_FILE=%d/discord-token" in text
    assert "RestartPreventExitStatus=2 243" in text
