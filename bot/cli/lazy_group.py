"""A group of verbs that are imported only when they are asked for, so that each starts quickly."""

import gc
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

import click


def imported(module: str) -> ModuleType:
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
    :param about: what the list of verbs says of each
    :param begin: called with the context, a verb that is called and its arguments, before that verb
        is imported
    """

    def __init__(
        self,
        *,
        elsewhere: Mapping[str, str],
        about: Mapping[str, str] | None = None,
        begin: Callable[[click.Context, str, list[str]], None] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._begin = begin
        self._elsewhere = dict(elsewhere)
        self._about = about

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing any, where it was told what to say of them."""
        if self._about is None:
            super().format_commands(ctx, formatter)
            return
        width = formatter.width - 6 - max(map(len, self.list_commands(ctx)))
        rows = [
            (name, click.Command(name, help=self._about.get(name)).get_short_help_str(width))
            for name in self.list_commands(ctx)
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all verbs."""
        return [*super().list_commands(ctx), *self._elsewhere]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb that is called."""
        if self._begin is not None and args:
            self._begin(ctx, args[0], args[1:])
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one verb, or None if there is none of this name."""
        if cmd_name not in self._elsewhere:
            return super().get_command(ctx, cmd_name)
        module, _, name = self._elsewhere[cmd_name].partition(":")
        command = getattr(imported(module), name)
        assert isinstance(command, click.Command)
        return command
