"""Where every interaction arrives, and leaves as a request to the tutor with someone to answer.

Discord's commands, buttons and menus differ only in how they say what is asked.
"""

import math
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
from bot.platforms.discord.pictures import Studio
from bot.platforms.discord.prediction import Prediction, quiz_of, quiz_rows, with_prediction
from bot.platforms.discord.received import file_address
from bot.platforms.discord.render import Rendered, Underway, render
from bot.platforms.discord.rows import OUTPUT_FILE, Press
from bot.platforms.discord.rush import Rush
from bot.platforms.discord.surface import Surface, SurfaceError
from bot.platforms.discord.throttle import Throttle
from bot.platforms.discord.words import DiscordWords, discord_words
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


def locale_of(press: discord.Interaction) -> Locale:
    """Return the language to answer in: the asker's own, English where we do not speak it."""
    return "ko" if press.locale is discord.Locale.korean else "en"


def learner_of(press: discord.Interaction) -> str:
    """Return the key of whoever asks."""
    return f"discord:{press.user.id}"


def place_of(press: discord.Interaction) -> str:
    """Return the key of the server where it was asked; "" in direct messages."""
    return f"discord:server:{press.guild_id}" if press.guild_id else ""


def _again(request: Request, words: DiscordWords) -> Choice | None:
    """Return the way to ask the same once more; None where no button can hold it."""
    # A prediction is made anew rather than checked once more.
    repeated = Predict(request.name) if isinstance(request, Predict) else request
    return Choice(words.again, repeated) if custom_ids.write(repeated) else None


