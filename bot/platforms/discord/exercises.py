"""Exercises on Discord: the form of an answer, and the answer that is sent in."""

from typing import Any

import structlog

from bot.languages import Locale
from bot.platforms.discord.custom_ids import Chosen
from bot.platforms.discord.exercise_forms import SolveForm, handed_in, solve_form_of, solve_modal
from bot.platforms.discord.forms import FormId, values_of, version_of
from bot.platforms.discord.handlers import Handlers
from bot.platforms.discord.message_slot import MessageSlot, MessageSlotError
from bot.platforms.discord.own_code import OwnCodeHandlers
from bot.platforms.discord.rows import TutorInteraction
from bot.platforms.discord.words import DiscordExerciseWords
from bot.tutor.forms import Editor
from bot.tutor.model import Note, Reply, Solve


class ExerciseHandlers:
    """Opens the forms of exercises, and takes what is sent in."""

    def __init__(self, handlers: Handlers, own_code: OwnCodeHandlers) -> None:
        self._handlers = handlers
        self._admission = handlers.admission
        self._own_code = own_code
        self._log = structlog.get_logger(__name__)

    async def open(self, interaction: TutorInteraction, custom_id: str) -> None:
        """Open the form that a button stands for."""
        found = await self._form(interaction, custom_id)
        if found is None:
            return
        asked, form, locale = found
        try:
            modal = solve_modal(form, asked, DiscordExerciseWords(locale))
            await MessageSlot(interaction).ask(modal)
        except MessageSlotError as error:
            self._log.warning("answer not shown", cause=str(error))

    async def submitted(self, interaction: TutorInteraction, custom_id: str) -> None:
        """Run and grade what was sent in."""
        found = await self._form(interaction, custom_id)
        if found is None:
            return
        asked, form, locale = found
        data: Any = interaction.data
        answer: str | None = handed_in(form, values_of(data))
        if isinstance(form, Editor):
            answer = await self._own_code.sent_in(interaction)
            if answer is None:
                return  # the asker was told why
        if not answer or not answer.strip():
            note = Note(DiscordExerciseWords(locale).empty, "warning")
            await self._admission.tell(interaction, note)
            return
        request = Solve(asked.name, answer)
        await self._handlers.asked(interaction, request, chosen=Chosen(asked.locale, private=True))

    async def _form(
        self, interaction: TutorInteraction, custom_id: str
    ) -> tuple[FormId, SolveForm, Locale] | None:
        """Return the form as it is now; None, and the asker is told, where it has changed."""
        asked = FormId.read("solve", custom_id)
        found: tuple[Reply, SolveForm, Locale] | None = await self._handlers.form_now(
            interaction, asked, Solve, solve_form_of, version_of
        )
        return (asked, *found[1:]) if asked and found else None
