"""A language in a file: its names, and its sentences by the English ones."""

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.errors import LanguageError

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Language:
    """What is known of a language."""

    name: str
    """What it calls itself."""
    english: str
    """What English calls it."""
    sentences: Mapping[str, str]
    """Its sentences by the English ones, both with `{names}` where values come."""


def read_languages(folder: Path = FOLDER) -> dict[str, Language]:
    """Return the languages of a folder's files by their codes, which the files are named by.

    :raises LanguageError: if one of the files cannot be used; it says what to change
    """
    found = sorted(folder.glob("*.yaml"))
    return {path.stem: read_language(path) for path in found}


def read_language(path: Path) -> Language:
    """Return the language of one file.

    :raises LanguageError: if it cannot be used; it says what to change
    """
    if not (path.stem.isascii() and path.stem.islower() and path.stem.isalpha()):
        raise LanguageError(f"{path}: name it by the language's code in small letters, as ja.yaml.")
    import yaml  # noqa: PLC0415 - most tutors have no such file, and start without it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        held: Any = yaml.load(path.read_text("utf-8"), Loader=loader)  # noqa: S506 - it is the safe one
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise LanguageError(f"{path}: it cannot be read as YAML. {error}") from error
    if not isinstance(held, dict) or not held.keys() <= {"name", "english", "sentences"}:
        raise LanguageError(f"{path}: write the fields name, english and sentences, no others.")
    names = [held.get(field) for field in ("name", "english")]
    if not all(isinstance(name, str) and name.strip() for name in names):
        raise LanguageError(f"{path}: name and english must be there; each is a short text.")
    sentences = held.get("sentences") or {}
    if not isinstance(sentences, dict):
        raise LanguageError(f"{path}: sentences must be fields, `English: translation`.")
    told = {str(english): text for english, text in sentences.items() if text not in {None, ""}}
    for english, text in told.items():
        _check(path, english, text)
    return Language(str(names[0]), str(names[1]), told)


def _check(path: Path, english: str, text: object) -> None:
    """Refuse a sentence that cannot be filled in with the values of the English one."""
    if not isinstance(text, str):
        raise LanguageError(
            f"{path}: {english!r}: the translation must be a text; put it in quotes."
        )
    try:
        strange = set(_values(text)) - set(_values(english))
    except ValueError as error:
        raise LanguageError(
            f"{path}: {english!r}: {error}. Write {{name}} as English does."
        ) from None
    if strange:
        named = ", ".join(f"{{{name}}}" for name in sorted(strange))
        raise LanguageError(f"{path}: {english!r}: the English sentence has no value {named}.")


def _values(sentence: str) -> Iterator[str]:
    """Yield the names of the values in a sentence.

    :raises ValueError: if a brace is alone, or something but a plain name stands between two
    """
    for _, name, spec, conversion in string.Formatter().parse(sentence):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"{{{name}}} is not a plain name")
        yield name
