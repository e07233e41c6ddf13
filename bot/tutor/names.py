"""What nobody knows, names and commands: what the learner may have meant instead."""

from collections.abc import Iterator
from contextlib import suppress

from bot.languages import Locale
from bot.lessons.library import Library, UnknownNameError
from bot.tutor import following
from bot.tutor.grammar import Misunderstood, same_but, spell
from bot.tutor.model import Ask, Choice, Choices, ListLessons, Predict, Reply, Request, Text
from bot.tutor.words import words


def unknown_name(library: Library, ask: Ask, error: UnknownNameError) -> Reply:
    """Say that nothing goes by this name, and offer what comes near."""
    say = words(ask.locale).course
    lead = say.did_you_mean
    choices = (*_same_name(library, ask, error), *_nearest(library, ask, error))
    if not choices:
        lead = say.see_lessons(spell(ListLessons(), ask.locale))
        choices = (Choice(say.all_lessons, ListLessons()),)
    return Reply.refusing(say.unknown(error.kind, error.name), Text(lead), Choices(choices))


def misread(line: Misunderstood, locale: Locale) -> Reply:
    """Say why a typed line cannot be followed, and offer what may have been meant."""
    meant = line.instead
    likely = Choice(spell(meant, locale), meant) if isinstance(meant, Request) else None
    told = words(locale).commands.sentence(line)
    return Reply.refusing(told, *((Choices((likely,)),) if likely else ()))


def _same_name(library: Library, ask: Ask, error: UnknownNameError) -> Iterator[Choice]:
    """Yield what goes by exactly this name, though it is of another kind."""
    with suppress(UnknownNameError):
        if error.kind != "concept":
            yield following.explain_choice(library.concept(error.name), ask.locale)
    with suppress(UnknownNameError):
        if error.kind != "scenario":
            yield following.run_choice(library.scenario(error.name), ask.locale)


def _nearest(library: Library, ask: Ask, error: UnknownNameError) -> list[Choice]:
    """Return the same request with each of the names that come near."""
    return [
        Choice(_title(library, error, name, ask), same_but(ask.what, error.name, name))
        for name in error.nearest
    ]


def _title(library: Library, error: UnknownNameError, name: str, ask: Ask) -> str:
    if isinstance(ask.what, Predict):  # whose titles tell the answer
        return name
    return library.named(error.kind, name).title.text(ask.locale)