class Reception:
    """Takes requests to the tutor, and sees to it that each is answered.

    :param pace: seconds, at least, between two edits of one message
    :param blocked: ids of users who get no answer
    """

    def __init__(
        self,
        *,
        tutor: Tutor,
        learners: Throttle,
        places: Throttle,
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
        self._rush = Rush()
        self._studio = Studio(renderer, metrics)
        self._deliveries = Deliveries(tutor)
        self._closed = False

    async def asked(self, press: Press, request: Request, *, in_place: bool = False) -> None:
        """Answer `request`, which a command or an item of a message stands for."""
        locale = locale_of(press)
        words = discord_words(locale)
        ask = Ask(learner_of(press), locale, request, place_of(press))
        # discord.py gives each interaction a task, and so a context, of its own.
        structlog.contextvars.bind_contextvars(reference=ask.reference, platform=ask.platform)
        if await self._refused(press, words):
            return
        again = _again(request, words)
        underway = Underway(int(press.created_at.timestamp()), again)

        async def show(reply: Reply) -> Rendered:
            return await self._show(reply, locale, underway)

        manner = Manner(
            words,
            self._pace,
            private=command_of(request).private,
            again=again,
        )
        surface = Surface(press, in_place=in_place)
        async with self._deliveries.open(ask) as delivery:
            await Answer(surface, delivery, show, manner, self._rush).run()

    async def pressed(self, press: Press, request: Request | None) -> None:
        """Answer an item that stands for a request; None: no version of ours knows it."""
        if request is None:
            await self.stale(press)
            return
        # Browsing the course changes one's own list. What others can see too stays as it is.
        own = press.message is not None and press.message.flags.ephemeral
        await self.asked(press, request, in_place=own and isinstance(request, ListLessons))

    async def predicted(self, press: Press, custom_id: str, values: Sequence[str]) -> None:
        """Go on with a prediction: take note of a choice, or run and compare."""
        read = Prediction.read(custom_id)
        if read is None:
            await self.stale(press)
            return
        action, made = read
        locale = locale_of(press)
        if action != "run" and await self._refused(press, discord_words(locale)):
            return
        ask = Ask(learner_of(press), locale, Predict(made.scenario), place_of(press))
        reply = await last_reply(self.tutor, ask)
        quiz = quiz_of(reply)
        if quiz is None or not made.fits(quiz):
            await self._tell_stale(press, discord_words(locale).stale)
            return
        if action == "run":
            if made.guess(quiz) is not None:
                await self.asked(press, made.request(quiz), in_place=True)
            return
        after = made.after(action, values, quiz)
        await self._open(
            Surface(press, in_place=True),
            await self._show(reply, locale, None, after if after.fits(quiz) else made),
        )

    async def turned(self, press: Press, page: int) -> None:
        """Show a page of the whole output, from the file on the message that was pressed."""
        words = discord_words(locale_of(press))
        if await self._refused(press, words):
            return
        own = press.message is not None and press.message.flags.ephemeral
        surface = Surface(press, in_place=own)
        try:
            # To read the file may take longer than Discord waits for a first answer.
            await surface.acknowledge(private=True)
            text = await self._output(press)
            if text is not None:
                await surface.update(pages.render(text, page, words))
            else:
                gone = Reply((Note(words.output_gone, "warning"),), private=True, failed=True)
                shown = render(gone, locale_of(press))
                await (surface.whisper(shown) if own else surface.update(shown))
        except SurfaceError as error:
            self._log.warning("answer not shown", cause=str(error))

    async def stale(self, press: Press) -> None:
        """Say that the item that was pressed means nothing any more, and what to do."""
        await self._stale(press, discord_words(locale_of(press)).stale)

    async def unknown(self, press: Press) -> None:
        """Say that there is no such command any more, and what to do."""
        await self._stale(press, discord_words(locale_of(press)).unknown_command)

    async def _stale(self, press: Press, sentence: str) -> None:
        if not await self._refused(press, discord_words(locale_of(press))):
            await self._tell_stale(press, sentence)

    async def _tell_stale(self, press: Press, sentence: str) -> None:
        locale = locale_of(press)
        choices = (Choice(spell(it, locale), it) for it in (ListLessons(), Help()))
        await self.tell(press, Note(sentence, "warning"), Choices(tuple(choices)))

    async def tell(self, press: Press, *parts: Note | Choices) -> None:
        """Say something to whoever asked, and to nobody else."""
        await self.show(press, Reply(parts, private=True, failed=True))

    async def show(self, press: Press, reply: Reply) -> None:
        """Show a reply that needs no tutor to whoever asked, and to nobody else."""
        await self._open(Surface(press), render(reply, locale_of(press)))

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

    async def _refuse(self, press: Press, cause: str, told: str) -> Literal[True]:
        """Tell an asker why there is no answer."""
        self._log.info("refused", cause=cause, learner=learner_of(press))
        self._metrics.refused(platform="discord", cause=cause)
        await self.tell(press, Note(told, "warning"))
        return True

    async def _refused(self, press: Press, words: DiscordWords) -> bool:
        """Tell an asker who asks too often how long to wait; return whether that was so."""
        if self._closed:
            return await self._refuse(press, "closing", words.stopped)
        if press.user.id in self._blocked:
            return await self._refuse(press, "blocked", words.blocked)
        learner, place = learner_of(press), place_of(press)
        for throttle, key, sentence, cause in (
            (self._learners, learner, words.wait_learner, "learner's rate"),
            (self._places, place, words.wait_place, "server's rate"),
        ):
            seconds = throttle.wait(key) if key else 0.0
            if seconds > 0:
                told = sentence.format(seconds=math.ceil(seconds))
                return await self._refuse(press, cause, told)
        self._learners.take(learner)
        if place:
            self._places.take(place)
        return False

    async def _show(
        self,
        reply: Reply,
        locale: Locale,
        underway: Underway | None,
        made: Prediction | None = None,
    ) -> Rendered:
        """Draw and render `reply`, with its quiz if it asks one."""
        picture = await self._studio.draw(reply, locale) if reply.final else None
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

    async def _output(self, press: Press) -> str | None:
        """Return what is in the output's file of a message; None where it is gone."""
        address = file_address(press.message, OUTPUT_FILE) if press.message else None
        if address is None:
            return None
        try:
            data = await press.client.http.get_from_cdn(address)
        except UNREACHABLE as error:
            self._log.warning("output not read", cause=f"{type(error).__name__}: {error}")
            return None
        return str(data, "utf-8", "replace")

    async def _open(self, surface: Surface, message: Rendered) -> None:
        """Answer at once and for good."""
        try:
            await surface.open(message, private=True)
        except SurfaceError as error:
            self._log.warning("answer not shown", cause=str(error))
