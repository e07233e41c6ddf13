"""What is wrong with an exercise is told at its place, with what is accepted instead."""

import re
from pathlib import Path

import pytest

from bot.lessons.authoring.template import lesson_text
from bot.lessons.files.errors import LessonFileError
from bot.lessons.files.load import load_file

TEXT = lesson_text("sample", order=1)
STAYS = "      stays:\n        - {of: work, seconds: 0.4, times: 2}\n"
OVERLAP = "      overlap:\n        - {of: [work], together: 2}\n"


def problems(path: Path, text: str) -> str:
    file = path / "sample.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(LessonFileError) as caught:
        load_file(file)
    return str(caught.value)


def exercise(right: str, wrong: str) -> str:
    before, mark, after = TEXT.partition("exercises:\n")
    assert right in after
    return before + mark + after.replace(right, wrong, 1)


def test_a_new_lesson_has_an_exercise(tmp_path: Path) -> None:
    file = tmp_path / "sample.yaml"
    file.write_text(TEXT, "utf-8")
    assert [it.kind for it in load_file(file).exercises] == ["fix"]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("- id: sample", "- id: list", "is a verb of `tutor exercise`"),
        ("- id: sample", f"- id: {'a' * 26}", "exercises\\[0\\].id"),
        ("kind: fix", "kind: tune", "it has no `number`"),
        ("kind: fix", "kind: build", "`exemplar` has no meaning here"),
        ("{of: work,", "{of: wrok,", "no function"),
        ("{of: [work], together: 2}", "{of: [work]}", "it asks for nothing"),
        ("A <<ends>>", "A <<end>>", "there is no phrase"),
        ("          await asyncio.gather(\n", "          await await (\n", "not Python"),
    ],
)
def test_slips_are_told(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    assert re.search(said, problems(tmp_path, exercise(right, wrong)))


def test_a_goal_that_looks_at_no_wait_is_refused(tmp_path: Path) -> None:
    text = exercise(OVERLAP, "").replace(STAYS, "")
    text = re.sub(r"      # So many waits[^\n]*\n|      # The work that must[^\n]*\n", "", text)
    assert "nothing in it looks at what was recorded" in problems(tmp_path, text)
