"""Makes what works over NATS from the settings. It stands apart: its client is slow to import."""

import asyncio
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from bot.course import Course
from bot.errors import SettingsError
from bot.observe.metrics import Metrics
from bot.runner.confinement.confine import missing
from bot.runner.host.local import LocalRunner
from bot.runner.queue import RunQueue
from bot.runner.remote.client import RemoteRunner
from bot.runner.remote.leases import LearnerClaims, Leases
from bot.runner.remote.link import NatsLink
from bot.runner.remote.link_troubles import LinkSettings
from bot.runner.remote.messages import NEWS, worker_name
from bot.runner.remote.worker import Sandbox, Worker
from bot.settings import Settings


def make_link(settings: Settings, *, name: str) -> NatsLink:
    """Return a connection to NATS that is not open yet.

    :raises SettingsError: if no address is set
    """
    if settings.nats_url is None:
        raise SettingsError(
            "There is no NATS to work with. Set TUTOR_NATS_URL, such as nats://127.0.0.1:4222."
        )
    key = settings.nats_nkey
    return NatsLink(
        LinkSettings(settings.nats_url, key.get_secret_value() if key else "", settings.nats_ca),
        name=f"tutor {name}",
    )


class Fronts:
    """What this front shares with the others. Implements `OtherFronts`."""

    def __init__(self, link: NatsLink, leases: Leases) -> None:
        self._link = link
        self._leases = leases
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def leases(self) -> Leases:
        """What all fronts agree on."""
        return self._leases

    async def share_news(self, course: Course) -> None:
        """Tell the others when the lessons have changed, and read them again when they tell us.

        Only a version that is new to this front is told or followed, so that two fronts with
        different files do not wake each other for ever.
        """
        own, heard = course.version, ""

        def tell(version: str) -> None:
            nonlocal own
            changed, own = version != own, version
            if changed and version != heard:
                self._begin(self._send(version))

        async def take(_subject: str, data: bytes) -> None:
            nonlocal heard
            before, heard = heard, data.decode("ascii", "replace")[:64]
            if heard not in {before, course.version} and not self._under_way:
                self._begin(course.reload())

        course.listen(tell)
        await self._link.take(NEWS, take)
        await self._link.flush()  # so that nothing is missed that is told from now on

    async def _send(self, version: str) -> None:
        await self._link.send(NEWS, version.encode())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="news")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


@asynccontextmanager
async def open_remote_runner(
    settings: Settings, queue: RunQueue, metrics: Metrics, *, alone: bool
) -> AsyncIterator[tuple[RemoteRunner, Fronts | None]]:
    """Give a runner whose runs workers make, and leave NATS in the end. `start` connects.

    The queue follows what the workers take, and holds learners to one run over all fronts.

    :param alone: there is one learner, at their own computer, and no other front matters
    """
    link = make_link(settings, name="front")
    runner = RemoteRunner(link, strict=settings.sandbox == "strict", metrics=metrics)
    runner.follow_capacity(queue.resize)
    fronts = None
    if not alone:
        key = settings.nats_nkey
        fronts = Fronts(link, Leases(link, secret=key.get_secret_value() if key else ""))
        queue.claim_with(LearnerClaims(fronts.leases))
    try:
        yield runner, fronts
    finally:
        await runner.close()


@asynccontextmanager
async def open_worker(settings: Settings, runner: LocalRunner) -> AsyncIterator[Worker]:
    """Give a worker that makes runs with `runner`, and leave NATS in the end.

    :raises SettingsError: if no address of NATS is set
    :raises SandboxError: if NATS or this host's sandbox cannot be used
    """
    name = settings.worker_name or worker_name(socket.gethostname())
    link = make_link(settings, name=f"worker {name}")
    await runner.start()

    def sandbox() -> Sandbox:
        return Sandbox(
            runner.python,
            tuple(it.name for it in runner.layers if it.status == "enforced"),
            tuple(it.name for it in missing(runner.layers)),
        )

    try:
        await link.open()
        worker = Worker(link, runner, sandbox, name=name, capacity=settings.runs_at_once)
        await worker.start()
        yield worker
    finally:
        await link.close()
