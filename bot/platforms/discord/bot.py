"""Discord as a platform: sessions that begin again, and an end that is told to everybody."""

import asyncio
from contextlib import suppress

from pydantic import SecretStr

from bot.errors import TutorError
from bot.observe.metrics import Metrics
from bot.platforms.discord.admission import Access
from bot.platforms.discord.client import TutorClient
from bot.platforms.discord.connection import Connection, IdentifyBudget, Retry
from bot.platforms.discord.handlers import Handlers
from bot.platforms.discord.log_filter import shorten_logs
from bot.platforms.discord.shards import Shards
from bot.platforms.rate_limit import RateLimit
from bot.timeline.drawing.renderer import PictureRenderer, ThreadRenderer
from bot.together import cancel_all
from bot.tutor.protocol import Tutor

_CLOSING_SECONDS = 5.0
"""How long messages under way may take to say that they were stopped."""


class DiscordBot:
    """The tutor on Discord.

    :param tutor: answers what is asked
    :param token: the bot's token; it never appears in a log or message
    :param sync: register the commands with Discord when they changed
    :param server: register them for this one server only (they appear there at once)
    :param shards: connections to Discord's gateway; one by default
    :param learner_requests_per_minute: requests a learner may make in the long run
    :param server_requests_per_minute: requests a whole server may make in the long run
    :param blocked: ids of users who get no answer
    :param access: where it answers, and how where nobody chose
    :param report: the address under *Report a mistake*; "" for none
    :param edit_seconds: seconds, at least, between two edits of one message
    :param request_seconds: how long, at most, a request of an answer may take, with its waits where
        Discord limits the rate
    :param retry: when to begin a new session after one has failed
    """

    def __init__(
        self,
        *,
        tutor: Tutor,
        token: SecretStr,
        sync: bool = True,
        server: int | None = None,
        shards: Shards | None = None,
        learner_requests_per_minute: int = 20,
        server_requests_per_minute: int = 240,
        blocked: frozenset[int] = frozenset(),
        access: Access | None = None,
        report: str = "",
        edit_seconds: float = 1.0,
        request_seconds: float = 30.0,
        retry: Retry | None = None,
        metrics: Metrics | None = None,
        renderer: PictureRenderer | None = None,
    ) -> None:
        self._token = token
        self._metrics = metrics or Metrics()
        self._handlers = Handlers(
            tutor=tutor,
            learners=RateLimit(
                per_second=learner_requests_per_minute / 60, burst=learner_requests_per_minute
            ),
            places=RateLimit(
                per_second=server_requests_per_minute / 60, burst=server_requests_per_minute
            ),
            pace=edit_seconds,
            metrics=self._metrics,
            renderer=renderer or ThreadRenderer(),
            blocked=blocked,
            access=access,
            report=report,
        )
        self._shards, self._server, self._sync = shards or Shards(1), server, sync
        self._request_seconds = request_seconds
        self._budget = IdentifyBudget()
        self._retry = retry or Retry()
        self._client: TutorClient | None = None
        self._retired: set[asyncio.Task[None]] = set()
        self._connection = Connection(self._next_client, self._metrics, self._retry)
        self._staying: asyncio.Task[None] | None = None
        self._restore_logs = shorten_logs()

    @property
    def name(self) -> str:
        """What operators call it."""
        return "Discord"

    @property
    def user(self) -> str:
        """The bot's name on Discord; "" while Discord has not let it in."""
        user = self._client.user if self._client is not None else None
        return str(user) if user is not None else ""

    async def ready(self) -> str:
        """Return "" while Discord can reach us, else what is wrong."""
        if self.connected:
            return ""
        task = self._staying
        ended = task is not None and task.done() and not task.cancelled()
        error = task.exception() if ended and task is not None else None
        return str(error) if error is not None else "not connected to Discord"

    def describe(self) -> str:
        """Return how the connection stands, for operators."""
        if self._staying is None:
            return "signing in"
        if self.user:
            return (
                f"on, as {self.user}; `tutor invite` prints the link that adds the bot to a server"
            )
        return "not reached; it is tried again and again, see the log"

    @property
    def connected(self) -> bool:
        """Whether Discord can reach us now: signed in, with every shard's connection up."""
        client = self._client
        if client is None or client.is_closed() or not client.is_ready():
            return False
        return all(not shard.is_closed() for shard in client.shards.values())

    async def start(self) -> None:
        """Sign in, and connect in the background; a lost connection is taken up by itself.

        Where Discord cannot be reached, it keeps trying in the background.

        :raises SettingsError: if Discord refuses the token
        """
        self._staying = asyncio.create_task(self._connection.stay(), name="discord")
        await self._connection.tried.wait()
        if self._staying.done():
            await self.wait()

    async def wait(self) -> None:
        """Wait until the connection has ended for good.

        :raises TutorError: if it was Discord that ended it
        """
        if self._staying is not None:
            await asyncio.wait({self._staying})
            if not self._staying.cancelled():
                self._staying.result()

    async def idle(self) -> None:
        """Wait until the answers that are under way now have been shown to their end."""
        await self._handlers.idle()

    async def close(self, *, grace: float = 0.0) -> None:
        """Wait up to `grace` seconds for the answers under way, and sign off. Safe to call twice.

        The messages of the others say that they were stopped.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._handlers.idle()
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING_SECONDS):
                await self._handlers.close()
        if self._client is not None:
            await self._client.close()
        if self._staying is not None:
            self._staying.cancel()
            with suppress(asyncio.CancelledError, TutorError):
                await self._staying
        await cancel_all(self._retired)
        if self._client is not None:
            await self._client.release()
        self._restore_logs()

    def _next_client(self) -> TutorClient:
        """Return a client that has not begun; the one before it serves its answers to the end."""
        if self._client is not None:
            task = asyncio.create_task(self._retire(self._client), name="discord-retire")
            self._retired.add(task)
            task.add_done_callback(self._retired.discard)
        self._client = TutorClient(
            self._handlers,
            token=self._token,
            shards=self._shards,
            server=self._server,
            sync=self._sync,
            metrics=self._metrics,
            budget=self._budget,
            retry=self._retry,
            request_seconds=self._request_seconds,
        )
        return self._client

    async def _retire(self, client: TutorClient) -> None:
        try:
            await self._handlers.idle()
        finally:
            await client.release()
