"""The tests and modules that SECURITY.md names for each promise are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "SECURITY.md").read_text().partition("### Which test holds which promise")[2]
ROWS = [row for row in TABLE.partition("\n## ")[0].splitlines() if row.startswith("| ")][2:]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_a_promise_names_what_is_there(row: str) -> None:
    _, _, where, tests, _ = row.split("|")
    for file in re.findall(r"`([^`]+)`", where):
        assert (ROOT / file).is_file(), file
    named = tests.split(";")
    assert named
    for one in named:
        file, *names = re.findall(r"`([^`]+)`", one)
        text = (ROOT / file).read_text()
        assert [
            name for name in names if f'"{name}"' not in text and f"def {name}(" not in text
        ] == []
