"""The course as it is shipped, read once a process and only where a test asks for it."""

from functools import cache
from pathlib import Path

from bot.lessons.files.load import load_folders
from bot.lessons.library import Library


@cache
def shipped_course() -> Library:
    """All lessons of the course."""
    return Library(load_folders([Path(__file__).parents[2] / "lessons"]).lessons)
