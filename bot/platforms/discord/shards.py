"""Several processes with one token: which shards are whose, who may begin a session, who answers.

Discord sends each server's interactions to one shard, so two processes with the same shard would
both answer: each interaction is claimed, too, for the moment in which a shard changes hands. And
Discord lets one session in five seconds begin in each bucket of shards, in all processes
(https://discord.com/developers/docs/events/gateway#sharding-max-concurrency).
"""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any

import discord
import structlog
from discord.backoff import ExponentialBackoff

from bot.errors import LeaseHeldError
from bot.platforms.protocol import SharedLeases

_AGAIN_SECONDS = 1.0
_TURN_SECONDS = 0.25
_CLAIM_SECONDS = 0.5
"""For which a claim is waited for: Discord waits three seconds for a first answer."""


class ShardsLostError(ConnectionError):
    """Another process has taken our shards, because we were cut off from NATS for too long."""


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards of this process.

    :param count: how many there are in all; 0: as many as Discord recommends
    :param ids: those of this process; () for all of them
    :param leases: what all processes agree on; None where this is the only one
    """

    count: int = 0
    ids: tuple[int, ...] = ()
    leases: SharedLeases | None = None

    async def identify(self, application: int, shard: int, concurrency: int) -> None:
        """Wait until a session of this shard may begin.

        :param concurrency: how many buckets there are, as Discord says
        """
        bucket = shard % max(concurrency, 1)
        key = f"identify {application} {bucket}"
        while self.leases and not await self.leases.taken(key):  # noqa: ASYNC110 - a lease runs out silently
            await asyncio.sleep(_TURN_SECONDS)

    async def claim(self, interaction: int) -> bool:
        """Return whether this process is the one to answer an interaction.

        The claim runs out by itself, after the time in which Discord takes a first answer. Where
        nobody can say in time, this process answers.

        :param interaction: its id
        """
        if self.leases is None:
            return True
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLAIM_SECONDS):
                return await self.leases.taken(f"interaction {interaction}")
        return True

    async def hold(
        self, application: int, recommended: int, connect: Coroutine[Any, Any, None]
    ) -> None:
        """Connect once no other process has one of these shards, and keep them while connected.

        :param recommended: how many there are, if `count` does not say
        :raises ShardsLostError: if another process has taken them
        """
        async with AsyncExitStack() as stack:
            connecting: asyncio.Future[None] | None = None
            try:
                lost = await self._leased(stack, application, self.count or recommended)
                connecting = asyncio.ensure_future(connect)
                losses = [asyncio.ensure_future(each.wait()) for each in lost]
                await asyncio.wait({connecting, *losses}, return_when=asyncio.FIRST_COMPLETED)
                for each in losses:
                    each.cancel()
                if not connecting.done():
                    raise ShardsLostError("another process has taken this one's shards")
                await connecting
            finally:
                if connecting is None:
                    connect.close()
                elif not connecting.done():
                    connecting.cancel()
                    await asyncio.wait({connecting})

    async def _leased(
        self, stack: AsyncExitStack, application: int, count: int
    ) -> Sequence[asyncio.Event]:
        """Wait until all of these shards are ours; return events that are set if they are lost."""
        if self.leases is None:
            return ()
        log = structlog.get_logger(__name__)
        lost: list[asyncio.Event] = []
        for shard in self.ids or range(count):
            told = False
            while True:
                key = f"shard {application} {shard} of {count}"
                try:
                    lost.append(await stack.enter_async_context(self.leases.held(key)))
                except LeaseHeldError:
                    if not told:
                        told = True
                        log.warning(
                            "discord shard served elsewhere",
                            shard=shard,
                            remedy="it is taken over when the other process ends; to share the "
                            "work, give each process its own TUTOR_DISCORD_SHARD_IDS",
                        )
                    await asyncio.sleep(_AGAIN_SECONDS)
                else:
                    break
        return lost


class BoundedBackoff(ExponentialBackoff[bool]):
    """discord.py's growing pauses between a shard's attempts, none of them longer than a bound.

    By itself it doubles them up to 17 minutes and forgets that only after half an hour without a
    fault: after some bad minutes a bot stayed away long after Discord was back.

    :param longest: the bound, in seconds
    """

    def __init__(self, longest: float) -> None:
        super().__init__()
        self._longest = longest

    def delay(self) -> float:
        """Return the next pause, in seconds."""
        return min(super().delay(), self._longest)


def begin_pauses(client: discord.AutoShardedClient, shard: int, longest: float) -> None:
    """Let a shard's pauses begin at their shortest again: it is connected."""
    info = client.get_shard(shard)
    if info is not None:
        info._parent._backoff = BoundedBackoff(longest)  # noqa: SLF001 - nothing public sets it
