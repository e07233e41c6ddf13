"""discord.py's client, with our commands and items: one session with Discord."""

import asyncio
import time

import discord
import structlog
import yarl
from pydantic import SecretStr

from bot.errors import SettingsError, TutorError
from bot.observe.metrics import Metrics
from bot.platforms.discord.commands import Tree
from bot.platforms.discord.connection import IdentifyBudget, Retry
from bot.platforms.discord.exercise_forms import SOLVE_TEMPLATE, SolveButton
from bot.platforms.discord.exercises import ExerciseHandlers
from bot.platforms.discord.forms import values_of
from bot.platforms.discord.handlers import Handlers
from bot.platforms.discord.http_requests import bound_requests, watch_requests
from bot.platforms.discord.own_answers import OwnButton, SwitchButton
from bot.platforms.discord.own_code import EDITOR_TEMPLATE, OwnCodeHandlers
from bot.platforms.discord.own_code_message import EditButton, WhyButton
from bot.platforms.discord.prediction import QuizButton
from bot.platforms.discord.registration import keep_registered
from bot.platforms.discord.replay import OwnReplayButton, ReplayButton
from bot.platforms.discord.rows import AskButton, AskMenu, OutputButton
from bot.platforms.discord.shards import Shards, begin_pauses
from bot.platforms.discord.words import STATUS

_ITEMS = (
    AskButton,
    AskMenu,
    OutputButton,
    ReplayButton,
    OwnReplayButton,
    OwnButton,
    EditButton,
    WhyButton,
    SwitchButton,
    QuizButton,
    SolveButton,
)

_AUTHENTICATION_FAILED = 4004
"""The gateway's close code for a token that is not valid (any more)."""

REFUSED_BY_DISCORD = (
    "Discord refused the bot's token. Copy a fresh one from "
    "https://discord.com/developers/applications (your application, Bot, Reset Token) into "
    "TUTOR_DISCORD_TOKEN, without quotes or the word Bot, and start again."
)


class TutorClient(discord.AutoShardedClient):
    """discord.py's client with our commands and items.

    It asks for the intent of direct messages alone, to answer those who write to it: interactions
    come without any, and neither others' messages nor members nor servers are sent to us.
    """

    def __init__(
        self,
        handlers: Handlers,
        *,
        token: SecretStr,
        shards: Shards,
        server: int | None,
        sync: bool,
        metrics: Metrics,
        budget: IdentifyBudget,
        retry: Retry,
        request_seconds: float,
    ) -> None:
        super().__init__(
            intents=discord.Intents(dm_messages=True),
            activity=discord.CustomActivity(STATUS),
            shard_count=shards.count or None,
            shard_ids=list(shards.ids) or None,  # type: ignore[arg-type] # None: all of them
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            max_ratelimit_timeout=request_seconds,
            http_trace=watch_requests(metrics),
        )
        self.handlers = handlers
        self._request_seconds = request_seconds
        self.own_code = OwnCodeHandlers(handlers)
        self.exercises = ExerciseHandlers(handlers, self.own_code)
        self.tree = Tree(self)
        self._token = token
        self._server = server
        self._sync = sync
        self._metrics = metrics
        self._budget = budget
        self._shards = shards
        self._concurrency = 1
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
        bound_requests(self._request_seconds)
        try:
            async with self:
                await self.login(self._token.get_secret_value())
                recommended, _, limit = await self.http.get_bot_gateway()
                signed_in.set()
                self._budget.told(limit["remaining"], limit["reset_after"] / 1000)
                self._concurrency = limit.get("max_concurrency", 1)
                await self._shards.hold(self.application_id or 0, recommended, self.connect())
        except discord.LoginFailure:
            raise SettingsError(REFUSED_BY_DISCORD) from None
        except discord.ConnectionClosed as error:
            if error.code == _AUTHENTICATION_FAILED:
                raise SettingsError(REFUSED_BY_DISCORD) from None
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
        await self._budget.spend()
        await super().before_identify_hook(shard_id, initial=initial)
        await self._shards.identify(self.application_id or 0, shard_id or 0, self._concurrency)

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        """Connect a shard; where its connection is lost, it comes back within our bounds."""
        await super().launch_shard(gateway, shard_id, initial=initial)
        begin_pauses(self, shard_id, self._retry.longest)

    async def close(self) -> None:
        """Leave the gateway; answers under way can still be shown until `release`."""
        registering, self._registering = self._registering, None
        if registering is not None:  # it uses the session that `release` closes
            registering.cancel()
            await asyncio.wait([registering])
        await super().close()

    async def release(self) -> None:
        """Free what is left after `close`."""
        await self._close_http()

    async def claims(self, interaction: discord.Interaction["TutorClient"]) -> bool:
        """Return whether an interaction is ours to answer, and no other process's."""
        mine = await self._shards.claim(interaction.id)
        if not mine:
            self._log.info("interaction answered elsewhere", interaction=interaction.id)
        return mine

    async def on_interaction(self, interaction: discord.Interaction["TutorClient"]) -> None:
        """Answer a form, and an item that no version of ours made: discord.py leaves both to us."""
        if interaction.type is discord.InteractionType.modal_submit:
            if not await self.claims(interaction):
                return
            if EDITOR_TEMPLATE.fullmatch(interaction.custom_id or ""):
                await self.own_code.submitted(interaction)
                return
            if SOLVE_TEMPLATE.fullmatch(interaction.custom_id or ""):
                await self.exercises.submitted(interaction, interaction.custom_id or "")
                return
            await self.handlers.predicted(
                interaction, interaction.custom_id or "", values_of(interaction.data)
            )
        if (
            interaction.type is discord.InteractionType.component
            and interaction.custom_id is not None
        ):
            known = any(
                each.__discord_ui_compiled_template__.fullmatch(interaction.custom_id)
                for each in _ITEMS
            )
            if not known and await self.claims(interaction):
                await self.handlers.admission.stale(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Answer a direct message: commands are what it understands."""
        if message.guild is None and not message.author.bot:
            await self.handlers.admission.written(message)

    async def on_shard_ready(self, shard_id: int) -> None:
        """Note a new session; with the first one, tell Discord our commands."""
        if self.is_closed():
            return  # discord.py tells of it in a task of its own, which may come late
        self._log.info("discord connected", user=str(self.user), shard=shard_id)
        # Discord lists the servers as a session begins; joining one later is not told to a bot
        # without intents.
        self._metrics.discord_servers(len(self.guilds))
        self._lost.discard(shard_id)
        begin_pauses(self, shard_id, self._retry.longest)
        if self._ready_since is not None:
            self._metrics.discord_reconnected("identified")
            return
        self._ready_since = time.monotonic()
        registration = keep_registered(
            self.tree,
            self._server,
            self._retry,
            self.handlers.admission.commands.update,
            write=self._sync,
        )
        self._registering = asyncio.create_task(registration, name="registration")

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note a session taken up again."""
        self._log.info("discord resumed", shard=shard_id)
        self._lost.discard(shard_id)
        begin_pauses(self, shard_id, self._retry.longest)
        self._metrics.discord_reconnected("resumed")

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note a lost connection, once; discord.py connects again by itself."""
        if not self.is_closed() and shard_id not in self._lost:
            self._lost.add(shard_id)
            self._log.warning("discord disconnected", shard=shard_id)


async def _nothing() -> None:
    """Do nothing."""
