"""The course's own rules: what its lessons have besides what every lesson must.

Lessons of one's own need none of it. `tutor lessons check --course` asks for it, with the place
of whatever is missing.
"""

from collections.abc import Iterator, Sequence

from bot.languages import LOCALES
from bot.lessons.authoring.lint import HANGUL, placed
from bot.lessons.files import phrases
from bot.lessons.files.document import Loc, Slip
from bot.lessons.files.errors import Problem, quoted
from bot.lessons.files.honesty import LEAST_APART
from bot.lessons.files.load import Loaded
from bot.lessons.model import AnyOrder, Concept, Lesson, Scenario

LONGEST_RUN = 5.0
"""Seconds that no run may take longer than."""
FROM_THE_NOTES = frozenset({"sync", "await", "create_task", "gather", "thread"})
"""Scenarios that the course takes over from the notes that it began with, to the letter: their
lines and times are the notes' own, however long they are."""
USUAL_RUN = 2.0
"""Seconds that a run takes at most, but for the few that come from the notes."""
_DOCS = "https://docs.python.org/"
_NOTHING = "the course's own rules (docs/authors.md)"


def course_problems(loaded: Loaded) -> Iterator[Problem]:
    """Yield where the lessons break the course's own rules, lesson by lesson."""
    orders: dict[int, str] = {}
    by_id = {lesson.id: lesson.order for lesson in loaded.lessons}
    for lesson in loaded.lessons:
        path = loaded.files[lesson.id]
        slips = [
            *_file_name(lesson, path.stem),
            *_languages(lesson),
            *_place(lesson, orders, by_id),
            *_concepts(lesson.concepts),
            *_scenarios(lesson.scenarios),
        ]
        yield from placed(path, slips)


def _file_name(lesson: Lesson, stem: str) -> Iterator[Slip]:
    if stem != lesson.id:
        what = f"the file is called {quoted(stem)}, its lesson {quoted(lesson.id)}"
        yield ("id",), what, "a file named after its lesson", f"Rename it to {lesson.id}.yaml."


def _languages(lesson: Lesson) -> Iterator[Slip]:
    for locale in LOCALES:
        if locale not in lesson.languages:
            what, hint = f"it has no text in {locale}", "Translate every text of the lesson."
            yield ("title",), what, "lessons in every language of the course", hint


def _place(lesson: Lesson, orders: dict[int, str], by_id: dict[str, int]) -> Iterator[Slip]:
    """Find lessons that have another's place, or come before what they require."""
    other = orders.setdefault(lesson.order, lesson.id)
    if other != lesson.id:
        what = f"the lesson {quoted(other)} has the order {lesson.order}, too"
        yield ("order",), what, "an order of its own", "Choose a number between two others."
    for number, name in enumerate(lesson.requires):
        if by_id.get(name, -1) >= lesson.order:
            what = f"{quoted(name)} comes after this lesson, which requires it"
            hint = "Raise `order`, or require something else."
            yield ("requires", number), what, "lessons that come before this one", hint


def _concepts(concepts: Sequence[Concept]) -> Iterator[Slip]:
    for number, concept in enumerate(concepts):
        loc = ("concepts", number)
        if concept.belief is None:
            yield _lacks(loc, "belief", "Say what many wrongly believe, and what is true instead.")
        if not concept.next:
            yield _lacks(loc, "next", "Name a scenario or a concept to try next.")
        if not any(link.url.startswith(_DOCS) for link in concept.links):
            yield _lacks(loc, "link to docs.python.org", "Add the section that says most about it.")
        yield from _korean_name(loc, concept.id, concept.aliases)


def _scenarios(scenarios: Sequence[Scenario]) -> Iterator[Slip]:
    for number, scenario in enumerate(scenarios):
        loc = ("scenarios", number)
        if scenario.mistake is None:
            yield _lacks(loc, "mistake", "Say what is easily predicted wrongly, and why.")
        if not scenario.expect.lines:
            yield _lacks(loc, "expected line", "`tutor lessons record` proposes them.")
        if scenario.counterpart in {None, scenario.id}:
            yield _lacks(loc, "counterpart", "Name the scenario worth comparing it with.")
        yield from _quiz(loc, scenario)
        yield from _time(loc, scenario)
        yield from _alike(loc, scenario)
        yield from _korean_name(loc, scenario.id, scenario.aliases)


def _quiz(loc: Loc, scenario: Scenario) -> Iterator[Slip]:
    """Find scenarios whose quiz is made up by the machine."""
    if scenario.question is None:
        yield _lacks(loc, "question", "Ask for what happens, and tell nothing of it.")
    elapsed = scenario.expect.elapsed
    if elapsed and elapsed.about >= LEAST_APART and not scenario.choices:
        hint = "Write the times that people believe in, each with its answer."
        yield _lacks(loc, "wrong time in `choices`", hint)


def _time(loc: Loc, scenario: Scenario) -> Iterator[Slip]:
    elapsed = scenario.expect.elapsed
    most = LONGEST_RUN if scenario.id in FROM_THE_NOTES else USUAL_RUN
    if elapsed and elapsed.about > most:
        what, hint = f"it takes {elapsed.about:g} s", "Shorten its delays; 0.2 s tell things apart."
        yield (*loc, "expect", "elapsed"), what, f"runs of at most {most:g} s", hint


def _alike(loc: Loc, scenario: Scenario) -> Iterator[Slip]:
    """Find lines of a group that cannot be told apart in some language."""
    for number, entry in enumerate(scenario.expect.lines):
        if not isinstance(entry, AnyOrder):
            continue
        plain = [line for line in entry.any_order if isinstance(line, str)]
        for locale in LOCALES:
            if len({phrases.with_phrases(line, scenario, locale) for line in plain}) < len(plain):
                what = f"two lines of the group are the same in {locale}"
                hint = "Give the phrases different texts."
                yield (*loc, "expect", "lines", number), what, "lines that differ", hint


def _korean_name(loc: Loc, id_: str, aliases: Sequence[str]) -> Iterator[Slip]:
    if not any(map(HANGUL.search, (id_, *aliases))):
        yield _lacks(loc, "alias in Hangul", "Add the name that a Korean learner would type.")


def _lacks(loc: Loc, what: str, hint: str) -> Slip:
    return loc, f"it has no {what}", _NOTHING, hint
