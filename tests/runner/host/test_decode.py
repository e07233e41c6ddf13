"""Bytes from the scenario become events; bad ones cost themselves, never output or much memory."""

import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.runner.host.decode import ROOM_OF_A_LANE, Decoder
from bot.runner.host.run_end import Ended
from bot.runner.lane_events import LaneBorn, LaneEnded, LaneNamed, LaneState, LoopBlocked, Wait
from bot.runner.model import Event, Failure, Limits, Line, LinePart, Started, Warned
from bot.runner.protocol import recorder_frames

BORN = 5_000_000_000
ORIGIN = BORN + 1_000_000
NOW = ORIGIN + 10_000_000_000
SECOND = 1_000_000_000


def decoder(**limits: int) -> Decoder:
    return Decoder(Limits(**limits), born_ns=BORN, clock=lambda: NOW)


def at(seconds: float) -> int:
    return ORIGIN + round(seconds * SECOND)


def start() -> bytes:
    return recorder_frames.frame(recorder_frames.STARTED, 0, 0, ORIGIN, b"3.13.0")


def line(text: str | bytes, seconds: float = 0.5, lane: int = 0, small: int = 0) -> bytes:
    data = text if isinstance(text, bytes) else text.encode()
    return recorder_frames.frame(recorder_frames.LINE, small, lane, at(seconds), data, line=5)


def state(
    seconds: float, lane: int, activity: int, word: int = 0, *, line: int = 4, by: int = 0
) -> bytes:
    return recorder_frames.state(activity, lane, at(seconds), word, line=line, by=by)


def task(lane: int = 1, seconds: float = 0.25, parent: int = 0) -> bytes:
    return recorder_frames.birth(
        recorder_frames.TASK, lane, at(seconds), parent=parent, name="Task-1", code="main", line=9
    )


