"""A group of verbs that are imported only when they are asked for, so that each starts quickly."""

import gc
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

import click


def _imported(module: str) -> ModuleType:
    """Import a module and leave what it made out of all later garbage collections.

    None of it ever becomes garbage, and looking for some takes a tenth of the time to start.
    """
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.freeze()
        gc.enable()


class LazyGroup(click.Group):
    """A group whose verbs live in modules of their own.

    :param elsewhere: for each verb, "module:name"; shown in this order, after those that were
        added to the group itself
    """

    def __init__(self, *, elsewhere: Mapping[str, str], **options: Any) -> None:
        super().__init__(**options)
        self._elsewhere = dict(elsewhere)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all verbs."""
        return [*super().list_commands(ctx), *self._elsewhere]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one verb, or None if there is none of this name."""
        if cmd_name not in self._elsewhere:
            return super().get_command(ctx, cmd_name)
        module, _, name = self._elsewhere[cmd_name].partition(":")
        command = getattr(_imported(module), name)
        assert isinstance(command, click.Command)
        return command
