import json
from pathlib import Path

import pytest

from bot.errors import LessonError
from bot.lessons.authoring.reference_tables import renewed, tables
from bot.lessons.files.field_words import MEANINGS_KO
from bot.lessons.model import LOCALES, Locale

SCHEMA = json.loads((Path(__file__).parents[3] / "lessons/lesson.schema.json").read_text("utf-8"))
"""As it is written; tests/docs hold it to the models."""
PARTS = {
    name: part
    for name, part in {"Lesson": SCHEMA, **SCHEMA["definitions"]}.items()
    if "properties" in part
}
AS_EXPECTATION = set(PARTS["Expectation"]["properties"])


def fields(name: str) -> set[str]:
    """A part's fields; those that a version's case shares with the expectation are told there."""
    found = set(PARTS[name]["properties"])
    return found - AS_EXPECTATION if name == "VersionCase" else found


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", PARTS)
def test_every_field_is_told(name: str, locale: Locale) -> None:
    text = tables(locale)
    section = text[text.index(f"### {name}\n") :].split("\n### ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert {row.split("`")[1] for row in rows} == fields(name)
    for row in rows:
        _, _, value, needed, meaning, _ = row.split(" | ".strip())
        assert all(cell.strip() for cell in (value, needed, meaning)), row
        required = row.split("`")[1] in PARTS[name].get("required", ())
        assert ("**" in needed) == required, row


def test_korean_meanings_are_of_the_models() -> None:
    known = {f"{name}.{field}" for name in PARTS for field in fields(name)}
    assert set(MEANINGS_KO) == known | set(PARTS)
    assert all(any("가" <= c <= "힣" for c in text) for text in MEANINGS_KO.values())


def test_limits_and_defaults_are_told() -> None:
    text = tables("en")
    assert "| `title` | [Localized](#localized) (at most 80 characters) | **required** |" in text
    assert "| `tolerance` | number (above 0, at most 60) | optional: `0.25` |" in text
    assert "| `scenarios` | list of id (2 to 5 items) | **required** |" in text


def test_a_page_is_renewed_between_its_marks() -> None:
    page = "# Page\n<!-- The fields: made by `tutor lessons schema --markdown`. -->\nstale\n"
    page += "<!-- The end of the fields. -->\nafter\n"
    once = renewed(page, "en")
    assert "stale" not in once
    assert once.startswith("# Page\n")
    assert once.endswith("after\n")
    assert renewed(once, "en") == once


@pytest.mark.parametrize("page", ["", "<!-- The end of the fields. -->\n"])
def test_a_page_without_marks_is_not_touched(page: str) -> None:
    with pytest.raises(LessonError, match="no place for the fields"):
        renewed(page, "en")
