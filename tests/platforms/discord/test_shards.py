"""Which shards are whose, and who may begin a session when."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.errors import LeaseHeldError
from bot.platforms.discord import shards as shards_module
from bot.platforms.discord.shards import Shards, ShardsLostError
from tests.processes import until

APPLICATION = 7


class SharedStore:
    """Leases of one process among several; all have the same `entries`."""

    def __init__(self, entries: dict[str, asyncio.Event]) -> None:
        self.entries = entries

    @asynccontextmanager
    async def held(self, key: str) -> AsyncIterator[asyncio.Event]:
        if key in self.entries:
            raise LeaseHeldError("held")
        lost = self.entries[key] = asyncio.Event()
        try:
            yield lost
        finally:
            del self.entries[key]

    async def taken(self, key: str) -> bool:
        return self.entries.setdefault(key, new := asyncio.Event()) is new


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards_module, "_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(shards_module, "_TURN_SECONDS", 0.01)


class Connected:
    """A connection that lasts until a test ends it."""

    def __init__(self) -> None:
        self.began = False
        self.end = asyncio.Event()

    async def connect(self) -> None:
        self.began = True
        await self.end.wait()


async def test_shards_of_another_process_are_waited_for() -> None:
    entries: dict[str, asyncio.Event] = {}
    one, two = Connected(), Connected()
    first = Shards(4, (0, 1), SharedStore(entries)).hold(APPLICATION, 9, one.connect())
    holding = asyncio.create_task(first)
    await until(lambda: one.began)
    with capture_logs() as logs:
        second = Shards(4, (1, 2), SharedStore(entries)).hold(APPLICATION, 9, two.connect())
        waiting = asyncio.create_task(second)
        await until(lambda: bool(logs))
        assert not two.began
        assert [(it["event"], it["shard"]) for it in logs] == [
            ("discord shard served elsewhere", 1)
        ]
        one.end.set()
        await holding
        await until(lambda: two.began)
    two.end.set()
    await waiting
    assert entries == {}


async def test_without_ids_all_shards_are_held_as_many_as_discord_recommends() -> None:
    entries: dict[str, asyncio.Event] = {}
    one = Connected()
    holding = asyncio.create_task(
        Shards(leases=SharedStore(entries)).hold(APPLICATION, 3, one.connect())
    )
    await until(lambda: one.began)
    assert list(entries) == [f"shard 7 {shard} of 3" for shard in range(3)]
    holding.cancel()
    await asyncio.wait([holding])
    assert entries == {}


async def test_a_process_that_lost_its_shards_serves_them_no_more() -> None:
    entries: dict[str, asyncio.Event] = {}
    one = Connected()
    holding = asyncio.create_task(
        Shards(2, (1,), SharedStore(entries)).hold(APPLICATION, 1, one.connect())
    )
    await until(lambda: one.began)
    entries["shard 7 1 of 2"].set()
    with pytest.raises(ShardsLostError):
        await holding


async def test_what_ends_the_connection_is_told() -> None:
    async def connect() -> None:
        raise OSError("gone")

    for leases in (None, SharedStore({})):
        with pytest.raises(OSError, match="gone"):
            await Shards(1, (), leases).hold(APPLICATION, 1, connect())


async def test_one_session_of_a_bucket_begins_at_a_time_in_all_processes() -> None:
    entries: dict[str, asyncio.Event] = {}
    one, two = (Shards(16, (), SharedStore(entries)) for _ in range(2))
    await one.identify(APPLICATION, 0, 4)
    await two.identify(APPLICATION, 1, 4)
    waiting = asyncio.create_task(two.identify(APPLICATION, 4, 4))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    entries.clear()  # five seconds have passed
    await waiting
    assert len(entries) == 1


async def test_without_leases_nothing_is_waited_for() -> None:
    shards = Shards()
    asked = [asyncio.create_task(shards.identify(APPLICATION, 0, 1)) for _ in range(2)]
    await asyncio.sleep(0)
    assert all(task.done() for task in asked)
    await asyncio.gather(*asked)


async def test_an_interaction_is_answered_by_one_process() -> None:
    entries: dict[str, asyncio.Event] = {}
    one, two = (Shards(2, (0,), SharedStore(entries)) for _ in range(2))
    assert [await each.claim(41) for each in (one, two, one)] == [True, False, False]
    assert await two.claim(42)
    alone = Shards()
    assert [await alone.claim(41) for _ in range(2)] == [True, True]


async def test_where_nobody_can_say_in_time_an_interaction_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Silent(SharedStore):
        async def taken(self, key: str) -> bool:
            await asyncio.Event().wait()
            raise AssertionError(key)

    monkeypatch.setattr(shards_module, "_CLAIM_SECONDS", 0.01)
    assert await Shards(1, (), Silent({})).claim(41)
