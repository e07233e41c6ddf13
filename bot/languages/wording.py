"""A short text of the code in every language: a command's name, what it does."""

from dataclasses import dataclass

from bot.languages import Locale, locales, say


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
