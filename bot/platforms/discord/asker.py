"""Who asks, where, and in which language: what an interaction says about its asker."""

import discord

from bot.languages import Locale, locales


def spoken_by(locale: discord.Locale) -> Locale | None:
    """Return our language for one of Discord's, "pt" for "pt-BR"; None where we do not speak it."""
    code = locale.value.partition("-")[0]
    return code if code in locales() else None


def locale_of(interaction: discord.Interaction, chosen: Locale | None = None) -> Locale:
    """Return the language to answer in.

    In this order: the one that was chosen (by an option, or by the button that was pressed); a
    Community server's own; the asker's; English, where we do not speak the asker's. Only
    Community servers set a language. All others say American English, which then means nothing
    (https://discord.com/developers/docs/resources/guild#guild-object, `preferred_locale`).

    :param chosen: the language that the command's option or the pressed button carries
    """
    if chosen is not None:
        return chosen
    place = interaction.guild_locale
    if place is not None and (
        place is not discord.Locale.american_english or _community(interaction)
    ):
        spoken = spoken_by(place)
        if spoken is not None:
            return spoken
    return spoken_by(interaction.locale) or "en"


def learner_of(interaction: discord.Interaction) -> str:
    """Return the key of the user who asks."""
    return f"discord:{interaction.user.id}"


def place_of(interaction: discord.Interaction) -> str:
    """Return the key of the server where it was asked; "" in direct messages."""
    return f"discord:server:{interaction.guild_id}" if interaction.guild_id else ""


def is_own(interaction: discord.Interaction) -> bool:
    """Tell whether the message that was pressed answers the user who pressed it."""
    message = interaction.message
    if message is None:
        return False
    asked = message.interaction_metadata
    return message.flags.ephemeral or (asked is not None and asked.user.id == interaction.user.id)


def answered_by(interaction: discord.Interaction, *, in_place: bool) -> int:
    """Return the id of the interaction whose answer the message is: what Discord hands back."""
    message = interaction.message if in_place else None
    asked = message.interaction_metadata if message is not None else None
    return asked.id if asked is not None else interaction.id


def _community(interaction: discord.Interaction) -> bool:
    guild = interaction.guild
    return guild is not None and "COMMUNITY" in guild.features
