"""Hot reload: the course is read again as its files change."""

import asyncio

from watchfiles import awatch

from bot.course import Course

_SETTLED_MS = 100
"""Milliseconds that the files must stay as they are before they are read again."""
_LONGEST_MS = 1_000
"""Milliseconds after which they are read though they still change."""


async def watch(course: Course) -> None:
    """Reload the course whenever a file in its folders changes. Never ends.

    Only folders that are there when it begins are watched.
    """
    there = [folder for folder in course.folders if await asyncio.to_thread(folder.is_dir)]
    async for _ in awatch(*there, step=_SETTLED_MS, debounce=_LONGEST_MS, recursive=False):
        await course.reload()
