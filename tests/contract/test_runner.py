"""What every `Runner` keeps to, whether or not its host can confine scenarios."""

import contextlib
from collections.abc import AsyncIterator, Callable

import pytest

from bot.runner.confinement import confine
from bot.runner.host.local import LocalRunner
from bot.runner.lane_events import MAIN_LANE, LaneBorn, LaneEnded, LaneState
from bot.runner.model import (
    Event,
    Finished,
    Limits,
    Line,
    Outcome,
    Runner,
    RunRequest,
    RunResult,
    Started,
    Warned,
    collect,
)
from tests.nats_server import NatsServer, remote
from tests.processes import descriptors, until

GATHER = """\
import asyncio
async def work(name, seconds):
    print(name, "starts")
    await asyncio.sleep(seconds)
    print(name, "ends")
async def main():
    await asyncio.gather(work("slow", 0.2), work("quick", 0.1))
asyncio.run(main())
"""


@pytest.fixture(params=["confined", "unconfined", "remote"])
async def runner(
    request: pytest.FixtureRequest, nats_server: Callable[[], NatsServer]
) -> AsyncIterator[Runner]:
    if request.param == "remote":
        async with remote(nats_server()) as there:
            yield there
        return
    if request.param == "confined":
        made = LocalRunner()
    else:
        made = LocalRunner(strict=False, prepare=confine.nothing)
    await made.start()
    yield made
    await made.close()


async def result(runner: Runner, code: str, **limits: float) -> RunResult:
    return await collect(runner.run(RunRequest(code, limits=Limits.model_validate(limits))))


def told(found: RunResult) -> list[Event]:
    """Return the events but for warnings, which depend on the host."""
    return [event for event in found.events if not isinstance(event, Warned)]


async def test_a_stream_begins_once_and_ends_once(runner: Runner) -> None:
    found = told(await result(runner, GATHER))
    assert isinstance(found[0], Started)
    assert isinstance(found[-1], Finished)
    assert sum(isinstance(event, Started | Finished) for event in found) == 2


async def test_lines_come_in_order_with_their_times(runner: Runner) -> None:
    found = await result(runner, GATHER)
    assert [line.text for line in found.lines] == [
        "slow starts",
        "quick starts",
        "quick ends",
        "slow ends",
    ]
    stamps = [line.at for line in found.lines]
    assert stamps == sorted(stamps)
    assert stamps[2] - stamps[0] >= 0.09
    assert stamps[3] - stamps[0] >= 0.19
    assert 0.2 <= found.finished.elapsed < 10
    assert stamps[-1] <= found.finished.elapsed


async def test_every_lane_is_born_before_it_does_anything(runner: Runner) -> None:
    lanes = {MAIN_LANE}
    for event in (await result(runner, GATHER)).events:
        if isinstance(event, LaneBorn):
            assert event.parent in lanes
            assert event.lane not in lanes
            lanes.add(event.lane)
        elif isinstance(event, Line | LaneState | LaneEnded):
            assert event.lane in lanes
    assert len(lanes) >= 4


@pytest.mark.parametrize(
    ("code", "limits", "outcome"),
    [
        ("", {}, Outcome.OK),
        ("1 / 0", {}, Outcome.ERROR),
        ("raise SystemExit(2)", {}, Outcome.ERROR),
        ("def (", {}, Outcome.ERROR),
        ("import time; time.sleep(60)", {"wall_seconds": 0.2}, Outcome.TIMEOUT),
        ("while True: print('again')", {}, Outcome.OUTPUT),
        ("while True: pass", {"cpu_seconds": 1}, Outcome.CPU),
        ("import os; os.abort()", {}, Outcome.CRASHED),
    ],
)
async def test_what_becomes_of_a_scenario_is_an_outcome_and_no_exception(
    runner: Runner, code: str, limits: dict[str, float], outcome: Outcome
) -> None:
    assert (await result(runner, code, **limits)).finished.outcome is outcome


async def test_a_failure_names_the_scenarios_own_line(runner: Runner) -> None:
    failure = (await result(runner, "def work():\n    return 1 / 0\n\nwork()\n")).finished.failure
    assert failure is not None
    assert (failure.type, failure.line) == ("ZeroDivisionError", 2)
    assert "scenario.py" in failure.traceback
    assert "bot/runner" not in failure.traceback


async def test_any_text_is_code(runner: Runner) -> None:
    for code in ("\ud800", "print('\ud800')", "\0", "# " + "x" * 2**20 + "\nprint('end')"):
        found = await result(runner, code)
        assert found.finished.outcome in {Outcome.OK, Outcome.ERROR}
    assert [line.text for line in found.lines] == ["end"]


async def test_usage_is_counted(runner: Runner) -> None:
    usage = (await result(runner, "print('ab')\nprint('c')")).finished.usage
    assert (usage.output_lines, usage.output_bytes) == (2, 5)
    assert usage.cpu_seconds > 0
    assert usage.peak_memory_bytes > 2**20
    assert usage.events >= 2


async def test_a_stream_closed_early_leaves_nothing(runner: Runner) -> None:
    await result(runner, "")
    before = set(descriptors())
    stream = runner.run(
        RunRequest("while True:\n    print('on')\n    import time; time.sleep(.01)")
    )
    async with contextlib.aclosing(stream) as events:
        async for event in events:
            if isinstance(event, Line):
                break
    # The bot itself looks at its runs in /proc, from threads, now and then.
    await until(lambda: set(descriptors()) <= before)
    assert (await result(runner, "print('as before')")).lines[0].text == "as before"


async def test_a_closed_runner_refuses(runner: Runner) -> None:
    await runner.close()
    await runner.close()
    assert (await result(runner, "")).finished.outcome is Outcome.REFUSED
