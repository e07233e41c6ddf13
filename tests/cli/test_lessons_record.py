"""`tutor lessons record`: how often it runs, and what it writes."""

from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from bot.cli.lessons_record import held_in, until_settled
from bot.lessons.authoring.propose import propose
from bot.lessons.authoring.template import lesson_text
from bot.runner.model import Event, Limits, RunRequest, RunResult, Usage
from tests.commands import tutor
from tests.lessons.runs import run, scenario


class Player:
    """A runner that plays these runs, and the last one from then on."""

    def __init__(self, *runs: RunResult) -> None:
        self._runs: Iterator[RunResult] = iter(runs[:-1])
        self._last = runs[-1]
        self.count = 0

    async def run(self, request: RunRequest) -> AsyncGenerator[Event]:
        del request
        self.count += 1
        for event in next(self._runs, self._last).events:
            yield event

    async def close(self) -> None:
        pass


ABC, BAC, ACB = run(["a", "b", "c"]), run(["b", "a", "c"]), run(["a", "c", "b"])


async def recorded(player: Player) -> list[RunResult]:
    return await until_settled(player, scenario({}), Limits(), times=4, at_once=2)


async def test_what_never_varies_is_run_as_often_as_asked() -> None:
    assert len(await recorded(Player(ABC))) == 4


async def test_what_varies_is_run_until_a_doubling_shows_nothing_new() -> None:
    assert len(await recorded(Player(ABC, BAC, ABC))) == 8


async def test_a_late_variation_widens_the_group() -> None:
    runs = await recorded(Player(ABC, BAC, *[ABC] * 4, ACB, ABC))
    assert len(runs) == 16
    (group,) = propose(scenario({}), "en", runs).expect["lines"]
    assert group == {"any_order": ["a", "b", "c"]}


async def test_what_a_busy_computer_held_up_shows_nothing_new() -> None:
    late = replace(BAC.finished, usage=Usage(behind_seconds=0.2))
    held_up = RunResult((*BAC.events[:-1], late))
    assert len(await recorded(Player(ABC, held_up, ABC))) == 4
    assert held_in(4, 3) == "what held in 3 runs; left out: 1 that this busy computer held up"
    assert "record it once more" in held_in(4, 0)


async def test_it_ends_however_much_varies() -> None:
    lines = [run([f"{number:04}", "x"][:: 1 if number % 2 else -1]) for number in range(1_000)]
    assert len(await recorded(Player(*lines))) <= 200


def test_the_proposal_is_written(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    text = lesson_text("mine", order=1).replace("about: 0.4", "about: 9").replace("B <<ends>>", "x")
    path.write_text(text, "utf-8")
    path.chmod(0o640)
    ended = tutor("lessons", "record", "--times", "3", "--write", str(path))
    assert ended.status == 0, ended.err
    expect = yaml.safe_load(path.read_text("utf-8"))["scenarios"][0]["expect"]
    assert expect["lines"] == ["A <<starts>>", "B <<starts>>", "B <<ends>>", "A <<ends>>"]
    assert 0.4 <= expect["elapsed"]["about"] < 9, "measured, on a machine that may be busy"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [it.name for it in tmp_path.iterdir()] == ["mine.yaml"]
    assert "# Read after the run" in path.read_text("utf-8")


def test_a_lesson_without_scenarios_has_nothing_to_record(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    text = lesson_text("mine", order=1)
    path.write_text(text[: text.index("# What /run runs")], "utf-8")
    ended = tutor("lessons", "record", str(path))
    assert ended.status == 2
    assert "nothing to record" in ended.err
