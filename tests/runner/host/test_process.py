"""One run, told of its child by hand."""

import asyncio
import os
import signal
import time

import pytest

from bot.runner.host.deadline import _MOST_OWED_SECONDS
from bot.runner.host.outcome import Death
from bot.runner.host.pipes import WINDOW
from bot.runner.host.process import RunningProcess
from bot.runner.model import Finished, RunRequest, Started
from bot.runner.protocol import recorder_frames


async def test_the_clock_starts_at_the_childs_word_even_if_its_birth_is_heard_later() -> None:
    request = RunRequest("pass")
    run = RunningProcess(request)
    given = run.open(request)
    try:
        os.write(
            given[3],
            recorder_frames.frame(recorder_frames.STARTED, 0, 0, time.perf_counter_ns(), b"3.13.0"),
        )  # the recorder's pipe
        events = run.events()
        assert isinstance(await anext(events), Started)
        await asyncio.sleep(0.2)
        run.born(os.getpid(), None)
    finally:
        for descriptor in given:
            os.close(descriptor)
    run.gone(Death(signal.SIGKILL))
    last = await anext(events)
    assert isinstance(last, Finished)
    assert last.elapsed >= 0.2


@pytest.mark.parametrize("slow", [0.0, 0.1, 60.0])
async def test_our_own_slowness_explains_a_late_record_only_so_far(slow: float) -> None:
    request = RunRequest("pass")
    lags = iter([0.0])  # before the run, and ever after
    run = RunningProcess(request, lag=lambda: next(lags, slow))
    given = run.open(request)
    run.born(os.getpid(), None)
    now = time.perf_counter_ns()
    record = [
        recorder_frames.frame(recorder_frames.STARTED, 0, 0, now, b"3.13.0"),
        recorder_frames.frame(recorder_frames.LINE, 0, 0, now, b"x"),
    ]
    await asyncio.sleep(0.5)
    try:
        os.write(given[3], b"".join(record))
        events = run.events()
        assert isinstance(await anext(events), Started)
    finally:
        for descriptor in given:
            os.close(descriptor)
    run.gone(Death(0))
    last = [event async for event in events][-1]
    assert isinstance(last, Finished)
    assert last.usage.behind_seconds >= 0.5 - _MOST_OWED_SECONDS - WINDOW - 0.01
