"""What nobody knows, names and commands: what the learner may have meant instead."""

from bot.languages import Locale
from bot.lessons.library import Library, UnknownNameError
from bot.tutor.grammar import Misunderstood, same_but, spell
from bot.tutor.model import (
    Ask,
    Choice,
    Choices,
    Explain,
    ListLessons,
    Note,
    Part,
    Predict,
    Reply,
    Request,
    Run,
    Text,
)
from bot.tutor.words import words


def unknown_name(library: Library, ask: Ask, error: UnknownNameError) -> Reply:
    """Say that nothing goes by this name, and offer what comes near."""
    say = words(ask.locale).course
    parts: list[Part] = [Note(say.unknown(error.kind, error.name), "error")]
    choices = [*_same_name(library, ask, error), *_nearest(library, ask, error)]
    if choices:
        parts += [Text(say.did_you_mean), Choices(tuple(choices))]
    else:
        every = Choice(say.all_lessons, ListLessons())
        parts += [Text(say.see_lessons(spell(ListLessons(), ask.locale))), Choices((every,))]
    return Reply(tuple(parts), private=True, failed=True)


def misread(line: Misunderstood, locale: Locale) -> Reply:
    """Say why a typed line cannot be followed, and offer what may have been meant."""
    parts: list[Part] = [Note(words(locale).commands.sentence(line), "error")]
    if isinstance(line.instead, Request):
        parts.append(Choices((Choice(spell(line.instead, locale), line.instead),)))
    return Reply(tuple(parts), private=True, failed=True)


def _same_name(library: Library, ask: Ask, error: UnknownNameError) -> list[Choice]:
    """Return what goes by exactly this name, though it is of another kind."""
    say, found = words(ask.locale).course, []
    try:
        if error.kind != "concept":
            concept = library.concept(error.name)
            found.append(Choice(say.explain(concept.title.text(ask.locale)), Explain(concept.id)))
    except UnknownNameError:
        pass
    try:
        if error.kind != "scenario":
            scenario = library.scenario(error.name)
            found.append(Choice(say.run(scenario.title.text(ask.locale)), Run(scenario.id)))
    except UnknownNameError:
        pass
    return found


def _nearest(library: Library, ask: Ask, error: UnknownNameError) -> list[Choice]:
    """Return the same request with each of the names that come near."""
    return [
        Choice(_title(library, error, name, ask), same_but(ask.what, error.name, name))
        for name in error.nearest
    ]


def _title(library: Library, error: UnknownNameError, name: str, ask: Ask) -> str:
    if isinstance(ask.what, Predict):  # whose titles tell the answer
        return name
    if error.kind == "lesson":
        title = library.lesson(name).title
    elif error.kind == "concept":
        title = library.concept(name).title
    elif error.kind == "exercise":
        title = library.exercise(name).title
    else:
        title = library.scenario(name).title
    return title.text(ask.locale)
