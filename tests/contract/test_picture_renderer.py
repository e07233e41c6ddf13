"""What holds for everything that lays runs out and draws them."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from bot.runner.lane_events import LaneState
from bot.runner.model import Event, Finished, Line, Outcome, Started
from bot.timeline.drawing.pool import RendererPool
from bot.timeline.drawing.renderer import PictureRenderer, ThreadRenderer
from bot.timeline.explanation import Explanation, explain_run
from bot.timeline.layout import MOST_SPANS, lay_out
from bot.timeline.replay import REPLAY_SPANS
from tests.timeline.streams import CAPTIONS, NOTES, many, recorded

MAKERS: tuple[Callable[[], PictureRenderer], ...] = (ThreadRenderer, RendererPool)


@pytest_asyncio.fixture(params=MAKERS)
async def renderer(request: pytest.FixtureRequest) -> AsyncIterator[PictureRenderer]:
    one: PictureRenderer = request.param()
    yield one
    await one.close()
    await one.close()


async def test_layouts_are_those_of_the_layout(renderer: PictureRenderer) -> None:
    for events in (recorded("gather"), recorded("thread"), many(30, blocks=1), []):
        wanted = lay_out(events, title="run", captions=CAPTIONS)
        assert await renderer.lay_out(events, title="run", captions=CAPTIONS) == wanted


async def test_a_run_is_explained_in_every_process_alike(renderer: PictureRenderer) -> None:
    code = "import asyncio\nasync def main(): pass\nmain()\n"
    warning = "code.py:3: RuntimeWarning: coroutine 'main' was never awaited"
    events: list[Event] = [Started(), Line(0.1, warning, "stderr"), Finished(Outcome.OK, 0.2)]
    explanation = await renderer.explain(events, code=code, main="main thread")
    (found,) = explanation.findings
    assert (found.kind, found.line) == ("never_awaited", 3)
    assert explanation == explain_run(events, code, "main thread")
    running = await renderer.explain(events[:-1], code=code, main="main thread")
    assert running.findings == ()
    unparsed = await renderer.explain(events, code="(" * 90_000, main="main thread")
    assert [one.kind for one in unparsed.findings] == ["never_awaited"]
    assert await renderer.explain([], code="", main="") == Explanation(names={})


async def test_five_runs_become_one_picture(renderer: PictureRenderer) -> None:
    laid = [await renderer.lay_out(recorded(it), title=it, captions=CAPTIONS) for it in NOTES]
    timelines = [timeline for timeline in laid if timeline]
    assert len(timelines) == len(NOTES)
    pixels = await renderer.png(timelines, CAPTIONS)
    assert pixels is not None
    assert pixels.startswith(b"\x89PNG\r\n\x1a\n")


async def test_a_finished_run_is_made_to_be_stepped_through(renderer: PictureRenderer) -> None:
    made = await renderer.replay(recorded("gather"), title="</script>\n\u2028", captions=CAPTIONS)
    assert made.isascii()
    assert "\n" not in made
    run = json.loads(made)
    assert [lane["kind"] for lane in run["lanes"]] == ["task", "task", "task"]
    assert not run["running"]
    longest = json.loads(await renderer.replay(spinner(2_000), title="", captions=CAPTIONS))
    assert sum(len(lane["spans"]) // 8 for lane in longest["lanes"]) <= REPLAY_SPANS


async def test_a_run_under_way_is_laid_out(renderer: PictureRenderer) -> None:
    await renderer.lay_out([], title="", captions=CAPTIONS)
    events = recorded("gather")[:-8]
    timeline = await renderer.lay_out(events, title="run", captions=CAPTIONS, now=2.5)
    assert timeline is not None
    assert timeline.running
    assert timeline.end == 2.5


async def test_hostile_records_make_bounded_timelines(renderer: PictureRenderer) -> None:
    timeline = await renderer.lay_out(spinner(20_000), title="\ud800", captions=CAPTIONS)
    assert timeline is not None
    assert sum(len(lane.spans) for lane in timeline.lanes) <= MOST_SPANS


async def test_what_the_layout_chokes_on_costs_its_picture_alone(renderer: PictureRenderer) -> None:
    """The runner lets no such record through."""
    impossible: list[Event] = [Line(math.nan, "\ud800\x00", lane=9**30)]
    assert await renderer.lay_out(impossible, title="\ud800", captions=CAPTIONS) is None
    assert await renderer.lay_out([], title="", captions=CAPTIONS) is not None


async def test_many_at_once_are_all_made(renderer: PictureRenderer) -> None:
    made = await asyncio.gather(
        *(renderer.lay_out(many(3), title=f"{n}", captions=CAPTIONS) for n in range(20))
    )
    assert [timeline and timeline.title for timeline in made] == [f"{n}" for n in range(20)]


async def test_nothing_is_made_once_it_is_closed(renderer: PictureRenderer) -> None:
    under_way = asyncio.create_task(renderer.png([], CAPTIONS))
    await asyncio.sleep(0)
    await renderer.close()
    await under_way
    assert await renderer.lay_out([], title="", captions=CAPTIONS) is None


async def test_one_who_leaves_costs_the_next_nothing(renderer: PictureRenderer) -> None:
    leaving = asyncio.create_task(
        renderer.lay_out(spinner(20_000), title="left", captions=CAPTIONS)
    )
    await asyncio.sleep(0.01)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    timeline = await renderer.lay_out(many(2), title="next", captions=CAPTIONS)
    assert timeline is not None
    assert timeline.title == "next"


def spinner(count: int) -> list[Event]:
    """Return a run of 20 tasks that do nothing but give way to each other."""
    states = ("running", "ready")
    events: list[Event] = [Started(0.0, "3.13.0")]
    events += many(20)[2:62]
    events += [
        LaneState(1 + index * 1e-4, 2 + index // 2 % 20, states[index % 2])  # type: ignore[arg-type]  # both are activities
        for index in range(count)
    ]
    return [*events, Finished(Outcome.EVENTS, 1 + count * 1e-4)]
