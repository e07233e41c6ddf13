"""What a typed line means, and what to type for a request. Pure."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.lessons.model import LOCALES, Locale
from bot.platforms.terminal.words import TerminalWords
from bot.tutor.model import (
    Compare,
    Explain,
    Help,
    ListLessons,
    NameKind,
    Predict,
    Request,
    Run,
)

LONGEST = 500
"""Characters of a line; every real command is far shorter."""

KOREAN = {
    "수업": "lessons",
    "설명": "explain",
    "실행": "run",
    "비교": "compare",
    "예측": "predict",
    "도움말": "help",
    "언어": "lang",
    "끝": "quit",
}
COMMANDS = ("lessons", "explain", "run", "compare", "predict", "help", "lang", "quit")

KINDS: dict[str, NameKind] = {
    "lessons": "lesson",
    "explain": "concept",
    "run": "scenario",
    "compare": "scenario",
    "predict": "scenario",
}
"""What kind of name follows each command."""

_LANGUAGES: dict[str, Locale] = {
    **{locale: locale for locale in LOCALES},
    "korean": "ko",
    "한국어": "ko",
    "english": "en",
    "영어": "en",
}


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave the chat."""


@dataclass(frozen=True, slots=True)
class SwitchTo:
    """Change the language."""

    locale: Locale


@dataclass(frozen=True, slots=True)
class Choose:
    """Take one of the choices below the last answer, counted from 1."""

    number: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty line, or a comment in a file of commands."""


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """A line that means nothing, with the sentence that says so."""

    sentence: str


_WITHOUT_NAMES: Mapping[str, Help | Quit] = {"help": Help(), "quit": Quit()}
_WITH_A_NAME: dict[str, Callable[[str], Request]] = {
    "explain": Explain,
    "run": Run,
    "predict": Predict,
}

Meaning = Request | Quit | SwitchTo | Choose | Nothing | Misunderstood


def meaning(line: str, say: TerminalWords) -> Meaning:
    """Return what a typed line means; a line without a slash asks for an explanation."""
    words = line.split()
    if not words or words[0].startswith("#"):
        return Nothing()
    if len(line) > LONGEST:
        return Misunderstood(say.too_long)
    if not words[0].startswith("/"):
        typed = " ".join(words)
        return Choose(int(typed)) if typed.isdecimal() else Explain(typed)
    typed, *names = words
    command = _command(typed)
    if command not in COMMANDS:
        near = difflib.get_close_matches(command, COMMANDS, n=1)
        return Misunderstood(say.unknown_command(typed, near[0] if near else ""))
    return _with_names(command, names, say)


def _command(typed: str) -> str:
    bare = typed.removeprefix("/").casefold()
    return KOREAN.get(bare, {"exit": "quit", "q": "quit", "lesson": "lessons"}.get(bare, bare))


def _with_names(command: str, names: list[str], say: TerminalWords) -> Meaning:
    name = " ".join(names)
    if command in _WITHOUT_NAMES:
        return _WITHOUT_NAMES[command]
    if command == "lang":
        locale = _LANGUAGES.get(name.casefold())
        return SwitchTo(locale) if locale else Misunderstood(say.which_language)
    if command == "lessons":
        return ListLessons(name)
    if not name:
        return Misunderstood(say.name_missing(command))
    if command == "compare":
        return Compare(tuple(name.replace(",", " ").split()))
    return _WITH_A_NAME[command](name)


def command_for(request: Request) -> str:
    """Return what to type for a request; a guess is not part of it."""
    match request:
        case Help():
            words = ["/help"]
        case ListLessons(lesson=name):
            words = ["/lessons", name]
        case Compare(names=names):
            words = ["/compare", *names]
        case Explain(name=name):
            words = ["/explain", name]
        case Run(name=name):
            words = ["/run", name]
        case Predict(name=name):
            words = ["/predict", name]
    return " ".join(words).rstrip()
