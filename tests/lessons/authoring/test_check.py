import asyncio
from collections.abc import AsyncGenerator, Iterator
from itertools import cycle
from pathlib import Path

import pytest

from bot.errors import LessonError
from bot.lessons.authoring.check import Ran, check_runs, jobs_for, rows
from bot.lessons.authoring.lint import lint
from bot.lessons.authoring.machine_load import MachineLoad
from bot.lessons.authoring.template import lesson_text
from bot.lessons.files.load import load_file, load_folders
from bot.lessons.model import Lesson, Scenario
from bot.runner.host.local import LocalRunner
from bot.runner.model import Event, Limits, Outcome, RunRequest, RunResult
from tests.lessons.runs import TEXT, run, scenario
from tests.lessons.sample import SAMPLE

LESSONS = Path(__file__).parents[3] / "lessons"


class Player:
    """A runner that plays made-up runs, in turn, and counts how many are under way."""

    def __init__(self, *runs: RunResult) -> None:
        self._runs: Iterator[RunResult] = cycle(runs)
        self.requests: list[RunRequest] = []
        self.under_way = self.most = 0

    async def run(self, request: RunRequest) -> AsyncGenerator[Event]:
        self.requests.append(request)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            for event in next(self._runs).events:
                await asyncio.sleep(0.001)
                yield event
        finally:
            self.under_way -= 1

    async def close(self) -> None:
        pass


def lesson(*scenarios: Scenario) -> Lesson:
    return Lesson.model_validate(
        {"id": "l", "order": 1, "title": TEXT, "summary": TEXT, "scenarios": scenarios}
    )


ONE = lesson(scenario({"lines": ["a"], "elapsed": {"about": 1.0}}))


QUIET = MachineLoad(late=1_000)
"""Finds no machine too busy."""


class Busy(MachineLoad):
    """Finds the machine too busy, always."""

    def since(self, moment: float) -> bool:
        return moment > 0


async def checked(player: Player, one: Lesson = ONE, *, repeat: int = 1) -> list[Ran]:
    jobs = jobs_for([one], repeat=repeat)
    return [ran async for ran in check_runs(jobs, player, at_once=3, load=QUIET)]


async def test_each_scenario_runs_in_each_language_and_is_counted() -> None:
    player = Player(run(["a"]))
    ran = await checked(player, repeat=4)
    assert [it.done for it in ran] == list(range(1, 9))
    assert {it.total for it in ran} == {8}
    assert {it.job.locale for it in ran} == {"ko", "en"}
    assert player.most == 3
    (row,) = rows(ran)
    assert (row.ok, row.flaky, row.runs, row.failed, row.differences) == (True, False, 8, 0, ())


async def test_a_flaky_scenario_is_named() -> None:
    (row,) = rows(await checked(Player(run(["a"]), run(["b"])), repeat=2))
    assert (row.ok, row.flaky, row.failed) == (False, True, 2)
    assert {finding.kind for _, finding in row.differences} == {"missing", "extra"}


async def test_a_scenario_that_always_fails_is_not_flaky() -> None:
    (row,) = rows(await checked(Player(run([], outcome=Outcome.TIMEOUT)), repeat=2))
    assert (row.ok, row.flaky) == (False, False)
    assert ("outcome", "timeout") in {(it.kind, it.found) for _, it in row.differences}


def held_up_if_slow(code: str, result: RunResult) -> float:
    """What held a slow run up is told by its record; here by its time alone."""
    assert code
    return 0.5 if result.finished.elapsed > 1.5 else 0.0


async def test_a_run_that_was_held_up_gets_a_second_look_alone() -> None:
    slow = run(["a"], elapsed=2.0)
    player = Player(slow, slow, run(["a"]), slow, slow, slow)
    checking = check_runs(jobs_for([ONE]), player, at_once=3, load=QUIET, held_up=held_up_if_slow)
    ran = [it async for it in checking]
    assert [it.again for it in ran] == [True, True]
    assert [it.done for it in ran] == [1, 2]
    assert [it.verdict.ok for it in ran] == [True, False]
    assert len(player.requests) == 2 + 1 + 3  # the second was held up each time


async def test_a_time_that_is_off_counts_at_once_where_nothing_held_it_up() -> None:
    player = Player(run(["a"], elapsed=0.5))
    checking = check_runs(jobs_for([ONE]), player, at_once=3, load=QUIET, held_up=held_up_if_slow)
    ran = [it async for it in checking]
    assert [(it.verdict.ok, it.again) for it in ran] == [(False, False)] * 2
    assert len(player.requests) == 2


