"""An inspection of lesson files: what is wrong with them before anything runs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import LessonError
from bot.lessons.library import Library
from bot.lessons.load import Loaded, lesson_files, read_entry, unite
from bot.lessons.model import LOCALES, Lesson
from bot.lessons.problem import LessonFileError, Problem
from bot.lessons.references import Entry
from bot.lessons.review import review
from bot.platforms.discord.render import render
from bot.platforms.discord.rows import OUTPUT_FILE
from bot.tutor.explaining import explaining, listing, opening


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in the lesson files that were to be checked."""

    lessons: tuple[Lesson, ...]
    """The lessons of those files that can be used."""
    library: Library
    """They, and all others of the course."""
    problems: tuple[Problem, ...]
    files: int
    """How many files were looked at."""


def inspect(course: Sequence[Path], paths: Sequence[Path]) -> Inspection:
    """Read the course, and find what is wrong with the files of `paths` (all, where none is given).

    It blocks. What the files refer to may be anywhere in the course.

    :param course: the folders of the course
    :param paths: lesson files, or folders of them

    :raises LessonError: if a path is neither a file nor a folder
    """
    wanted = {file.resolve() for file in _files(paths or course)}
    problems: list[Problem] = []
    groups: list[list[Entry]] = []
    known: set[Path] = set()
    for files in (*map(_readable, course), sorted(wanted)):
        fresh = [file for file in files if file.resolve() not in known]
        known |= {file.resolve() for file in fresh}
        groups.append(list(_entries(fresh, problems)))
    loaded = unite(groups)
    problems += review(loaded)
    return Inspection(
        lessons=tuple(_of(loaded, wanted)),
        library=Library(loaded.lessons),
        problems=tuple(it for it in problems if it.file.resolve() in wanted),
        files=len(wanted),
    )


def _of(loaded: Loaded, wanted: set[Path]) -> Iterator[Lesson]:
    """Yield the lessons that come from these files."""
    for lesson in loaded.lessons:
        if loaded.files[lesson.id].resolve() in wanted:
            yield lesson


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from lesson_files(path)
        elif path.is_file():
            yield path
        else:
            raise LessonError(f"{path}: there is no such file or folder. Check the path.")


def _readable(folder: Path) -> list[Path]:
    """Return a course folder's files; one that cannot be read has none to refer to."""
    try:
        return lesson_files(folder)
    except LessonFileError:
        return []


def _entries(files: Sequence[Path], problems: list[Problem]) -> Iterator[Entry]:
    for file in files:
        try:
            yield read_entry(file)
        except LessonFileError as error:
            problems += error.problems


def too_long_for_discord(library: Library, lesson: Lesson) -> Iterator[str]:
    """Yield what of a lesson would be shortened in a Discord message. Needs a running loop."""
    for locale in LOCALES:
        replies = [
            ("the list of lessons", listing(library, locale)),
            (f"lesson {lesson.id}", opening(library, lesson, locale)),
            *((f"concept {it.id}", explaining(library, it, locale)) for it in lesson.concepts),
        ]
        for name, reply in replies:
            rendered = render(reply, locale)
            if any(attachment.name == OUTPUT_FILE for attachment in rendered.attachments):
                yield f"{name} ({locale}) does not fit into one Discord message; shorten it"
