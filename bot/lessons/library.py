"""The library: every lesson, looked up by id, alias, language and typing mistake.

A `Library` never changes. A reload makes a new one and swaps it whole.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Generic, Literal, Protocol, TypeVar

from rapidfuzz import fuzz, process

from bot.languages import Locale, locales
from bot.lessons.exercise import Exercise
from bot.lessons.model import Comparison, Concept, Lesson, Localized, Scenario

Kind = Literal["lesson", "concept", "scenario", "exercise"]


class Named(Protocol):
    """What a lesson, a concept, a scenario and an exercise have in common."""

    @property
    def id(self) -> str:
        """The name that never changes."""
        ...

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names, in any language."""
        ...

    @property
    def title(self) -> Localized:
        """The name that is shown."""
        ...


_Entry = TypeVar("_Entry", bound=Named)

_LONGEST = 100
"""No name is longer; what is typed in chat may be."""
_NEAR = 60.0
"""The least likeness, of 100, at which a name is worth suggesting."""
_NOT_LETTERS = str.maketrans("", "", " \t\r\n_-`\"'/")


class UnknownNameError(LookupError):
    """No lesson, concept, scenario or exercise goes by the name that was asked for."""

    def __init__(self, kind: Kind, name: str, nearest: tuple[str, ...]) -> None:
        super().__init__(f"no {kind} is called {name!r}")
        self.kind: Kind = kind
        self.name = name
        self.nearest = nearest
        """Ids of up to three that come near, best first."""


def normal(name: str) -> str:
    """Return what counts in a name: no case, no spaces, hyphens, underscores or call brackets."""
    folded = unicodedata.normalize("NFKC", name[:_LONGEST]).casefold().translate(_NOT_LETTERS)
    return folded.removesuffix("()")


def _spelling(name: str) -> str:
    """Return a name as it is typed: Hangul syllables as their letters, so that one typo is one."""
    return unicodedata.normalize("NFD", normal(name))


class Shelf(Generic[_Entry]):
    """All lessons, concepts, scenarios or exercises: one name space."""

    def __init__(self, kind: Kind, entries: Iterable[_Entry]) -> None:
        self._kind = kind
        self._entries = {entry.id: entry for entry in entries}
        self._ids: dict[str, str] = {}
        self._spellings: list[tuple[str, str]] = []
        for entry in self._entries.values():
            self._ids[normal(entry.id)] = entry.id
        for entry in self._entries.values():
            names = (entry.id, *entry.aliases)
            for name in names:
                self._ids.setdefault(normal(name), entry.id)
            titles = {entry.title.text(locale) for locale in locales()}
            self._spellings += [
                (_spelling(name), entry.id) for name in dict.fromkeys((*names, *sorted(titles)))
            ]

    def find(self, name: str) -> _Entry:
        """Return what goes by this name.

        :raises UnknownNameError: if nothing does
        """
        found = self._ids.get(normal(name))
        if found is None:
            raise UnknownNameError(self._kind, name[:_LONGEST], self._nearest(name, 3))
        return self._entries[found]

    def suggest(
        self, typed: str, locale: Locale, limit: int, first: str = ""
    ) -> tuple[tuple[str, str], ...]:
        """Return (id, title) of those that come nearest to what was typed, best first.

        Where nothing is typed: all from the id `first` on, and then those before it.
        """
        entries = tuple(self._entries)
        start = entries.index(first) if first in entries else 0
        listed = (*entries[start:], *entries[:start])[:limit]
        ids = self._nearest(typed, limit) if normal(typed) else listed
        return tuple((id_, self._entries[id_].title.text(locale)) for id_ in ids)

    def _nearest(self, typed: str, limit: int) -> tuple[str, ...]:
        """Return ids: names that begin so, then names that hold it, then names spelt like it."""
        spelt = _spelling(typed)
        if not spelt:
            return ()
        begins = [id_ for name, id_ in self._spellings if name.startswith(spelt)]
        holds = [id_ for name, id_ in self._spellings if spelt in name]
        holds += self._with_words(typed)
        names: Sequence[str] = [name for name, _ in self._spellings]
        like = process.extract(
            spelt, names, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=max(limit * 4, 12)
        )
        alike = [self._spellings[index][1] for _, _, index in like]
        return tuple(dict.fromkeys((*begins, *holds, *alike)))[:limit]

    def _with_words(self, typed: str) -> list[str]:
        """Return the ids whose names and titles, taken together, hold every word that was typed."""
        words = [_spelling(word) for word in typed[:_LONGEST].split()]
        texts: dict[str, str] = {}
        for name, id_ in self._spellings:
            texts[id_] = f"{texts.get(id_, '')} {name}"
        return [id_ for id_, text in texts.items() if all(word in text for word in words)]


