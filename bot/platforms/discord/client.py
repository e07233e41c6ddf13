"""The connection to Discord: signing in, staying connected, and leaving politely."""

import asyncio
import logging
from contextlib import suppress

import aiohttp  # discord.py lets its connection errors through as they are
import discord
from pydantic import SecretStr

from bot.errors import SettingsError, TutorError
from bot.observe.metrics import Metrics, NoMetrics
from bot.platforms.discord.commands import Tree
from bot.platforms.discord.prediction import QuizButton, QuizMenu
from bot.platforms.discord.quiet import quiet_logs
from bot.platforms.discord.reception import Reception
from bot.platforms.discord.registration import register
from bot.platforms.discord.rows import AskButton, AskMenu, OutputButton
from bot.platforms.discord.throttle import Throttle
from bot.platforms.discord.trace import trace
from bot.timeline.drawing.renderer import PictureRenderer, ThreadRenderer
from bot.tutor.model import Tutor

_log = logging.getLogger(__name__)

_ITEMS = (AskButton, AskMenu, OutputButton, QuizMenu, QuizButton)
_CLOSING_SECONDS = 5.0
"""How long messages under way may take to say that they were stopped."""
_LONGEST_PAUSE = 60.0
"""Seconds, at most, between two attempts to sign in."""

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
        self, reception: Reception, *, shards: int, server: int | None, sync: bool, metrics: Metrics
    ) -> None:
        super().__init__(
            intents=discord.Intents.none(),
            shard_count=shards or None,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            http_trace=trace(metrics),
        )
        self.reception = reception
        self.tree = Tree(self)
        self._server = server
        self._sync = sync
        self._metrics = metrics
        self._connected_once = False

    async def setup_hook(self) -> None:
        """Make old messages' items work, and tell Discord our commands."""
        self.add_dynamic_items(*_ITEMS)
        if not self._sync:
            return
        try:
            await register(self.tree, server=self._server)
        except discord.HTTPException as error:
            _log.error(
                "the commands could not be registered; the bot goes on with those Discord has: %s",
                error,
            )

    async def on_interaction(self, press: discord.Interaction["TutorClient"]) -> None:
        """Answer an item that no version of ours made: discord.py would leave it unanswered."""
        if press.type is discord.InteractionType.component and press.custom_id is not None:
            known = any(
                each.__discord_ui_compiled_template__.fullmatch(press.custom_id) for each in _ITEMS
            )
            if not known:
                await self.reception.stale(press)

    async def on_shard_ready(self, shard_id: int) -> None:
        """Note a new session."""
        _log.info("connected to Discord as %s (shard %d)", self.user, shard_id)
        if self._connected_once:
            self._metrics.discord_reconnected("identified")
        self._connected_once = True

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note a session taken up again."""
        _log.info("connection to Discord resumed (shard %d)", shard_id)
        self._metrics.discord_reconnected("resumed")

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note a lost connection; discord.py connects again by itself."""
        if not self.is_closed():
            _log.warning("connection to Discord lost; connecting again (shard %d)", shard_id)


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
        self._client: TutorClient | None = None
        self._closed = False
        self._connection: asyncio.Task[None] | None = None
        self._restore_logs = quiet_logs()

    @property
    def name(self) -> str:
        """The bot's name on Discord; "" while Discord has not let it in."""
        user = self._client.user if self._client is not None else None
        return str(user) if user is not None else ""

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
        tried = asyncio.Event()
        self._connection = asyncio.create_task(self._stay(tried), name="discord")
        await tried.wait()
        if self._connection.done():
            await self.wait()

    async def wait(self) -> None:
        """Wait until the connection has ended for good.

        :raises TutorError: if it was Discord that ended it
        """
        if self._connection is not None:
            await asyncio.wait({self._connection})
            if not self._connection.cancelled():
                self._connection.result()

    async def idle(self) -> None:
        """Wait until the answers that are under way now have been shown to their end."""
        await self._reception.idle()

    async def close(self) -> None:
        """Say on every message under way that it is stopped, and sign off. Safe to call twice."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING_SECONDS):
                await self._reception.close()
        self._closed = True
        if self._client is not None:
            await self._client.close()
        if self._connection is not None:
            self._connection.cancel()
            with suppress(asyncio.CancelledError, TutorError):
                await self._connection
        self._restore_logs()

    async def _stay(self, tried: asyncio.Event) -> None:
        """Sign in and stay, starting afresh whenever Discord could not be reached.

        :param tried: set once the first attempt has ended in one way or the other
        """
        pause = 1.0
        try:
            while not self._closed:
                try:
                    await self._session(tried)
                except (OSError, aiohttp.ClientError, TimeoutError, discord.HTTPException) as error:
                    cause = f"{type(error).__name__}: {error}"
                except discord.GatewayNotFound:
                    cause = "it names no gateway"
                else:
                    return
                tried.set()
                _log.warning("Discord cannot be reached; next try in %.0f s: %s", pause, cause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
        finally:
            tried.set()

    async def _session(self, tried: asyncio.Event) -> None:
        """Sign in once, and stay connected until closed."""
        self._client = TutorClient(
            self._reception,
            shards=self._shards,
            server=self._server,
            sync=self._sync,
            metrics=self._metrics,
        )
        try:
            async with self._client as client:
                await client.login(self._token.get_secret_value())
                tried.set()
                await client.connect()
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
