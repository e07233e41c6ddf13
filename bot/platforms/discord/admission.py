"""Who is answered, in which language, and what the others are told."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import discord
import structlog

from bot.languages import Locale, locales
from bot.observe.metrics import Metrics
from bot.platforms.discord.asker import learner_of, locale_of, place_of
from bot.platforms.discord.connection import UNREACHABLE
from bot.platforms.discord.message_slot import MessageSlot, MessageSlotError
from bot.platforms.discord.render import Rendered, render
from bot.platforms.discord.rows import TutorInteraction
from bot.platforms.discord.words import DiscordWords
from bot.platforms.rate_limit import RateLimit
from bot.tutor.grammar import spell
from bot.tutor.model import Choice, Choices, Help, ListLessons, Note, Reply


@dataclass(frozen=True, slots=True)
class Here:
    """What holds in one place."""

    allowed: bool = True
    locale: Locale | None = None
    """Answer in this language where nobody chose one."""
    private: bool = False
    """Answers are for the asker alone unless they ask for a public one."""


@dataclass(frozen=True, slots=True)
class Access:
    """What the operators allow and prefer in all servers. Direct messages are always answered.

    `here` is the one place that is asked with a server's id, so settings that a server stores would
    be looked up there.
    """

    servers: frozenset[int] = frozenset()
    """Ids of the servers that are answered; empty: all."""
    channels: frozenset[int] = frozenset()
    """Ids of the channels, or of threads' parents, that are answered; empty: all."""
    locale: Locale | None = None
    private: bool = False

    def here(self, server: int | None, *channels: int | None) -> Here:
        """Return what holds in a server's channel; `channels` are its id and its parent's."""
        if server is None:
            return Here(locale=self.locale)
        allowed = not self.servers or server in self.servers
        if self.channels:
            allowed = allowed and not self.channels.isdisjoint(channels)
        return Here(allowed, self.locale, self.private)


class Admission:
    """Lets askers in, or tells them why not.

    :param learners: how often each learner may ask
    :param places: how often a whole server may ask
    :param blocked: ids of users who get no answer
    :param access: where there are answers, and how where nobody chose
    """

    def __init__(
        self,
        *,
        learners: RateLimit,
        places: RateLimit,
        metrics: Metrics,
        blocked: frozenset[int],
        access: Access,
    ) -> None:
        self._learners = learners
        self._places = places
        self._metrics = metrics
        self._blocked = blocked
        self._access = access
        self._log = structlog.get_logger(__name__)
        self.commands: dict[str, int] = {}
        """Ids of the commands, once Discord has told them."""
        self.closed = False
        """Set once nobody is let in any more."""

    def locale(self, interaction: TutorInteraction, chosen: Locale | None = None) -> Locale:
        """Return the language to answer in; `chosen` by the asker, if one was."""
        return locale_of(interaction, chosen or self._here(interaction).locale)

    def private(self, interaction: TutorInteraction) -> bool:
        """Tell whether answers here are for the asker alone where nobody chose."""
        return self._here(interaction).private

    async def written(self, message: discord.Message) -> None:
        """Answer a direct message plainly. It tells no language, so both are answered in."""
        if not self._may_write(message.author.id):
            return
        parts: list[Note | Choices] = []
        for locale in locales():
            asks = (Choice(spell(it, locale), it) for it in (Help(), ListLessons()))
            parts.append(Note(DiscordWords(locale).written))
            parts.append(Choices(tuple(asks)))
        with suppress(*UNREACHABLE):
            await message.channel.send(view=render(Reply((*parts[::2], parts[1])), "en").view)

    async def refused(self, interaction: TutorInteraction, words: DiscordWords) -> bool:
        """Tell an asker who asks too often how long to wait; return whether that was so."""
        if self.closed:
            return await self._refuse(interaction, "closing", words.stopped)
        if interaction.user.id in self._blocked:
            return await self._refuse(interaction, "blocked", words.blocked)
        if not self._here(interaction).allowed:
            return await self._refuse(interaction, "not here", words.not_here)
        learner, place = learner_of(interaction), place_of(interaction)
        for limit, key, sentence, cause in (
            (self._learners, learner, words.wait_learner, "learner's rate"),
            (self._places, place, words.wait_place, "server's rate"),
        ):
            seconds = limit.wait(key) if key else 0
            if seconds:
                told = sentence.format(seconds=seconds)
                return await self._refuse(interaction, cause, told)
        self._learners.spend(learner)
        if place:
            self._places.spend(place)
        return False

    async def stale(self, interaction: TutorInteraction) -> None:
        """Say that the item that was pressed means nothing any more, and what to do."""
        await self._stale(interaction, DiscordWords(self.locale(interaction)).stale)

    async def unknown(self, interaction: TutorInteraction) -> None:
        """Say that there is no such command any more, and what to do."""
        await self._stale(interaction, DiscordWords(self.locale(interaction)).unknown_command)

    async def tell_stale(self, interaction: TutorInteraction, sentence: str) -> None:
        """Say what is stale, and how to begin again."""
        locale = self.locale(interaction)
        choices = (Choice(spell(it, locale), it) for it in (ListLessons(), Help()))
        await self.tell(interaction, Note(sentence, "warning"), Choices(tuple(choices)))

    async def _stale(self, interaction: TutorInteraction, sentence: str) -> None:
        if not await self.refused(interaction, DiscordWords(self.locale(interaction))):
            await self.tell_stale(interaction, sentence)

    async def tell(self, interaction: TutorInteraction, *parts: Note | Choices) -> None:
        """Say something to the asker alone."""
        await self.show(interaction, Reply(parts, private=True, failed=True))

    async def show(self, interaction: TutorInteraction, reply: Reply) -> None:
        """Show a reply that needs no tutor to the asker alone."""
        await self.open(
            MessageSlot(interaction),
            render(reply, self.locale(interaction), commands=self.commands),
        )

    async def open(self, slot: MessageSlot, message: Rendered) -> None:
        """Answer at once and for good."""
        try:
            await slot.open(message, private=True)
        except MessageSlotError as error:
            self._log.warning("answer not shown", cause=str(error))

    async def _refuse(self, interaction: TutorInteraction, cause: str, told: str) -> Literal[True]:
        """Tell an asker why there is no answer."""
        self._log.info("refused", cause=cause, learner=learner_of(interaction))
        self._metrics.refused(platform="discord", cause=cause)
        await self.tell(interaction, Note(told, "warning"))
        return True

    def _may_write(self, user: int) -> bool:
        """Tell whether a direct message gets an answer, and count it; silence answers a flood."""
        key = f"discord:{user}"
        if self.closed or user in self._blocked or self._learners.wait(key):
            return False
        self._learners.spend(key)
        return True

    def _here(self, interaction: TutorInteraction) -> Here:
        parent = getattr(interaction.channel, "parent_id", None)
        return self._access.here(interaction.guild_id, interaction.channel_id, parent)