async def test_a_busy_machine_is_no_fault_of_the_scenario() -> None:
    player = Player(run(["a"]), run(["b"]), run(["b"]), run(["a"]))
    ran = [it async for it in check_runs(jobs_for([ONE]), player, at_once=1, load=Busy())]
    assert [(it.verdict.ok, it.again) for it in ran] == [(True, False), (True, True)]
    assert len(player.requests) == 4  # the second run, and two more of it alone


async def test_what_is_wrong_is_not_excused_for_ever() -> None:
    player = Player(run(["b"]))
    ran = [it async for it in check_runs(jobs_for([ONE], repeat=5), player, load=Busy())]
    assert not any(it.verdict.ok for it in ran)
    assert len(player.requests) == 10 + 3


async def test_wrong_lines_on_a_quiet_machine_are_not_looked_at_again() -> None:
    player = Player(run(["b"]))
    ran = await checked(player)
    assert not any(it.again for it in ran)
    assert len(player.requests) == 2


async def test_a_check_that_is_given_up_leaves_no_run_behind() -> None:
    player = Player(run(["a"] * 50))
    runs = check_runs(jobs_for([ONE], repeat=5), player)
    await anext(runs)
    await runs.aclose()  # type: ignore[attr-defined]  # it is a generator
    assert player.under_way == 0


async def test_limits_are_lowered_never_raised() -> None:
    low = lesson(scenario({"lines": ["a"]}, limits={"wall_seconds": 2, "threads": 100}))
    player = Player(run(["a"]))
    async for _ in check_runs(jobs_for([low]), player, limits=Limits(threads=8)):
        pass
    assert player.requests[0].limits == Limits(wall_seconds=2, threads=8)


def test_scenarios_for_newer_pythons_are_left_out() -> None:
    new = lesson(scenario({}, python="3.12"))
    assert jobs_for([new], python="3.11.7") == ()
    assert len(jobs_for([new], python="3.12.0")) == 2


def test_slips_in_languages_and_aliases(tmp_path: Path) -> None:
    text = SAMPLE.replace("ko: 시험입니다., en: A trial.", "ko: A trial., en: 시험 `코드`", 1)
    text = text.replace("aliases: [하나]", "aliases: [하나, FIRST, 하 나]")
    (tmp_path / "sample.yaml").write_text(text)
    found = lint(load_folders([tmp_path]))
    assert [(it.line, it.column, it.path) for it in found] == [
        (31, 19, "scenarios[0].summary.ko"),
        (31, 33, "scenarios[0].summary.en"),
        (30, 19, "scenarios[0].aliases[1]"),
        (30, 26, "scenarios[0].aliases[2]"),
    ]
    assert all(it.hint for it in found)


def test_korean_in_code_is_no_slip(tmp_path: Path) -> None:
    (tmp_path / "sample.yaml").write_text(SAMPLE.replace("en: An idea.", "en: An `아이디어`."))
    assert lint(load_folders([tmp_path])) == ()


def test_what_loading_finds_is_part_of_the_review(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("id: [")
    assert len(lint(load_folders([tmp_path]))) == 1


def test_the_course_has_no_slips() -> None:
    assert lint(load_folders([LESSONS])) == ()


def test_a_new_lesson_loads_without_a_slip(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(lesson_text("my_lesson", order=7, title_ko='"제목": x'))
    loaded = load_folders([tmp_path])
    assert lint(loaded) == ()
    (new,) = loaded.lessons
    assert (new.id, new.order, new.title.ko, new.title.en) == (
        "my_lesson",
        7,
        '"제목": x',
        "My lesson",
    )


@pytest.mark.parametrize("id_", ["", "A", "1a", "a-b", "a" * 28, "../x", "a\n"])
def test_an_impossible_id_is_refused(id_: str) -> None:
    with pytest.raises(LessonError, match="cannot be a lesson's id"):
        lesson_text(id_, order=1)


async def test_a_new_lesson_passes_when_it_is_run(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(lesson_text("x", order=1))
    runner = LocalRunner(strict=False)
    try:
        jobs = jobs_for([load_file(tmp_path / "x.yaml")], repeat=2)
        ran = [it async for it in check_runs(jobs, runner)]
    finally:
        await runner.close()
    (row,) = rows(ran)
    assert row.runs == 4
    # A busy machine may stretch 0.4 s; everything else must be as the text says.
    assert [it for _, it in row.differences if it.kind != "slow"] == []
