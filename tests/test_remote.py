"""What fronts share over NATS: news of the lessons."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.course import Course
from bot.lessons.authoring.template import lesson_text
from bot.remote import Fronts
from bot.runner.remote.leases import Leases
from tests.nats_server import NatsServer, link
from tests.processes import until


@asynccontextmanager
async def front(nats: NatsServer, folder: Path) -> AsyncIterator[Course]:
    connection = link(nats)
    await connection.open()
    course = Course([folder])
    await course.open()
    await Fronts(connection, Leases(connection)).share_news(course)
    try:
        yield course
    finally:
        await connection.close()


async def test_news_reach_all_fronts_and_come_to_rest(
    nats_server: Callable[[], NatsServer], tmp_path: Path
) -> None:
    shared, other = tmp_path / "shared", tmp_path / "other"
    for folder in (shared, other):
        folder.mkdir()
        (folder / "one.yaml").write_text(lesson_text("one", order=1, title_en="One"), "utf-8")
    async with (
        front(nats_server(), shared) as mine,
        front(nats_server(), shared) as theirs,
        front(nats_server(), other) as strange,
    ):
        assert mine.version == theirs.version == strange.version, "the same lessons"
        read: list[str] = []
        theirs.listen(read.append)
        strange.listen(read.append)
        changed = lesson_text("one", order=1, title_en="Another")
        (shared / "one.yaml").write_text(changed, "utf-8")
        await mine.reload()
        await until(lambda: theirs.version == mine.version)
        await until(lambda: len(read) == 2)
        assert strange.version != mine.version, "its files are others"
        await asyncio.sleep(0.2)
        assert len(read) == 2, "fronts with different files do not wake each other for ever"
