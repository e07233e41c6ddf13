"""The course that is served: read from its folders, and again as its files change."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from bot.errors import LessonError
from bot.lessons.files.errors import LessonFileError, Problem
from bot.lessons.files.load import Loaded, lesson_files, read_entry, unite
from bot.lessons.files.references import LessonFile
from bot.lessons.library import Library
from bot.observe.metrics import Metrics, NoMetrics


class Course:
    """Holds the library that is served now; reading again replaces it whole.

    A file that can no longer be read as a lesson leaves its last good version in place.
    """

    def __init__(self, folders: Sequence[Path], *, metrics: Metrics | None = None) -> None:
        self._folders = tuple(folders)
        self._metrics: Metrics = metrics or NoMetrics()
        self._good: dict[Path, LessonFile] = {}
        self._told: frozenset[str] = frozenset()
        self._library = Library(())
        self._listeners: list[Callable[[], None]] = []
        self._log = structlog.get_logger("bot.course")

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where it is read from."""
        return self._folders

    def __call__(self) -> Library:
        """Return the library as it is now."""
        return self._library

    @property
    def problems(self) -> frozenset[str]:
        """What is wrong with the files, as of the last reading."""
        return self._told

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever the course was read again."""
        self._listeners.append(listener)

    async def open(self) -> None:
        """Read the course for the first time.

        :raises LessonError: if not one lesson can be used
        """
        loaded = await asyncio.to_thread(self._read)
        if not loaded.lessons:
            why = "\n".join(str(error) for error in loaded.errors)
            raise LessonError(
                f"There is not one lesson to serve in {', '.join(map(str, self._folders))}. "
                f"Set TUTOR_LESSONS to a folder with lesson files.\n{why}".rstrip()
            )
        self._serve(loaded)

    async def reload(self) -> None:
        """Read the course again and replace it; what is wrong goes to the log, once."""
        loaded = await asyncio.to_thread(self._read)
        if loaded.lessons:
            self._serve(loaded)
            self._log.info("lessons reloaded", lessons=len(loaded.lessons))
            for listener in self._listeners:
                listener()
        else:
            self._log.error("lessons kept")

    def _serve(self, loaded: Loaded) -> None:
        told = frozenset(str(error) for error in loaded.errors)
        for problem in sorted(told - self._told):
            self._log.error("lesson file refused", problem=problem)
        self._told = told
        self._library = Library(loaded.lessons)
        self._metrics.lessons_loaded(lessons=len(loaded.lessons), errors=len(loaded.errors))

    def _read(self) -> Loaded:
        """Read every file, taking the last good version of those that are broken. It blocks."""
        problems: list[list[Problem]] = []
        groups: list[list[LessonFile]] = []
        for folder in self._folders:
            try:
                paths = lesson_files(folder)
            except LessonFileError as error:
                problems.append(list(error.problems))
                continue
            groups.append([entry for path in paths if (entry := self._entry(path, problems))])
        return unite(groups, problems)

    def _entry(self, path: Path, problems: list[list[Problem]]) -> LessonFile | None:
        try:
            self._good[path] = read_entry(path)
        except LessonFileError as error:
            problems.append(list(error.problems))
        return self._good.get(path)
