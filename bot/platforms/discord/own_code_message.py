"""The message that shows a run of own code: it holds the code, and what can be done with it.

A button that needs the code finds it in the message: in its text, where it stands there to the
letter, else in a file that goes with it.
"""

import re
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.languages import Locale, locales
from bot.platforms.discord.custom_ids import CHOSEN_LANGUAGE
from bot.platforms.discord.received import file_address, text_of
from bot.platforms.discord.render import Attachment, Rendered
from bot.platforms.discord.rows import Remade, Row, TutorInteraction, button, row
from bot.platforms.discord.words import OwnCodeFormWords
from bot.tutor.model import Choices, Code, Reply, Try
from bot.tutor.pasted_code import python_block

CODE_FILE = "code.py"
LONGEST_AS_TEXT = 3_500
"""Characters of code that stand in the message itself; a longer one is a file."""

EDIT_TEMPLATE = re.compile("own:edit" + CHOSEN_LANGUAGE)
WHY_TEMPLATE = re.compile("own:why" + CHOSEN_LANGUAGE)


class EditButton(Remade, ui.DynamicItem[ui.Button[ui.LayoutView]], template=EDIT_TEMPLATE):
    """Opens the editor with the code of the answer that it stands under."""

    async def callback(self, interaction: TutorInteraction) -> None:
        """Open it for the user who pressed it."""
        await interaction.client.own_code.edit(interaction, language_in(self.custom_id))


class WhyButton(Remade, ui.DynamicItem[ui.Button[ui.LayoutView]], template=WHY_TEMPLATE):
    """Runs the code of the answer that it stands under; tells why each line came when it did."""

    async def callback(self, interaction: TutorInteraction) -> None:
        """Answer the user who pressed it."""
        chosen = language_in(self.custom_id)
        await interaction.client.own_code.again(interaction, chosen, replay=False)


def language_in(custom_id: str) -> Locale | None:
    """Return the language that was chosen for own code, which its items carry; None if none was."""
    named = custom_id.partition("~")[2]
    return named if named in locales() else None


def edit_rows(reply: Reply, words: OwnCodeFormWords, chosen: Locale | None = None) -> list[Row]:
    """Return what can be done with the code; nothing where there is none (yet).

    The choice that carries the code itself becomes a button that finds it in the message.

    :param chosen: the language that was chosen for the answer
    """
    if _code_of(reply) is None:
        return []
    marked = f"~{chosen}" if chosen else ""
    items: list[ui.Item[Any]] = [
        EditButton(button(words.edit, f"own:edit{marked}", style=discord.ButtonStyle.primary))
    ]
    items += [
        WhyButton(button(choice.label, f"own:why{marked}"))
        for part in reply.parts
        if isinstance(part, Choices)
        for choice in part.choices
        if isinstance(choice.what, Try) and choice.what.why
    ]
    return [row(*items)]


def with_own_code(shown: Rendered, reply: Reply) -> Rendered:
    """Return the message with its code to be found in it."""
    code = _code_of(reply)
    if code is None:
        return shown
    text = "\n".join(
        item.content for item in shown.view.walk_children() if isinstance(item, ui.TextDisplay)
    )
    if len(code) <= LONGEST_AS_TEXT and f"```py\n{code.rstrip(chr(10))}\n```" in text:
        return shown
    container = shown.view.children[0]
    assert isinstance(container, ui.Container)
    container.add_item(ui.File(f"attachment://{CODE_FILE}"))
    data = code.encode("utf-8", "replace")
    return replace(shown, attachments=(*shown.attachments, Attachment(CODE_FILE, data)))


def _code_of(reply: Reply) -> str | None:
    """Return the code that a reply is about; None where it was turned away, or is under way."""
    codes = (part.text for part in reply.parts if isinstance(part, Code))
    return next(codes, None) if reply.final else None


def holds_own_code(message: discord.Message) -> bool:
    """Tell whether a message of ours answers a learner's own code: its code can be edited there."""
    view = ui.LayoutView.from_message(message, timeout=None)
    named = (getattr(item, "custom_id", None) or "" for item in view.walk_children())
    return any(EDIT_TEMPLATE.fullmatch(custom_id) for custom_id in named)


def code_in_message(message: discord.Message) -> str | None:
    """Return the code that stands in a message's text, if it does."""
    return python_block(text_of(message))


def code_address(message: discord.Message) -> str | None:
    """Return where the message's code can be read, if it is in a file."""
    return file_address(message, CODE_FILE)
