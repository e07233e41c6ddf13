"""Bytes from the scenario become events or one warning; never an exception, never much memory."""

import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.runner import wire
from bot.runner.decode import Decoder, Ended
from bot.runner.model import (
    Event,
    Failure,
    LaneBorn,
    LaneEnded,
    LaneNamed,
    LaneState,
    Limits,
    Line,
    LoopBlocked,
    Started,
    Warned,
)

BORN = 5_000_000_000
ORIGIN = BORN + 1_000_000
NOW = ORIGIN + 10_000_000_000
SECOND = 1_000_000_000


def decoder(**limits: int) -> Decoder:
    return Decoder(Limits(**limits), born_ns=BORN, clock=lambda: NOW)


def at(seconds: float) -> int:
    return ORIGIN + round(seconds * SECOND)


def start() -> bytes:
    return wire.frame(wire.STARTED, 0, 0, ORIGIN, b"3.13.0")


def line(text: str | bytes, seconds: float = 0.5, lane: int = 0, small: int = 0) -> bytes:
    data = text if isinstance(text, bytes) else text.encode()
    return wire.frame(wire.LINE, small, lane, at(seconds), data)


def state(seconds: float, lane: int, activity: int, word: int = 0) -> bytes:
    return wire.state(wire.STATE, activity, word, lane, at(seconds))


def task(lane: int = 1, seconds: float = 0.25, parent: int = 0) -> bytes:
    return wire.birth(wire.TASK, lane, at(seconds), parent=parent, name="Task-1", code="main")


WHOLE = (
    start()
    + task()
    + wire.frame(wire.WORD, 0, 1, 0, b"sleep(3)")
    + state(0.25, 1, wire.RUNNING)
    + line("안녕", 0.5, 1)
    + line("err", 0.5, 1, wire.TO_STDERR)
    + wire.frame(wire.NAMED, 0, 1, at(0.5), "이름".encode())
    + state(0.75, 1, wire.WAITING, 1)
    + state(3.75, 1, wire.READY)
    + wire.frame(wire.BLOCKED, 0, 1, at(4), wire.MOMENT.pack(at(3.8)))
    + line("part", 4, 0, wire.UNFINISHED)
    + line("ial", 4, 0, 0)
    + wire.frame(wire.CUT, 0, 0, at(4), b"why")
    + wire.frame(wire.LEFT, wire.FAILED, 1, at(4), b"ValueError: x")
    + wire.ending(wire.RAISED, at(4.5), line=7, kind="ValueError", message="x", traceback="Tr")
)
WHOLE_EVENTS: list[Event] = [
    Started(0.0, "3.13.0"),
    LaneBorn(0.25, 1, "task", "Task-1", "main", 0),
    LaneState(0.25, 1, "running"),
    Line(0.5, "안녕", "stdout", 1),
    Line(0.5, "err", "stderr", 1),
    LaneNamed(0.5, 1, "이름"),
    LaneState(0.75, 1, "waiting", "sleep(3)"),
    LaneState(3.75, 1, "ready"),
    LoopBlocked(4.0, 1, 3.8),
    Line(4.0, "partial", "stdout", 0),
    Warned(4.0, "record-truncated", "why"),
    LaneEnded(4.0, 1, "failed", "ValueError: x"),
]


def test_a_whole_record() -> None:
    one = decoder()
    assert one.feed(WHOLE) == WHOLE_EVENTS
    assert one.finish() == []
    assert one.origin_ns == ORIGIN
    assert one.ended == Ended(4.5, Failure("ValueError", "x", 7, "Tr"))
    assert one.events == len(WHOLE_EVENTS)
    assert (one.malformed, one.exceeded) == (False, "")


@given(st.lists(st.integers(0, len(WHOLE)), max_size=30))
def test_the_events_are_the_same_however_the_bytes_are_cut(cuts: list[int]) -> None:
    one = decoder()
    events: list[Event] = []
    edges = sorted({0, len(WHOLE), *cuts})
    for first, last in pairwise(edges):
        events += one.feed(WHOLE[first:last])
    assert events == WHOLE_EVENTS


@given(st.integers(0, len(WHOLE)))
def test_a_guest_killed_while_writing_is_no_fault(length: int) -> None:
    one = decoder()
    events = one.feed(WHOLE[:length]) + one.finish()
    assert not one.malformed
    told = [event for event in events if not isinstance(event, Line)]
    assert told == [e for e in WHOLE_EVENTS if not isinstance(e, Line)][: len(told)]


