"""The connection to Discord: signing in, staying connected, and leaving politely."""

import asyncio
import time
from contextlib import suppress

import discord
import structlog
from pydantic import SecretStr

from bot.errors import SettingsError, TutorError
from bot.observe.metrics import Metrics, NoMetrics
from bot.platforms.discord.commands import Tree
from bot.platforms.discord.connection import Connection, IdentifyBudget, Retry
from bot.platforms.discord.prediction import QuizButton, QuizMenu
from bot.platforms.discord.quiet import quiet_logs
from bot.platforms.discord.reception import Reception
from bot.platforms.discord.registration import keep_registered
from bot.platforms.discord.rows import AskButton, AskMenu, OutputButton
from bot.platforms.discord.throttle import Throttle
from bot.platforms.discord.trace import trace
from bot.timeline.drawing.renderer import PictureRenderer, ThreadRenderer
from bot.tutor.model import Tutor

_ITEMS = (AskButton, AskMenu, OutputButton, QuizMenu, QuizButton)
_CLOSING_SECONDS = 5.0
"""How long messages under way may take to say that they were stopped."""
_LONGEST_WAIT = 30.0
"""Seconds, at most, that a request waits where Discord limits its rate; longer ones fail."""

_AUTHENTICATION_FAILED = 4004
"""The gateway's close code for a token that is not valid (any more)."""

REFUSED = (
    "Discord refused the bot's token. Copy a fresh one from "
    "https://discord.com/developers/applications (your application, Bot, Reset Token) into "
    "TUTOR_DISCORD_TOKEN, without quotes or the word Bot, and start again."
)