WHOLE = (
    start()
    + task()
    + recorder_frames.word(1, recorder_frames.On("sleep", seconds=3))
    + state(0.25, 1, recorder_frames.RUNNING)
    + line("안녕", 0.5, 1)
    + line("err", 0.5, 1, recorder_frames.TO_STDERR)
    + recorder_frames.frame(recorder_frames.NAMED, 0, 1, at(0.5), "이름".encode())
    + state(0.75, 1, recorder_frames.WAITING, 1)
    + state(3.75, 1, recorder_frames.READY, by=recorder_frames.CLOCK)
    + state(3.75, 0, recorder_frames.READY, line=0, by=recorder_frames.LANES + 1)
    + recorder_frames.frame(
        recorder_frames.BLOCKED, 0, 1, at(4), recorder_frames.MOMENT.pack(at(3.8)), line=6
    )
    + line("part", 4, 0, recorder_frames.UNFINISHED)
    + line("ial", 4, 0, 0)
    + recorder_frames.frame(recorder_frames.CUT, 0, 0, at(4), b"why")
    + recorder_frames.frame(
        recorder_frames.LEFT, recorder_frames.FAILED, 1, at(4), b"ValueError: x", line=7
    )
    + recorder_frames.ending(
        recorder_frames.RAISED, at(4.5), line=7, kind="ValueError", message="x", traceback="Tr"
    )
)
WHOLE_EVENTS: list[Event] = [
    Started(0.0, "3.13.0"),
    LaneBorn(0.25, 1, "task", "Task-1", "main", 0, 9),
    LaneState(0.25, 1, "running", line=4),
    Line(0.5, "안녕", "stdout", 1, 5),
    Line(0.5, "err", "stderr", 1, 5),
    LaneNamed(0.5, 1, "이름"),
    LaneState(0.75, 1, "waiting", "sleep(3)", 4, wait=Wait("sleep", seconds=3.0)),
    LaneState(3.75, 1, "ready", line=4, by="clock"),
    LaneState(3.75, 0, "ready", by=1),
    LoopBlocked(4.0, 1, 3.8, 6),
    LinePart(4.0, "part", "stdout", 0, 5),
    Line(4.0, "partial", "stdout", 0, 5),
    Warned(4.0, "record-truncated", "why"),
    LaneEnded(4.0, 1, "failed", "ValueError: x", 7),
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
        first = all(isinstance(before, Warned) for before in events[:position])
        assert isinstance(event, Started) == first or isinstance(event, Warned)
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
        if isinstance(event, LaneState):
            assert event.by in {None, "clock", "io"} | lanes
            assert (event.wait is not None) <= (event.activity == "waiting")
            assert event.by is None or event.activity == "ready"
    warnings = [e for e in events if isinstance(e, Warned) and e.what == "record-malformed"]
    assert len(warnings) == one.malformed


@given(st.binary(max_size=4_000))
def test_any_bytes_are_survived(data: bytes) -> None:
    one = decoder()
    check(one, one.feed(data) + one.feed(data))
    assert one.finish() == []


@given(st.binary(max_size=2_000))
def test_any_bytes_after_a_real_start_are_survived(data: bytes) -> None:
    one = decoder()
    check(one, one.feed(start() + task() + data))


FRAMES = st.lists(
    st.builds(
        lambda kind, small, lane, by, moment, payload: (
            recorder_frames.state(small, lane, moment, len(payload) % 3, by=by)
            if kind == recorder_frames.STATE
            else recorder_frames.frame(kind, small, lane, moment, payload)
        ),
        st.integers(0, 12),
        st.integers(0, 4),
        st.integers(0, 4),
        st.integers(0, 6),
        st.sampled_from([0, BORN, ORIGIN, at(1), at(2), at(3), NOW, NOW + 1, 2**64 - 1]),
        st.binary(max_size=20) | st.just(recorder_frames.BIRTH.pack(0, 3) + b"abcdef"),
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


NOISE = st.binary(max_size=60) | st.builds(
    lambda head, tail: head + recorder_frames.MARK_BYTES + tail,
    st.binary(max_size=9),
    st.binary(max_size=3),
)


@given(st.lists(NOISE, min_size=3, max_size=3), st.lists(st.integers(0, 400), max_size=9))
def test_bytes_between_frames_cost_no_line(noise: list[bytes], cuts: list[int]) -> None:
    one = decoder()
    data = start() + noise[0] + line("one") + noise[1] + line("two") + noise[2] + line("end")
    events: list[Event] = []
    for first, last in pairwise(sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})):
        events += one.feed(data[first:last])
    check(one, events)
    assert [event.text for event in events if isinstance(event, Line)] == ["one", "two", "end"]
    assert one.malformed == any(noise)


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_any_changed_byte_is_survived(where: int, value: int) -> None:
    changed = WHOLE[:where] + bytes([value]) + WHOLE[where + 1 :]
    one = decoder()
    check(one, one.feed(changed))


MALFORMED = {
    "a second start": start(),
    "an unknown kind": recorder_frames.frame(200, 0, 0, at(1)),
    "an unknown kind, unfinished": recorder_frames.frame(200, 0, 0, at(1), b"x" * 60_000)[:30],
    "no frame at all": b"hello",
    "an unknown lane": state(1, 9, 0),
    "an unknown activity": state(1, 0, 4),
    "an unknown word": state(1, 0, 1, 7),
    "woken by an unknown lane": state(1, 0, recorder_frames.READY, by=recorder_frames.LANES + 7),
    "an empty word": recorder_frames.frame(recorder_frames.WORD, 0, 1, 0, b"x"),
    "too high a word": recorder_frames.frame(
        recorder_frames.WORD, 0, recorder_frames.MAX_WORDS, 0, recorder_frames.WAIT.pack(1, 0, 0)
    ),
    "a stack that is not there": recorder_frames.frame(
        recorder_frames.WORD, 0, 1, 0, recorder_frames.WAIT.pack(1, 0, 3)
    ),
    "a thread that was never born is stuck": recorder_frames.frame(
        recorder_frames.STUCK, 1, 9, at(1)
    ),
    "too long a word": recorder_frames.frame(
        recorder_frames.WORD, 0, 1, 0, recorder_frames.WAIT.pack(1, 500, 0) + b"x" * 500
    ),
    "main born": task(lane=0),
    "too high a lane": task(lane=recorder_frames.MAX_LANES),
    "an unknown parent": task(parent=7),
    "an empty birth": recorder_frames.frame(recorder_frames.BORN, 0, 1, at(1), b"x"),
    "an unknown kind of lane": recorder_frames.frame(
        recorder_frames.BORN, 9, 1, at(1), recorder_frames.BIRTH.pack(0, 0)
    ),
    "a time before the start": state(-0.0001, 0, 0),
    "a time in the future": state(10.1, 0, 0),
    "an unknown ending": recorder_frames.frame(recorder_frames.LEFT, 7, 0, at(1)),
    "a blocked loop without a beginning": recorder_frames.frame(
        recorder_frames.BLOCKED, 0, 0, at(1)
    ),
    "an empty report": recorder_frames.frame(recorder_frames.ENDED, 0, 0, at(1)),
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_a_bad_frame_costs_itself_and_one_warning(data: bytes) -> None:
    one = decoder()
    events = one.feed(start() + line("before") + data + line("after") + data + line("end"))
    assert one.malformed
    assert one.ended is None
    started, before, warning, *rest = events
    assert (started, before) == (Started(0.0, "3.13.0"), Line(0.5, "before", line=5))
    assert isinstance(warning, Warned)
    assert warning.what == "record-malformed"
    assert warning.detail
    assert rest == [Line(0.5, "after", line=5), Line(0.5, "end", line=5)]


NO_START = {
    "nothing": b"",
    "before the run": recorder_frames.frame(recorder_frames.STARTED, 0, 0, BORN - 1, b"3.13.0"),
    "in the future": recorder_frames.frame(recorder_frames.STARTED, 0, 0, NOW + 1, b"3.13.0"),
    "of no Python": recorder_frames.frame(recorder_frames.STARTED, 0, 0, ORIGIN, b"x" * 1_000),
    "of a Python with an escape": recorder_frames.frame(
        recorder_frames.STARTED, 0, 0, ORIGIN, b"\x1b[31m"
    ),
}


@pytest.mark.parametrize("data", NO_START.values(), ids=NO_START)
def test_without_a_start_there_is_no_record(data: bytes) -> None:
    one = decoder()
    (warning,) = one.feed(data + line("x"))
    assert isinstance(warning, Warned)
    assert one.origin_ns is None
    assert one.feed(start() + line("x")) == [Started(0.0, "3.13.0"), Line(0.5, "x", line=5)]


def test_a_lane_is_born_once_and_does_nothing_after_its_end() -> None:
    one = decoder()
    data = (
        task()
        + task()
        + recorder_frames.frame(recorder_frames.LEFT, 0, 1, at(1))
        + state(2, 1, 0)
        + line("x", 2)
    )
    told = [type(event) for event in one.feed(start() + data)]
    assert told == [Started, LaneBorn, Warned, LaneEnded, Line]


@pytest.mark.parametrize(
    ("bad", "kept"),
    [
        (line("x", 1, lane=9), Line(1.0, "x", line=5)),
        (line("x", 10.1), Line(0.5, "x", line=5)),
        (line("x", -1), Line(0.5, "x", line=5)),
    ],
    ids=["an unknown lane", "the future", "before the start"],
)
def test_a_line_that_lies_about_itself_is_kept(bad: bytes, kept: Line) -> None:
    one = decoder()
    *_, warning, last = one.feed(start() + line("first") + bad)
    assert isinstance(warning, Warned)
    assert warning.what == "record-malformed"
    assert last == kept


@pytest.mark.parametrize(
    ("on", "shown", "wait"),
    [
        (recorder_frames.On("sleep", seconds=3), "sleep(3)", Wait("sleep", seconds=3.0)),
        (
            recorder_frames.On("sleep", seconds=0.0125),
            "sleep(0.013)",
            Wait("sleep", seconds=0.0125),
        ),
        (recorder_frames.On("sleep", seconds=float("inf")), "sleep(inf)", Wait("sleep")),
        (recorder_frames.On("sleep"), "sleep(?)", Wait("sleep")),
        (recorder_frames.On("task", "fetch"), "task fetch", Wait("task", "fetch")),
        (recorder_frames.On("Queue.get"), "Queue.get", Wait("Queue.get")),
    ],
)
def test_a_wait_is_told_in_parts_and_as_one_writes_it(
    on: recorder_frames.On, shown: str, wait: Wait
) -> None:
    one = decoder()
    data = (
        recorder_frames.word(1, on)
        + state(1, 0, recorder_frames.WAITING, 1)
        + state(1, 0, recorder_frames.RUNNING, 1)
    )
    _, waiting, running = one.feed(start() + data)
    assert waiting == LaneState(1.0, 0, "waiting", shown, 4, wait=wait)
    assert running == LaneState(1.0, 0, "running", shown, 4)


def test_invalid_utf8_is_replaced() -> None:
    one = decoder()
    assert one.feed(start() + line(b"\xff\x00ok"))[1:] == [Line(0.5, "\ufffd\x00ok", line=5)]


def test_a_character_cut_between_two_frames_is_whole() -> None:
    one = decoder()
    data = "가".encode()
    pieces = line(data[:1], small=recorder_frames.UNFINISHED) + line(data[1:])
    assert one.feed(start() + pieces)[1:] == [Line(0.5, "가", line=5)]


def test_each_piece_of_a_line_is_told_when_it_comes_and_the_line_once_it_is_whole() -> None:
    one, birth = (
        decoder(),
        recorder_frames.birth(
            recorder_frames.TASK, 1, at(0.5), parent=0, name="Task-1", code="main", line=9
        ),
    )
    pieces = (
        line("Loading", 1, 0, recorder_frames.UNFINISHED),
        line(".", 2, 1, recorder_frames.UNFINISHED),
        line("", 3, 0, recorder_frames.UNFINISHED),
        line("", 4, 0),
    )
    told = [one.feed(start() + birth + pieces[0])[2:], *(one.feed(it) for it in pieces[1:])]
    assert told == [
        [LinePart(1.0, "Loading", "stdout", 0, 5)],
        [LinePart(2.0, ".", "stdout", 1, 5)],
        [],
        [Line(2.0, "Loading.", "stdout", 0, 5)],
    ], "a newline alone changes no time"


def test_an_unfinished_line_comes_at_the_end() -> None:
    one = decoder()
    assert one.feed(start() + line("half", small=recorder_frames.UNFINISHED)) == [
        Started(0.0, "3.13.0"),
        LinePart(0.5, "half", line=5),
    ]
    assert one.finish() == [Line(0.5, "half", line=5)]
    assert one.finish() == []


@pytest.mark.parametrize("small", [0, recorder_frames.UNFINISHED])
def test_too_long_a_line_is_cut_and_named(small: int) -> None:
    one = decoder(line_bytes=10)
    assert one.feed(start() + line("x" * 11, small=small))[1:] == [Line(0.5, "x" * 10, line=5)]
    assert one.exceeded == "line_bytes"
    assert one.feed(line("y")) == []


def test_unfinished_lines_of_both_streams_are_bounded_together() -> None:
    one = decoder(output_bytes=1_000, line_bytes=900)
    streams = (0, recorder_frames.TO_STDERR)
    one.feed(
        start() + b"".join(line("x" * 600, small=recorder_frames.UNFINISHED | to) for to in streams)
    )
    assert one.exceeded == "output_bytes"


def test_a_line_finished_by_another_lane_is_one_line_of_the_lane_that_began_it() -> None:
    one = decoder()
    began = start() + task(1) + line("Loading ", 1.0, 1, recorder_frames.UNFINISHED)
    assert [each for each in one.feed(began) if isinstance(each, Line)] == []
    assert one.feed(line("done", 2.0, 0)) == [Line(2.0, "Loading done", lane=1, line=5)]


def test_a_line_that_was_never_finished_has_the_time_of_its_last_piece() -> None:
    one = decoder()
    one.feed(
        start()
        + line("half", 1.0, small=recorder_frames.UNFINISHED)
        + state(2.0, 0, recorder_frames.RUNNING)
    )
    assert one.finish() == [Line(1.0, "half", line=5)]


def test_each_lane_gives_room_for_more_events_and_no_more_than_that() -> None:
    one = decoder(events=20)
    lanes = 10
    for number in range(1, 1 + lanes):
        one.feed((start() if number == 1 else b"") + task(number))
    assert one.exceeded == ""
    one.feed(state(2, 0, 0) * 1_000)
    assert (one.exceeded, one.events) == ("events", 20 + ROOM_OF_A_LANE * lanes)


def test_too_many_events_are_named_and_end_the_decoding() -> None:
    one = decoder(events=3)
    events = one.feed(start() + state(1, 0, 0) * 100)
    assert len(events) == one.events == 3
    assert one.exceeded == "events"
    assert one.feed(state(2, 0, 0)) == []


def test_what_follows_the_end_is_ignored() -> None:
    one = decoder()
    assert (
        one.feed(start() + recorder_frames.ending(recorder_frames.FINE, at(1)) + b"\xff" * 100)[1:]
        == []
    )
    assert one.ended == Ended(1.0)
    assert not one.malformed


def test_memory_is_told_apart() -> None:
    one = decoder()
    one.feed(
        start() + recorder_frames.ending(recorder_frames.OUT_OF_MEMORY, at(1), kind="MemoryError")
    )
    assert one.ended is not None
    assert one.ended.memory
    assert one.ended.failure == Failure("MemoryError", "", None, "")


def test_time_on_a_lane_never_runs_backwards() -> None:
    one = decoder()
    events = one.feed(start() + state(2, 0, 0) + state(1, 0, 1))
    assert [event.at for event in events] == [0.0, 2.0, 2.0]


FLOODS = {
    "words": b"".join(
        recorder_frames.word(1 + n % 4_000, recorder_frames.On("x" * 400)) for n in range(20_000)
    ),
    "empty pieces": line("", small=recorder_frames.UNFINISHED) * 20_000,
    "noise": bytes(1 << 20),
    "large bad frames": recorder_frames.frame(recorder_frames.NAMED, 0, 7, at(1), bytes(60_000))
    * 100,
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_a_flood_is_counted_and_leaves_nothing_behind(flood: bytes) -> None:
    one = decoder(events=5_000)
    data = start() + flood
    for first in range(0, len(data), 65_536):
        one.feed(data[first : first + 65_536])
    assert one.exceeded == "events"
    held: Any = one
    assert len(held._words._words) < recorder_frames.MAX_WORDS
    assert sys.getsizeof(held._framing._data) < 2 * recorder_frames.MAX_PAYLOAD
