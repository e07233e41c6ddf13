"""Where every interaction arrives, and leaves as a request to the tutor with someone to answer.

Discord's commands, buttons and menus differ only in how they say what is asked.
"""

from collections.abc import Sequence
from typing import Literal

import discord
import structlog

from bot.lessons.model import Locale
from bot.observe.metrics import Metrics
from bot.platforms.delivery import Deliveries, last_reply
from bot.platforms.discord import custom_ids, pages
from bot.platforms.discord.answer import Answer, Manner, stopped
from bot.platforms.discord.connection import UNREACHABLE
from bot.platforms.discord.first_answer_gate import FirstAnswerGate
from bot.platforms.discord.message_slot import MessageSlot, MessageSlotError
from bot.platforms.discord.pictures import ReplyPictures
from bot.platforms.discord.prediction import Prediction, quiz_of, quiz_rows, with_prediction
from bot.platforms.discord.received import file_address
from bot.platforms.discord.render import Rendered, Underway, render
from bot.platforms.discord.rows import OUTPUT_FILE, TutorInteraction
from bot.platforms.discord.words import DiscordWords, discord_words
from bot.platforms.rate_limit import RateLimit
from bot.timeline.drawing.renderer import PictureRenderer
from bot.tutor.commands import command_of
from bot.tutor.grammar import spell
from bot.tutor.model import (
    Ask,
    Choice,
    Choices,
    Help,
    ListLessons,
    Note,
    Predict,
    Reply,
    Request,
    Tutor,
)


def locale_of(interaction: discord.Interaction) -> Locale:
    """Return the language to answer in: the asker's own, English where we do not speak it."""
    return "ko" if interaction.locale is discord.Locale.korean else "en"


def learner_of(interaction: discord.Interaction) -> str:
    """Return the key of whoever asks."""
    return f"discord:{interaction.user.id}"


def place_of(interaction: discord.Interaction) -> str:
    """Return the key of the server where it was asked; "" in direct messages."""
    return f"discord:server:{interaction.guild_id}" if interaction.guild_id else ""


def _again(request: Request, words: DiscordWords) -> Choice | None:
    """Return the way to ask the same once more; None where no button can hold it."""
    # A prediction is made anew rather than checked once more.
    repeated = Predict(request.name) if isinstance(request, Predict) else request
    return Choice(words.again, repeated) if custom_ids.write(repeated) else None


