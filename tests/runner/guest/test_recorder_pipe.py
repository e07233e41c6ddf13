"""The guest's end of the pipe: nothing is lost, however slowly it is read."""

import os
import threading
import time
from collections.abc import Iterator

import pytest

from bot.runner.guest.recorder_pipe import RecorderPipe
from bot.runner.protocol import recorder_frames

FRAME = b"x" * 1_000


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reader, writer = os.pipe()
    yield reader, writer
    for descriptor in (reader, writer):
        try:
            os.close(descriptor)
        except OSError:  # the test closed it
            continue


def opened(writer: int) -> RecorderPipe:
    recorder = RecorderPipe()
    recorder.open(writer)
    return recorder


def read_all(reader: int, into: bytearray) -> None:
    while data := os.read(reader, 1 << 16):
        into += data


def test_switches_do_not_wait_for_a_reader(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    recorder = opened(writer)
    for number in range(1_000):
        recorder.add(FRAME)
        recorder.flush_if_due(time.perf_counter_ns() + number * 10_000_000)
    found = bytearray()
    thread = threading.Thread(target=read_all, args=(reader, found))
    thread.start()
    recorder.close(b"last")
    os.close(writer)
    thread.join()
    assert found == FRAME * 1_000 + b"last"


def test_what_waits_is_bounded(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    recorder = opened(writer)
    found = bytearray()
    thread = threading.Thread(target=read_all, args=(reader, found))
    for number in range(5_000):
        recorder.add(FRAME)
        if number == 1_500:
            thread.start()
        recorder.flush_if_due(time.perf_counter_ns() + number * 10_000_000)
        assert len(recorder._rest) < 3 << 20
    recorder.close(b"")
    os.close(writer)
    thread.join()
    assert found == FRAME * 5_000


def test_flushes_between_lines_are_rationed(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    recorder = opened(writer)
    recorder.due = 10**12
    recorder.add(b"a")
    recorder.flush_if_due(10**12 - 1)
    assert recorder.pending
    recorder.flush_if_due(10**12)
    assert os.read(reader, 10) == b"a"
    assert recorder.due > 10**12 - 10**9


def test_nobody_at_the_other_end_breaks_it_quietly(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    recorder = opened(writer)
    os.close(reader)
    recorder.add(FRAME)
    recorder.flush()
    assert recorder.broken
    recorder.close(b"last")
    assert not recorder.pending


def test_words_are_defined_once_and_again_when_there_are_too_many(pipe: tuple[int, int]) -> None:
    _, writer = pipe
    recorder = opened(writer)
    numbers = [recorder.word(recorder_frames.On("task", f"word {n}")) for n in range(10_000)]
    assert recorder.word(recorder_frames.On("task", "word 9999")) == numbers[-1]
    assert max(numbers) < 1 << 12
    assert min(numbers) == 1


def test_what_comes_before_it_is_opened_goes_nowhere(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    recorder = RecorderPipe()
    first = recorder.word(recorder_frames.On("rehearsed"))
    recorder.flush()
    recorder.add(b"left over")
    recorder.open(writer)
    assert recorder.word(recorder_frames.On("told")) == first
    recorder.close(b"last")
    assert b"rehearsed" not in (found := os.read(reader, 1_000))
    assert b"told" in found
    assert b"left over" not in found
