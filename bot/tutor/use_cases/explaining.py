"""Use cases without a run: help, the course, a lesson, a concept."""

from collections.abc import Iterator

from bot.languages import Locale
from bot.lessons.library import Library
from bot.lessons.model import Concept, Lesson, Localized
from bot.tutor import following
from bot.tutor.command import Command
from bot.tutor.commands import REQUESTS
from bot.tutor.grammar import spell
from bot.tutor.model import (
    Chapter,
    Choice,
    Choices,
    Compare,
    CourseMap,
    Explain,
    Heading,
    Help,
    ListLessons,
    Note,
    PageLink,
    Part,
    Reply,
    Request,
    Run,
    Solve,
    Text,
)
from bot.tutor.translation import listed, mark
from bot.tutor.words import words


def answer(
    library: Library,
    request: Request,
    locale: Locale,
    site: str = "",
    *,
    page: bool = False,
    python: str = "",
) -> Reply:
    """Answer a request that is answered with something to read.

    :param site: the playground's public address; "" where there is none
    :param page: show lessons as a map
    :param python: the version that runs scenarios here, so that a map marks what it cannot run
    :raises UnknownNameError: if nothing goes by a name in it
    """
    match request:
        case Help():
            return helping(library, locale, site)
        case ListLessons() if page and library.lessons:
            return mapped(library, request, locale, python)
        case ListLessons(lesson=""):
            return listing(library, locale)
        case ListLessons(lesson=name):
            return opening(library, library.lesson(name), locale)
        case Explain(name=name):
            return explaining(library, library.concept(name), locale, python)
        case other:
            raise TypeError(f"{type(other).__name__} is not answered with something to read")


def helping(library: Library, locale: Locale, site: str = "") -> Reply:
    """Tell what can be done here and, where there is a public `site`, on which terms."""
    say = words(locale).course
    choices = [Choice(say.all_lessons, ListLessons())]
    if library.lessons:
        first = library.lessons[0]
        choices += [following.explain_choice(it, locale) for it in first.concepts[:1]]
        choices += [following.run_choice(it, locale) for it in first.scenarios[:1]]
    rows = [usage(command, locale) for command in REQUESTS]
    told = "\n".join((say.help, "", *rows, "", say.help_names))
    parts: list[Part] = [Heading(say.help_title), Text(told)]
    if site:
        parts += [
            PageLink(title, f"{site}/{name}?lang={locale}")
            for name, title in (("privacy", say.privacy), ("terms", say.terms))
        ]
    return Reply((*parts, Choices(tuple(choices))), private=True)


def usage(command: Command, locale: Locale) -> str:
    """Return a command's examples and what it does, as an entry of a list."""
    examples = ", ".join(f"`{spell(asked, locale)}`" for asked in command.examples)
    return f"- {examples} — {command.about.text(locale)}"


def listing(library: Library, locale: Locale) -> Reply:
    """Tell what lessons there are."""
    say = words(locale).course
    if not library.lessons:
        return Reply((Heading(say.lessons_title), Note(say.no_lessons, "warning")), failed=True)
    rows = [
        f"{number}. **{listed(it.title, locale)}** (`{it.id}`) — {it.summary.text(locale)}"
        for number, it in enumerate(library.lessons, start=1)
    ]
    choices = [Choice(it.title.text(locale), ListLessons(it.id)) for it in library.lessons]
    return Reply(
        (
            Heading(say.lessons_title),
            Text("\n".join(rows)),
            Text(say.how_to_open(spell(ListLessons(say.name), locale))),
            Choices(tuple(choices)),
        )
    )