def check(one: Decoder, events: list[Event]) -> None:
    """Whatever came, what is told holds together."""
    lanes = {0}
    left: set[int] = set()
    latest: dict[int, float] = {}
    for position, event in enumerate(events):
        assert 0 <= event.at <= (NOW - ORIGIN) / SECOND
        assert isinstance(event, Started) == (position == 0) or isinstance(event, Warned)
        if isinstance(event, LaneBorn):
            assert event.lane not in lanes
            assert event.parent in lanes
            lanes.add(event.lane)
        if isinstance(event, LaneState | LaneEnded | LaneNamed | LoopBlocked):
            assert event.lane in lanes - left
            assert event.at >= latest.get(event.lane, 0)
            latest[event.lane] = event.at
        if isinstance(event, LoopBlocked):
            assert event.since <= event.at
        if isinstance(event, LaneEnded):
            left.add(event.lane)
        if isinstance(event, Line):
            assert event.lane in lanes
    warnings = [e for e in events if isinstance(e, Warned) and e.what == "record-malformed"]
    assert len(warnings) == one.malformed
    if one.malformed:
        assert events[-1] is warnings[0]


@given(st.binary(max_size=4_000))
def test_any_bytes_are_survived(data: bytes) -> None:
    one = decoder()
    check(one, one.feed(data) + one.feed(data))
    assert one.finish() == [] or not one.malformed


@given(st.binary(max_size=2_000))
def test_any_bytes_after_a_real_start_are_survived(data: bytes) -> None:
    one = decoder()
    check(one, one.feed(start() + task() + data))


FRAMES = st.lists(
    st.builds(
        lambda kind, small, lane, moment, payload: (
            wire.state(kind, small, len(payload) % 3, lane, moment)
            if kind == wire.STATE
            else wire.frame(kind, small, lane, moment, payload)
        ),
        st.integers(0, 12),
        st.integers(0, 4),
        st.integers(0, 4),
        st.sampled_from([0, BORN, ORIGIN, at(1), at(2), at(3), NOW, NOW + 1, 2**64 - 1]),
        st.binary(max_size=20) | st.just(wire.BIRTH.pack(0, 3) + b"abcdef"),
    ),
    max_size=40,
)


@settings(max_examples=300)
@given(FRAMES)
def test_any_frames_are_survived(frames: list[bytes]) -> None:
    one = decoder(events=20)
    events = one.feed(start() + b"".join(frames))
    check(one, events)
    assert one.events <= 20
    assert len(events) <= 21


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_any_changed_byte_is_survived(where: int, value: int) -> None:
    changed = WHOLE[:where] + bytes([value]) + WHOLE[where + 1 :]
    one = decoder()
    check(one, one.feed(changed))


