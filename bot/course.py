"""The course that is served: read from its folders, and again as its files change."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from bot.errors import LessonError
from bot.lessons.files.errors import LessonFileError, Problem
from bot.lessons.files.load import Loaded, lesson_files, read_entry, unite
from bot.lessons.files.references import LessonFile
from bot.lessons.library import Library
from bot.observe.metrics import Metrics


class Course:
    """Holds the library that is served now; reading again replaces it whole.

    A file that can no longer be read as a lesson leaves its last good version in place.
    """

    def __init__(self, folders: Sequence[Path], *, metrics: Metrics | None = None) -> None:
        self._folders = tuple(folders)
        self._metrics = metrics or Metrics()
        self._good: dict[Path, LessonFile] = {}
        self._told: frozenset[str] = frozenset()
        self._library = Library(())
        self._listeners: list[Callable[[str], None]] = []
        self._version = ""
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

    @property
    def version(self) -> str:
        """Stands for the lessons as they are served now: the same wherever the same are served."""
        return self._version

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the version whenever the course was read again."""
        self._listeners.append(listener)

    async def open(self) -> None:
        """Read the course for the first time.

        :raises LessonError: if not one lesson can be used
        """
        loaded, version = await asyncio.to_thread(self._read)
        if not loaded.lessons:
            why = "\n".join(str(error) for error in loaded.errors)
            raise LessonError(
                f"There is not one lesson to serve in {', '.join(map(str, self._folders))}. "
                f"Set TUTOR_LESSONS to a folder with lesson files.\n{why}".rstrip()
            )
        self._serve(loaded, version)

    async def reload(self) -> None:
        """Read the course again and replace it; what is wrong goes to the log, once."""
        loaded, version = await asyncio.to_thread(self._read)
        if loaded.lessons:
            self._serve(loaded, version)
            self._log.info("lessons reloaded", lessons=len(loaded.lessons))
            for listener in self._listeners:
                listener(self._version)
        else:
            self._log.error("lessons kept")

    def _serve(self, loaded: Loaded, version: str) -> None:
        self._version = version
        told = frozenset(str(error) for error in loaded.errors)
        for problem in sorted(told - self._told):
            self._log.error("lesson file refused", problem=problem)
        self._told = told
        self._library = Library(loaded.lessons)
        self._metrics.lessons_loaded(lessons=len(loaded.lessons), errors=len(loaded.errors))

    def _read(self) -> tuple[Loaded, str]:
        """Read every file, taking the last good version of those that are broken. It blocks.

        Returns the lessons, and their version.
        """
        problems: list[list[Problem]] = []
        groups: list[list[LessonFile]] = []
        for folder in self._folders:
            try:
                paths = lesson_files(folder)
            except LessonFileError as error:
                problems.append(list(error.problems))
                continue
            groups.append([entry for path in paths if (entry := self._entry(path, problems))])
        loaded = unite(groups, problems)
        digest = hashlib.blake2b(digest_size=8)
        for lesson in loaded.lessons:
            digest.update(lesson.model_dump_json().encode())
        return loaded, digest.hexdigest()

    def _entry(self, path: Path, problems: list[list[Problem]]) -> LessonFile | None:
        try:
            self._good[path] = read_entry(path)
        except LessonFileError as error:
            problems.append(list(error.problems))
        return self._good.get(path)
