from pathlib import Path

import pytest
import yaml

from bot.lessons.authoring.propose import Proposal, with_expectation
from bot.lessons.authoring.template import lesson_text
from bot.lessons.files.load import load_file
from tests.lessons.sample import SAMPLE

NEW = Proposal({"lines": ["<<hello>>"], "elapsed": {"about": 1.5}}, ("Times varied.",))
PATH = Path("sample.yaml")


def test_only_the_expectation_changes() -> None:
    text = with_expectation(PATH, SAMPLE, 0, NEW)
    was, now = yaml.safe_load(SAMPLE), yaml.safe_load(text)
    expect = now["scenarios"][0].pop("expect")
    versions = was["scenarios"][0].pop("expect")["versions"]
    assert expect == {**NEW.expect, "versions": versions}
    assert now == was
    assert "    # Times varied.\n    expect:\n" in text
    assert [it for it in SAMPLE.splitlines() if it not in text.splitlines()] == [
        "      outcome: ok",
        "        - <<hello>>",
        "        - any_order:",
        "            - matches: number \\d",
        "            - <<bye>>",
        "      complete: true",
        "      before:",
        "        - {first: <<hello>>, then: <<bye>>}",
        "        about: 1.0",
        "        tolerance: 0.3",
        '        - python: "<3.12"',
        "          outcome: error",
        "          error: ValueError",
    ]


def test_an_empty_expectation_is_filled() -> None:
    text = with_expectation(PATH, SAMPLE, 1, NEW)
    assert yaml.safe_load(text)["scenarios"][1]["expect"] == NEW.expect
    assert yaml.safe_load(text)["scenarios"][1]["because"]["en"] == "Because."


@pytest.mark.parametrize("empty", ["    expect: {}\n", "    expect: {}  # to be recorded\n"])
def test_comments_around_it_stay(tmp_path: Path, empty: str) -> None:
    text = lesson_text("mine", order=1)
    start, end = text.index("    expect:\n"), text.index("    # Read after the run")
    path = tmp_path / "mine.yaml"
    proposal = Proposal({"lines": ["A <<starts>>"], "elapsed": {"about": 0.4}})
    for before in (text, text[:start] + empty + text[end:]):
        after = with_expectation(path, before, 0, proposal)
        assert after.startswith(text[:start])
        assert after.endswith(text[end:])
        path.write_text(after, "utf-8")
        assert load_file(path).scenarios[0].expect.lines == ("A <<starts>>",)


def test_it_may_be_the_last_field() -> None:
    lines = SAMPLE[: SAMPLE.index("comparisons")].splitlines()
    moved = [it for it in lines if it != "    expect: {}"]
    text = "\n".join([*moved, "    expect: {}"]) + "\n"
    after = with_expectation(PATH, text, 1, NEW)
    assert yaml.safe_load(after)["scenarios"][1]["expect"] == NEW.expect
    assert after.endswith("about: 1.5\n")
