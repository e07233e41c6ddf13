"""How long reading lessons takes: a thousand good ones, and files made to do harm."""

import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.errors import LessonError
from bot.lessons.authoring.template import lesson_text
from bot.lessons.files.load import load_file, load_folders
from bot.lessons.files.read_file import MAX_BYTES
from bot.lessons.library import Library
from tests.bench.figures import Figure

_COUNT = 1_000
_MOST_LOADING, _MOST_REFUSING = "≤ 1.5", "≤ 100"
_LEVELS = 60_000


def _laughs() -> str:
    """Return ten levels of lists that name the list below them ten times each."""
    levels = ["a0: &a0 [haha, haha]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 11)]
    return "\n".join(levels) + "\n"


_HARMFUL: Mapping[str, Callable[[], str]] = {
    "a file of 10 MB": lambda: "x" * 10_000_000,
    "a billion laughs": _laughs,
    "60,000 lists, each in another": lambda: "[" * _LEVELS,
    "60,000 fields, each in another": lambda: "{a: " * _LEVELS,
    "as many parts as fit": lambda: "a: [" + "x, " * (MAX_BYTES // 3 - 10) + "]",
}


async def lessons(quick: bool) -> list[Figure]:  # noqa: FBT001 - one signature for all
    """Measure the loading of a thousand lessons, and refusals."""
    rounds = 2 if quick else 5
    with TemporaryDirectory() as name:
        folder = Path(name)
        return [*_thousand(folder, rounds), *_refusals(folder, 5 * rounds)]


def _thousand(folder: Path, rounds: int) -> list[Figure]:
    """Load lessons as `tutor lessons new` writes them: a concept and a scenario each."""
    size = 0
    for number in range(_COUNT):
        name = f"lesson_{number}"
        size += (folder / f"{name}.yaml").write_text(lesson_text(name, order=number))
    took, shelving = [], []
    for _ in range(rounds):
        start = time.perf_counter()
        loaded = load_folders([folder])
        took.append(time.perf_counter() - start)
        if len(loaded.lessons) != _COUNT or loaded.errors:
            raise RuntimeError(f"not all lessons could be used: {loaded.errors[:3]}")
        start = time.perf_counter()
        Library(loaded.lessons)
        shelving.append(time.perf_counter() - start)
    return [
        Figure(f"a lesson's size, of {_COUNT:,}", size / _COUNT / 1_000, "kB"),
        Figure(f"{_COUNT:,} lessons loaded, median", statistics.median(took), "s", _MOST_LOADING),
        Figure(f"{_COUNT:,} lessons loaded, slowest", max(took), "s"),
        Figure("a library made of them", statistics.median(shelving), "s"),
    ]


def _refusals(folder: Path, rounds: int) -> list[Figure]:
    figures = []
    file = folder / "harmful.yaml"
    for name, write in _HARMFUL.items():
        file.write_text(write())
        took = [1_000 * _refusal(file) for _ in range(rounds)]
        figures.append(Figure(f"{name}: refused, at worst", max(took), "ms", _MOST_REFUSING))
    return figures


def _refusal(file: Path) -> float:
    start = time.perf_counter()
    try:
        load_file(file)
    except LessonError:
        return time.perf_counter() - start
    raise RuntimeError(f"{file} was taken for a lesson")
