"""Where the shapes of a picture stand."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runner.lane_events import LaneBorn, LaneEnded, LaneState
from bot.runner.model import Event, Finished, Outcome, Started
from bot.timeline.drawing.composition import Composition
from bot.timeline.drawing.scene import PHONE_WIDTH, WIDTH, Bar, Plate, Scene, Sign, TextWidth, Word
from bot.timeline.layout import lay_out
from tests.timeline.streams import CAPTIONS, PROPERTY, Truth, forged, legal, waiting


def width(text: str, size: int) -> float:
    """Measure a text as if each character were as wide as a Hangul syllable, nearly."""
    return 0.6 * size * len(text)


def scene(*runs: Sequence[Event], titles: Sequence[str] = ("run",) * 5, wide: int = WIDTH) -> Scene:
    named = zip(runs, titles, strict=False)
    laid = [lay_out(run, title=title, captions=CAPTIONS) for run, title in named]
    return Composition(laid, CAPTIONS, width, wide).scene()


def box(word: Word, text_width: TextWidth = width) -> tuple[float, float]:
    """Return where a text begins and ends."""
    size = text_width(word.text, word.size)
    left = word.x - {"start": 0.0, "middle": size / 2, "end": size}[word.anchor]
    return left, left + size


def failing(message: str, start: float, end: float) -> list[Event]:
    """Return a run in which one task waits from `start` to `end`, and fails."""
    return [
        Started(0.0, "3.13.0"),
        LaneBorn(0.0, 1, "task", "Task-1", "main", 0),
        waiting(0.0, 1, "gather"),
        LaneBorn(start, 2, "task", "Task-2", "late", 1),
        waiting(start, 2, "Barrier.wait"),
        LaneState(end, 2, "running"),
        LaneEnded(end, 2, "failed", message),
        Finished(Outcome.OK, 1.0),
    ]


WIDE = st.sampled_from([WIDTH, PHONE_WIDTH])


@PROPERTY
@given(legal)
def test_type_on_a_phone_is_11_pixels_at_least(truth: Truth) -> None:
    drawn = scene(truth.events, wide=PHONE_WIDTH)
    assert drawn.width == PHONE_WIDTH
    sizes = [shape.size for shape in drawn.shapes if isinstance(shape, Word)]
    assert min(sizes) * 350 / drawn.width >= 11


def test_long_names_stand_above_their_bars_on_a_phone_alone() -> None:
    run = failing("no", 0.1, 0.9)
    run[3] = LaneBorn(0.1, 2, "task", "Task-2", "a_name_of_some_length", 1)
    for wide, beside in ((WIDTH, True), (PHONE_WIDTH, False)):
        drawn = scene(run, wide=wide)
        name = next(it for it in drawn.shapes if isinstance(it, Word) and "length" in it.text)
        tops = [
            bar.y for bar in drawn.shapes if isinstance(bar, Bar) and bar.y + bar.height > name.y
        ]
        assert (min(tops) <= name.y) == beside


@PROPERTY
@given(forged | legal.map(lambda truth: truth.events), WIDE)
def test_what_a_wait_is_for_stays_within_its_bar(events: list[Event], wide: int) -> None:
    drawn = scene(events, wide=wide)
    bars = [shape for shape in drawn.shapes if isinstance(shape, Bar)]
    for word in drawn.shapes:
        if isinstance(word, Word) and word.role in {"inside", "alarm"} and word.text.isalpha():
            left, right = box(word)
            row = [bar for bar in bars if bar.y <= word.y <= bar.y + bar.height]
            assert any(bar.x <= left and right <= bar.x + bar.width for bar in row)


@PROPERTY
@given(forged | legal.map(lambda truth: truth.events), st.text(max_size=200), WIDE)
def test_every_text_stays_within_the_picture(events: list[Event], title: str, wide: int) -> None:
    drawn = scene(events, titles=[title], wide=wide)
    for word in drawn.shapes:
        if isinstance(word, Word):
            left, right = box(word)
            assert -1 <= left <= right <= wide + 1, word
            assert 0 <= word.y <= drawn.height


@pytest.mark.parametrize("message", ["ValueError: no", "BrokenBarrierError: " + "x" * 180])
@pytest.mark.parametrize(("start", "end"), [(0.0, 0.2), (0.7, 1.0), (0.99, 1.0), (0.4, 0.6)])
def test_an_exception_stands_behind_its_sign_or_below_it(
    message: str, start: float, end: float
) -> None:
    drawn = scene(failing(message, start, end))
    (sign,) = (it for it in drawn.shapes if isinstance(it, Sign) and it.title)
    (told,) = (
        it
        for it in drawn.shapes
        if isinstance(it, Word) and it.text[:5] == message[:5] and it.role == "quiet"
    )
    left, right = box(told)
    bars = [it for it in drawn.shapes if isinstance(it, Bar)]
    assert not any(bar.y <= told.y <= bar.y + bar.height and bar.x < right for bar in bars) or (
        left > sign.x
    )
    assert left > sign.x or (told.y > sign.y and right >= sign.x)


def test_a_note_makes_room_for_the_rows_below_it() -> None:
    events = failing("ValueError: " + "x" * 100, 0.7, 1.0)
    events[-1:] = [
        LaneBorn(0.9, 3, "task", "Task-3", "next", 1),
        waiting(0.9, 3, "Queue.get"),
        Finished(Outcome.OK, 1.0),
    ]
    drawn = scene(events)
    rows = sorted({bar.y for bar in drawn.shapes if isinstance(bar, Bar) and bar.title})
    note = next(it for it in drawn.shapes if isinstance(it, Word) and it.text.startswith("Value"))
    assert any(above < note.y < below for above, below in pairwise(rows))
    height = next(bar.height for bar in drawn.shapes if isinstance(bar, Bar))
    assert all(not row <= note.y <= row + height for row in rows)


def test_a_wide_wait_is_named_by_what_fits() -> None:
    events: list[Event] = [
        Started(0.0, "3.13.0"),
        LaneBorn(0.0, 1, "task", "Task-1", "main", 0),
        waiting(0.0, 1, "Queue.get"),
        LaneState(0.1, 1, "running"),
        waiting(0.1, 1, "sleep", 0.15),
        LaneState(0.25, 1, "running"),
        waiting(0.25, 1, "sleep", 0.05),
        LaneState(0.3, 1, "running"),
        waiting(0.3, 1, "asynchronously"),
        LaneState(0.4, 1, "running"),
        waiting(0.4, 1, "sleep", 0.6),
        Finished(Outcome.OK, 1.0),
    ]
    words = [it for it in scene(events).shapes if isinstance(it, Word) and it.role == "inside"]
    assert [word.text for word in words] == ["get", "0.15 s", "as…", "sleep(0.6)"]


def test_a_long_title_takes_a_second_line() -> None:
    title = "Threads — synchronous functions that run side by side in three seconds"
    drawn = scene(failing("", 0.0, 0.5), failing("", 0.0, 1.0), titles=[title, "short"])
    titles = [it.text for it in drawn.shapes if isinstance(it, Word) and it.role == "title"]
    assert " ".join(it for it in titles if it.split()[0] in title) == title


def test_legal_runs_have_plates_only_beside_or_on_bars() -> None:
    drawn = scene(failing("BrokenBarrierError: Abort or reset of barrier", 0.7, 1.0))
    bars = [it for it in drawn.shapes if isinstance(it, Bar) and it.title]
    for plate in drawn.shapes:
        if isinstance(plate, Plate):
            on = [bar for bar in bars if bar.y <= plate.y <= bar.y + bar.height]
            assert not on or plate.x >= min(bar.x for bar in on)
