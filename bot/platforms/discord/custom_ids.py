"""What a button carries: a request in the at most 100 characters that Discord keeps for us.

Discord hands the text back when the button is pressed, days later and after restarts. It could
be anything that an older version wrote, so reading it can fail.
"""

import re
from typing import get_args

from bot.tutor.commands import command_of, find
from bot.tutor.model import Request

LIMIT = 100
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_ASK = "ask:"
ASK_TEMPLATE = re.compile(r"ask:(?P<what>[a-z0-9_:+]*)")


def write(request: Request) -> str | None:
    """Return the custom id that stands for `request`; None where it cannot be held."""
    command = command_of(request)
    names = "+".join(command.names_in(request))
    custom_id = _ASK + (f"{command.id}:{names}" if names else command.id)
    return custom_id if len(custom_id) <= LIMIT and read(custom_id) == request else None


def read(custom_id: str) -> Request | None:
    """Return the request that `custom_id` stands for; None where no version of ours wrote it."""
    verb, _, rest = custom_id.removeprefix(_ASK).partition(":")
    command, names = find(verb), rest.split("+") if rest else []
    if command is None or not all(_NAME.fullmatch(name) for name in names):
        return None
    asked = command.asking(names)
    return asked if isinstance(asked, get_args(Request)) else None
