"""Writes what is generated in docs/ and lessons/: the course's map, the fields, the schema.

`make docs` does it; tests hold the files equal to what would be written.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.lessons.authoring import schema
from bot.lessons.authoring.reference_tables import renewed
from bot.lessons.files.load import load_folders
from bot.lessons.model import LOCALES, Lesson, Locale

ROOT = Path(__file__).parents[2]
_ROW = re.compile(r"^\| \d+ \|.*\n", re.MULTILINE)
_NUMBER = re.compile(r"\*\*\d+\*\*")


def page(name: str, locale: Locale) -> Path:
    """Where a page of docs/ lies."""
    return ROOT / "docs" / (f"{name}.md" if locale == "en" else f"{name}.{locale}.md")


def course() -> tuple[Lesson, ...]:
    """The lessons that ship with the bot."""
    loaded = load_folders([ROOT / "lessons"])
    assert loaded.errors == ()
    return loaded.lessons


def course_map(text: str, lessons: tuple[Lesson, ...], locale: Locale) -> str:
    """The page of the map, with its rows and its three numbers written again."""
    rows = [
        f"| {number} | **{lesson.title.text(locale)}** (`{lesson.id}`) | "
        f"{lesson.summary.text(locale)} | {' '.join(f'`{it.id}`' for it in lesson.scenarios)} |\n"
        for number, lesson in enumerate(lessons, 1)
    ]
    old = list(_ROW.finditer(text))
    concepts = sum(len(lesson.concepts) for lesson in lessons)
    scenarios = sum(len(lesson.scenarios) for lesson in lessons)
    numbers = iter((len(lessons), concepts, scenarios))
    text = text[: old[0].start()] + "".join(rows) + text[old[-1].end() :]
    return _NUMBER.sub(lambda _: f"**{next(numbers)}**", text, count=3)


def generated() -> Iterator[tuple[Path, str]]:
    """Every file that is generated, or has generated parts, with what should stand in it."""
    lessons = course()
    for locale in LOCALES:
        path = page("course", locale)
        yield path, course_map(path.read_text("utf-8"), lessons, locale)
        path = page("authors", locale)
        yield path, renewed(path.read_text("utf-8"), locale)
    yield ROOT / "lessons" / schema.FILE_NAME, schema.schema_text()


if __name__ == "__main__":
    for path, text in generated():
        path.write_text(text, "utf-8")
