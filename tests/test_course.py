import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.course import Course
from bot.errors import LessonError
from bot.lessons.authoring.template import lesson_text
from bot.observe.metrics import Metrics
from bot.watching import watch


def write(folder: Path, id_: str, *, title: str = "A lesson", order: int = 1) -> Path:
    file = folder / f"{id_}.yaml"
    file.write_text(lesson_text(id_, order=order, title_en=title, title_ko=title))
    return file


def titles(course: Course) -> list[str]:
    return [lesson.title.en for lesson in course().lessons]


async def test_a_changed_file_is_swapped_in(tmp_path: Path) -> None:
    write(tmp_path, "one")
    course = Course([tmp_path])
    await course.open()
    before = course()
    write(tmp_path, "one", title="Changed")
    write(tmp_path, "two", title="New", order=2)
    await course.reload()
    assert titles(course) == ["Changed", "New"]
    assert [lesson.title.en for lesson in before.lessons] == ["A lesson"], "nobody's is changed"


async def test_a_broken_file_leaves_its_last_good_version_in_place(tmp_path: Path) -> None:
    file = write(tmp_path, "one")
    write(tmp_path, "two", title="Second", order=2)
    course = Course([tmp_path])
    await course.open()
    file.write_text("id: [")
    write(tmp_path, "two", title="Second, changed", order=2)
    with capture_logs() as logs:
        await course.reload()
        await course.reload()
    assert titles(course) == ["A lesson", "Second, changed"]
    assert str(file) in "".join(course.problems)
    errors = [log for log in logs if log["log_level"] == "error"]
    assert len(errors) == 1, "it is told once"
    write(tmp_path, "one", title="Mended")
    await course.reload()
    assert titles(course) == ["Mended", "Second, changed"]
    assert not course.problems


async def test_a_removed_file_is_gone(tmp_path: Path) -> None:
    write(tmp_path, "one")
    file = write(tmp_path, "two", order=2)
    course = Course([tmp_path])
    await course.open()
    file.unlink()
    await course.reload()
    assert len(titles(course)) == 1


async def test_where_nothing_is_left_the_last_good_course_is_served_on(tmp_path: Path) -> None:
    file = write(tmp_path, "one")
    course = Course([tmp_path])
    await course.open()
    file.unlink()
    await course.reload()
    assert titles(course) == ["A lesson"]


async def test_a_later_folder_overrides(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    write(tmp_path / "a", "one", title="First")
    write(tmp_path / "b", "one", title="Mine")
    course = Course([tmp_path / "a", tmp_path / "b"])
    await course.open()
    assert titles(course) == ["Mine"]


@pytest.mark.parametrize("there", [True, False])
async def test_without_one_lesson_there_is_no_course(tmp_path: Path, *, there: bool) -> None:
    folder = tmp_path if there else tmp_path / "missing"
    with pytest.raises(LessonError, match="TUTOR_LESSONS"):
        await Course([folder]).open()


class Noted(Metrics):
    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []

    def lessons_loaded(self, *, lessons: int, errors: int) -> None:
        self.seen.append((lessons, errors))


async def test_saving_a_file_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, "one")
    noted = Noted()
    course = Course([tmp_path, tmp_path / "missing"], metrics=noted)
    await course.open()
    watching = asyncio.create_task(watch(course))
    try:
        async with asyncio.timeout(30):
            while titles(course) != ["Saved"]:
                assert not watching.done(), watching.exception()
                write(tmp_path, "one", title="Saved")  # again: the watch may not have begun
                await asyncio.sleep(0.3)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    assert noted.seen[0] == (1, 1)
