import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.runner.lane_events import LaneBorn, LaneEnded, LaneState
from bot.runner.model import Event, Finished, Line, Outcome
from bot.timeline.drawing.png import Painter, png
from bot.timeline.drawing.scene import PHONE_WIDTH
from bot.timeline.layout import lay_out
from bot.timeline.model import Captions, Timeline
from bot.tutor.words.captions import captions
from tests.timeline.streams import CAPTIONS, NOTES, PROPERTY, Truth, forged, legal, many, recorded

KILOBYTE = 1_000
FEW = settings(PROPERTY, max_examples=25)
PAINTER = Painter()


def run(events: list[Event], words: Captions = CAPTIONS, title: str = "run") -> Timeline:
    return lay_out(events, title=title, captions=words)


def opened(data: bytes) -> Image.Image:
    assert len(data) <= 150 * KILOBYTE
    image = Image.open(io.BytesIO(data))
    image.load()
    assert image.format == "PNG"
    assert image.width == PHONE_WIDTH
    return image.convert("RGB")


@FEW
@given(st.lists(legal, max_size=5))
def test_any_runs_make_one_picture(truths: list[Truth]) -> None:
    assert opened(PAINTER.png([run(truth.events) for truth in truths], CAPTIONS)).height > 0


@FEW
@given(forged, st.text())
def test_forged_events_make_a_picture_too(events: list[Event], title: str) -> None:
    assert opened(PAINTER.png([run(events, title=title)], CAPTIONS)).height > 0


@pytest.mark.parametrize("count", [2, 20, 200])
def test_every_scale_fits(count: int) -> None:
    image = opened(png([run(many(count, blocks=1))], CAPTIONS))
    assert image.height < 1.7 * PHONE_WIDTH


def test_five_runs_side_by_side_fit() -> None:
    words = captions("ko")
    image = opened(png([run(recorded(name), words, name) for name in NOTES], words))
    assert image.height < 3 * image.width


def test_korean_is_drawn_not_boxes() -> None:
    drawn = {
        title: opened(png([run([], title=title)], captions("ko"))).tobytes()
        for title in ("코루틴", "스레드", "\U0001f600\U0001f600", "\u0639\u0639", "□□")
    }
    assert drawn["코루틴"] != drawn["스레드"]
    assert drawn["\U0001f600\U0001f600"] == drawn["\u0639\u0639"] == drawn["□□"]


def test_each_state_has_its_colour() -> None:
    events: list[Event] = [
        *many(2, blocks=0)[:-1],
        LaneBorn(0.2, 90, "task", "", "fails", 1),
        LaneState(0.2, 90, "running"),
        LaneEnded(0.4, 90, "failed", "ValueError: \u202e아니"),
        Finished(Outcome.OK, 2.0),
    ]
    image = opened(png([run(events)], CAPTIONS))
    colours = {colour for _, colour in image.getcolors(1 << 16) or ()}
    assert {(0x45, 0xB1, 0xF3), (0x26, 0x2D, 0x39), (0xF7, 0xB7, 0x31), (0xE5, 0x44, 0x3B)} <= (
        colours
    )


def test_threads_may_share_a_painter() -> None:
    timelines = [[run(many(count))] for count in (1, 2, 3, 4)]
    alone = [Painter().png(each, CAPTIONS) for each in timelines]
    with ThreadPoolExecutor(4) as pool:
        shared = list(pool.map(lambda each: PAINTER.png(each, CAPTIONS), timelines * 4))
    assert shared == alone * 4


def test_a_tick_shows_who_printed_when() -> None:
    events: list[Event] = [Line(0.5, "x"), Finished(Outcome.OK, 1.0)]
    image = opened(png([run(events)], CAPTIONS))
    white = [
        x
        for x in range(PHONE_WIDTH)
        if image.getpixel((x, 143)) == (255, 255, 255) and 100 < x < 640
    ]
    assert white
    assert max(white) - min(white) < 40  # the tick and its number