def _parts(lesson: Lesson) -> dict[Kind, Sequence[Named]]:
    """Return what a lesson holds, by kind; itself as well."""
    return {
        "lesson": (lesson,),
        "concept": lesson.concepts,
        "scenario": lesson.scenarios,
        "exercise": lesson.exercises,
    }


class Library:
    """Every lesson of the course, in course order."""

    def __init__(self, lessons: Iterable[Lesson]) -> None:
        self.lessons: tuple[Lesson, ...] = tuple(sorted(lessons, key=lambda it: (it.order, it.id)))
        self._lessons = Shelf("lesson", self.lessons)
        self._concepts = Shelf("concept", (it for one in self.lessons for it in one.concepts))
        self._scenarios = Shelf("scenario", (it for one in self.lessons for it in one.scenarios))
        self._exercises = Shelf("exercise", (it for one in self.lessons for it in one.exercises))
        self._by_kind: dict[Kind, Shelf[Any]] = {
            "lesson": self._lessons,
            "concept": self._concepts,
            "scenario": self._scenarios,
            "exercise": self._exercises,
        }
        self._chapters: dict[tuple[Kind, str], Lesson] = {}
        self._comparisons: dict[frozenset[str], Comparison] = {}
        for lesson in self.lessons:
            for kind, parts in _parts(lesson).items():
                for part in parts:
                    self._chapters.setdefault((kind, part.id), lesson)
            for comparison in lesson.comparisons:
                self._comparisons.setdefault(frozenset(comparison.scenarios), comparison)

    def lesson(self, name: str) -> Lesson:
        """Return the lesson of this id or alias.

        :raises UnknownNameError: if there is none
        """
        return self._lessons.find(name)

    def concept(self, name: str) -> Concept:
        """Return the concept of this id or alias.

        :raises UnknownNameError: if there is none
        """
        return self._concepts.find(name)

    def scenario(self, name: str) -> Scenario:
        """Return the scenario of this id or alias.

        :raises UnknownNameError: if there is none
        """
        return self._scenarios.find(name)

    def exercise(self, name: str) -> Exercise:
        """Return the exercise of this id or alias.

        :raises UnknownNameError: if there is none
        """
        return self._exercises.find(name)

    def named(self, kind: Kind, name: str) -> Named:
        """Return what of this kind has this id or alias.

        :raises UnknownNameError: if nothing does
        """
        found: Named = self._by_kind[kind].find(name)
        return found

    def chapter_of(self, id_: str, kind: Kind | None = None) -> Lesson:
        """Return the lesson that holds this scenario, concept or exercise; ids only.

        Without `kind`, a scenario of that id goes before a concept, and that before an exercise.

        :raises UnknownNameError: if no lesson does
        """
        kinds: tuple[Kind, ...] = ("scenario", "concept", "exercise") if kind is None else (kind,)
        for one in kinds:
            if found := self._chapters.get((one, id_)):
                return found
        raise UnknownNameError(kinds[0], id_, ())

    def suggest(
        self, kind: Kind, typed: str, locale: Locale, limit: int = 25, *, after: str = ""
    ) -> tuple[tuple[str, str], ...]:
        """Return (id, title) of what comes nearest to `typed`, best first.

        Where nothing is typed yet: those of the course that follow `after` (an id), then the rest.
        """
        return self._by_kind[kind].suggest(typed, locale, limit, self._next(kind, after))

    def _next(self, kind: Kind, after: str) -> str:
        """Return the id that follows `after` in the course, of any kind; "" where none does."""
        of_kind = [(lesson, it.id) for lesson in self.lessons for it in _parts(lesson)[kind]]
        ids = [id_ for _, id_ in of_kind]
        if after in ids:
            return ids[(ids.index(after) + 1) % len(ids)]
        try:
            here = self.chapter_of(after)
        except UnknownNameError:
            return ""
        return next((id_ for lesson, id_ in of_kind if lesson is here), "")

    def comparison(self, names: Iterable[str]) -> Comparison | None:
        """Return the comparison of just these scenarios (ids, in any order), if one is written."""
        return self._comparisons.get(frozenset(names))

    def following(self, lesson_id: str) -> Lesson | None:
        """Return the next lesson of the course, or None after the last.

        :raises UnknownNameError: if there is no lesson of this id
        """
        here = self.lessons.index(self.lesson(lesson_id))
        return self.lessons[here + 1] if here + 1 < len(self.lessons) else None
