"""`tutor nats-keys`: keys that stay secret, and a configuration that NATS takes."""

import stat
import subprocess
from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli import tutor
from bot.runner.remote.roles import public_key
from tests.nats_server import BINARY


def nats_keys(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(tutor, ["nats-keys", str(folder), *arguments])


def test_it_makes_a_key_for_each_role_and_keeps_those_that_are_there(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    common = ("--certificates", "", "--store", str(tmp_path))
    first = nats_keys(folder, "--worker", "worker-1", *common)
    assert first.exit_code == 0, first.output
    seeds = {path.name: path.read_text() for path in folder.glob("*.nk")}
    assert set(seeds) == {"front.nk", "worker-1.nk"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.glob("*.nk")} == {0o600}
    second = nats_keys(folder, "--worker", "worker-2", *common)
    assert second.exit_code == 0, second.output
    assert {name: (folder / name).read_text() for name in seeds} == seeds
    text = (folder / "nats.conf").read_text()
    for path in folder.glob("*.nk"):
        assert public_key(path.read_text().strip()) in text
        assert path.read_text().strip() not in text + first.output + second.output
    checked = subprocess.run([BINARY, "-t", "-c", folder / "nats.conf"], check=False)
    assert checked.returncode == 0


def test_what_can_be_no_name_is_said(tmp_path: Path) -> None:
    for name in ("a.b", "front", "*", "x" * 65):
        ended = nats_keys(tmp_path / "keys", "--worker", name)
        assert ended.exit_code == 2
        assert "no worker's name" in ended.output
    assert not (tmp_path / "keys").exists()
