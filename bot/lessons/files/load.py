"""YAML to lessons. What is wrong with a file is said with its place, and what to write instead.

A file's errors come in three steps: text that is not plain YAML ends it at once; then all
fields that do not fit the models; then all that only a whole lesson shows (code that does not
parse, phrases that are not used). Last, across files: references, cycles, clashing names.
"""

import gc
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from bot.lessons.files import diagnosis, read_file, semantics
from bot.lessons.files.document import Document
from bot.lessons.files.errors import MAX_PROBLEMS, LessonFileError, Problem, quoted
from bot.lessons.files.references import LessonFile, usable_together
from bot.lessons.model import Lesson

_SUFFIXES = {".yaml", ".yml"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a set of lesson folders holds."""

    lessons: tuple[Lesson, ...]
    """In course order. They fit together: whatever dangles has been taken out."""
    errors: tuple[LessonFileError, ...]
    """One for each file that cannot be used, or not wholly."""
    files: Mapping[str, Path] = field(default_factory=dict)
    """Where each lesson comes from, by its id."""


def load_file(path: Path) -> Lesson:
    """Return the lesson of one file; references to other lessons are not looked at.

    :raises LessonFileError: a `LessonError`; one line for each problem
    """
    return read_entry(path).lesson


def load_folders(folders: Sequence[Path]) -> Loaded:
    """Return all lessons of the folders; a later folder's lesson replaces one of the same id.

    Files are those that end in .yaml or .yml, not in folders below, not hidden. Nothing is
    raised: a broken file or folder is an error in the answer, and the others are used.
    """
    problems: list[list[Problem]] = []
    paths: list[list[Path]] = []
    for folder in folders:
        try:
            paths.append(lesson_files(folder))
        except LessonFileError as error:
            problems.append(list(error.problems))
    with _garbage_left_lying():
        entries = [_read(group, problems) for group in paths]
    return unite(entries, problems)


def lesson_files(folder: Path) -> list[Path]:
    """Return the lesson files of a folder, by name.

    :raises LessonFileError: if the folder cannot be read
    """
    try:
        found = [it for it in folder.iterdir() if it.suffix in _SUFFIXES]
    except OSError as error:
        what = f"the lessons folder cannot be read ({error.strerror or error})"
        hint = "Check that it exists and that the bot's user may read it."
        problem = Problem(folder, 0, 0, "", what, "a readable folder", hint)
        raise LessonFileError([problem]) from error
    return sorted(it for it in found if not it.name.startswith("."))


def unite(groups: Iterable[Iterable[LessonFile]], problems: Iterable[list[Problem]] = ()) -> Loaded:
    """Return lessons, read before and grouped by folder, as one course."""
    chosen: dict[str, LessonFile] = {}
    failed = list(problems)
    for group in groups:
        here: dict[str, LessonFile] = {}
        for entry in group:
            if rival := here.get(entry.lesson.id):
                what = f"the id {quoted(entry.lesson.id)} is taken by {rival.document.path}"
                hint = "Choose another id in one of the two files."
                accepted = "an id that no other lesson of the folder has"
                failed.append([entry.document.problem(("id",), what, accepted, hint)])
            else:
                here[entry.lesson.id] = LessonFile(entry.lesson, entry.document)
        chosen |= here
    entries = list(chosen.values())
    kept = usable_together(entries)
    failed += [entry.problems for entry in entries if entry.problems]
    return Loaded(
        lessons=tuple(entry.lesson for entry in kept),
        errors=tuple(LessonFileError(found) for found in failed),
        files={entry.lesson.id: entry.document.path for entry in kept},
    )


def _read(paths: Iterable[Path], problems: list[list[Problem]]) -> list[LessonFile]:
    """Read files, noting the problems of those that cannot be used."""
    entries = []
    for path in paths:
        try:
            entries.append(read_entry(path))
        except LessonFileError as error:
            problems.append(list(error.problems))
    return entries


@contextmanager
def _garbage_left_lying() -> Iterator[None]:
    """Spare the garbage collector while many lessons are read.

    Nearly all that is made stays, or goes by its reference count; looking through it again and
    again takes a third of the time of reading a thousand lessons.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_entry(path: Path) -> LessonFile:
    """Return one file's lesson with the document it comes from.

    :raises LessonFileError: if the file cannot be used
    """
    document = Document(path, read_file.read_file(path))
    missing = [*semantics.untranslated(document)]
    try:
        # As JSON, because only there a strict validation takes lists for tuples and texts for
        # enums; a lax one would take "yes" for true and "3" for 3.
        lesson = Lesson.model_validate_json(json.dumps(document.data), strict=True)
    except ValidationError as error:
        found = [*diagnosis.problems_of(error, document), *missing]
        raise LessonFileError(_in_order(found)) from None
    if found := [*semantics.semantic_problems(lesson, document), *missing]:
        raise LessonFileError(_in_order(found))
    document.fold()
    return LessonFile(lesson, document)


def _in_order(found: list[Problem]) -> list[Problem]:
    """Return problems as they stand in the file, as many as anybody reads."""
    return sorted(found, key=lambda it: (it.line, it.column))[:MAX_PROBLEMS]
