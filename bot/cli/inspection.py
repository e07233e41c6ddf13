"""An inspection of lesson files: what is wrong with them before anything runs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import LessonError
from bot.languages import locales
from bot.lessons.authoring.advice import warnings
from bot.lessons.authoring.course_rules import course_problems
from bot.lessons.authoring.lint import lint
from bot.lessons.files.errors import LessonFileError, Problem
from bot.lessons.files.load import Loaded, lesson_files, read_entry, unite
from bot.lessons.files.references import LessonFile
from bot.lessons.library import Library
from bot.lessons.model import Lesson
from bot.platforms.discord.render import render
from bot.platforms.discord.rows import OUTPUT_FILE
from bot.tutor.use_cases.explaining import explaining, listing, opening


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in the lesson files that were to be checked."""

    lessons: tuple[Lesson, ...]
    """The lessons of those files that can be used."""
    library: Library
    """They, and all others of the course."""
    problems: tuple[Problem, ...]
    """What is wrong with those files, or with others because of them; then what to look at."""
    files: int
    """How many files were looked at."""
    sources: Mapping[str, Path]
    """The file of each of the lessons, by the lesson's id."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What makes the check fail."""
        return tuple(it for it in self.problems if it.level == "error")


def inspect(
    course: Sequence[Path], paths: Sequence[Path], *, as_course: bool = False
) -> Inspection:
    """Read the course, and find what is wrong with the files of `paths` (all, where none is given).

    It blocks. What the files refer to may be anywhere in the course, and what they cause there
    (an id that takes another's alias, a reference that leads nowhere any more) is found, too.

    :param course: the folders of the course
    :param paths: lesson files, or folders of them
    :param as_course: also hold them to the course's own rules

    :raises LessonError: if a path is neither a file nor a folder
    """
    wanted = {file.resolve() for file in _files(paths or course)}
    groups, problems = _read((*map(_readable, course), sorted(wanted)))
    loaded = unite(groups)
    linted = lint(loaded)
    problems += linted
    asked = [it for it in problems if it.file.resolve() in wanted]
    others = [[it for it in group if it.document.path.resolve() not in wanted] for group in groups]
    before = {_gist(it) for it in lint(unite(others))}
    caused = [it for it in linted if it not in asked and _gist(it) not in before]
    lessons = tuple(_of(loaded, wanted))
    sources = {lesson.id: loaded.files[lesson.id] for lesson in lessons}
    if as_course:
        asked += [it for it in course_problems(loaded) if it.file.resolve() in wanted]
    notes = [*_replaced(groups, wanted)]
    notes += [it for lesson in lessons for it in warnings(lesson, sources[lesson.id])]
    return Inspection(
        lessons=lessons,
        library=Library(loaded.lessons),
        problems=(*asked, *caused, *notes),
        files=len(wanted),
        sources=sources,
    )


def _read(files: Iterable[Sequence[Path]]) -> tuple[list[list[LessonFile]], list[Problem]]:
    """Read groups of files, each file once."""
    problems: list[Problem] = []
    groups: list[list[LessonFile]] = []
    known: set[Path] = set()
    for group in files:
        fresh = [file for file in group if file.resolve() not in known]
        known |= {file.resolve() for file in fresh}
        groups.append(list(_entries(fresh, problems)))
    return groups, problems


def _gist(problem: Problem) -> tuple[Path, str, str]:
    """Return what makes a problem the same one, whatever else is read beside its file."""
    return problem.file, problem.path, problem.what


def _replaced(groups: Sequence[Sequence[LessonFile]], wanted: set[Path]) -> Iterator[Problem]:
    """Yield for each lesson of the files which earlier one it replaces."""
    earlier: dict[str, Path] = {}
    for group in groups:
        for entry in group:
            id_, document = entry.lesson.id, entry.document
            if id_ in earlier and document.path.resolve() in wanted:
                what = f'it replaces the lesson "{id_}" of {earlier[id_]}'
                yield replace(document.problem(("id",), what), level="note")
        earlier |= {entry.lesson.id: entry.document.path for entry in group}


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


def _entries(files: Sequence[Path], problems: list[Problem]) -> Iterator[LessonFile]:
    for file in files:
        try:
            yield read_entry(file)
        except LessonFileError as error:
            problems += error.problems


def too_long_for_discord(library: Library, lesson: Lesson) -> Iterator[str]:
    """Yield what of a lesson would be shortened in a Discord message. Needs a running loop."""
    for locale in locales():
        replies = [
            ("the list of lessons", listing(library, locale)),
            (f"lesson {lesson.id}", opening(library, lesson, locale)),
            *((f"concept {it.id}", explaining(library, it, locale)) for it in lesson.concepts),
        ]
        for name, reply in replies:
            rendered = render(reply, locale)
            if any(attachment.name == OUTPUT_FILE for attachment in rendered.attachments):
                yield f"{name} ({locale}) does not fit into one Discord message; shorten it"
