"""Looks at NATS and at who is there, for `tutor doctor`."""

import asyncio
from dataclasses import dataclass

from bot.observe.metrics import Metrics
from bot.runner.remote import messages
from bot.runner.remote.leases import Leases
from bot.runner.remote.link import LinkError, NatsLink
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
        workers = Workers(rules, Metrics(), strict=strict)

        async def take(subject: str, data: bytes) -> None:
            workers.heard(subject, data)

        await link.take(messages.STATUSES, take)
        round_trip = await link.round_trip()
        no_leases = await Leases(link).available()
        await asyncio.sleep(2.5 * rules.status)
        return NatsFound(link.version, round_trip, no_leases, workers.all, workers.refused)
    finally:
        await link.close()


async def look_at_link(link: NatsLink, worker: str) -> float:
    """Return how long NATS takes to answer, in seconds.

    :param worker: the name of the worker whose link it is
    :raises LinkError: if it cannot be used, or not by this worker
    """
    name = messages.worker_name(worker)

    async def take(_subject: str, _data: bytes) -> None:
        """Nobody asks a doctor for a run."""

    await link.open()
    try:
        await link.take(messages.request_subject(f"{name}.doctor"), take)
        await link.flush()  # its client sends a ping ahead of a subscription that still waits
        seconds = await link.round_trip()  # NATS's complaint comes before its answer
        if link.complaint:
            raise LinkError(
                f"NATS does not take this key for the worker {name}. Give it the key that is its "
                f"own, {name}.nk as `tutor nats-keys` wrote it, in TUTOR_NATS_NKEY_FILE."
            )
        return seconds
    finally:
        await link.close()