def mapped(library: Library, request: ListLessons, locale: Locale, python: str) -> Reply:
    """Show the course, or one lesson of it, as a map.

    :raises UnknownNameError: if no lesson goes by the name
    """
    if not request.lesson:
        chapters = (chapter(library, it, locale, python) for it in library.lessons)
        return Reply((Heading(words(locale).course.lessons_title), CourseMap(tuple(chapters))))
    lesson = library.lesson(request.lesson)
    parts: list[Part] = [*mark(lesson.title, locale)]
    if lesson.requires:
        titles = (library.lesson(name).title.text(locale) for name in lesson.requires)
        parts.append(Note(words(locale).course.requires(", ".join(titles))))
    parts.append(CourseMap((chapter(library, lesson, locale, python),)))
    return Reply((*parts, following.after_lesson(library, lesson, locale)))


def chapter(library: Library, lesson: Lesson, locale: Locale, python: str) -> Chapter:
    """Return a lesson as a chapter of the map."""
    number = next(at for at, it in enumerate(library.lessons, start=1) if it.id == lesson.id)

    def comparison(names: tuple[str, ...]) -> Choice:
        hindered = (following.hindered(library.scenario(it), python, locale) for it in names)
        return Choice(" · ".join(names), Compare(names), next(filter(None, hindered), ""))

    return Chapter(
        number,
        lesson.title.text(locale),
        ListLessons(lesson.id),
        lesson.summary.text(locale),
        tuple(Choice(it.title.text(locale), Explain(it.id)) for it in lesson.concepts),
        tuple(
            Choice(it.title.text(locale), Run(it.id), following.hindered(it, python, locale))
            for it in lesson.scenarios
        ),
        tuple(comparison(it.scenarios) for it in lesson.comparisons),
        tuple(Choice(it.title.text(locale), Solve(it.id)) for it in lesson.exercises),
    )


def opening(library: Library, lesson: Lesson, locale: Locale) -> Reply:
    """Show one lesson: what it explains, runs and compares."""
    parts = (
        Heading(lesson.title.text(locale)),
        *mark(lesson.title, locale),
        Text(lesson.summary.text(locale)),
        *_contents(library, lesson, locale),
        following.in_lesson(library, lesson, locale),
    )
    return Reply(parts)


def _contents(library: Library, lesson: Lesson, locale: Locale) -> Iterator[Part]:
    say = words(locale).course
    if lesson.requires:
        titles = (listed(library.lesson(name).title, locale) for name in lesson.requires)
        yield Note(say.requires(", ".join(titles)))
    sections = (
        (say.concepts, [_row(Explain(it.id), it.title, locale) for it in lesson.concepts]),
        (say.scenarios, [_row(Run(it.id), it.title, locale) for it in lesson.scenarios]),
        (say.exercises, [_row(Solve(it.id), it.title, locale) for it in lesson.exercises]),
        (
            say.comparisons,
            [f"- `{spell(Compare(it.scenarios), locale)}`" for it in lesson.comparisons],
        ),
    )
    for title, rows in sections:
        if rows:
            yield Text("\n".join([title, "", *rows]))


def _row(request: Request, title: Localized, locale: Locale) -> str:
    return f"- `{spell(request, locale)}` — {listed(title, locale)}"


def explaining(library: Library, concept: Concept, locale: Locale, python: str = "") -> Reply:
    """Explain a concept; `python` as in `answer`."""
    parts = (
        Heading(concept.title.text(locale)),
        *mark(concept.title, locale),
        *_explanation(concept, locale),
        *(PageLink(it.title.text(locale), it.address(locale)) for it in concept.links),
        following.after_concept(library, concept, locale, python),
    )
    return Reply(parts)


def _explanation(concept: Concept, locale: Locale) -> Iterator[Part]:
    say = words(locale).course
    yield Text(f"**{concept.summary.text(locale)}**")
    yield Text(concept.explanation.text(locale))
    if concept.belief:
        yield Note(say.belief(concept.belief.text(locale)))
    if concept.pitfalls:
        rows = [f"- {pitfall.text(locale)}" for pitfall in concept.pitfalls]
        yield Text("\n".join([say.pitfalls, "", *rows]))
    if concept.since:
        yield Text(say.since(concept.since))
