import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion
from wcwidth import wcswidth

from bot.runner.lane_events import LaneBorn, LaneEnded, LaneState
from bot.runner.model import Event, Finished, Outcome, Warned
from bot.timeline.drawing.text import text
from bot.timeline.layout import lay_out
from bot.timeline.model import Captions, Timeline
from bot.tutor.words.captions import captions
from tests.timeline.rounding import rounded
from tests.timeline.streams import CAPTIONS, NOTES, PROPERTY, Truth, forged, legal, many, recorded

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def run(events: list[Event], words: Captions = CAPTIONS, title: str = "run") -> Timeline:
    return lay_out(events, title=title, captions=words)


def widest(drawn: str) -> int:
    return max(wcswidth(line) for line in ESCAPE.sub("", drawn).split("\n"))


@PROPERTY
@given(st.lists(legal, min_size=1, max_size=3), st.integers(8, 200), st.sampled_from((0, 1)))
def test_it_stays_inside_its_width(truths: list[Truth], width: int, colour: int) -> None:
    timelines = [run(truth.events, title="긴 제목 " * 9) for truth in truths]
    drawn = text(timelines, captions("ko"), width=width, colour=bool(colour))
    assert 0 <= widest(drawn) <= width
    assert ("\x1b" in drawn) == bool(colour)


@PROPERTY
@given(forged, st.integers(8, 120))
def test_forged_events_stay_inside_it_too(events: list[Event], width: int) -> None:
    assert 0 <= widest(text([run(events)], CAPTIONS, width=width, colour=True)) <= width


@PROPERTY
@given(legal)
def test_colour_changes_nothing_but_colour(truth: Truth) -> None:
    picture = run(truth.events)
    plain = text([picture], CAPTIONS, width=80, colour=False)
    assert ESCAPE.sub("", text([picture], CAPTIONS, width=80, colour=True)) == plain


@pytest.mark.parametrize("locale", ["ko", "en"])
@pytest.mark.parametrize("name", NOTES)
def test_the_notes(name: str, locale: str, snapshot: SnapshotAssertion) -> None:
    words = captions("ko" if locale == "ko" else "en")
    events = recorded(name, "ko" if locale == "ko" else "en")
    assert text([rounded(run(events, words, name))], words, width=80, colour=False) == snapshot


def test_the_notes_side_by_side(snapshot: SnapshotAssertion) -> None:
    words = captions("ko")
    timelines = [rounded(run(recorded(name), words, name)) for name in NOTES]
    assert text(timelines, words, width=72, colour=True) == snapshot


def test_every_state_has_a_character_of_its_own(snapshot: SnapshotAssertion) -> None:
    events = [*many(3, blocks=0)[:-1]]
    events += [
        LaneBorn(2.0, 90, "task", "", "fails", 1),
        LaneState(2.0, 90, "running"),
        LaneEnded(2.1, 90, "failed", "ValueError: no"),
        LaneBorn(1.0, 91, "task", "", "stopped", 1),
        LaneState(1.0, 91, "waiting", "Queue.get"),
        LaneEnded(1.6, 91, "cancelled"),
        Finished(Outcome.OK, 2.2),
    ]
    assert text([run(events)], CAPTIONS, width=76, colour=False) == snapshot


def test_what_is_left_out_is_told() -> None:
    drawn = text([run(many(200))], CAPTIONS, width=80, colour=False)
    assert "+ 177 more" in drawn
    assert "incomplete" not in drawn


def test_a_doubtful_record_is_called_incomplete() -> None:
    assert "incomplete" in text(
        [run([Warned(0.1, "record-malformed")])], CAPTIONS, width=40, colour=False
    )


def test_nothing_to_draw_is_an_axis() -> None:
    assert text([], CAPTIONS, width=40, colour=False).split()[:2] == ["0", "ms"]
