"""References between lessons: what one names must exist, and names must not clash.

Whatever is wrong is reported *and* taken out, so that the lessons that come out of here can
be used together: a dangling reference is dropped, a second owner of an id gives way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.lessons.files.document import Document, Loc
from bot.lessons.files.errors import Problem, did_you_mean, quoted
from bot.lessons.library import normal
from bot.lessons.model import Comparison, Concept, Lesson, Scenario


@dataclass(slots=True)
class LessonFile:
    """A lesson with its file."""

    lesson: Lesson
    document: Document
    problems: list[Problem] = field(default_factory=list)

    def note(self, loc: Loc, what: str, accepted: str, hint: str) -> None:
        """Note what is wrong with the part at a place."""
        self.problems.append(self.document.problem(loc, what, accepted, hint))


def usable_together(entries: Sequence[LessonFile]) -> list[LessonFile]:
    """Return the lessons that can be used together, noting each one's problems."""
    ordered = sorted(entries, key=lambda it: (it.lesson.order, it.lesson.id))
    kept = _without_rivals(ordered)
    lessons = {it.lesson.id for it in kept}
    concepts = {one.id for it in kept for one in it.lesson.concepts}
    scenarios = {one.id for it in kept for one in it.lesson.scenarios}
    for entry in kept:
        _Mender(entry, lessons, concepts, scenarios).mend()
    _break_cycles(kept)
    _drop_clashing_aliases(kept)
    return kept


def _without_rivals(entries: Iterable[LessonFile]) -> list[LessonFile]:
    """Leave out lessons that use the id of an earlier one's concept or scenario."""
    owner: dict[tuple[str, str], LessonFile] = {}
    kept: list[LessonFile] = []
    for entry in entries:
        lesson = entry.lesson
        ids = [("concepts", number, it.id) for number, it in enumerate(lesson.concepts)]
        ids += [("scenarios", number, it.id) for number, it in enumerate(lesson.scenarios)]
        before = len(entry.problems)
        for kind, number, id_ in ids:
            if other := owner.get((kind, id_)):
                what = f"the id {quoted(id_)} is taken: {other.document.path} has it, too"
                hint = "Choose another id in one of the two files."
                accepted = f"an id that no other of all {kind} has"
                entry.note((kind, number, "id"), what, accepted, hint)
        if len(entry.problems) == before:
            owner |= {(kind, id_): entry for kind, _, id_ in ids}
            kept.append(entry)
    return kept


class _Mender:
    """Takes the dangling references out of one lesson."""

    def __init__(
        self, entry: LessonFile, lessons: set[str], concepts: set[str], scenarios: set[str]
    ) -> None:
        self._entry = entry
        self._lessons = lessons
        self._scenarios = scenarios
        self._either = concepts | scenarios

    def mend(self) -> None:
        """Replace the lesson, if need be."""
        lesson = self._entry.lesson
        before = len(self._entry.problems)
        requires = self._known(("requires",), lesson.requires, self._lessons, "lesson")
        concepts = tuple(self._concept(i, it) for i, it in enumerate(lesson.concepts))
        scenarios = tuple(self._scenario(i, it) for i, it in enumerate(lesson.scenarios))
        comparisons = tuple(
            it for i, it in enumerate(lesson.comparisons) if self._comparison_holds(i, it)
        )
        if len(self._entry.problems) > before:
            self._entry.lesson = lesson.model_copy(
                update={
                    "requires": requires,
                    "concepts": concepts,
                    "scenarios": scenarios,
                    "comparisons": comparisons,
                }
            )

    def _concept(self, number: int, concept: Concept) -> Concept:
        loc = ("concepts", number, "next")
        known = self._known(loc, concept.next, self._either, "concept or scenario")
        return concept if known == concept.next else concept.model_copy(update={"next": known})

    def _scenario(self, number: int, scenario: Scenario) -> Scenario:
        if scenario.counterpart is None:
            return scenario
        loc = ("scenarios", number, "counterpart")
        if self._exists(loc, scenario.counterpart, self._scenarios, "scenario"):
            return scenario
        return scenario.model_copy(update={"counterpart": None})

    def _comparison_holds(self, number: int, comparison: Comparison) -> bool:
        loc = ("comparisons", number, "scenarios")
        known = self._known(loc, comparison.scenarios, self._scenarios, "scenario")
        return known == comparison.scenarios

    def _known(
        self, loc: Loc, names: tuple[str, ...], known: set[str], kind: str
    ) -> tuple[str, ...]:
        """Return the names that exist; note the others."""
        return tuple(
            name for i, name in enumerate(names) if self._exists((*loc, i), name, known, kind)
        )

    def _exists(self, loc: Loc, name: str, known: set[str], kind: str) -> bool:
        if name in known:
            return True
        hint = did_you_mean(name, known) or "Name one that exists, or remove it."
        what = f"there is no {kind} {quoted(name)}"
        self._entry.note(loc, what, f"the id of a {kind}", hint)
        return False


