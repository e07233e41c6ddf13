"""Learners' own code on Discord: the editor, code in other messages, and what follows a run."""

import asyncio
import re
from typing import Any

import discord
import structlog

from bot.languages import Locale
from bot.platforms.delivery import last_reply
from bot.platforms.discord import escape
from bot.platforms.discord.asker import learner_of, place_of
from bot.platforms.discord.connection import UNREACHABLE
from bot.platforms.discord.custom_ids import CHOSEN_LANGUAGE, Chosen
from bot.platforms.discord.forms import (
    MOST_TYPED,
    ask_code,
    ask_file,
    file_of,
    modal,
    values_of,
)
from bot.platforms.discord.handlers import Handlers
from bot.platforms.discord.own_code_message import code_address, code_in_message, language_in
from bot.platforms.discord.rows import TutorInteraction
from bot.platforms.discord.words import DiscordWords, OwnCodeFormWords
from bot.tutor.forms import Editor
from bot.tutor.model import Ask, Note, Reply, Try
from bot.tutor.pasted_code import LONGEST_CODE
from bot.tutor.words import words

EDITOR_TEMPLATE = re.compile("own:code" + CHOSEN_LANGUAGE)
"""The custom id of the editor, which needs no memory of having been opened."""

_FETCH_SECONDS = 2.0
"""Seconds that reading a file may take: within three Discord wants its first answer."""


class OwnCodeHandlers:
    """Answers whatever learners do with code of their own."""

    def __init__(self, handlers: Handlers) -> None:
        self._handlers = handlers
        self._admission = handlers.admission
        self._log = structlog.get_logger(__name__)

    def _locale(self, interaction: TutorInteraction, chosen: Locale | None = None) -> Locale:
        return self._admission.locale(interaction, chosen)

    async def open(
        self,
        interaction: TutorInteraction,
        request: Try,
        begun: str = "",
        *,
        locale: Locale | None = None,
    ) -> None:
        """Open the editor, with a scenario's code where the request names one.

        :param locale: the language that was chosen, which the answer will be in, too
        """
        spoken = self._locale(interaction, locale)
        if await self._admission.refused(interaction, DiscordWords(spoken)):
            return
        reply = await self._how(interaction, request.origin, spoken)
        if reply.failed:
            await self._admission.show(interaction, reply)
            return
        code = begun or next((it.code for it in reply.parts if isinstance(it, Editor)), "")
        say = OwnCodeFormWords(spoken)
        editor = modal(say.title, f"own:code~{locale}" if locale else "own:code")
        fits = escape.size(code) <= MOST_TYPED
        ask_code(editor, code, say.code, say.placeholder if fits else say.too_long_here)
        ask_file(editor, say.file, say.file_about)
        try:
            await interaction.response.send_modal(editor)
        except (discord.HTTPException, *UNREACHABLE) as error:
            self._log.warning("editor not shown", cause=f"{type(error).__name__}: {error}")

    async def submitted(self, interaction: TutorInteraction) -> None:
        """Run what was written in the editor, or the file that came with it."""
        chosen = language_in(interaction.custom_id or "")
        say = OwnCodeFormWords(self._locale(interaction, chosen))
        code = await self.sent_in(interaction)
        if code is not None:
            await self._run(interaction, code, say, chosen)

    async def sent_in(self, interaction: TutorInteraction) -> str | None:
        """Return the code that a form was sent with, typed or as a file.

        None where the file cannot be used: the asker is told why.
        """
        file = file_of(interaction.data)
        if file is None:
            return values_of(interaction.data).get("code", "")
        return await self._file(interaction, file, OwnCodeFormWords(self._locale(interaction)))

    async def run_this(self, interaction: TutorInteraction, message: discord.Message) -> None:
        """Run the first Python in a message, no matter who wrote it."""
        say = OwnCodeFormWords(self._locale(interaction))
        await self._run(interaction, await self._code_of(interaction, message), say)

    async def edit(self, interaction: TutorInteraction, locale: Locale | None) -> None:
        """Open the editor with the code of the answer that was pressed."""
        message = interaction.message
        code = await self._code_of(interaction, message) if message else None
        if code is None:
            say = OwnCodeFormWords(self._locale(interaction, locale))
            await self._admission.tell(interaction, Note(say.gone, "warning"))
            return
        await self.open(interaction, Try(), code, locale=locale)

    async def again(
        self, interaction: TutorInteraction, locale: Locale | None, *, replay: bool
    ) -> None:
        """Run the code of the answer that was pressed, or take what is remembered of its last run.

        :param replay: show it moving; else tell why each line came when it did
        """
        message = interaction.message
        code = await self._code_of(interaction, message) if message else None
        if code is None:
            say = OwnCodeFormWords(self._locale(interaction, locale))
            await self._admission.tell(interaction, Note(say.gone, "warning"))
            return
        request = Try(code, why=not replay)
        await self._handlers.asked(interaction, request, chosen=Chosen(locale), replay=replay)

    async def may_share(self, interaction: TutorInteraction) -> bool:
        """Tell whether answers to own code may be shared now, whatever held when one was given."""
        return (await self._how(interaction, "", self._locale(interaction))).shareable

    async def _run(
        self,
        interaction: TutorInteraction,
        code: str | None,
        say: OwnCodeFormWords,
        locale: Locale | None = None,
    ) -> None:
        if code is None or not code.strip():
            await self._admission.tell(interaction, Note(say.nothing_found, "warning"))
        else:
            await self._handlers.asked(interaction, Try(code), chosen=Chosen(locale))

    async def _how(self, interaction: TutorInteraction, origin: str, locale: Locale) -> Reply:
        """Return what the tutor says of own code: whether it runs here, and with what to begin."""
        ask = Ask(learner_of(interaction), locale, Try("", origin), place_of(interaction))
        return await last_reply(self._handlers.tutor, ask)

    async def _code_of(self, interaction: TutorInteraction, message: discord.Message) -> str | None:
        """Return the first Python of a message; None where there is none."""
        address = code_address(message)
        if address is None:
            return await asyncio.to_thread(code_in_message, message)
        data = await self._fetched(interaction, address)
        return None if data is None else str(data, "utf-8", "replace")

    async def _file(
        self, interaction: TutorInteraction, file: dict[str, Any], say: OwnCodeFormWords
    ) -> str | None:
        """Return what an uploaded file holds; where it cannot be used, say why and return None."""
        size = int(file.get("size", 0))
        if size > LONGEST_CODE:
            told = words(self._locale(interaction)).own_code.too_long(size)
            await self._admission.tell(interaction, Note(told, "error"))
            return None
        data = await self._fetched(interaction, str(file.get("url", "")))
        try:
            if data is not None:
                return str(data, "utf-8-sig")
            told = say.not_read
        except UnicodeDecodeError:
            told = say.no_text
        await self._admission.tell(interaction, Note(told, "error"))
        return None

    async def _fetched(self, interaction: TutorInteraction, address: str) -> bytes | None:
        try:
            async with asyncio.timeout(_FETCH_SECONDS):
                data: bytes = await interaction.client.http.get_from_cdn(address)
        except (*UNREACHABLE, TimeoutError) as error:
            self._log.warning("file not read", cause=f"{type(error).__name__}: {error}")
            return None
        return data