class TutorClient(discord.AutoShardedClient):
    """discord.py's client with our commands and items.

    It asks for no intents: interactions come without any, and then neither messages nor
    members nor servers are sent to us or kept in memory.
    """

    def __init__(
        self,
        reception: Reception,
        *,
        token: SecretStr,
        shards: int,
        server: int | None,
        sync: bool,
        metrics: Metrics,
        budget: IdentifyBudget,
        retry: Retry,
    ) -> None:
        super().__init__(
            intents=discord.Intents.none(),
            shard_count=shards or None,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            max_ratelimit_timeout=_LONGEST_WAIT,
            http_trace=trace(metrics),
        )
        self.reception = reception
        self.tree = Tree(self)
        self._token = token
        self._server = server
        self._sync = sync
        self._metrics = metrics
        self._budget = budget
        self._retry = retry
        self._log = structlog.get_logger(__name__)
        self._lost: set[int] = set()
        self._ready_since: float | None = None
        self._registering: asyncio.Task[None] | None = None
        # discord.py closes its HTTP session with the gateway; the answers under way still need it.
        self._close_http = self.http.close
        self.http.close = _nothing  # type: ignore[method-assign] # as above

    @property
    def served_seconds(self) -> float:
        """For how long it has been ready to serve; 0.0 if it never was."""
        return 0.0 if self._ready_since is None else time.monotonic() - self._ready_since

    async def serve(self, signed_in: asyncio.Event) -> None:
        """Sign in, and stay connected until closed.

        :param signed_in: set as soon as Discord has let us in
        :raises TutorError: if Discord refuses us for good
        """
        try:
            async with self:
                await self.login(self._token.get_secret_value())
                _, _, limit = await self.http.get_bot_gateway()
                signed_in.set()
                self._budget.told(limit["remaining"], limit["reset_after"] / 1000)
                await self.connect()
        except discord.LoginFailure:
            raise SettingsError(REFUSED) from None
        except discord.ConnectionClosed as error:
            if error.code == _AUTHENTICATION_FAILED:
                raise SettingsError(REFUSED) from None
            raise TutorError(
                f"Discord ended the connection for good (code {error.code}). Look the code up at "
                "https://discord.com/developers/docs/topics/opcodes-and-status-codes, mend the "
                "settings (for 4010 to 4011: TUTOR_DISCORD_SHARDS), and start again."
            ) from None

    async def setup_hook(self) -> None:
        """Make old messages' items work."""
        self.add_dynamic_items(*_ITEMS)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Begin a session only where Discord lets us."""
        await self._budget.take()
        await super().before_identify_hook(shard_id, initial=initial)

    async def close(self) -> None:
        """Leave the gateway; answers under way can still be shown until `release`."""
        if self._registering is not None:
            self._registering.cancel()
        await super().close()

    async def release(self) -> None:
        """Free what is left after `close`."""
        await self._close_http()

    async def on_interaction(self, press: discord.Interaction["TutorClient"]) -> None:
        """Answer an item that no version of ours made: discord.py would leave it unanswered."""
        if press.type is discord.InteractionType.component and press.custom_id is not None:
            known = any(
                each.__discord_ui_compiled_template__.fullmatch(press.custom_id) for each in _ITEMS
            )
            if not known:
                await self.reception.stale(press)

    async def on_shard_ready(self, shard_id: int) -> None:
        """Note a new session; with the first one, tell Discord our commands."""
        self._log.info("discord connected", user=str(self.user), shard=shard_id)
        self._lost.discard(shard_id)
        if self._ready_since is not None:
            self._metrics.discord_reconnected("identified")
            return
        self._ready_since = time.monotonic()
        if self._sync:
            registration = keep_registered(self.tree, self._server, self._retry)
            self._registering = asyncio.create_task(registration, name="registration")

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note a session taken up again."""
        self._log.info("discord resumed", shard=shard_id)
        self._lost.discard(shard_id)
        self._metrics.discord_reconnected("resumed")

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note a lost connection, once; discord.py connects again by itself."""
        if not self.is_closed() and shard_id not in self._lost:
            self._lost.add(shard_id)
            self._log.warning("discord disconnected", shard=shard_id)


async def _nothing() -> None:
    """Do nothing."""


class DiscordBot:
    """The tutor on Discord.

    :param tutor: answers what is asked
    :param token: the bot's token; it never appears in a log or message
    :param sync: register the commands with Discord when they changed
    :param server: register them for this one server only (they appear there at once)
    :param shards: connections to Discord's gateway; 0: as many as Discord recommends
    :param learner_requests_per_minute: requests a learner may make in the long run
    :param server_requests_per_minute: requests a whole server may make in the long run
    :param edit_seconds: seconds, at least, between two edits of one message
    :param retry: when to begin a new session after one has failed
    """

    def __init__(
        self,
        *,
        tutor: Tutor,
        token: SecretStr,
        sync: bool = True,
        server: int | None = None,
        shards: int = 1,
        learner_requests_per_minute: int = 20,
        server_requests_per_minute: int = 240,
        edit_seconds: float = 1.0,
        retry: Retry | None = None,
        metrics: Metrics | None = None,
        renderer: PictureRenderer | None = None,
    ) -> None:
        self._token = token
        self._metrics = metrics or NoMetrics()
        self._reception = Reception(
            tutor=tutor,
            learners=Throttle(
                per_minute=learner_requests_per_minute, burst=learner_requests_per_minute
            ),
            places=Throttle(
                per_minute=server_requests_per_minute, burst=server_requests_per_minute
            ),
            pace=edit_seconds,
            metrics=self._metrics,
            renderer=renderer or ThreadRenderer(),
        )
        self._shards, self._server, self._sync = shards, server, sync
        self._budget = IdentifyBudget()
        self._retry = retry or Retry()
        self._client: TutorClient | None = None
        self._retired: set[asyncio.Task[None]] = set()
        self._connection = Connection(self._next_client, self._metrics, self._retry)
        self._staying: asyncio.Task[None] | None = None
        self._restore_logs = quiet_logs()

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
        await self._reception.idle()

    async def close(self, *, grace: float = 0.0) -> None:
        """Wait up to `grace` seconds for the answers under way, and sign off. Safe to call twice.

        The messages of the others say that they were stopped.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self._reception.idle()
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING_SECONDS):
                await self._reception.close()
        if self._client is not None:
            await self._client.close()
        if self._staying is not None:
            self._staying.cancel()
            with suppress(asyncio.CancelledError, TutorError):
                await self._staying
        for task in self._retired:
            task.cancel()
        await asyncio.gather(*self._retired, return_exceptions=True)
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
            self._reception,
            token=self._token,
            shards=self._shards,
            server=self._server,
            sync=self._sync,
            metrics=self._metrics,
            budget=self._budget,
            retry=self._retry,
        )
        return self._client

    async def _retire(self, client: TutorClient) -> None:
        try:
            await self._reception.idle()
        finally:
            await client.release()
