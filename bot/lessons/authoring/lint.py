"""What can be said of lessons without running them, beyond what loading refuses.

These are slips that learners would meet: a text that was never translated, an alias that
leads nowhere new.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.lessons.files import read_file
from bot.lessons.files.document import Document, Slip
from bot.lessons.files.errors import LessonFileError, Level, Problem, quoted
from bot.lessons.files.load import Loaded
from bot.lessons.files.model_paths import parts_of, texts_of
from bot.lessons.library import normal
from bot.lessons.model import LessonPart

HANGUL = re.compile(r"[\uac00-\ud7a3]")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_PROSE = {
    "summary",
    "explanation",
    "belief",
    "pitfalls",
    "because",
    "mistake",
    "question",
    "believes",
    "why",
}
"""Fields that hold sentences. A title or a phrase may well be the same in both languages."""


def lint(loaded: Loaded) -> tuple[Problem, ...]:
    """Return every problem of the lessons: those of loading, then those found here."""
    found = [problem for error in loaded.errors for problem in error.problems]
    for lesson in loaded.lessons:
        slips = [*_translations(lesson, ()), *_aliases(lesson, ())]
        found += placed(loaded.files[lesson.id], slips)
    return tuple(found)


def placed(path: Path, slips: Sequence[Slip], level: Level = "error") -> Iterator[Problem]:
    """Give slips their places in the file, which is read once more for that."""
    if not slips:
        return
    try:
        document = Document(path, read_file.read_file(path))
    except LessonFileError as error:  # it changed meanwhile
        yield from error.problems
        return
    for loc, what, accepted, hint in slips:
        yield replace(document.problem(loc, what, accepted, hint), level=level)


def _translations(part: LessonPart, loc: tuple[str | int, ...]) -> Iterator[Slip]:
    """Find sentences that are in the wrong language."""
    for here, text in texts_of(part, loc):
        if next(step for step in reversed(here) if isinstance(step, str)) in _PROSE:
            if text.ko and not HANGUL.search(text.ko):
                what = f"found {quoted(text.ko)}, which has no Korean in it"
                yield (*here, "ko"), what, "Korean", "Translate it."
            if HANGUL.search(_CODE.sub("", text.en)):
                what = f"found {quoted(text.en)}, which has Korean in it"
                yield (*here, "en"), what, "English", "Translate it."


def _aliases(part: LessonPart, loc: tuple[str | int, ...]) -> Iterator[Slip]:
    """Find aliases that name what already has that name."""
    names = {normal(getattr(part, "id", ""))}
    for number, alias in enumerate(getattr(part, "aliases", ())):
        if normal(alias) in names:
            what = f"the alias {quoted(alias)} is dead: the id or another alias already leads here"
            hint = "Remove it. Case, spaces, hyphens and underscores do not count in names."
            yield (*loc, "aliases", number), what, "names that lead here in no other way", hint
        names.add(normal(alias))
    for here, below in parts_of(part, loc):
        yield from _aliases(below, here)
