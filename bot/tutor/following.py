"""What to do next: the choices below a reply."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from bot.languages import Locale
from bot.lessons.authoring.check import runnable_on
from bot.lessons.exercise import Exercise
from bot.lessons.library import Library, UnknownNameError
from bot.lessons.model import Concept, Lesson, Scenario
from bot.tutor.model import Choice, Choices, Compare, Explain, ListLessons, Run, Solve
from bot.tutor.words import words


def after_scenario(
    library: Library, scenario: Scenario, locale: Locale, *choices: Choice, python: str = ""
) -> Choices:
    """Return what to do after a scenario: `choices` first, then what suits it.

    :param python: the version that runs scenarios here: what is too new for it is not offered
    """
    return Choices((*choices, *_around(library, scenario, locale, python)))


def after_concept(library: Library, concept: Concept, locale: Locale, python: str = "") -> Choices:
    """Return what to do after an explanation; a run that is too new for this `python` says so."""
    say = words(locale)
    following = [
        choice for name in concept.next if (choice := _try(library, name, concept, locale, python))
    ]
    lesson = library.chapter_of(concept.id, "concept")
    here = Choice(say.course.lesson(lesson.title.text(locale)), ListLessons(lesson.id))
    return Choices((*following, here))


def in_lesson(library: Library, lesson: Lesson, locale: Locale) -> Choices:
    """Return everything that a lesson offers, and the lesson after it."""
    choices = [explain_choice(it, locale) for it in lesson.concepts]
    choices += [run_choice(it, locale) for it in lesson.scenarios]
    choices += [compare_choice(it.scenarios, locale) for it in lesson.comparisons]
    choices += [exercise_choice(it, locale) for it in lesson.exercises]
    return Choices((*choices, *_next_lesson(library, lesson, locale)))


def after_lesson(library: Library, lesson: Lesson, locale: Locale) -> Choices:
    """Return what to do after a lesson that is shown as a map: the next one, or all of them."""
    every = Choice(words(locale).course.all_lessons, ListLessons())
    return Choices((*_next_lesson(library, lesson, locale), every))


def hindered(scenario: Scenario, python: str, locale: Locale) -> str:
    """Return why a scenario cannot run on the Python of this version; "" where it can."""
    if not python or runnable_on(scenario, python):
        return ""
    return words(locale).run.only_on(scenario.python or "")


def run_choice(scenario: Scenario, locale: Locale) -> Choice:
    """Return the way to a run."""
    return Choice(words(locale).course.run(scenario.title.text(locale)), Run(scenario.id))


def explain_choice(concept: Concept, locale: Locale) -> Choice:
    """Return the way to an explanation."""
    return Choice(words(locale).course.explain(concept.title.text(locale)), Explain(concept.id))


def exercise_choice(exercise: Exercise, locale: Locale) -> Choice:
    """Return the way to an exercise."""
    return Choice(words(locale).exercise.title(exercise.title.text(locale)), Solve(exercise.id))


def after_exercise(library: Library, exercise: Exercise, locale: Locale) -> Iterator[Choice]:
    """Yield the ways on from an exercise: its lesson, and the next exercise of the course."""
    lesson = library.chapter_of(exercise.id, "exercise")
    title = words(locale).course.lesson(lesson.title.text(locale))
    yield Choice(title, ListLessons(lesson.id))
    every = [one for it in library.lessons for one in it.exercises]
    following = every[every.index(exercise) + 1 :]
    if following:
        next_ = following[0]
        yield Choice(words(locale).exercise.next(next_.title.text(locale)), Solve(next_.id))


def compare_choice(names: tuple[str, ...], locale: Locale) -> Choice:
    """Return the way to a comparison."""
    return Choice(words(locale).run.compare(" · ".join(names)), Compare(names))


def _around(library: Library, scenario: Scenario, locale: Locale, python: str) -> Iterator[Choice]:
    """Yield the concept behind a scenario, its counterpart, and the next lesson."""
    lesson = library.chapter_of(scenario.id, "scenario")
    if concept := _concept_behind(library, scenario, lesson):
        yield explain_choice(concept, locale)
    other = scenario.counterpart
    if other and other != scenario.id and not hindered(library.scenario(other), python, locale):
        yield compare_choice((scenario.id, other), locale)
    if lesson.exercises:
        place = lesson.scenarios.index(scenario) if scenario in lesson.scenarios else 0
        yield exercise_choice(lesson.exercises[place % len(lesson.exercises)], locale)
    yield from _next_lesson(library, lesson, locale)


def _concept_behind(library: Library, scenario: Scenario, lesson: Lesson) -> Concept | None:
    """Return the concept of the same name, else one that leads here, else the lesson's first."""
    try:
        return library.concept(scenario.id)
    except UnknownNameError:
        leading = (concept for concept in lesson.concepts if scenario.id in concept.next)
        return next(leading, lesson.concepts[0] if lesson.concepts else None)


def _next_lesson(library: Library, lesson: Lesson, locale: Locale) -> Iterator[Choice]:
    if following := library.following(lesson.id):
        title = words(locale).course.next_lesson(following.title.text(locale))
        yield Choice(title, ListLessons(following.id))


def _try(
    library: Library, name: str, concept: Concept, locale: Locale, python: str
) -> Choice | None:
    """Return the way to a scenario, or else to another concept, of this name."""
    with suppress(UnknownNameError):
        scenario = library.scenario(name)
        return replace(run_choice(scenario, locale), hindered=hindered(scenario, python, locale))
    with suppress(UnknownNameError):  # a lesson whose target is gone still explains what it can
        found = library.concept(name)
        return None if found is concept else explain_choice(found, locale)
    return None
