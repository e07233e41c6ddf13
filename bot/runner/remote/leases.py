"""What all fronts must agree on: a key that one of them holds at a time, in NATS's memory.

A lease is an entry of a bucket whose entries live for so many seconds. Its holder writes it again
before that, and takes it away when it is done; where the holder dies, NATS takes it away. Without
JetStream there are no leases: each front then goes on by itself.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Final

import nats.errors
import structlog
from nats.js import errors as js_errors
from nats.js.api import KeyValueConfig, StorageType
from nats.js.kv import KeyValue

from bot.errors import LearnerBusyError, LeaseHeldError
from bot.runner.remote.link import LinkError, NatsLink

LEASES: Final = "tutor_leases"
"""Leases that are renewed: learners with a run, shards of Discord."""
IDENTIFY: Final = "tutor_identify"
"""Leases that nobody gives back: they keep others away for as long as they live."""
BUCKETS: Final = {LEASES: 10.0, IDENTIFY: 5.5}
"""How long an entry lives, in seconds. Discord wants five between two sessions of a bucket."""
_RENEWALS = 3
_PATIENCE_SECONDS = 1.0
_LARGEST_BYTES = 16 * 2**20


_NO_STORE = (nats.errors.Error, LinkError, OSError, TimeoutError)


class Leases:
    """The leases of one front.

    :param secret: makes keys into what nobody can guess back; the same on all fronts
    """

    def __init__(self, link: NatsLink, *, secret: str = "") -> None:
        self._link = link
        self._secret = hashlib.blake2b(secret.encode(), digest_size=32).digest()
        self._buckets: dict[str, KeyValue] = {}
        self._told = ""
        self._log = structlog.get_logger("bot.runner.remote")

    @asynccontextmanager
    async def held(self, key: str) -> AsyncIterator[asyncio.Event]:
        """Hold a lease; the event is set if it is lost meanwhile.

        :raises LeaseHeldError: if somebody else holds it
        """
        lost = asyncio.Event()
        revision = await self._create(LEASES, key)
        if revision is None:  # no store: each front by itself
            yield lost
            return
        renewing = asyncio.create_task(self._renew(key, revision, lost), name="lease")
        try:
            yield lost
        finally:
            renewing.cancel()
            await asyncio.wait([renewing])
            if not lost.is_set():
                with suppress(*_NO_STORE):
                    await (await self._bucket(LEASES)).delete(self._hashed(key))

    async def taken(self, key: str) -> bool:
        """Take a lease that runs out by itself; return whether it was free.

        Without a store it is always free.
        """
        try:
            await self._create(IDENTIFY, key)
        except LeaseHeldError:
            return False
        return True

    async def available(self) -> str:
        """Return "" where NATS has a store for leases, else why not."""
        try:
            await self._bucket(LEASES)
        except _NO_STORE as error:
            return str(error) or type(error).__name__
        return ""

    async def _create(self, bucket: str, key: str) -> int | None:
        """Return the new entry's revision; None where there is no store.

        :raises LeaseHeldError: if there is one already
        """
        try:
            return await (await self._bucket(bucket)).create(self._hashed(key), b"1")
        except js_errors.KeyWrongLastSequenceError:
            raise LeaseHeldError("Another process holds it. Wait until that one ends.") from None
        except _NO_STORE as error:
            self._tell(error)
            return None

    async def _renew(self, key: str, revision: int, lost: asyncio.Event) -> None:
        """Write the entry again and again, until it is lost."""
        while True:
            await asyncio.sleep(BUCKETS[LEASES] / _RENEWALS)
            try:
                bucket = await self._bucket(LEASES)
                revision = await bucket.update(self._hashed(key), b"1", last=revision)
            except js_errors.KeyWrongLastSequenceError:
                lost.set()
                return
            except _NO_STORE as error:
                self._tell(error)

    async def _bucket(self, name: str) -> KeyValue:
        found = self._buckets.get(name)
        if found is None:
            store = self._link.jetstream(timeout=_PATIENCE_SECONDS)
            configuration = KeyValueConfig(
                bucket=name,
                storage=StorageType.MEMORY,
                ttl=BUCKETS[name],
                history=1,
                max_bytes=_LARGEST_BYTES,
            )
            found = self._buckets[name] = await store.create_key_value(configuration)
        return found

    def _hashed(self, key: str) -> str:
        return hashlib.blake2b(key.encode(), key=self._secret, digest_size=16).hexdigest()

    def _tell(self, error: BaseException) -> None:
        """Say once that there is no store; a store that lost its buckets gets new ones."""
        self._buckets.clear()
        said = str(error) or type(error).__name__
        if said != self._told:
            self._told = said
            self._log.warning(
                "no leases",
                why=said,
                effect="one run a learner, and shards, hold for each front by itself",
            )


class LearnerClaims:
    """One run a learner over all fronts. Implements `RunClaims`."""

    def __init__(self, leases: Leases) -> None:
        self._leases = leases

    @asynccontextmanager
    async def claim(self, learner: str) -> AsyncIterator[None]:
        """Hold the learner's one run.

        :raises LearnerBusyError: if the learner holds one at another front
        """
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._leases.held(f"learner {learner}"))
            except LeaseHeldError:
                raise LearnerBusyError("This learner's last run is still under way.") from None
            yield
