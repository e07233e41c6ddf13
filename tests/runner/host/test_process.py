"""One run, told of its child by hand."""

import asyncio
import os
import signal
import time

from bot.runner.host.outcome import Death
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
