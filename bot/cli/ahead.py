"""Begins what takes longest before the verb that needs it is imported: the sandbox's server."""

from collections.abc import Sequence
from contextlib import suppress

import click

from bot.runner.host.server_process import ServerProcess

_ASKS_FOR_HELP = {"-h", "--help"}


def begin_sandbox(context: click.Context, arguments: Sequence[str]) -> None:
    """Start the server of a sandbox for the verb that is called with these arguments.

    It is closed with the context, if nobody took it before; where it cannot be started, the first
    run will say why.
    """
    if not _ASKS_FOR_HELP.intersection(arguments):
        with suppress(OSError):
            context.obj = context.with_resource(ServerProcess())


def begun_sandbox() -> ServerProcess | None:
    """Return what was begun for the verb that is being called, if anything was."""
    context = click.get_current_context(silent=True)
    return context.find_object(ServerProcess) if context is not None else None