MALFORMED = {
    "no start": line("x"),
    "a second start": start() + start(),
    "a start before the run": wire.frame(wire.STARTED, 0, 0, BORN - 1, b"3.13.0"),
    "a start in the future": wire.frame(wire.STARTED, 0, 0, NOW + 1, b"3.13.0"),
    "no Python": wire.frame(wire.STARTED, 0, 0, ORIGIN, b"x" * 1_000),
    "a Python with an escape": wire.frame(wire.STARTED, 0, 0, ORIGIN, b"\x1b[31m"),
    "an unknown kind": start() + wire.frame(200, 0, 0, at(1)),
    "an unknown kind, unfinished": start() + wire.frame(200, 0, 0, at(1), b"x" * 60_000)[:20],
    "an unknown lane": start() + state(1, 9, 0),
    "a line of an unknown lane": start() + line("x", lane=9),
    "a line with an unknown mark": start() + line("x", small=128),
    "an unknown activity": start() + state(1, 0, 3),
    "an unknown word": start() + state(1, 0, 1, 7),
    "too high a word": start() + wire.frame(wire.WORD, 0, wire.MAX_WORDS, 0, b"x"),
    "too long a word": start() + wire.frame(wire.WORD, 0, 1, 0, b"x" * 500),
    "a lane born twice": start() + task() + task(),
    "main born": start() + task(lane=0),
    "too high a lane": start() + task(lane=wire.MAX_LANES),
    "an unknown parent": start() + task(parent=7),
    "an empty birth": start() + wire.frame(wire.BORN, 0, 1, at(1), b"x"),
    "an unknown kind of lane": start() + wire.frame(wire.BORN, 9, 1, at(1), wire.BIRTH.pack(0, 0)),
    "a time before the start": start() + state(-0.0001, 0, 0),
    "a time in the future": start() + state(10.1, 0, 0),
    "a state after the end": start() + wire.frame(wire.LEFT, 0, 0, at(1)) + state(2, 0, 0),
    "an unknown ending": start() + wire.frame(wire.LEFT, 7, 0, at(1)),
    "a blocked loop without a beginning": start() + wire.frame(wire.BLOCKED, 0, 0, at(1)),
    "an empty report": start() + wire.frame(wire.ENDED, 0, 0, at(1)),
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_a_broken_rule_ends_the_record_with_one_warning(data: bytes) -> None:
    one = decoder()
    events = one.feed(data)
    assert one.malformed
    assert one.ended is None
    warning = events[-1]
    assert isinstance(warning, Warned)
    assert warning.what == "record-malformed"
    assert warning.detail
    assert one.feed(WHOLE) == []
    assert one.finish() == []


def test_invalid_utf8_is_replaced() -> None:
    one = decoder()
    assert one.feed(start() + line(b"\xff\x00ok"))[1:] == [Line(0.5, "\ufffd\x00ok")]


def test_a_character_cut_between_two_frames_is_whole() -> None:
    one = decoder()
    data = "가".encode()
    pieces = line(data[:1], small=wire.UNFINISHED) + line(data[1:])
    assert one.feed(start() + pieces)[1:] == [Line(0.5, "가")]


def test_an_unfinished_line_comes_at_the_end() -> None:
    one = decoder()
    assert one.feed(start() + line("half", small=wire.UNFINISHED)) == [Started(0.0, "3.13.0")]
    assert one.finish() == [Line(0.5, "half")]
    assert one.finish() == []


@pytest.mark.parametrize("small", [0, wire.UNFINISHED])
def test_too_long_a_line_is_cut_and_named(small: int) -> None:
    one = decoder(line_bytes=10)
    assert one.feed(start() + line("x" * 11, small=small))[1:] == [Line(0.5, "x" * 10)]
    assert one.exceeded == "line_bytes"
    assert one.feed(line("y")) == []


def test_unfinished_lines_of_many_lanes_are_bounded_together() -> None:
    one = decoder(output_bytes=1_000, line_bytes=900)
    births = b"".join(task(lane) for lane in range(1, 4))
    parts = b"".join(line("x" * 400, lane=lane, small=wire.UNFINISHED) for lane in range(1, 4))
    one.feed(start() + births + parts)
    assert one.exceeded == "output_bytes"


def test_too_many_events_are_named_and_end_the_decoding() -> None:
    one = decoder(events=3)
    events = one.feed(start() + state(1, 0, 0) * 100)
    assert len(events) == one.events == 3
    assert one.exceeded == "events"
    assert one.feed(state(2, 0, 0)) == []


def test_what_follows_the_end_is_ignored() -> None:
    one = decoder()
    assert one.feed(start() + wire.ending(wire.FINE, at(1)) + b"\xff" * 100)[1:] == []
    assert one.ended == Ended(1.0)
    assert not one.malformed


def test_memory_is_told_apart() -> None:
    one = decoder()
    one.feed(start() + wire.ending(wire.OUT_OF_MEMORY, at(1), kind="MemoryError"))
    assert one.ended is not None
    assert one.ended.memory
    assert one.ended.failure == Failure("MemoryError", "", None, "")


def test_time_on_a_lane_never_runs_backwards() -> None:
    one = decoder()
    events = one.feed(start() + state(2, 0, 0) + state(1, 0, 1))
    assert [event.at for event in events] == [0.0, 2.0, 2.0]


def test_a_flood_leaves_nothing_behind() -> None:
    one = decoder(events=1_000)
    flood = start() + b"".join(
        wire.frame(wire.WORD, 0, 1 + n % 4_000, 0, b"x" * 400) for n in range(20_000)
    )
    for first in range(0, len(flood), 65_536):
        one.feed(flood[first : first + 65_536])
    assert not one.malformed
    held: Any = one
    assert len(held._words) < wire.MAX_WORDS
    assert sys.getsizeof(held._data) < 2 * wire.MAX_PAYLOAD
