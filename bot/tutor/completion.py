"""What a line may become while it is typed: commands, then names. The same on every platform."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.languages import Locale, locales
from bot.tutor.command import Argument, folded
from bot.tutor.commands import COMMANDS, command_named
from bot.tutor.grammar import spell
from bot.tutor.model import Explain, Run
from bot.tutor.protocol import Suggestion, Tutor

_FEWEST_TYPED = 2
"""Letters from which on a name may be guessed."""

_MOST_NEAR = 3
"""Scenarios, and as many concepts, that a word without a command brings up."""

_SEPARATORS = str.maketrans(dict.fromkeys(",，、", " "))


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on."""

    text: str
    """What stands at the end of the line then."""
    replaces: int
    """How many of the characters typed last it takes the place of."""
    title: str
    whole: bool
    """Nothing more has to be typed."""

    def applied(self, typed: str) -> str:
        """Return the line with it."""
        return typed[: len(typed) - self.replaces] + self.text


def complete(
    tutor: Tutor, typed: str, locale: Locale, limit: int, *, without: frozenset[str] = frozenset()
) -> list[Completion]:
    """Return how a line may go on, best first.

    :param without: ids of commands that the platform does not have
    """
    line = typed.lstrip().translate(_SEPARATORS)
    word, blank, rest = line.partition(" ")
    if not blank:
        return _begun(tutor, word, locale, limit, without)
    command = command_named(word.removeprefix("/"))
    if command is None or command.argument is None or command.id in without:
        return []
    *before, last = rest.split(" ") if command.argument.most > 1 else [rest.lstrip()]
    taken = [name for name in before if name]
    if len(taken) >= command.argument.most:
        return []
    return [
        Completion(name, len(last), title, whole=len(taken) + 1 == command.argument.most)
        for name, title in _names(tutor, command.argument, last, locale, limit)
        if name not in taken
    ]


def _begun(
    tutor: Tutor, word: str, locale: Locale, limit: int, without: frozenset[str]
) -> list[Completion]:
    """Return how a line of one word may go on: commands, and names that it may be."""
    found = list(_commands(word, locale, without))
    command = command_named(word.removeprefix("/"))
    if command is not None and command.argument is not None and command.id not in without:
        whole = command.argument.least == 1 and command.argument.most == 1
        found += [
            Completion(f"{word} {name}", len(word), title, whole)
            for name, title in _names(tutor, command.argument, "", locale, limit)
        ]
    elif len(word) >= _FEWEST_TYPED and not word.startswith("/"):
        found += _asked_by_name(tutor, word, locale)
    return found[:limit]


def _asked_by_name(tutor: Tutor, word: str, locale: Locale) -> Iterator[Completion]:
    """Yield what can be asked about names that come near a word without a command."""
    found: list[tuple[type[Run | Explain], Suggestion]] = [
        (Run, it) for it in tutor.suggest("scenario", word, locale, _MOST_NEAR)
    ]
    found += [(Explain, it) for it in tutor.suggest("concept", word, locale, _MOST_NEAR)]
    for asks, near in found:
        yield Completion(spell(asks(near.id), locale), len(word), near.title, whole=True)


def _commands(word: str, locale: Locale, without: frozenset[str]) -> Iterator[Completion]:
    """Yield the commands that begin so, by the name that was begun, the learner's own first."""
    typed = folded(word.removeprefix("/"))
    for command in COMMANDS:
        others = (command.name.text(it) for it in locales())
        names = dict.fromkeys((command.name.text(locale), *others))
        begun = next((name for name in names if folded(name).startswith(typed)), None)
        if begun is not None and command.id not in without:
            about = command.about.text(locale)
            whole = command.argument is None or command.argument.least == 0
            yield Completion(f"/{begun}", len(word), about, whole)


def _names(
    tutor: Tutor, argument: Argument, typed: str, locale: Locale, limit: int
) -> list[tuple[str, str]]:
    """Return the names (id, title) that come near, best first."""
    if argument.kind == "language":
        return [(name, "") for name in locales() if name.startswith(typed)]
    found = tutor.suggest(argument.kind, typed, locale, limit)
    return [(it.id, (it.untold if argument.untold else it).title) for it in found]
