"""How many runs fit, and that what is shipped agrees with itself."""

from pathlib import Path

import pytest
import yaml

from bot.runner.host.room import Room
from bot.runner.host.sizing import runs_that_fit, too_many
from bot.settings import Settings

ROOT = Path(__file__).parents[3]
MIB = 1 << 20


def test_the_compose_files_limits_agree_with_the_default_of_runs_at_once() -> None:
    service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["tutor"]
    assert service["mem_limit"] == service["memswap_limit"] == "1g"
    room = Room(memory=1 << 30, memory_total=1 << 30, processes=service["pids_limit"])
    assert too_many(Settings.model_fields["runs_at_once"].default, room) == ""


@pytest.mark.parametrize(
    ("memory", "processes", "fit"),
    [(512, None, 74), (1024, None, 202), (1024, 264, 50), (64, None, 1), (8192, 70, 1)],
)
def test_the_scarcer_of_memory_and_processes_decides(
    memory: int, processes: int | None, fit: int
) -> None:
    room = Room(memory * MIB, memory * MIB, processes)
    assert runs_that_fit(room) == fit
    assert too_many(fit, room) == ""
    assert f"Set TUTOR_RUNS_AT_ONCE={fit}," in too_many(fit + 1, room)
