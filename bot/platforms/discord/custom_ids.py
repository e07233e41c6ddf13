"""What a button carries: a request in the at most 100 characters that Discord keeps for us.

Discord hands the text back when the button is pressed, days later and after restarts. It could
be anything that an older version wrote, so reading it can fail.
"""

import re

from bot.tutor.model import Compare, Explain, Help, ListLessons, Predict, Request, Run

LIMIT = 100
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_ASK = "ask:"
ASK_TEMPLATE = re.compile(r"ask:(?P<what>[a-z0-9_:+]*)")


def write(request: Request) -> str | None:
    """Return the custom id that stands for `request`; None where it cannot be held."""
    match request:
        case Help():
            text = "help"
        case ListLessons(lesson):
            text = f"lessons:{lesson}" if lesson else "lessons"
        case Explain(name):
            text = f"explain:{name}"
        case Run(name):
            text = f"run:{name}"
        case Compare(names):
            text = f"compare:{'+'.join(names)}"
        case Predict(name, guess):
            text = f"predict:{name}" if guess is None else ""
    custom_id = _ASK + text
    return custom_id if len(custom_id) <= LIMIT and read(custom_id) == request else None


def read(custom_id: str) -> Request | None:  # noqa: PLR0911 - one case a request
    """Return the request that `custom_id` stands for; None where no version of ours wrote it."""
    verb, _, rest = custom_id.removeprefix(_ASK).partition(":")
    names = tuple(rest.split("+")) if rest else ()
    if not all(_NAME.fullmatch(name) for name in names):
        return None
    first = names[0] if names else ""
    match verb, len(names):
        case "help", 0:
            return Help()
        case "lessons", 0 | 1:
            return ListLessons(first)
        case "explain", 1:
            return Explain(first)
        case "run", 1:
            return Run(first)
        case "predict", 1:
            return Predict(first)
        case "compare", count if count:
            return Compare(names)
    return None


def command(request: Request) -> str:
    """Return the command that asks the same, to be typed."""
    match request:
        case Help():
            return "/help"
        case ListLessons(lesson):
            return f"/lessons {lesson}".rstrip()
        case Compare(names):
            return f"/compare {' '.join(names)}"
        case Explain(name):
            return f"/explain {name}"
        case Run(name):
            return f"/run {name}"
        case Predict(name):
            return f"/predict {name}"
