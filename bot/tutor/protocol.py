"""The protocol between a platform and the tutor."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from typing import Protocol, Self

from bot.lessons.model import Locale
from bot.tutor.model import Ask, NameKind, Update


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that a learner may mean while typing."""

    id: str
    title: str
    lesson: str = ""
    """The title of the lesson that holds it."""
    question: str = ""
    """What `/predict` asks about a scenario."""

    @property
    def untold(self) -> Self:
        """The same with its question for a title, which tells neither a time nor an outcome."""
        return replace(self, title=f"{self.id}: {self.question}" if self.question else self.id)

    @property
    def titled_by_lesson(self) -> str:
        """Its title, with its lesson before it where that is known."""
        return f"{self.lesson}: {self.title}" if self.lesson else self.title


class Tutor(Protocol):
    """What every platform talks to."""

    def handle(self, ask: Ask) -> AsyncGenerator[Update]:
        """Answer a request with a stream of updates, each replacing the one before it.

        The last one is a `final` reply. Nothing that a learner does raises: bad input gives a
        reply with `failed`. Closing the generator early cancels the run that it stands for, so
        wrap it in `contextlib.aclosing`.
        """
        ...

    def suggest(
        self, kind: NameKind, typed: str, locale: Locale, limit: int = 25, *, after: str = ""
    ) -> tuple[Suggestion, ...]:
        """Return the names that come nearest to what was typed, best first.

        Where nothing is typed: those of the course, first what follows `after`, an id.
        """
        ...

    def comparisons(self, locale: Locale) -> tuple[Suggestion, ...]:
        """Return the course's own comparisons in its order; an id holds their scenarios' ids."""
        ...
