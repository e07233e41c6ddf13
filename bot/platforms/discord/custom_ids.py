"""What a button carries: a request in the at most 100 characters that Discord keeps for us.

Discord hands the text back when the button is pressed, days later and after restarts. It could
be anything that an older version wrote, so reading it can fail.
"""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from bot.languages import Locale, locales
from bot.tutor.commands import command_named, command_of
from bot.tutor.model import Request

CUSTOM_ID_LIMIT = 100
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
CHOSEN_LANGUAGE = r"(?:~(?P<locale>[a-z]{2,3}))?"
_REST = rf"{CHOSEN_LANGUAGE}(?P<private>!)?:(?P<what>[a-z0-9_:+]*)"
ASK_TEMPLATE = re.compile("ask" + _REST)
SWITCH_TEMPLATE = re.compile("turn" + _REST)
REPLAY_TEMPLATE = re.compile("replay" + _REST)
_TEMPLATES = (ASK_TEMPLATE, SWITCH_TEMPLATE, REPLAY_TEMPLATE)

Verb = Literal["ask", "turn", "replay"]
"""What a button does: ask, show the same in another language, or show a run moving."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an asker chose beside the request; the buttons under the answer carry it on."""

    locale: Locale | None = None
    """The language; None: nobody chose one."""
    private: bool = False
    """For the asker alone."""


def write(request: Request, chosen: Chosen | None = None, verb: Verb = "ask") -> str | None:
    """Return the custom id that stands for `request`; None where it cannot be held.

    What was chosen is left out where there is no room for it.
    """
    command = command_of(request)
    names = "+".join(command.names_in(request))
    what = f"{command.id}:{names}" if names else command.id
    marks = _marks(chosen) if chosen else ""
    for head in (verb + marks, verb) if verb == "ask" else (verb + marks,):
        custom_id = f"{head}:{what}"
        if len(custom_id) <= CUSTOM_ID_LIMIT and request_of(custom_id) == request:
            return custom_id
    return None


def _found(custom_id: str) -> re.Match[str] | None:
    return next((found for it in _TEMPLATES if (found := it.fullmatch(custom_id))), None)


def _marks(chosen: Chosen) -> str:
    return (f"~{chosen.locale}" if chosen.locale else "") + ("!" if chosen.private else "")


def chosen_in(custom_id: str) -> Chosen:
    """Return what was chosen by the user who asked for the answer that the item stands under."""
    found = _found(custom_id)
    if found is None:
        return Chosen()
    locale: Locale | None = found["locale"]
    return Chosen(locale if locale in locales() else None, private=bool(found["private"]))


def request_of(custom_id: str) -> Request | None:
    """Return the request that `custom_id` stands for; None where no version of ours wrote it."""
    found = _found(custom_id)
    verb, _, rest = (found["what"] if found else "").partition(":")
    command, names = command_named(verb), rest.split("+") if rest else []
    if command is None or not all(_NAME.fullmatch(name) for name in names):
        return None
    asked = command.request_with(names)
    return asked if isinstance(asked, get_args(Request)) else None
