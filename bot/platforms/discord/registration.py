"""Tells Discord which commands there are, but only when it knows other ones.

Registering is limited to 200 new commands a day, and rewriting unchanged ones makes the clients
of every server load them again. So what Discord has is read first and compared. Commands can be
registered for all servers or for one; Discord shows both kinds, so those of the scope that is not
used any more are deleted.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import discord
import structlog
from discord.http import Route

from bot.platforms.discord.commands import Translator, Tree
from bot.platforms.discord.connection import UNREACHABLE, Retry

_MOST_CLEARED = 100
"""Servers that are looked through for commands left there; a trial is made by small bots."""
_LONGEST_PAUSE = 3_600.0
_PATIENCE = 60.0
"""Seconds that one attempt may take."""

_COMPARED = ("name", "description", "name_localizations", "description_localizations")


async def keep_registered(
    tree: Tree,
    server: int | None,
    retry: Retry,
    told: Callable[[dict[str, int]], None],
    *,
    write: bool = True,
) -> None:
    """Register the tree's commands, trying until it is done. The bot serves meanwhile.

    :param told: called with the ids of the commands, by their names
    :param write: False: register nothing, and only read the ids

    What a failed attempt leaves is what Discord had before; learners can use that.
    """
    log = structlog.get_logger(__name__)
    pause = retry.longest
    while True:
        try:
            async with asyncio.timeout(_PATIENCE):
                changed = write and await register(tree, server=server)
                told(await ids_of(tree.client, server))
            if write:
                await clear_unused(tree.client, server)
        except UNREACHABLE as error:
            wait = max(pause, getattr(error, "retry_after", 0.0))
            cause = f"{type(error).__name__}: {error}"
            log.error("commands not registered", retry=round(wait), cause=cause)  # noqa: TRY400 - where it was raised says nothing
            await asyncio.sleep(wait)
            pause = min(2 * pause, _LONGEST_PAUSE)
        except Exception:  # whatever it is, learners would miss a command for ever
            log.exception("commands not registered", retry=round(pause))
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        else:
            log.info("commands registered", changed=changed)
            return


async def ids_of(client: discord.Client, server: int | None) -> dict[str, int]:
    """Return the ids of the slash commands that Discord knows, by their names.

    :raises discord.HTTPException: if Discord refuses
    """
    found = await _registered(client, server)
    return {each["name"]: int(each["id"]) for each in found if each.get("type", 1) == 1}


async def register(tree: Tree, *, server: int | None = None) -> bool:
    """Register the tree's commands if they changed; return whether that was so.

    :param server: register them for this server alone, where they appear at once
    :raises discord.HTTPException: if Discord refuses
    :raises discord.RateLimited: if Discord wants us to wait for long
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
        return False
    await tree.sync(guild=guild)
    return True


async def clear_unused(client: discord.Client, server: int | None) -> None:
    """Delete the commands of the scopes that are not used: else each would be shown twice.

    :raises discord.HTTPException: if Discord refuses
    """
    scopes: list[int | None] = [guild.id for guild in client.guilds[:_MOST_CLEARED]]
    for scope in (*scopes, None):
        if scope == server:
            continue
        try:
            left = await _registered(client, scope)
        except discord.Forbidden:
            continue  # a server that has the bot without its commands
        if left:
            await client.http.request(_route("PUT", client, scope), json=[])
            log = structlog.get_logger(__name__)
            log.info("commands cleared", server=scope or "all", count=len(left))


def _route(method: str, client: discord.Client, server: int | None) -> Route:
    """Return where the commands of a scope are: of one server, or (None) of all."""
    base = "/applications/{application_id}"
    if server is None:
        return Route(method, f"{base}/commands", application_id=client.application_id)
    path = f"{base}/guilds/{{guild_id}}/commands"
    return Route(method, path, application_id=client.application_id, guild_id=server)


async def _registered(client: discord.Client, server: int | None) -> list[dict[str, Any]]:
    """Return the commands that Discord has. discord.py does not ask for their translations."""
    found: list[dict[str, Any]] = await client.http.request(
        _route("GET", client, server), params={"with_localizations": "true"}
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
        [(choice["name"], choice["value"]) for choice in option.get("choices") or ()],
    ]
