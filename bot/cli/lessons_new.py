"""The verbs `lessons new` and `lessons schema`: they write what an author starts from."""

from collections.abc import Callable
from pathlib import Path

import click

import bot
from bot.cli.context import in_language, near, somebody_answers
from bot.errors import LessonError, TutorError
from bot.foundation import read_settings
from bot.languages import Locale
from bot.lessons.authoring import schema as lesson_schema
from bot.lessons.authoring.reference_tables import renewed, tables
from bot.lessons.authoring.schema import FILE_NAME
from bot.lessons.authoring.template import check_id, lesson_text
from bot.lessons.files.load import load_folders
from bot.settings import Settings

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("id_", metavar="[ID]", required=False)
@click.option("--title-ko", help="The title in Korean.")
@click.option("--title-en", help="The title in English.")
@click.option("--order", type=click.IntRange(0, 100_000), help="By default after all others.")
@click.option(
    "--folder",
    type=_FOLDER,
    help="Where to write it; by default the last lessons folder of the settings, or this one if "
    "that is the course inside an installed tutor.",
)
def new(
    id_: str | None,
    title_ko: str | None,
    title_en: str | None,
    order: int | None,
    folder: Path | None,
) -> None:
    """Start a lesson: write a commented file ID.yaml that passes the check as it is.

    Asks for what is not given, where somebody is there to answer.
    """
    settings = read_settings()
    known = load_folders(settings.lesson_folders).lessons
    taken = {lesson.id for lesson in known}

    def free(typed: str) -> str:
        check_id(typed)
        if typed in taken:
            raise LessonError(f"There is a lesson {typed} already. Choose another id.")
        return typed

    id_ = free(id_) if id_ is not None else _asked_id(free)
    text = lesson_text(
        id_,
        order=order if order is not None else max((it.order for it in known), default=0) + 100,
        title_ko=title_ko or _ask("Title in Korean"),
        title_en=title_en or _ask("Title in English"),
    )
    target = (folder or _own_folder(settings.lesson_folders[-1])) / f"{id_}.yaml"
    if target.exists():
        raise LessonError(f"{target} exists already. Choose another id, or remove the file.")
    _write(target, text)
    if not (target.parent / FILE_NAME).exists():  # the first line of the lesson names it
        _write(target.parent / FILE_NAME, lesson_schema.schema_text())
    click.echo(f"Next: tutor lessons preview {near(target)}")


def _own_folder(last: Path) -> Path:
    """Return where an author may write: not into an installed package, which updates replace."""
    return Path.cwd() if last.is_relative_to(Path(bot.__file__).parent) else last


def _asked_id(free: Callable[[str], str]) -> str:
    """Ask until an id is given that can be used."""
    if not somebody_answers():
        raise LessonError("The lesson needs an id. Write: tutor lessons new ID")

    def answer(typed: str) -> str:
        try:
            return free(typed.strip())
        except LessonError as error:
            raise click.UsageError(str(error)) from None

    id_: str = click.prompt("Id (lower-case letters, digits, underscores)", value_proc=answer)
    return id_


def _ask(question: str) -> str:
    """Return what a person at the terminal types; "" without a terminal: the id makes the title."""
    if not somebody_answers():
        return ""
    answer: str = click.prompt(question, default="", show_default=False)
    return answer


@click.command()
@click.option("--write", is_flag=True, help="Write it beside the course's lessons.")
@click.option("--folder", type=_FOLDER, help="Write it into this folder.")
@click.option("--markdown", is_flag=True, help="Tell every field in Markdown tables instead.")
@click.option(
    "--into",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --markdown: renew the tables in this page.",
)
@in_language
def schema(
    settings: Settings,
    locale: Locale,
    folder: Path | None,
    into: Path | None,
    *,
    write: bool,
    markdown: bool,
) -> None:
    """Print the JSON Schema of lesson files (draft-07), for editors."""
    if into:
        _write(into, renewed(into.read_text(encoding="utf-8"), locale))
    elif markdown:
        click.echo(tables(locale), nl=False)
    elif write or folder:
        _write((folder or settings.lesson_folders[0]) / FILE_NAME, lesson_schema.schema_text())
    else:
        click.echo(lesson_schema.schema_text(), nl=False)


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise TutorError(
            f"{target} cannot be written: {error.strerror}. Name another folder."
        ) from None
    click.echo(f"written: {near(target)}")
