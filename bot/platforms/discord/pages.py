"""The whole output of a run, page by page, from the file that went with its message."""

import structlog
from discord import ui

from bot.platforms.discord import escape
from bot.platforms.discord.admission import Admission
from bot.platforms.discord.blocks import Fence
from bot.platforms.discord.connection import UNREACHABLE
from bot.platforms.discord.message_slot import MessageSlot, MessageSlotError
from bot.platforms.discord.received import file_address
from bot.platforms.discord.render import Attachment, Rendered, unheld_view
from bot.platforms.discord.render import render as render_reply
from bot.platforms.discord.rows import OUTPUT_FILE, TutorInteraction, page_row
from bot.platforms.discord.words import DiscordWords
from bot.tutor.model import Note, Reply

PAGE = 3_600
"""UTF-16 units of output on one page."""
_LINE = 500
"""A longer line is cut up. Made visible, one character takes six at most."""


class OutputPages:
    """Shows a run's whole output to the user who asks for it."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._log = structlog.get_logger(__name__)

    async def turn(self, interaction: TutorInteraction, page: int) -> None:
        """Show a page of the whole output, from the file on the message that was pressed."""
        words = DiscordWords(self._admission.locale(interaction))
        if await self._admission.refused(interaction, words):
            return
        own = interaction.message is not None and interaction.message.flags.ephemeral
        slot = MessageSlot(interaction, in_place=own)
        try:
            # To read the file may take longer than Discord waits for a first answer.
            await slot.acknowledge(private=True)
            text = await self._output(interaction)
            if text is not None:
                await slot.update(render_page(text, page, words))
            else:
                gone = Reply((Note(words.output_gone, "warning"),), private=True, failed=True)
                shown = render_reply(gone, self._admission.locale(interaction))
                await (slot.whisper(shown) if own else slot.update(shown))
        except MessageSlotError as error:
            self._log.warning("answer not shown", cause=str(error))

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


def split(text: str) -> list[str]:
    """Return `text` in pages; a page ends where a line ends."""
    pages: list[str] = []
    lines: list[str] = []
    room = PAGE
    for line in _lines(text):
        length = escape.size(escape.code(line)) + 1
        if length > room:
            pages.append("\n".join(lines))
            lines, room = [], PAGE
        lines.append(line)
        room -= length
    return [*pages, "\n".join(lines)]


def render_page(text: str, page: int, words: DiscordWords) -> Rendered:
    """Return the message that shows one page, the nearest if `page` is past the end.

    The file goes along: from it the next page is made.
    """
    pages = split(text)
    page = min(page, len(pages) - 1)
    view = unheld_view()
    body = Fence(tuple(pages[page].split("\n"))).text()
    view.add_item(ui.TextDisplay(body))
    view.add_item(ui.TextDisplay(f"-# {words.page.format(page=page + 1, pages=len(pages))}"))
    view.add_item(ui.File(f"attachment://{OUTPUT_FILE}"))
    if len(pages) > 1:
        view.add_item(page_row(page, len(pages), words))
    return Rendered(view, (Attachment(OUTPUT_FILE, text.encode("utf-8", "replace")),))


def _lines(text: str) -> list[str]:
    """Return the lines of `text`, none longer than a page holds even when all is escaped."""
    return [
        line[at : at + _LINE]
        for line in text.split("\n")
        for at in range(0, max(1, len(line)), _LINE)
    ]
