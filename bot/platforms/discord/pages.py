"""The whole output of a run, page by page, from the file that went with its message."""

from discord import ui

from bot.platforms.discord import escape
from bot.platforms.discord.blocks import Fence
from bot.platforms.discord.render import Attachment, Rendered, unheld_view
from bot.platforms.discord.rows import OUTPUT_FILE, page_row
from bot.platforms.discord.words import DiscordWords

PAGE = 3_600
"""UTF-16 units of output on one page."""
_LINE = 500
"""A longer line is cut up. Made visible, one character takes six at most."""


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


def render(text: str, page: int, words: DiscordWords) -> Rendered:
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
