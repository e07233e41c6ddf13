"""What counts as holding the loop, and what of it is the recorder's own doing."""

import pytest

from bot.runner.guest.hooks.processor_share import ProcessorShare
from bot.runner.guest.lanes import BLOCKED_NS, Lanes
from bot.runner.guest.recorded_lane import RecordedLane
from bot.runner.guest.recorder_pipe import RecorderPipe
from bot.runner.protocol import recorder_frames

START = 1_000_000_000


@pytest.mark.parametrize(
    ("duration", "recording", "told"),
    [
        (BLOCKED_NS - 1, 0, False),
        (BLOCKED_NS, 0, True),
        (BLOCKED_NS + 40_000_000, 40_000_001, False),
        (BLOCKED_NS + 40_000_000, 40_000_000, True),
    ],
)
def test_what_recording_takes_is_not_held_against_a_task(
    duration: int, recording: int, *, told: bool
) -> None:
    pipe = RecorderPipe()
    lanes, lane = Lanes(pipe), RecordedLane(1, "work")
    pipe.spent = 5_000_000
    lane.since = START
    pipe.spent += recording
    lanes.held(lane, START + duration, 5_000_000)
    kinds = [recorder_frames.HEADER.unpack_from(frame)[1] for frame in pipe.pending]
    assert kinds == [recorder_frames.BLOCKED] * told


class Used(ProcessorShare):
    """Knows how long a thread computed that never slept."""

    def __init__(self, used: int) -> None:
        super().__init__()
        self._used = used

    def used_at_most(self, since: int) -> int:
        """Return that, whenever it is asked."""
        del since
        return self._used


@pytest.mark.parametrize(
    ("used", "told"),
    [(BLOCKED_NS * 3, True), (BLOCKED_NS, True), (BLOCKED_NS - 1, False), (1_000, False)],
)
def test_what_a_busy_host_takes_is_not_held_against_a_task(used: int, *, told: bool) -> None:
    pipe = RecorderPipe()
    pipe.processor = Used(used)
    lanes, lane = Lanes(pipe), RecordedLane(1, "work")
    lane.since = START
    lanes.held(lane, START + 3 * BLOCKED_NS, 0)
    assert bool(pipe.pending) is told


@pytest.mark.parametrize(
    ("step", "calls", "line"),
    [
        (START, {7: 180_000_000}, 7),
        (START, {7: 20_000_000}, 3),
        (START - 10, {7: 180_000_000}, 3),
        (START, {7: 60_000_000, 9: 80_000_000}, 9),
    ],
    ids=["most of it", "a small part of it", "in an earlier step", "two, most of it together"],
)
def test_the_line_is_that_of_the_calls_which_held_it(
    step: int, calls: dict[int, int], line: int
) -> None:
    pipe = RecorderPipe()
    lanes, lane = Lanes(pipe), RecordedLane(1, "work")
    lane.move(3)
    lane.since, lane.held_in, lane.held = START, step, calls
    lanes.held(lane, START + 200_000_000, 0)
    (frame,) = pipe.pending
    assert recorder_frames.HEADER.unpack_from(frame)[6] == line