class Handlers:
    """Takes requests to the tutor, and sees to it that each is answered.

    :param pace: seconds, at least, between two edits of one message
    :param blocked: ids of users who get no answer
    """

    def __init__(
        self,
        *,
        tutor: Tutor,
        learners: RateLimit,
        places: RateLimit,
        pace: float,
        metrics: Metrics,
        renderer: PictureRenderer,
        blocked: frozenset[int] = frozenset(),
    ) -> None:
        self.tutor = tutor
        self._metrics = metrics
        self._blocked = blocked
        self._learners = learners
        self._places = places
        self._pace = pace
        self._log = structlog.get_logger(__name__)
        self._gate = FirstAnswerGate()
        self._pictures = ReplyPictures(renderer, metrics)
        self._deliveries = Deliveries(tutor)
        self._closed = False

    async def asked(
        self, interaction: TutorInteraction, request: Request, *, in_place: bool = False
    ) -> None:
        """Answer `request`, which a command or an item of a message stands for."""
        locale = locale_of(interaction)
        words = discord_words(locale)
        ask = Ask(learner_of(interaction), locale, request, place_of(interaction))
        # discord.py gives each interaction a task, and so a context, of its own.
        structlog.contextvars.bind_contextvars(reference=ask.reference, platform=ask.platform)
        if await self._refused(interaction, words):
            return
        again = _again(request, words)
        underway = Underway(int(interaction.created_at.timestamp()), again)

        async def show(reply: Reply) -> Rendered:
            return await self._show(reply, locale, underway)

        manner = Manner(
            words,
            self._pace,
            private=command_of(request).private,
            again=again,
        )
        slot = MessageSlot(interaction, in_place=in_place)
        async with self._deliveries.open(ask) as delivery:
            await Answer(slot, delivery, show, manner, self._gate).run()

    async def pressed(self, interaction: TutorInteraction, request: Request | None) -> None:
        """Answer an item that stands for a request; None: no version of ours knows it."""
        if request is None:
            await self.stale(interaction)
            return
        # Browsing the course changes one's own list. What others can see too stays as it is.
        own = interaction.message is not None and interaction.message.flags.ephemeral
        await self.asked(interaction, request, in_place=own and isinstance(request, ListLessons))

    async def predicted(
        self, interaction: TutorInteraction, custom_id: str, values: Sequence[str]
    ) -> None:
        """Go on with a prediction: take note of a choice, or run and compare."""
        read = Prediction.read(custom_id)
        if read is None:
            await self.stale(interaction)
            return
        action, made = read
        locale = locale_of(interaction)
        if action != "run" and await self._refused(interaction, discord_words(locale)):
            return
        ask = Ask(learner_of(interaction), locale, Predict(made.scenario), place_of(interaction))
        reply = await last_reply(self.tutor, ask)
        quiz = quiz_of(reply)
        if quiz is None or not made.fits(quiz):
            await self._tell_stale(interaction, discord_words(locale).stale)
            return
        if action == "run":
            if made.guess(quiz) is not None:
                await self.asked(interaction, made.request(quiz), in_place=True)
            return
        after = made.after(action, values, quiz)
        await self._open(
            MessageSlot(interaction, in_place=True),
            await self._show(reply, locale, None, after if after.fits(quiz) else made),
        )

    async def turned(self, interaction: TutorInteraction, page: int) -> None:
        """Show a page of the whole output, from the file on the message that was pressed."""
        words = discord_words(locale_of(interaction))
        if await self._refused(interaction, words):
            return
        own = interaction.message is not None and interaction.message.flags.ephemeral
        slot = MessageSlot(interaction, in_place=own)
        try:
            # To read the file may take longer than Discord waits for a first answer.
            await slot.acknowledge(private=True)
            text = await self._output(interaction)
            if text is not None:
                await slot.update(pages.render(text, page, words))
            else:
                gone = Reply((Note(words.output_gone, "warning"),), private=True, failed=True)
                shown = render(gone, locale_of(interaction))
                await (slot.whisper(shown) if own else slot.update(shown))
        except MessageSlotError as error:
            self._log.warning("answer not shown", cause=str(error))

    async def stale(self, interaction: TutorInteraction) -> None:
        """Say that the item that was pressed means nothing any more, and what to do."""
        await self._stale(interaction, discord_words(locale_of(interaction)).stale)

    async def unknown(self, interaction: TutorInteraction) -> None:
        """Say that there is no such command any more, and what to do."""
        await self._stale(interaction, discord_words(locale_of(interaction)).unknown_command)

    async def _stale(self, interaction: TutorInteraction, sentence: str) -> None:
        if not await self._refused(interaction, discord_words(locale_of(interaction))):
            await self._tell_stale(interaction, sentence)

    async def _tell_stale(self, interaction: TutorInteraction, sentence: str) -> None:
        locale = locale_of(interaction)
        choices = (Choice(spell(it, locale), it) for it in (ListLessons(), Help()))
        await self.tell(interaction, Note(sentence, "warning"), Choices(tuple(choices)))

    async def tell(self, interaction: TutorInteraction, *parts: Note | Choices) -> None:
        """Say something to whoever asked, and to nobody else."""
        await self.show(interaction, Reply(parts, private=True, failed=True))

    async def show(self, interaction: TutorInteraction, reply: Reply) -> None:
        """Show a reply that needs no tutor to whoever asked, and to nobody else."""
        await self._open(MessageSlot(interaction), render(reply, locale_of(interaction)))

    async def idle(self) -> None:
        """Wait until no answer is under way any more."""
        await self._deliveries.idle()

    async def close(self) -> None:
        """End the answers under way. Each of their messages says why, if Discord still takes it."""

        def why(ask: Ask) -> tuple[Note | Choices, ...]:
            words = discord_words(ask.locale)
            return stopped(words.stopped, _again(ask.what, words))

        self._closed = True
        self._deliveries.end(why)
        await self._deliveries.idle()

    async def _refuse(self, interaction: TutorInteraction, cause: str, told: str) -> Literal[True]:
        """Tell an asker why there is no answer."""
        self._log.info("refused", cause=cause, learner=learner_of(interaction))
        self._metrics.refused(platform="discord", cause=cause)
        await self.tell(interaction, Note(told, "warning"))
        return True

    async def _refused(self, interaction: TutorInteraction, words: DiscordWords) -> bool:
        """Tell an asker who asks too often how long to wait; return whether that was so."""
        if self._closed:
            return await self._refuse(interaction, "closing", words.stopped)
        if interaction.user.id in self._blocked:
            return await self._refuse(interaction, "blocked", words.blocked)
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

    async def _show(
        self,
        reply: Reply,
        locale: Locale,
        underway: Underway | None,
        made: Prediction | None = None,
    ) -> Rendered:
        """Draw and render `reply`, with its quiz if it asks one."""
        picture = await self._pictures.draw(reply, locale) if reply.final else None
        quiz = quiz_of(reply)
        if quiz is None:
            return render(reply, locale, picture=picture, underway=underway)
        words = discord_words(locale)
        made = made or Prediction(quiz.scenario)
        return render(
            with_prediction(reply, made, words),
            locale,
            picture=picture,
            underway=underway,
            extra=quiz_rows(quiz, made, words),
        )

    async def _output(self, interaction: TutorInteraction) -> str | None:
        """Return what is in the output's file of a message; None where it is gone."""
        address = file_address(interaction.message, OUTPUT_FILE) if interaction.message else None
        if address is None:
            return None
        try:
            data = await interaction.client.http.get_from_cdn(address)
        except UNREACHABLE as error:
            self._log.warning("output not read", cause=f"{type(error).__name__}: {error}")
            return None
        return str(data, "utf-8", "replace")

    async def _open(self, slot: MessageSlot, message: Rendered) -> None:
        """Answer at once and for good."""
        try:
            await slot.open(message, private=True)
        except MessageSlotError as error:
            self._log.warning("answer not shown", cause=str(error))
