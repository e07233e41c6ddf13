"""The verb `lessons language`: it writes what a translator of the tutor itself starts from."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

import bot
from bot.cli.context import near
from bot.errors import LanguageError
from bot.languages import LOCALES
from bot.languages.files import FOLDER, Language, read_language
from bot.languages.sentences import sentences


@click.command("language")
@click.argument("code")
@click.option("--name", help="What the language calls itself, as in: 日本語.")
@click.option("--english", help="What English calls it, as in: Japanese.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    default=FOLDER,
    help="Where to write it; by default where the tutor's languages are.",
)
def language_file(code: str, name: str | None, english: str | None, folder: Path) -> None:
    """Start or renew the file of a further language: CODE.yaml, as in ja.yaml.

    It holds every English sentence of the tutor, with the Korean one above, for you to translate.
    What you have translated already stays. An empty translation is said in English.
    """
    if code in LOCALES:
        raise LanguageError(f"{code} stands in the code itself. Name another language.")
    path = folder / f"{code}.yaml"
    known = read_language(path) if path.exists() else None
    named = name or (known.name if known else ""), english or (known.english if known else "")
    if not all(named):
        raise LanguageError(
            "A new language needs its names. Write: "
            f"tutor lessons language {code} --name ITS_OWN --english IN_ENGLISH"
        )
    wanted = sentences(Path(bot.__file__).parent)
    done = known.sentences if known else {}
    language = Language(*named, {english: done.get(english, "") for english in wanted})
    path.write_text("\n".join(_lines(code, language, wanted, done)) + "\n", encoding="utf-8")
    open_ = sum(not text for text in language.sentences.values())
    click.echo(f"written: {near(path)}: {len(wanted)} sentences, {open_} to translate")


def _lines(
    code: str, language: Language, korean: Mapping[str, str], done: Mapping[str, str]
) -> Iterator[str]:
    yield f"# What the tutor says in {language.english}. An empty translation is said in English."
    yield f"# New sentences come with: tutor lessons language {code}"
    yield f"name: {_quoted(language.name)}"
    yield f"english: {_quoted(language.english)}"
    yield "sentences:"
    for english, text in language.sentences.items():
        yield f"  # {_quoted(korean[english])}"
        yield f"  {_quoted(english)}: {_quoted(text)}"
    gone = [english for english in done if english not in korean]
    if gone:
        yield "  # No longer said by the tutor; kept in case that only a word of it was changed:"
        yield from (f"  # {_quoted(english)}: {_quoted(done[english])}" for english in gone)


def _quoted(text: str) -> str:
    """Return a text as YAML in one line; JSON's quotes are YAML's, too."""
    return json.dumps(text, ensure_ascii=False)