def _break_cycles(entries: Sequence[LessonFile]) -> None:
    """Take a lesson's prerequisites away where it would have to be taken before itself."""
    by_id = {entry.lesson.id: entry for entry in entries}
    done: set[str] = set()
    for start in by_id:
        way: list[str] = []
        stack: list[Iterator[str]] = [iter((start,))]
        while stack:
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                if way:
                    done.add(way.pop())
            elif step in way:
                _note_cycle(by_id[way[-1]], step, [*way[way.index(step) :], step])
            elif step not in done:
                way.append(step)
                stack.append(iter(by_id[step].lesson.requires))


def _note_cycle(entry: LessonFile, name: str, cycle: list[str]) -> None:
    """Note that `entry` requires `name`, which requires it, and drop that."""
    number = entry.lesson.requires.index(name)
    what = f"the lessons require each other: {' → '.join(cycle)}"
    hint = f"Remove {quoted(name)} here, or break the circle elsewhere."
    entry.note(("requires", number), what, "prerequisites without cycles", hint)
    rest = tuple(it for it in entry.lesson.requires if it != name)
    entry.lesson = entry.lesson.model_copy(update={"requires": rest})


def _drop_clashing_aliases(entries: Sequence[LessonFile]) -> None:
    """Take aliases away that already name something else of the same kind. Ids go first."""
    owners: dict[str, dict[str, str]] = {"lesson": {}, "concept": {}, "scenario": {}}
    for entry in entries:
        owners["lesson"].setdefault(normal(entry.lesson.id), entry.lesson.id)
        for concept in entry.lesson.concepts:
            owners["concept"].setdefault(normal(concept.id), concept.id)
        for scenario in entry.lesson.scenarios:
            owners["scenario"].setdefault(normal(scenario.id), scenario.id)
    for entry in entries:
        lesson = _own_aliases(entry.lesson, entry, (), "lesson", owners["lesson"])
        concepts = tuple(
            _own_aliases(it, entry, ("concepts", number), "concept", owners["concept"])
            for number, it in enumerate(lesson.concepts)
        )
        scenarios = tuple(
            _own_aliases(it, entry, ("scenarios", number), "scenario", owners["scenario"])
            for number, it in enumerate(lesson.scenarios)
        )
        entry.lesson = lesson.model_copy(update={"concepts": concepts, "scenarios": scenarios})


_Named = TypeVar("_Named", Lesson, Concept, Scenario)


def _own_aliases(
    part: _Named, entry: LessonFile, loc: Loc, kind: str, owners: dict[str, str]
) -> _Named:
    """Return the part with the aliases that are nobody else's; note the others."""
    kept = []
    for number, alias in enumerate(part.aliases):
        owner = owners.setdefault(normal(alias), part.id)
        if owner == part.id:
            kept.append(alias)
            continue
        what = f"the alias {quoted(alias)} already stands for the {kind} {quoted(owner)}"
        hint = "Choose another alias, or remove one of the two."
        accepted = f"a name that no other {kind} has"
        entry.note((*loc, "aliases", number), what, accepted, hint)
    if len(kept) == len(part.aliases):
        return part
    return part.model_copy(update={"aliases": tuple(kept)})
