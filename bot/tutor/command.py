"""What a command is: what it asks, its names in each language, and what is written after it."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from bot.languages import Locale, Wording, english_name, locales, own_name
from bot.tutor.model import NameKind, Request


@cache
def _languages() -> dict[str, Locale]:
    """Return what the argument of `/lang` may be."""
    named = {folded(name): it for it in locales() for name in (it, own_name(it), english_name(it))}
    return {**named, "영어": "en"}


@dataclass(frozen=True, slots=True)
class SwitchLanguage:
    """Answer in this language from now on."""

    locale: Locale


@dataclass(frozen=True, slots=True)
class Leave:
    """End this chat."""


Asked = Request | SwitchLanguage | Leave
"""What a command stands for. Of `SwitchLanguage` and `Leave` the tutor never hears: the platform
does them, or says that it cannot."""


AnswerKind = Literal["text", "quiz", "run", "none"]
"""What a command is answered with: something to read, a question, a run to watch, nothing."""


@dataclass(frozen=True, slots=True)
class Argument:
    """What is written after a command's name."""

    kind: NameKind | Literal["language"]
    """What it names."""
    names: tuple[Wording, ...]
    """How it is called, once for each that may be given."""
    about: Wording
    least: int = 1
    """How many must be given."""
    untold: bool = False
    """Titles of what it names would tell the answer: names are offered with the question alone."""

    @property
    def most(self) -> int:
        """How many may be given."""
        return len(self.names)


@dataclass(frozen=True, slots=True)
class Command:
    """Something that learners can ask, and how they ask for it."""

    asks: type[Any]
    """The class of `Asked` that it makes."""
    name: Wording
    """What to type in each language. The English one is its id, too: in addresses, custom ids."""
    about: Wording
    """What it does, in at most 100 characters."""
    examples: tuple[Asked, ...]
    aliases: tuple[str, ...] = ()
    """Further names, in any language."""
    argument: Argument | None = None
    field: str = ""
    """The field of `asks` that holds the argument: a name, or with several a tuple of names."""
    private: bool = False
    """Its answer is for the asker alone, where the platform can do that."""
    answer: AnswerKind = "text"

    @property
    def id(self) -> str:
        """The name that never changes."""
        return self.name.en

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that it goes by."""
        return (*self.name.texts(), *self.aliases)

    def names_in(self, asked: Asked) -> tuple[str, ...]:
        """Return the names that a request of this command holds."""
        held: Any = getattr(asked, self.field) if self.field else ()
        return ((held,) if held else ()) if isinstance(held, str) else tuple(held)

    def held(self, names: Sequence[str]) -> dict[str, Any]:
        """Return the fields of a request that holds these names."""
        if self.argument is None:
            return {}
        return {self.field: tuple(names) if self.argument.most > 1 else "".join(names)}

    def request_with(self, names: Sequence[str]) -> Asked | None:
        """Return the request with these names; None if that many are not taken."""
        least, most = (self.argument.least, self.argument.most) if self.argument else (0, 0)
        if not least <= len(names) <= most:
            return None
        fields = self.held(names)
        if self.argument and self.argument.kind == "language":
            fields = {self.field: _languages().get(folded(names[0]))}
        asked: Asked = self.asks(**fields)
        return asked if None not in fields.values() else None


def folded(name: str) -> str:
    """Return what counts in a command's or language's name: no case, no width, whole syllables."""
    return unicodedata.normalize("NFKC", name).casefold()
