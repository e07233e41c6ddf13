import asyncio
import time

from bot.lessons.strain import Strain


async def test_a_late_waking_is_noticed() -> None:
    strain = Strain(late=0.05)
    loop = asyncio.get_running_loop()
    async with strain.watched():
        await asyncio.sleep(0.02)
        began = loop.time()
        time.sleep(0.1)  # noqa: ASYNC251 - holding the loop up is the point
        assert strain.since(began)  # overdue, though nobody woke up yet
        await asyncio.sleep(0.02)
        assert strain.since(began)
        assert not strain.since(loop.time())


async def test_nothing_is_noticed_while_nobody_watches() -> None:
    strain = Strain(late=0.05)
    began = asyncio.get_running_loop().time()
    async with strain.watched():
        pass
    time.sleep(0.1)  # noqa: ASYNC251 - as above
    assert not strain.since(began)
