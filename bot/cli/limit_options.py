"""An option for each limit of a run."""

from collections.abc import Mapping
from typing import Any

import click

from bot.runner.model import Limits


def limit_options(verb: Any) -> Any:
    """Add an option for each limit, named as in `Limits`."""
    for name, field in reversed(Limits.model_fields.items()):
        kind = float if field.annotation is float else int
        verb = click.option(
            f"--{name.replace('_', '-')}",
            type=kind,
            help=f"By default {name.upper()} of the settings, which has {field.default:g}.",
        )(verb)
    return verb


def limits_of(limits: Limits, wanted: Mapping[str, float | None]) -> Limits:
    """Return `limits` with those that were given on the command line in their place.

    :raises click.BadParameter: if one of those is out of its bounds
    """
    from pydantic import ValidationError  # noqa: PLC0415 - only for its name

    given = {name: value for name, value in wanted.items() if value is not None}
    try:
        return Limits.model_validate({**limits.model_dump(), **given})
    except ValidationError as error:
        detail = error.errors()[0]
        option = str(detail["loc"][0]).replace("_", "-")
        raise click.BadParameter(detail["msg"], param_hint=f"--{option}") from None
