"""Marks what is shown in another language than the learner's, because it has no other."""

from bot.languages import Locale, own_name
from bot.lessons.model import Localized
from bot.tutor.model import Note
from bot.tutor.words import words


def mark(title: Localized, locale: Locale) -> tuple[Note, ...]:
    """Return what stands below a title that is not in `locale`; nothing below one that is.

    A lesson is in the languages of its titles: each of its texts is in all of them.
    """
    return () if title.given(locale) else (Note(words(locale).course.not_translated),)


def listed(title: Localized, locale: Locale) -> str:
    """Return a title for a list: with the name of its language, where that is another one."""
    shown = title.shown_in(locale)
    return title.text(locale) if shown == locale else f"{title.text(locale)} ({own_name(shown)})"
