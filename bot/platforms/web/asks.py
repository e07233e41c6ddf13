"""What a learner asks, as a page's address and as a typed command, and back again."""

from collections.abc import Callable
from urllib.parse import quote, unquote

from bot.tutor.model import Compare, Explain, Help, ListLessons, NameKind, Predict, Request, Run

LONGEST_ASK = 200
"""Characters in a typed command or an address; every real one is far shorter."""

MOST_COMPARED = 5

_COMMANDS: dict[str, str] = {
    "run": "run",
    "실행": "run",
    "explain": "explain",
    "설명": "explain",
    "compare": "compare",
    "비교": "compare",
    "predict": "predict",
    "예측": "predict",
    "lessons": "lessons",
    "수업": "lessons",
    "help": "help",
    "도움말": "help",
}

COMMANDS: tuple[str, ...] = ("run", "explain", "compare", "predict", "lessons", "help")

KINDS: dict[str, NameKind] = {
    "run": "scenario",
    "explain": "concept",
    "compare": "scenario",
    "predict": "scenario",
    "lessons": "lesson",
}
"""What kind of name follows each command."""

_SINGLE: dict[str, Callable[[str], Request]] = {
    "explain": Explain,
    "run": Run,
    "predict": Predict,
}


def words_of(request: Request) -> tuple[str, ...]:
    """Return the command and the names that stand for a request. A guess is not part of it."""
    match request:
        case Help():
            return ("help",)
        case ListLessons(lesson=lesson):
            return ("lessons", lesson) if lesson else ("lessons",)
        case Explain(name=name):
            return "explain", name
        case Run(name=name):
            return "run", name
        case Compare(names=names):
            return "compare", *names
        case Predict(name=name):
            return "predict", name


def path_of(request: Request) -> str:
    """Return the address that asks this: `/run/gather`, `/compare/sync,gather`."""
    command, *names = words_of(request)
    return "/" + command + ("/" + ",".join(quote(name, safe="") for name in names) if names else "")


def command_of(request: Request) -> str:
    """Return what a learner would type to ask this: `/run gather`."""
    return "/" + " ".join(words_of(request))


def from_path(path: str) -> Request | None:
    """Return what an address asks, or None if it asks nothing. Names are not looked up here."""
    if len(path) > LONGEST_ASK * 9:  # a Hangul syllable is nine characters when quoted
        return None
    command, _, rest = path.strip("/").partition("/")
    if command not in COMMANDS:
        return None
    names = rest.split(",") if command == "compare" else [rest]
    return _request(command, [unquote(name) for name in names])


def from_text(text: str) -> Request | None:
    """Return what a typed line asks; a line without a command asks for an explanation.

    None: the line is empty or too long, or its command lacks a name.
    """
    words = text.split()
    if not words or len(text) > LONGEST_ASK:
        return None
    command = _COMMANDS.get(words[0].removeprefix("/").casefold())
    if command is None:
        return None if words[0].startswith("/") else Explain(" ".join(words))
    names = words[1:] if command == "compare" else [" ".join(words[1:])]
    return _request(command, names)


def _request(command: str, names: list[str]) -> Request | None:
    names = [name.strip() for name in names if name.strip()]
    if any(len(name) > LONGEST_ASK for name in names):
        return None
    if command == "help":
        return Help()
    if command == "lessons":
        return ListLessons(names[0] if names else "")
    if command == "compare":
        return Compare(tuple(names)) if 2 <= len(names) <= MOST_COMPARED else None  # noqa: PLR2004 - a pair at least
    if not names:
        return None
    return _SINGLE[command](names[0])
