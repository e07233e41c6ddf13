"""The privacy page and the terms: those that come with the tutor, or the operator's own.

An operator's own file stands for all languages that it has none for: a text of ours beside it
could say something else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from bot.errors import SettingsError
from bot.languages import Locale, locales
from bot.platforms.web.words import WebWords

NAMES = ("privacy", "terms")
_LARGEST = 256 * 1024
"""Bytes: far more than anybody reads."""
_SETTING = "TUTOR_WEB_DOCUMENTS"


@dataclass(frozen=True, slots=True)
class LegalPage:
    """A page of text, as Markdown."""

    title: str
    text: str


Documents = Mapping[tuple[str, Locale], LegalPage]
"""By name and language; there is one for each."""


def load_documents(folder: Path | None, operator: str) -> Documents:
    """Read all documents. It blocks: call it in a thread.

    :param folder: where the operator's own lie; None: there are none
    :param operator: who runs the bot, and how to reach them; "" if that is not named
    :raises SettingsError: if there is a folder, and it or a file in it cannot be used
    """
    own = dict(_own(folder)) if folder is not None else {}
    shipped = files("bot.platforms.web").joinpath("documents")
    found = {}
    for name in NAMES:
        theirs = [own[name, locale] for locale in locales() if (name, locale) in own]
        for locale in locales():
            text = own.get((name, locale)) or (theirs[0] if theirs else "")
            if not text:
                who = operator or WebWords(locale).operator_unnamed
                path = shipped.joinpath(f"{name}.{locale}.md")
                path = path if path.is_file() else shipped.joinpath(f"{name}.en.md")
                text = path.read_text("utf-8")
                text = text.replace("{operator}", who)
            found[name, locale] = _document(text)
    return found


def _own(folder: Path) -> Iterator[tuple[tuple[str, Locale], str]]:
    """Yield the operator's own documents."""
    wanted = {f"{name}.{locale}.md": (name, locale) for name in NAMES for locale in locales()}
    try:
        there = {entry.name for entry in folder.iterdir()}
    except OSError as error:
        raise SettingsError(
            f"{_SETTING} is {folder}, which cannot be read: {error.strerror}. "
            "Write a folder that the bot's user may read."
        ) from None
    if not there & wanted.keys():
        raise SettingsError(
            f"{_SETTING} is {folder}, which holds none of {', '.join(wanted)}. "
            "Put one there, or remove the setting."
        )
    for name in sorted(there & wanted.keys()):
        yield wanted[name], _text(folder / name)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        text = data.decode("utf-8-sig").strip()
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror}. Let the bot's user read it."
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8 text. Save it as UTF-8.") from None
    if len(data) > _LARGEST:
        raise SettingsError(f"{path} is larger than {_LARGEST // 1024} KiB. Shorten it.")
    if not text.startswith("# "):
        raise SettingsError(f"{path} has no title. Begin it with a line such as # Privacy.")
    return text


def _document(text: str) -> LegalPage:
    """Take the title, the first line, from the text."""
    title, _, rest = text.partition("\n")
    return LegalPage(title.removeprefix("# ").strip(), rest.strip())
