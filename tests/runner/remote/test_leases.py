"""What all fronts must agree on, with NATS's own store in memory, and without it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.errors import LearnerBusyError, LeaseHeldError
from bot.runner.queue import RunQueue
from bot.runner.remote import leases as leases_module
from bot.runner.remote.leases import IDENTIFY, LEASES, LearnerClaims, Leases
from tests.nats_server import NatsServer, link
from tests.processes import until

SECRET = "the same on all fronts"


@pytest.fixture
async def two(nats_server: Callable[[], NatsServer]) -> AsyncIterator[tuple[Leases, Leases]]:
    """The leases of two fronts."""
    async with AsyncExitStack() as stack:
        made = []
        for _ in range(2):
            connection = link(nats_server())
            await connection.open()
            stack.push_async_callback(connection.close)
            made.append(Leases(connection, secret=SECRET))
        yield made[0], made[1]


def queue(leases: Leases) -> RunQueue:
    made = RunQueue(running=10, waiting=10)
    made.claim_with(LearnerClaims(leases))
    return made


async def test_one_run_a_learner_over_several_fronts(two: tuple[Leases, Leases]) -> None:
    mine, theirs = map(queue, two)
    async with mine.place("discord:1"):
        with pytest.raises(LearnerBusyError):
            async with theirs.place("discord:1"):
                pass
        async with theirs.place("discord:2"):
            pass
    async with theirs.place("discord:1"):
        assert theirs.running == 1
    await theirs.idle()


async def test_a_lease_is_kept_for_as_long_as_it_is_held(
    two: tuple[Leases, Leases], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bucket's own time to live takes away what nobody writes again."""
    monkeypatch.setattr(leases_module, "LEASES", "tutor_short")
    monkeypatch.setitem(leases_module.BUCKETS, "tutor_short", 1.0)
    mine, theirs = two
    async with mine.held("shard 0") as lost:
        await asyncio.sleep(2.5)
        assert not lost.is_set()
        with pytest.raises(LeaseHeldError):
            async with theirs.held("shard 0"):
                pass
    # A front that dies writes it no more.
    await mine._create("tutor_short", "shard 1")

    async def free() -> bool:
        try:
            async with theirs.held("shard 1"):
                return True
        except LeaseHeldError:
            return False

    assert not await free()
    async with asyncio.timeout(30):
        while not (freed := await free()):  # noqa: ASYNC110 - NATS announces no end of a lease
            await asyncio.sleep(0.1)
    assert freed


async def test_a_lease_that_somebody_else_took_is_known_to_be_lost(
    two: tuple[Leases, Leases], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs = two
    await mine._bucket(LEASES)
    bucket = await theirs._bucket(LEASES)
    monkeypatch.setitem(leases_module.BUCKETS, LEASES, 0.3)  # the bucket itself keeps its own
    async with mine.held("shard 7") as lost:
        await bucket.put(theirs._hashed("shard 7"), b"2")
        await until(lost.is_set)
        assert lost.is_set()
    await bucket.delete(theirs._hashed("shard 7"))


async def test_what_runs_out_by_itself_keeps_others_away(two: tuple[Leases, Leases]) -> None:
    mine, theirs = two
    assert await mine.taken("identify 0")
    assert not await theirs.taken("identify 0")
    assert await theirs.taken("identify 1")
    assert leases_module.BUCKETS[IDENTIFY] > 5


async def test_keys_say_nothing_of_learners(two: tuple[Leases, Leases]) -> None:
    mine, _ = two
    hashed = mine._hashed("learner discord:123456789012345678")
    assert "123456789" not in hashed
    assert hashed != Leases(mine._link, secret="another")._hashed(
        "learner discord:123456789012345678"
    )


async def test_without_a_store_each_front_goes_on_by_itself(tmp_path: Path) -> None:
    nats = NatsServer(tmp_path).start()
    try:
        connection = link(nats)
        await connection.open()
        leases = Leases(connection)
        alone = queue(leases)
        with capture_logs() as logs:
            for _ in range(2):
                async with alone.place("discord:1"):
                    with pytest.raises(LearnerBusyError):
                        async with alone.place("discord:1"):
                            pass
        assert [it["event"] for it in logs] == ["no leases"], "said once"
        assert await leases.available() != ""
        assert await leases.taken("identify 0")
        await connection.close()
    finally:
        nats.stop()
