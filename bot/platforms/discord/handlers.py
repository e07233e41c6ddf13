"""Where every interaction arrives, and leaves as a request to the tutor with someone to answer.

Discord's commands, buttons and menus differ only in how they say what is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import structlog

from bot.languages import Locale
from bot.observe.metrics import Metrics
from bot.platforms.delivery import Deliveries, last_reply
from bot.platforms.discord import custom_ids
from bot.platforms.discord.admission import Access, Admission
from bot.platforms.discord.answer import Answer, FirstAnswerGate, Manner, stopped
from bot.platforms.discord.asker import is_own, learner_of, place_of
from bot.platforms.discord.custom_ids import Chosen
from bot.platforms.discord.exercise_forms import solve_form_of, solve_rows
from bot.platforms.discord.forms import FormId
from bot.platforms.discord.message_slot import MessageSlot, MessageSlotError
from bot.platforms.discord.own_answers import OwnAnswers, repeated, rows_below
from bot.platforms.discord.own_code_message import with_own_code
from bot.platforms.discord.pages import OutputPages
from bot.platforms.discord.pictures import ReplyPictures
from bot.platforms.discord.prediction import form, guess_of, quiz_of, quiz_rows, quiz_version
from bot.platforms.discord.render import Rendered, Underway, render
from bot.platforms.discord.rows import Row, TutorInteraction
from bot.platforms.discord.suggestions import Suggestions
from bot.platforms.discord.words import DiscordExerciseWords, DiscordWords
from bot.platforms.rate_limit import RateLimit
from bot.timeline.drawing.renderer import PictureRenderer
from bot.tutor.command import Argument
from bot.tutor.commands import command_of
from bot.tutor.forms import Quiz
from bot.tutor.model import (
    Ask,
    Choice,
    Choices,
    ListLessons,
    Note,
    Predict,
    Reply,
    Request,
    Run,
    Try,
)
from bot.tutor.protocol import Suggestion, Tutor

_Form = TypeVar("_Form")


def _again(request: Request, words: DiscordWords) -> Choice | None:
    """Return the way to ask the same once more; None where no button can hold it."""
    same = repeated(request)
    return Choice(words.again, same) if custom_ids.write(same) else None


class Handlers:
    """Takes requests to the tutor, and sees to it that each is answered.

    :param pace: seconds, at least, between two edits of one message
    :param blocked: ids of users who get no answer
    :param access: where it answers, and how where nobody chose
    :param report: the address under *Report a mistake*; "" for none
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
        access: Access | None = None,
        report: str = "",
    ) -> None:
        self.tutor = tutor
        self.admission = Admission(
            learners=learners,
            places=places,
            metrics=metrics,
            blocked=blocked,
            access=access or Access(),
        )
        self.own = OwnAnswers(self.admission)
        self.pages = OutputPages(self.admission)
        self._report = report
        self._suggestions = Suggestions(tutor)
        self._pace = pace
        self._log = structlog.get_logger(__name__)
        self._gate = FirstAnswerGate()
        self._pictures = ReplyPictures(renderer, metrics)
        self._deliveries = Deliveries(tutor)

    def suggest(
        self, interaction: TutorInteraction, wanted: Argument, given: Sequence[str], typed: str
    ) -> list[Suggestion]:
        """Return what to offer for an option; `given` are the names in those before it."""
        locale = self.admission.locale(interaction)
        return self._suggestions.of(learner_of(interaction), wanted, given, typed, locale)

    async def asked(
        self,
        interaction: TutorInteraction,
        request: Request,
        *,
        in_place: bool = False,
        chosen: Chosen | None = None,
        replay: bool = False,
    ) -> None:
        """Answer `request`, which a command or an item of a message stands for.

        :param replay: show its run moving
        """
        if isinstance(request, Try) and not request.code:
            locale = chosen.locale if chosen else None
            await interaction.client.own_code.open(interaction, request, locale=locale)
            return
        chosen = chosen or Chosen(private=self.admission.private(interaction))
        locale = self.admission.locale(interaction, chosen.locale)
        words = DiscordWords(locale)
        learner, place = learner_of(interaction), place_of(interaction)
        ask = Ask(learner, locale, request, place, replay=replay)
        # discord.py gives each interaction a task, and so a context, of its own.
        structlog.contextvars.bind_contextvars(reference=ask.reference, platform=ask.platform)
        if await self.admission.refused(interaction, words):
            return
        self._suggestions.note(ask.learner, request)
        again = _again(request, words)
        underway = Underway(int(interaction.created_at.timestamp()), again)
        private = command_of(request).private or chosen.private
        manner = Manner(words, self._pace, private=private, again=again, slow=replay)

        async def show(reply: Reply) -> Rendered:
            below = rows_below(reply, ask, chosen, self._report)
            shown = await self._show(reply, locale, underway, below=below, chosen=chosen)
            return with_own_code(shown, reply) if isinstance(request, Try) else shown

        slot = MessageSlot(interaction, in_place=in_place)
        async with self._deliveries.open(ask) as delivery:
            with self.own.runs.open(interaction, delivery, in_place=in_place):
                await Answer(slot, delivery, show, manner, self._gate).run()

    async def pressed(self, interaction: TutorInteraction, custom_id: str) -> None:
        """Answer an item that stands for a request, if a version of ours knows it."""
        request = custom_ids.request_of(custom_id)
        if request is None:
            await self.admission.stale(interaction)
            return
        # Browsing the course changes one's own list. What others can see too stays as it is.
        own = interaction.message is not None and interaction.message.flags.ephemeral
        in_place = own and isinstance(request, ListLessons)
        await self.asked(
            interaction, request, in_place=in_place, chosen=self._carried(interaction, custom_id)
        )

    async def replayed(
        self, interaction: TutorInteraction, custom_id: str, *, in_place: bool
    ) -> None:
        """Show a run of the scenario that an item stands for as a moving picture."""
        request = custom_ids.request_of(custom_id)
        if not isinstance(request, Run):
            await self.admission.stale(interaction)
            return
        chosen = self._carried(interaction, custom_id)
        await self.asked(interaction, request, in_place=in_place, chosen=chosen, replay=True)

    def _carried(self, interaction: TutorInteraction, custom_id: str) -> Chosen:
        """Return what a pressed item carries, with what its place prefers."""
        chosen = custom_ids.chosen_in(custom_id)
        return Chosen(chosen.locale, private=chosen.private or self.admission.private(interaction))

    async def switched(self, interaction: TutorInteraction, custom_id: str) -> None:
        """Answer in the other language: one's own answer in its place, another's beside it."""
        request = custom_ids.request_of(custom_id)
        if request is None:
            await self.admission.stale(interaction)
            return
        own = is_own(interaction)
        carried = self._carried(interaction, custom_id)
        chosen = carried if own else Chosen(carried.locale, private=True)
        await self.asked(interaction, request, in_place=own, chosen=chosen)

    async def quizzed(self, interaction: TutorInteraction, custom_id: str) -> None:
        """Open the form of a prediction."""
        asked = FormId.read("guess", custom_id)
        found = await self._quiz(interaction, asked)
        if not asked or not found:
            return
        reply, quiz, words = found
        try:
            await MessageSlot(interaction).ask(form(reply, quiz, words, asked))
        except MessageSlotError as error:
            self._log.warning("answer not shown", cause=str(error))

    async def predicted(
        self, interaction: TutorInteraction, custom_id: str, values: Mapping[str, str]
    ) -> None:
        """Run what was predicted in a form, and compare."""
        asked = FormId.read("guess", custom_id)
        found = await self._quiz(interaction, asked)
        if not asked or not found:
            return
        _, quiz, words = found
        guess = guess_of(quiz, values)
        if guess is None:
            await self.admission.tell(interaction, Note(words.quiz_nothing, "warning"))
            return
        request = Predict(quiz.scenario, guess)
        await self.asked(interaction, request, in_place=True, chosen=Chosen(asked.locale))

    async def _quiz(
        self, interaction: TutorInteraction, asked: FormId | None
    ) -> tuple[Reply, Quiz, DiscordWords] | None:
        found = await self.form_now(interaction, asked, Predict, quiz_of, quiz_version)
        return found and (found[0], found[1], DiscordWords(found[2]))

    async def form_now(
        self,
        interaction: TutorInteraction,
        asked: FormId | None,
        request: Callable[[str], Request],
        find: Callable[[Reply], _Form | None],
        version: Callable[[_Form], str],
    ) -> tuple[Reply, _Form, Locale] | None:
        """Return a form as it is now; None, and the asker is told, where it cannot be used.

        :param asked: what the button or the form that was sent carries; None: no version of ours
        :param request: returns the request whose reply holds the form, which `find` returns
        """
        if asked is None:
            await self.admission.stale(interaction)
            return None
        locale = self.admission.locale(interaction, asked.locale)
        words = DiscordWords(locale)
        if await self.admission.refused(interaction, words):
            return None
        ask = Ask(learner_of(interaction), locale, request(asked.name), place_of(interaction))
        reply = await last_reply(self.tutor, ask)
        form = find(reply)
        if form is None or version(form) != asked.version:
            await self.admission.tell_stale(interaction, words.stale)
            return None
        return reply, form, locale

    async def idle(self) -> None:
        """Wait until no answer is under way any more."""
        await self._deliveries.idle()

    async def close(self) -> None:
        """End the answers under way. Each of their messages says why, if Discord still takes it."""

        def why(ask: Ask) -> tuple[Note | Choices, ...]:
            words = DiscordWords(ask.locale)
            return stopped(words.stopped, _again(ask.what, words))

        self.admission.closed = True
        self._deliveries.end(why)
        await self._deliveries.idle()

    async def _show(
        self,
        reply: Reply,
        locale: Locale,
        underway: Underway | None,
        *,
        below: Sequence[Row] = (),
        chosen: Chosen | None = None,
    ) -> Rendered:
        """Draw and render `reply`, with its quiz if it asks one."""
        reply, picture = await self._pictures.draw(reply, locale)
        quiz = quiz_of(reply)
        words = DiscordWords(locale)
        asked_in = chosen.locale if chosen else None
        extra = quiz_rows(quiz, words, asked_in) if quiz else []
        if form := solve_form_of(reply):
            extra += solve_rows(form, DiscordExerciseWords(locale), asked_in)
        return render(
            reply,
            locale,
            picture=picture,
            underway=underway,
            extra=extra,
            below=below,
            chosen=chosen,
            commands=self.admission.commands,
        )
