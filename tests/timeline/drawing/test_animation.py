"""A run as an animated GIF: it plays, stays small, and lights the lines that the record tells."""

import io

import pytest
from PIL import Image

from bot.runner.lane_events import LaneBorn, LaneEnded, LaneState, Wait
from bot.runner.model import Event, Finished, Line, Outcome, Started
from bot.timeline.drawing.animation import LARGEST, gif, line_at
from bot.timeline.drawing.png import Painter
from bot.timeline.layout import lay_out
from bot.timeline.model import Timeline
from tests.timeline.streams import CAPTIONS, many

CODE = "import asyncio\n\nasync def main():\n    await asyncio.sleep(3)\n    print('깨어남')\n"


def sleeper() -> list[Event]:
    sleep = LaneState(0.1, 1, "waiting", "sleep(3)", 4, wait=Wait("sleep", seconds=3.0))
    return [
        Started(),
        LaneBorn(0.0, 1, "task", "Task-1", "main", 0, 6),
        LaneState(0.0, 1, "running", line=3),
        sleep,
        LaneState(3.1, 1, "running", line=4),
        Line(3.15, "깨어남", "stdout", 1, 5),
        LaneEnded(3.2, 1, "done"),
        Finished(Outcome.OK, 3.2),
    ]


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter()


def laid(events: list[Event]) -> Timeline:
    return lay_out(events, title="run", captions=CAPTIONS)


def test_it_plays_and_lights_the_line_that_waits(painter: Painter) -> None:
    timeline = laid(sleeper())
    made = Image.open(io.BytesIO(gif(timeline, CODE, CAPTIONS, painter)))
    assert made.format == "GIF"
    assert made.info["loop"] == 0
    frames = getattr(made, "n_frames", 1)
    assert frames > 20
    made.seek(frames // 2)
    halfway = made.convert("RGB")
    task = next(lane for lane in timeline.lanes if lane.kind == "task")
    assert line_at(task, timeline.end / 2) == 4
    lit = [
        y for y in range(halfway.height) if halfway.getpixel((2, y)) != halfway.getpixel((30, 2))
    ]
    assert lit
    assert max(lit) - min(lit) < 40  # one line of the code, and nothing else at the left edge


def test_the_line_is_where_it_printed_last(painter: Painter) -> None:
    del painter
    task = next(lane for lane in laid(sleeper()).lanes if lane.kind == "task")
    assert [line_at(task, at) for at in (0.05, 1.0, 3.12, 3.16, 3.2)] == [3, 4, 4, 5, None]


def test_it_is_never_too_large(painter: Painter) -> None:
    code = "\n".join(f"line_{number} = '가나다' * {number}" for number in range(400))
    made = gif(laid(many(40)), code, CAPTIONS, painter)
    assert 0 < len(made) <= LARGEST
