"""The verbs of `tutor lessons`: a workshop for authors."""

import json

import click

from bot.cli.context import in_language, json_option
from bot.cli.lazy_group import LazyGroup
from bot.cli.lessons_new import new, schema
from bot.cli.lessons_record import record
from bot.languages import Locale
from bot.lessons.files.load import load_folders
from bot.settings import Settings

_ELSEWHERE = {
    "check": "bot.cli.lessons_check:check",
    "language": "bot.cli.lessons_language:language_file",
    "preview": "bot.cli.lessons_preview:preview",
}


@click.group(cls=LazyGroup, elsewhere=_ELSEWHERE)
def lessons() -> None:
    """List, check, start, record, preview and translate lessons."""


@lessons.command("list")
@in_language
@json_option
def list_(settings: Settings, locale: Locale, *, as_json: bool) -> int:
    """List every lesson with its concepts and scenarios."""
    loaded = load_folders(settings.lesson_folders)
    for error in loaded.errors:
        click.echo(f"tutor: {error}", err=True)
    for lesson in loaded.lessons:
        if as_json:
            fields = {
                "id": lesson.id,
                "title": lesson.title.text(locale),
                "concepts": [it.id for it in lesson.concepts],
                "scenarios": [it.id for it in lesson.scenarios],
                "file": str(loaded.files[lesson.id]),
            }
            click.echo(json.dumps(fields, ensure_ascii=False))
            continue
        click.echo(f"{lesson.id:<20} {lesson.title.text(locale)}")
        for concept in lesson.concepts:
            click.echo(f"  explain {concept.id:<26} {concept.title.text(locale)}")
        for scenario in lesson.scenarios:
            click.echo(f"  run     {scenario.id:<26} {scenario.title.text(locale)}")
    return int(not loaded.lessons)


for verb in (new, record, schema):
    lessons.add_command(verb)
