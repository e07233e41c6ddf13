"""The languages that the tutor speaks, and how a sentence becomes one of them.

Korean and English stand side by side in the code, so that a reviewer compares them and none can
be forgotten. Every further language is one file in this folder, `ja.yaml` for Japanese: its
names, and for each English sentence its own (docs/authors.md, "A further language"). What a file
does not translate is said in English (docs/adr/0037-further-languages.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot.languages.files import Language, read_languages

Locale = str
"""A language by its code of two or three letters (ISO 639), "ko" for Korean."""

LOCALES: Final[tuple[Locale, ...]] = ("ko", "en")
"""The languages that the code itself speaks."""

_OWN: Final[Mapping[Locale, Language]] = {
    "ko": Language("한국어", "Korean", {}),
    "en": Language("English", "English", {}),
}


@cache
def languages() -> Mapping[Locale, Language]:
    """Return every language by its code: those of the code, then those that came as files.

    The files are part of the installation, as the code is; they are read once.

    :raises LanguageError: if one of the files cannot be used
    """
    return {**_OWN, **read_languages()}


def locales() -> tuple[Locale, ...]:
    """Return the codes of every language."""
    return tuple(languages())


def own_name(locale: Locale) -> str:
    """Return what a language calls itself."""
    return languages()[locale].name


def english_name(locale: Locale) -> str:
    """Return what English calls a language."""
    return languages()[locale].english


def say(locale: Locale, *, ko: str, en: str, values: Mapping[str, object] | None = None) -> str:
    """Return a sentence in a language, with its values in place of the `{names}` in it.

    Without `values` nothing is filled in, and braces are braces.
    """
    sentence = ko if locale == "ko" else en if locale == "en" else translated(en, locale)
    return sentence.format_map(values) if values else sentence


def translated(english: str, locale: Locale) -> str:
    """Return an English sentence, not filled in yet, as a language's file says it."""
    language = languages().get(locale)
    return (language.sentences.get(english) if language else None) or english


@dataclass(frozen=True, slots=True)
class Wording:
    """One text, written out in the languages that the code speaks."""

    en: str
    ko: str

    def text(self, locale: Locale) -> str:
        """Return it in a language; in English where that language's file does not have it."""
        return say(locale, ko=self.ko, en=self.en)

    def texts(self) -> tuple[str, ...]:
        """Return it in every language, each once."""
        return tuple(dict.fromkeys(self.text(locale) for locale in locales()))
