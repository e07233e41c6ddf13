"""An option for each limit of a run."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from bot.runner.model import Limits


def limit_options(own: Limits | None = None) -> Callable[[Any], Any]:
    """Return what adds an option for each limit to a verb, named as in `Limits`.

    :param own: the verb's own limits, which hold where the settings do not give less
    """

    def add(verb: Any) -> Any:
        for name, field in reversed(Limits.model_fields.items()):
            kind = float if field.annotation is float else int
            setting = f"{name.upper()} of the settings"
            told = (
                f"By default {setting}, which has {field.default:.12g}."
                if own is None
                else f"By default {getattr(own, name):.12g}; less where {setting} is."
            )
            verb = click.option(
                f"--{name.replace('_', '-')}",
                type=kind,
                help=told,
            )(verb)
        return verb

    return add


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
