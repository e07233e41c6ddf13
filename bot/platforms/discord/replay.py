"""Replay: a button under a run, and the run as a moving picture for the user who presses it.

The button names the scenario; under own code, the code is found in the message. The tutor shows the
presser's own last run of it, or a new one where that is not remembered.
"""

import re
from typing import Any

from discord import ui

from bot.languages import Locale
from bot.platforms.discord import custom_ids
from bot.platforms.discord.asker import is_own
from bot.platforms.discord.custom_ids import CHOSEN_LANGUAGE, Chosen
from bot.platforms.discord.own_code_message import language_in
from bot.platforms.discord.received import shown_files
from bot.platforms.discord.rows import REPLAY_FILE, Remade, TutorInteraction, button
from bot.platforms.discord.words import DiscordWords
from bot.tutor.model import Predict, Reply, Request, Run, Try, Why
from bot.tutor.run_parts import Picture

OWN_REPLAY_TEMPLATE = re.compile("own:replay" + CHOSEN_LANGUAGE)


class ReplayButton(
    Remade, ui.DynamicItem[ui.Button[ui.LayoutView]], template=custom_ids.REPLAY_TEMPLATE
):
    """Shows a run of the scenario that its custom id names as a moving picture."""

    async def callback(self, interaction: TutorInteraction) -> None:
        """Show it to the user who pressed it."""
        # Under a replay of one's own stands the way to the same in the other language.
        in_place = is_own(interaction) and _shows_replay(interaction)
        await interaction.client.handlers.replayed(interaction, self.custom_id, in_place=in_place)


class OwnReplayButton(
    Remade, ui.DynamicItem[ui.Button[ui.LayoutView]], template=OWN_REPLAY_TEMPLATE
):
    """Shows a run of the code in the answer that it stands under as a moving picture."""

    async def callback(self, interaction: TutorInteraction) -> None:
        """Show it to the user who pressed it."""
        chosen = language_in(self.custom_id)
        await interaction.client.own_code.again(interaction, chosen, replay=True)


def replay_items(
    reply: Reply, request: Request, words: DiscordWords, chosen: Chosen
) -> list[ui.Item[Any]]:
    """Return the button that replays the run in a final reply; nothing where there is not one.

    :param request: what was asked
    :param chosen: what was chosen beside it, for the button to carry on
    """
    pictures = [part for part in reply.parts if isinstance(part, Picture)]
    if not reply.final or len(pictures) != 1 or len(pictures[0].timelines) != 1:
        return []
    match request:
        case Run(name) | Why(name) | Predict(name):
            custom_id = custom_ids.write(Run(name), chosen, verb="replay")
            return [ReplayButton(button(words.replay, custom_id))] if custom_id else []
        case Try():
            marked = f"~{chosen.locale}" if chosen.locale else ""
            return [OwnReplayButton(button(words.replay, f"own:replay{marked}"))]
        case _:
            return []


def replay_in(label: str, locale: Locale, request: Request, *, private: bool) -> list[ui.Item[Any]]:
    """Return the button that shows the same replay in another language."""
    custom_id = custom_ids.write(request, Chosen(locale, private=private), verb="replay")
    return [ReplayButton(button(label, custom_id))] if custom_id else []


def _shows_replay(interaction: TutorInteraction) -> bool:
    message = interaction.message
    return message is not None and any(name == REPLAY_FILE for name, _, _ in shown_files(message))
