from pathlib import Path

import pytest

from bot.lessons.authoring.advice import warnings
from bot.lessons.files.errors import Problem
from bot.lessons.files.load import load_file
from tests.lessons.sample import SAMPLE

GROUP = "scenarios[0].expect.lines[1].any_order"


def warned(tmp_path: Path, old: str, new: str) -> list[Problem]:
    assert old in SAMPLE
    path = tmp_path / "sample.yaml"
    path.write_text(SAMPLE.replace(old, new, 1), "utf-8")
    return [*warnings(load_file(path), path)]


def test_a_plain_lesson_needs_no_advice(tmp_path: Path) -> None:
    assert warned(tmp_path, "order: 10", "order: 10") == []


@pytest.mark.parametrize(
    ("old", "new", "path", "swallowed"),
    [
        ("en: Idea", "en: Idea # of many", "concepts[0].title.en", "# of many"),
        ("en: Idea", "en: Idea number   #1", "concepts[0].title.en", "#1"),
        ("        - <<hello>>", "        - <<hello>> # 1", "scenarios[0].expect.lines[0]", "# 1"),
        ("matches: number \\d", "matches: number .* #c", f"{GROUP}[0].matches", "#c"),
    ],
)
def test_text_that_a_comment_swallows(
    tmp_path: Path, old: str, new: str, path: str, swallowed: str
) -> None:
    (problem,) = warned(tmp_path, old, new)
    assert (problem.level, problem.path) == ("warning", path)
    assert problem.what == f'"{swallowed}" is a comment to YAML, not a part of the text'
    assert "quotes" in problem.hint


@pytest.mark.parametrize(
    "harmless", ["order: 10  # after the others", "# a whole line\norder: 10", "order: 10 #"]
)
def test_comments_that_are_meant(tmp_path: Path, harmless: str) -> None:
    assert warned(tmp_path, "order: 10", harmless) == []


@pytest.mark.parametrize(
    ("markdown", "what"),
    [
        ("# A heading", "a heading"),
        ("![a picture](https://example.org/x.png)", "a picture"),
        ("a <b>word</b>", "HTML"),
        ("> said", "a quotation"),
        ("a | b\n        --- | ---\n        c | d", "a table"),
    ],
)
def test_markdown_that_is_not_shown_alike(tmp_path: Path, markdown: str, what: str) -> None:
    found = warned(tmp_path, "        An explanation.", f"        {markdown}")
    assert [it.what for it in found] == [f"{what} is not shown alike on every platform"]
    assert found[0].path == "concepts[0].explanation.en"


@pytest.mark.parametrize(
    "markdown", ["**bold** and `<b>`", "- a\n        - b", "[x](https://a.org)", "1 < 2 > 0"]
)
def test_markdown_that_is(tmp_path: Path, markdown: str) -> None:
    assert warned(tmp_path, "        An explanation.", f"        {markdown}") == []


def test_code_and_lines_too_wide_for_a_phone(tmp_path: Path) -> None:
    wide = "x" * 40
    found = warned(tmp_path, '      print("number 7")', f'      print("number 7")  # {wide}')
    assert [it.path for it in found] == ["scenarios[0].code"]
    assert "up to 61 columns" in found[0].what
    # Hangul takes two columns a syllable.
    found = warned(
        tmp_path, "hello: {ko: 안녕, en: Hello}", f"hello: {{ko: {'안' * 19}, en: Hello}}"
    )
    assert [it.path for it in found] == ["scenarios[0].code", "scenarios[0].expect.lines"]
    assert "(ko): up to 38 columns" in found[1].what


def test_the_notes_own_scenarios_are_exempt(tmp_path: Path) -> None:
    text = SAMPLE.replace("about: 1.0", "about: 3.0").replace("[first", "[gather")
    text = text.replace("id: first", "id: gather").replace(
        'print("number 7")', f'print("number 7")  # {"x" * 40}'
    )
    path = tmp_path / "sample.yaml"
    path.write_text(text, "utf-8")
    assert [*warnings(load_file(path), path)] == []


def test_runs_that_nobody_waits_for(tmp_path: Path) -> None:
    (problem,) = warned(tmp_path, "about: 1.0", "about: 2.1")
    assert (problem.path, problem.what) == ("scenarios[0].expect.elapsed", "a run takes 2.1 s")
