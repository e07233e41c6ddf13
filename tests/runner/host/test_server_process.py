import asyncio
import subprocess
from pathlib import Path

import pytest

from bot.runner.host.local import LocalRunner
from bot.runner.model import Line, RunRequest
from tests.processes import pythons

COUNT = "import gc, asyncio; print(gc.get_count()[0])"
LATER = [python.resolve() for version, python in pythons().items() if version != "3.11"]


def counted(python: Path) -> int:
    return int(subprocess.check_output([python, "-c", COUNT]))


@pytest.mark.parametrize("python", LATER, ids=str)
async def test_a_program_finds_the_garbage_collector_as_in_plain_python(python: Path) -> None:
    runner = LocalRunner(python=python)
    try:
        await runner.start()
        [line] = [one async for one in runner.run(RunRequest(COUNT)) if isinstance(one, Line)]
    finally:
        await runner.close()
    plain = await asyncio.to_thread(counted, python)
    assert abs(int(line.text) - plain) <= 30  # of 700 or 2,000
