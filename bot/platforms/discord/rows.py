"""What can be pressed under a reply. Every item carries its whole meaning in its custom id.

So an item works after a restart, on old messages, and for every user who sees it: Discord hands its
custom id back, and the class whose template matches makes a new object from it.
"""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.platforms.discord import custom_ids, escape
from bot.platforms.discord.printed import short_label
from bot.platforms.discord.words import DiscordWords
from bot.tutor.model import Choice, ListLessons, PageLink

TutorInteraction = discord.Interaction[Any]
"""An interaction with our client, `client.TutorClient`; discord.py's items know only `Any`."""
Row = ui.ActionRow[ui.LayoutView]

OUTPUT_FILE, PICTURE_FILE, REPLAY_FILE = "output.txt", "timeline.png", "replay.gif"
_BUTTONS_A_ROW, _BUTTONS, _OPTIONS, _MENUS, _LINKS = 5, 15, 25, 3, 5
_BUTTONS_BESIDE = 10
"""Buttons beside menus: a message has room for 40 components."""
_LABEL, _OPTION, _URL = 80, 100, 512


class Remade:
    """An item that works in messages sent earlier: Discord hands its custom id back."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: TutorInteraction, item: ui.Item[Any], _found: re.Match[str]
    ) -> Self:
        """Take up the item of a message sent earlier."""
        return cls(item)  # type: ignore[call-arg]  # beside it stands `ui.DynamicItem`

    async def interaction_check(self, interaction: TutorInteraction, /) -> bool:
        """Leave to another process what that one answers."""
        mine: bool = await interaction.client.claims(interaction)
        return mine


class AskButton(Remade, ui.DynamicItem[ui.Button[ui.LayoutView]], template=custom_ids.ASK_TEMPLATE):
    """Asks the request that its custom id stands for."""

    async def callback(self, interaction: TutorInteraction) -> None:
        """Answer the user who pressed it."""
        await interaction.client.handlers.pressed(interaction, self.custom_id)


class AskMenu(Remade, ui.DynamicItem[ui.Select[ui.LayoutView]], template=r"menu:\d+"):
    """Offers many requests; each option's value is the custom id a button would have."""

    async def callback(self, interaction: TutorInteraction) -> None:
        """Answer the user who picked an option."""
        picked = self.item.values[0] if self.item.values else ""
        await interaction.client.handlers.pressed(interaction, picked)


class OutputButton(
    Remade, ui.DynamicItem[ui.Button[ui.LayoutView]], template=r"output:(?P<page>\d{1,4})"
):
    """Shows a page of the whole output, which is in the file of the message it stands on."""

    async def callback(self, interaction: TutorInteraction) -> None:
        """Show the page to the user who pressed it."""
        await interaction.client.handlers.pages.turn(
            interaction, int(self.custom_id.partition(":")[2])
        )


def button(
    label: str,
    custom_id: str,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    disabled: bool = False,
) -> ui.Button[ui.LayoutView]:
    """Return a button with a label that Discord takes, whatever `label` holds."""
    text = escape.clip(short_label(label), _LABEL) or "…"
    return ui.Button(label=text, custom_id=custom_id, style=style, disabled=disabled)


def option(label: str, value: str) -> discord.SelectOption:
    """Return a menu's option with a label that Discord takes."""
    return discord.SelectOption(
        label=escape.clip(escape.one_line(label), _OPTION) or "…", value=value
    )


def row(*items: ui.Item[Any]) -> Row:
    """Return a row of items; discord.py types the dynamic ones more loosely than a row's."""
    return ui.ActionRow(*items)


def choice_rows(
    choices: Sequence[Choice], words: DiscordWords, chosen: custom_ids.Chosen | None = None
) -> list[Row]:
    """Return `choices` as buttons; chapters, and what is too many for buttons, as menus."""
    asked = {custom_ids.write(choice.what, chosen): choice for choice in reversed(choices)}
    offered = [(key, choice) for key, choice in reversed(asked.items()) if key is not None]
    chapters = [
        (key, choice)
        for key, choice in offered
        if isinstance(choice.what, ListLessons) and choice.what.lesson
    ]
    listed = chapters if len(chapters) > 1 else []
    pressed = [pair for pair in offered if pair not in listed]
    if len(pressed) > (_BUTTONS_BESIDE if listed else _BUTTONS):
        listed, pressed = offered, []
    rows = [
        row(AskMenu(_menu(number, listed[at : at + _OPTIONS], words)))
        for number, at in enumerate(range(0, len(listed), _OPTIONS)[:_MENUS])
    ]
    return [*rows, *_button_rows(pressed)]


def _menu(
    number: int, offered: Sequence[tuple[str, Choice]], words: DiscordWords
) -> ui.Select[ui.LayoutView]:
    """Return a menu that offers up to 25 choices."""
    return ui.Select(
        custom_id=f"menu:{number}",
        placeholder=words.pick,
        options=[option(choice.label, key) for key, choice in offered],
    )


def _button_rows(offered: Sequence[tuple[str, Choice]]) -> list[Row]:
    """Return buttons, five a row; the first is what most learners want next."""
    buttons = [
        AskButton(
            button(
                choice.label,
                key,
                style=discord.ButtonStyle.secondary if index else discord.ButtonStyle.primary,
            )
        )
        for index, (key, choice) in enumerate(offered)
    ]
    return [
        row(*buttons[at : at + _BUTTONS_A_ROW]) for at in range(0, len(buttons), _BUTTONS_A_ROW)
    ]


def output_row(words: DiscordWords) -> Row:
    """Return the button that shows the whole output."""
    return row(OutputButton(button(words.show_all, "output:0")))


def page_row(page: int, pages: int, words: DiscordWords) -> Row:
    """Return the buttons that turn the pages of an output."""
    return row(
        OutputButton(button(words.previous, f"output:{page - 1}", disabled=False))
        if page
        else OutputButton(button(words.previous, "output:9999", disabled=True)),
        OutputButton(button(words.next, f"output:{page + 1}", disabled=page + 1 >= pages)),
    )


def link_rows(links: Sequence[PageLink]) -> list[Row]:
    """Return the pages to read on, as a row of buttons."""
    buttons: list[ui.Button[ui.LayoutView]] = [
        ui.Button(label=escape.clip(short_label(link.title), _LABEL) or "…", url=link.url)
        for link in links
        if len(link.url) <= _URL and link.url.startswith("https://")
    ]
    return [row(*buttons[:_LINKS])] if buttons else []
