"""Bounds the pauses between a shard's attempts to connect again.

discord.py doubles them up to 17 minutes and forgets that only after half an hour without a fault:
after some bad minutes a bot stayed away long after Discord was back.
"""

import discord
from discord.backoff import ExponentialBackoff


class BoundedBackoff(ExponentialBackoff[bool]):
    """discord.py's growing pauses, none of them longer than a bound.

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
