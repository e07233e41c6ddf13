import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.lessons.authoring import schema
from tests.lessons.sample import SAMPLE

LESSONS = Path(__file__).parents[3] / "lessons"
FILES = sorted(LESSONS.glob("*.yaml"))


def test_the_schema_file_is_what_the_models_give() -> None:
    assert (LESSONS / schema.FILE_NAME).read_text() == schema.schema_text(), (
        "run: tutor lessons schema"
    )


def test_it_is_a_draft_07_schema() -> None:
    made = schema.lesson_schema()
    assert made["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema.Draft7Validator.check_schema(made)
    assert "$defs" not in schema.schema_text()
    assert "prefixItems" not in schema.schema_text()


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for below in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from nodes(below)


def test_nothing_stands_beside_a_reference() -> None:
    references = [it for it in nodes(json.loads(schema.schema_text())) if "$ref" in it]
    assert references
    assert all(len(it) == 1 for it in references)


def test_every_field_is_described() -> None:
    made = schema.lesson_schema()
    for part in (made, *made["definitions"].values()):
        for name, field in part.get("properties", {}).items():
            assert field.get("description"), name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_lesson_names_and_fits_the_schema(path: Path) -> None:
    text = path.read_text()
    assert text.startswith(schema.FIRST_LINE + "\n")
    jsonschema.validate(yaml.safe_load(text), schema.lesson_schema(), jsonschema.Draft7Validator)


def test_a_misspelt_field_does_not_fit() -> None:
    broken = yaml.safe_load(SAMPLE.replace("about:", "abuot:"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema.lesson_schema(), jsonschema.Draft7Validator)
