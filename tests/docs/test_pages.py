"""What is generated in docs/ and lessons/ is as it would be written today."""

import pytest

from tests.docs.pages import ROOT, generated

FILES = [
    "docs/course.md",
    "docs/course.ko.md",
    "docs/authors.md",
    "docs/authors.ko.md",
    "lessons/lesson.schema.json",
]


@pytest.mark.parametrize("name", FILES)
def test_it_is_up_to_date(name: str) -> None:
    path = ROOT / name
    assert path.read_text("utf-8") == dict(generated())[path], "run: make docs"


def test_nothing_generated_goes_untested() -> None:
    assert {path.relative_to(ROOT).as_posix() for path, _ in generated()} == set(FILES)
