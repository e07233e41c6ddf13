"""Tells Discord which commands there are, but only when it knows other ones.

Registering is limited to 200 new commands a day, and rewriting unchanged ones makes the clients
of every server load them anew. So what Discord has is read first and compared.
"""

import logging
from typing import Any

import discord
from discord.http import Route

from bot.platforms.discord.commands import Translator, Tree

_log = logging.getLogger(__name__)

_COMPARED = ("name", "description", "name_localizations", "description_localizations")


async def register(tree: Tree, *, server: int | None = None) -> bool:
    """Register the tree's commands if they changed; return whether that was so.

    :param server: register them for this server alone, where they appear at once
    :raises discord.HTTPException: if Discord refuses
    """
    guild = discord.Object(server) if server is not None else None
    if guild is not None:
        tree.copy_global_to(guild=guild)
    translator = Translator()
    await tree.set_translator(translator)
    ours = [
        await command.get_translated_payload(tree, translator)
        for command in tree.get_commands(guild=guild)
    ]
    theirs = await _registered(tree.client, server)
    if _compared(ours) == _compared(theirs):
        _log.info("Discord has our %d commands already", len(ours))
        return False
    await tree.sync(guild=guild)
    _log.info("registered %d commands with Discord", len(ours))
    return True


async def _registered(client: discord.Client, server: int | None) -> list[dict[str, Any]]:
    """Return the commands that Discord has. discord.py does not ask for their translations."""
    path = "/applications/{application_id}/commands"
    route = (
        Route("GET", path, application_id=client.application_id)
        if server is None
        else Route(
            "GET",
            "/applications/{application_id}/guilds/{guild_id}/commands",
            application_id=client.application_id,
            guild_id=server,
        )
    )
    found: list[dict[str, Any]] = await client.http.request(
        route, params={"with_localizations": "true"}
    )
    return found


def _compared(commands: list[dict[str, Any]]) -> list[Any]:
    """Return what matters of `commands`, the same for what we send and what Discord returns."""
    return sorted(
        (
            [
                command.get("type", 1),
                *(command.get(key) or "" for key in _COMPARED),
                sorted(command.get("contexts") or ()),
                sorted(command.get("integration_types") or ()),
                bool(command.get("nsfw", False)),
                [_option(option) for option in command.get("options") or ()],
            ]
            for command in commands
        ),
        key=lambda compared: (compared[0], compared[1]),
    )


def _option(option: dict[str, Any]) -> list[Any]:
    """Return what matters of a command's argument."""
    return [
        option["type"],
        *(option.get(key) or "" for key in _COMPARED),
        bool(option.get("required", False)),
        bool(option.get("autocomplete", False)),
        option.get("min_length") or 0,
        option.get("max_length") or 0,
    ]
