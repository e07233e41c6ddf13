"""The connection to NATS: by TLS and a key where they are set, and taken up again when lost."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import nats
import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext

from bot.errors import SandboxError
from bot.runner.remote.link_troubles import LinkSettings, shown, trouble, words_of
from bot.together import cancel_all

_CONNECT_SECONDS = 3
_AGAIN_SECONDS = 0.25
_MOST_PENDING = 64 * 2**20
_PING_SECONDS = 10

Take = Callable[[str, bytes], Awaitable[None]]
"""Takes a message's subject and data."""


class LinkError(SandboxError):
    """NATS cannot be used."""


class NatsLink:
    """A connection to NATS that is taken up again by itself once it was there.

    :param name: what it is called in NATS's own lists
    """

    def __init__(self, settings: LinkSettings, *, name: str) -> None:
        self._settings = settings
        self._name = name
        self._client: Client | None = None
        self._taken: list[tuple[str, Take]] = []
        self._closing = False
        self._reopening: asyncio.Task[None] | None = None
        self._first_errors: asyncio.Queue[Exception] = asyncio.Queue()
        self._told = ""
        self._log = structlog.get_logger("bot.runner.remote")

    @property
    def connected(self) -> bool:
        """Whether messages pass now."""
        return self._client is not None and self._client.is_connected

    @property
    def largest(self) -> int:
        """The largest message that NATS takes, in bytes."""
        return self._client.max_payload if self._client is not None else 0

    @property
    def version(self) -> str:
        """NATS's own version."""
        if self._client is None:
            return ""
        found = self._client.connected_server_version
        return f"{found.major}.{found.minor}.{found.patch}"

    @property
    def complaint(self) -> str:
        """What NATS complained of last on this connection; "" if it did not."""
        return self._told

    def jetstream(self, timeout: float) -> JetStreamContext:
        """Return NATS's store, if it has one; that shows when it is used."""
        return self._there().jetstream(timeout=timeout)

    async def open(self) -> None:
        """Connect.

        :raises LinkError: if that fails; it says what to do
        """
        self._client = await self._connected()

    async def take(self, subject: str, take: Take) -> None:
        """Have `take` called with each message that comes by `subject`, now and after a loss."""
        self._taken.append((subject, take))
        await self._subscribe(self._there(), subject, take)

    async def send(self, subject: str, data: bytes) -> bool:
        """Send a message; return whether NATS could take it.

        While the connection is lost, some are kept until it is back, and then sent.
        """
        client = self._client
        if client is None or self._closing:
            return False
        try:
            await client.publish(subject, data)
        except (nats.errors.Error, OSError) as error:
            self._tell(error)
            return False
        return True

    async def round_trip(self) -> float:
        """Return how long NATS takes to answer, in seconds.

        :raises LinkError: if it does not
        """
        try:
            return await self._there().rtt(timeout=_CONNECT_SECONDS)
        except (nats.errors.Error, OSError, TimeoutError) as error:
            raise self._trouble(error) from None

    async def flush(self) -> None:
        """Wait, for a moment, until all that was sent has reached NATS."""
        with suppress(nats.errors.Error, OSError, TimeoutError):
            await self._there().flush(timeout=_CONNECT_SECONDS)

    async def close(self) -> None:
        """Send what is kept, and leave. Safe to call twice."""
        self._closing = True
        await cancel_all(filter(None, [self._reopening]))
        client, self._client = self._client, None
        if client is not None:
            with suppress(nats.errors.Error, OSError, TimeoutError):
                if client.is_connected:
                    await client.flush(timeout=1)
            with suppress(nats.errors.Error, OSError):
                await client.close()

    def _there(self) -> Client:
        if self._client is None:
            raise LinkError("The connection to NATS is not open. Start it first.")
        return self._client

    async def _subscribe(self, client: Client, subject: str, take: Take) -> None:
        async def taken(message: Msg) -> None:
            await take(message.subject, message.data)

        await client.subscribe(subject, cb=taken, pending_bytes_limit=_MOST_PENDING)

    async def _connected(self) -> Client:
        """Return a connection; give up as soon as each server has failed once."""
        settings = self._settings
        context = await asyncio.to_thread(_tls, settings)
        servers = [it.strip() for it in settings.url.split(",")]
        client = Client()
        options: dict[str, Any] = {
            "servers": servers,
            "name": self._name,
            "tls": context,
            "nkeys_seed_str": settings.key or None,
            "connect_timeout": _CONNECT_SECONDS,
            "reconnect_time_wait": _AGAIN_SECONDS,
            "max_reconnect_attempts": -1,
            "ping_interval": _PING_SECONDS,
            "error_cb": self._note_error,
            "disconnected_cb": self._note_loss,
            "reconnected_cb": self._note_return,
            "closed_cb": self._note_end,
        }
        self._first_errors = asyncio.Queue()
        connecting = asyncio.ensure_future(client.connect(**options))
        failures = asyncio.ensure_future(self._failed(len(servers)))
        try:
            await asyncio.wait({connecting, failures}, return_when=asyncio.FIRST_COMPLETED)
            if connecting.done():
                try:
                    connecting.result()
                except Exception as error:  # noqa: BLE001 - nkeys has errors of its own, and raises others
                    raise self._trouble(error) from None
                return client
            said = await words_of(servers[-1])
            raise self._trouble(nats.errors.Error(said) if said else failures.result())
        finally:
            failures.cancel()
            if not connecting.done() or connecting.cancelled() or connecting.exception():
                connecting.cancel()
                await asyncio.wait({connecting})
                await _abandon(client)

    async def _failed(self, times: int) -> Exception:
        """Return the last of so many failures."""
        for _ in range(times):
            error = await self._first_errors.get()
        return error

    def _trouble(self, error: Exception) -> LinkError:
        return LinkError(trouble(self._settings, error))

    async def _note_error(self, error: Exception) -> None:
        self._first_errors.put_nowait(error)
        if self._client is not None:
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        """Log a trouble, once as long as it stays the same."""
        said = trouble(self._settings, error)
        if said != self._told and not self._closing:
            self._told = said
            self._log.error("NATS trouble", problem=said)

    async def _note_loss(self) -> None:
        if self._client is not None and not self._closing:
            self._log.warning("NATS disconnected", url=shown(self._settings.url))

    async def _note_return(self) -> None:
        self._told = ""
        self._log.info("NATS connected again", url=shown(self._settings.url))

    async def _note_end(self) -> None:
        """Begin again where the client has given up, as it does on some of NATS's errors."""
        if self._client is not None and not self._closing and self._reopening is None:
            self._reopening = asyncio.create_task(self._reopen(), name="NATS")

    async def _reopen(self) -> None:
        try:
            while True:
                try:
                    client = await self._connected()
                except LinkError as error:
                    if str(error) != self._told:
                        self._told = str(error)
                        self._log.error("NATS trouble", problem=str(error))
                    await asyncio.sleep(4 * _AGAIN_SECONDS)
                    continue
                for subject, take in self._taken:
                    await self._subscribe(client, subject, take)
                self._client = client
                await self._note_return()
                return
        finally:
            self._reopening = None


async def _abandon(client: Client) -> None:
    with suppress(Exception):  # it never was connected: whatever it says, we are done with it
        await client.close()


def _tls(settings: LinkSettings) -> ssl.SSLContext | None:
    """Return what TLS needs, where the address or a file asks for it. It blocks."""
    if not settings.authority and not settings.url.startswith(("tls:", "wss:")):
        return None
    try:
        return ssl.create_default_context(cafile=settings.authority)
    except OSError as error:
        # ssl.SSLError is an OSError, too: what is there is no certificate.
        why = "it holds no certificate" if isinstance(error, ssl.SSLError) else error.strerror
        raise LinkError(
            f"TUTOR_NATS_CA names {settings.authority}, but it cannot be used: {why}. "
            "Write the path of the authority's certificate, a PEM file."
        ) from None
