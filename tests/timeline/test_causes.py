"""Why a line was printed when it was: a chain that leads back to the start."""

import pytest
from hypothesis import given

from bot.runner.host.local import LocalRunner
from bot.runner.model import Event, RunRequest, RunResult, collect
from bot.timeline.causes import MOST_CAUSES, Cause, causes_of
from bot.timeline.history import history_of
from tests.timeline.streams import NOTES, PROPERTY, forged, recorded

HANDED_ON = """\
import asyncio

async def worker(queue):
    item = await queue.get()
    print("got", item)

async def main():
    queue = asyncio.Queue()
    task = asyncio.create_task(worker(queue))
    await asyncio.sleep(0.05)
    queue.put_nowait("news")
    await task
    stuck = asyncio.create_task(asyncio.sleep(10))
    await asyncio.sleep(0)
    stuck.cancel()
    await asyncio.wait([stuck])
    print("over")

asyncio.run(main())
"""


async def run(code: str) -> RunResult:
    runner = LocalRunner()
    try:
        return await collect(runner.run(RunRequest(code)))
    finally:
        await runner.close()


def kinds(causes: tuple[Cause, ...]) -> list[str]:
    return [cause.kind for cause in causes]


async def test_who_woke_whom_is_followed_back_to_the_start() -> None:
    history = history_of((await run(HANDED_ON)).events)
    got = causes_of(history, 1)
    assert kinds(got) == ["printed", "woken", "timer", "born", "start"]
    printed, woken, timer, born, _ = got
    assert (printed.line, woken.line, timer.line, born.line) == (5, 4, 10, 19)
    assert woken.on == "Queue.get"
    assert woken.by == timer.lane == born.lane
    over = causes_of(history, 2)
    assert kinds(over)[:3] == ["printed", "woken", "cancelled"]
    assert kinds(over)[-1] == "start"


async def test_a_lane_that_another_held_up_says_who() -> None:
    code = (
        "import asyncio, time\n"
        "async def tick():\n    await asyncio.sleep(0.05)\n    print('tick')\n"
        "async def main():\n    task = asyncio.create_task(tick())\n    await asyncio.sleep(0.01)\n"
        "    time.sleep(0.3)\n    await task\n"
        "asyncio.run(main())\n"
    )
    history = history_of((await run(code)).events)
    _, timer, *_ = causes_of(history, 1)
    assert timer.kind == "timer"
    assert timer.late > 0.1
    assert timer.held_by is not None
    assert history.lanes[timer.held_by].code == "main"


@pytest.mark.parametrize("name", NOTES)
def test_every_line_of_the_notes_leads_back_to_the_start(name: str) -> None:
    history = history_of(recorded(name))
    for number in range(1, history.printed + 1):
        assert kinds(causes_of(history, number))[-1] == "start"


def test_a_line_that_is_not_there_has_no_causes() -> None:
    assert causes_of(history_of(recorded("gather")), 7) == ()
    assert causes_of(history_of([]), 1) == ()


@given(forged)
@PROPERTY
def test_a_forged_record_has_bounded_chains(events: list[Event]) -> None:
    history = history_of(events)
    for number in range(history.printed + 2):
        assert len(causes_of(history, number)) <= MOST_CAUSES + 1
