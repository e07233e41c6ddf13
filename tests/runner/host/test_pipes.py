import asyncio
import os

from bot.runner.host.pipes import AT_ONCE, STEP_RAW, STEP_RECORD, WINDOW, Pipes
from bot.runner.host.turns import Turns


async def test_what_comes_bit_by_bit_is_collected_and_nothing_is_lost() -> None:
    got: list[bytes] = []
    pipes = Pipes(lambda: None, Turns())
    writer = pipes.open(got.append, STEP_RECORD, patient=True)
    pipes.read_on()
    for _ in range(10 * AT_ONCE):
        os.write(writer, b"x" * 10)
        await asyncio.sleep(WINDOW / 20)
    os.close(writer)
    pipes.drain()
    assert sum(map(len, got)) == 10 * AT_ONCE * 10
    assert len(got) < 5 * AT_ONCE


async def test_a_pipe_that_fills_up_is_read_without_a_pause() -> None:
    got: list[bytes] = []
    pipes = Pipes(lambda: None, Turns())
    writer = pipes.open(got.append, STEP_RECORD, patient=True)
    pipes.read_on()
    loop = asyncio.get_running_loop()
    begin = loop.time()
    for number in range(200):
        os.write(writer, b"x" * STEP_RECORD)
        while sum(map(len, got)) < (number - 15) * STEP_RECORD:  # noqa: ASYNC110 - a pipe tells nobody
            await asyncio.sleep(0.001)
    os.close(writer)
    pipes.drain()
    assert sum(map(len, got)) == 200 * STEP_RECORD
    assert loop.time() - begin < 200 * WINDOW / 4


async def test_what_was_written_before_comes_before() -> None:
    got: list[bytes] = []
    pipes = Pipes(lambda: None, Turns())
    plain = pipes.open(got.append, STEP_RAW)
    patient = pipes.open(got.append, STEP_RECORD, patient=True)
    pipes.read_on()
    for _ in range(2 * AT_ONCE):
        os.write(patient, b".")
        await asyncio.sleep(0.001)
    os.write(patient, b"first")
    os.write(plain, b"second")
    async with asyncio.timeout(10):
        while got[-1:] != [b"second"]:  # noqa: ASYNC110 - a pipe tells nobody
            await asyncio.sleep(0)
    assert got[-2].endswith(b"first")
    for writer in (plain, patient):
        os.close(writer)
    pipes.drain()
