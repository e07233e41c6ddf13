"""Looks at NATS and at who is there, for `tutor doctor`."""

import asyncio
from dataclasses import dataclass

from bot.observe.metrics import NoMetrics
from bot.runner.remote import messages
from bot.runner.remote.leases import Leases
from bot.runner.remote.link import NatsLink
from bot.runner.remote.messages import Rules
from bot.runner.remote.workers import KnownWorker, Workers


@dataclass(frozen=True, slots=True)
class NatsFound:
    """What was found."""

    version: str
    round_trip: float
    """Seconds."""
    no_leases: str
    """Why NATS has no store for leases; "" if it has one."""
    workers: tuple[KnownWorker, ...]
    refused: tuple[str, ...]
    """Workers that cannot be used, with why."""


async def look(link: NatsLink, *, strict: bool) -> NatsFound:
    """Look, for as long as it takes all workers to say how they are.

    :raises LinkError: if NATS cannot be used
    """
    rules = Rules()
    await link.open()
    try:
        workers = Workers(rules, NoMetrics(), strict=strict)

        async def take(subject: str, data: bytes) -> None:
            workers.heard(subject, data)

        await link.take(messages.STATUSES, take)
        round_trip = await link.round_trip()
        no_leases = await Leases(link).available()
        await asyncio.sleep(2.5 * rules.status)
        return NatsFound(link.version, round_trip, no_leases, workers.all, workers.refused)
    finally:
        await link.close()


async def look_at_link(link: NatsLink) -> float:
    """Return how long NATS takes to answer, in seconds.

    :raises LinkError: if it cannot be used
    """
    await link.open()
    try:
        return await link.round_trip()
    finally:
        await link.close()
