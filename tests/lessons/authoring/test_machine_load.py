import asyncio
import time

from bot.lessons.authoring.machine_load import MachineLoad


async def test_a_late_waking_is_noticed() -> None:
    load = MachineLoad(late=0.05)
    loop = asyncio.get_running_loop()
    async with load.watched():
        await asyncio.sleep(0.02)
        began = loop.time()
        time.sleep(0.1)  # noqa: ASYNC251 - holding the loop up is the point
        assert load.since(began)  # overdue, though nobody woke up yet
        await asyncio.sleep(0.02)
        assert load.since(began)
        assert not load.since(loop.time())


async def test_nothing_is_noticed_while_nobody_watches() -> None:
    load = MachineLoad(late=0.05)
    began = asyncio.get_running_loop().time()
    async with load.watched():
        pass
    time.sleep(0.1)  # noqa: ASYNC251 - as above
    assert not load.since(began)
