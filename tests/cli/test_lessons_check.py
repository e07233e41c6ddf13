"""`tutor lessons check`: what it looks at, what it reports, and where it stays green."""

import json
from pathlib import Path

import pytest

from bot.cli.inspection import Inspection, inspect
from bot.cli.lessons_report import annotation
from bot.lessons.authoring.template import lesson_text
from bot.lessons.files.errors import Problem
from tests.commands import ROOT, tutor

COURSE = ROOT / "lessons"


def own(tmp_path: Path, id_: str, **changes: str) -> Path:
    """A file with a new lesson in which `changes` have been made."""
    text = lesson_text(id_, order=99_000)
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / f"{id_}.yaml"
    path.write_text(text, "utf-8")
    return path


def inspected(path: Path) -> Inspection:
    return inspect([COURSE], [path])


def test_an_id_that_takes_a_shipped_alias_is_reported(tmp_path: Path) -> None:
    path = own(tmp_path, "mine", mine_idea="coroutines")
    found = inspected(path)
    (error,) = found.errors
    assert error.file == COURSE / "await.yaml"
    assert "coroutines" in error.what
    assert "already stands for" in error.what


def test_a_replacement_that_leaves_references_dangling_is_reported(tmp_path: Path) -> None:
    path = own(tmp_path, "tasks")
    found = inspected(path)
    (note,) = (it for it in found.problems if it.level == "note")
    assert note.what == f'it replaces the lesson "tasks" of {COURSE / "tasks.yaml"}'
    assert (note.file, note.line) == (path, 6)
    dangling = [it for it in found.errors if it.file != path]
    assert any('there is no scenario "gather"' in it.what for it in dangling)
    assert any('there is no concept or scenario "task"' in it.what for it in dangling)


def test_what_was_wrong_before_is_not_the_files_fault(tmp_path: Path) -> None:
    course = tmp_path / "course"
    course.mkdir()
    (course / "old.yaml").write_text(lesson_text("old", order=1).replace("[old]", "[nothing]"))
    path = own(tmp_path, "fresh")
    assert inspect([course], [path]).errors == ()
    assert len(inspect([course], []).errors) == 1


def test_nothing_to_check_is_not_green(tmp_path: Path) -> None:
    empty = tutor("lessons", "check", str(tmp_path))
    assert empty.status == 1
    assert "There is no lesson file (.yaml, .yml) to check" in empty.out
    text = lesson_text("idle", order=1)
    (tmp_path / "idle.yaml").write_text(
        text[: text.index("# What /run runs")].replace("[idle]", "[]")
    )
    idle = tutor("lessons", "check", str(tmp_path))
    assert idle.status == 1, idle.out
    assert "Nothing was run" in idle.out
    assert tutor("lessons", "check", "--no-run", str(tmp_path)).status == 0
    asked = json.loads(tutor("lessons", "check", "--json", str(tmp_path)).out)
    assert (asked["ok"], asked["missing"][:15]) == (False, "Nothing was run")


def test_a_crash_is_told_before_what_it_kept_from_being_printed(tmp_path: Path) -> None:
    path = own(
        tmp_path, "mine", **{"      async def main():": "      async def main():\n          1 / 0"}
    )
    ended = tutor("lessons", "check", "--lang", "en", str(path))
    assert ended.status == 1
    place = path.read_text("utf-8").split("\n").index("          1 / 0") + 1
    told = ended.out[ended.out.index("mine (mine) on Python") :].splitlines()
    assert told[1] == (
        "  ZeroDivisionError: division by zero, in line 11 of the code "
        f"({path.relative_to('/')}:{place})"
    )
    assert told[2] == "  ko: It should end in `ok`; it ended in `error`."
    # A run that a busy machine held up is not told that it was quick.
    timed = told[3 : told.index("  ko: 4 lines were therefore not printed.")]
    assert len(timed) <= 1
    assert all(it.startswith("  ko: It was quicker than expected: ") for it in timed)
    assert "was not printed" not in ended.out


def test_annotations_for_a_pull_request(tmp_path: Path) -> None:
    wrong = "- A <<starts>>\n        - B <<starts>>"
    path = own(
        tmp_path,
        "mine",
        **{wrong: "- B <<starts>>\n        - A <<starts>>", "[mine]": "[nothing, here]"},
    )
    ended = tutor("lessons", "check", "--format", "github", str(path), cwd=tmp_path)
    assert ended.status == 1
    lines = [it for it in ended.out.splitlines() if it.startswith("::")]
    text = path.read_text("utf-8").split("\n")
    next_line = next(n for n, it in enumerate(text, 1) if it.startswith("    next:"))
    # A place is where the value starts: below the field's name and the comment under it.
    expect_line = next(n for n, it in enumerate(text, 1) if it.startswith("      lines:"))
    assert lines[0].startswith(
        f"::error file=mine.yaml,line={next_line},col=12,title=concepts[0].next[0]::there is no"
    )
    (run,) = (it for it in lines if "not as expected" in it)
    assert f"file=mine.yaml,line={expect_line}," in run
    assert "%0A" in run


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (
            Problem(Path("a,b:c.yaml"), 3, 5, "x[0].y", "100 %\nbad", "good", "Mend it."),
            (
                "::error file=a%2Cb%3Ac.yaml,line=3,col=5,title=x[0].y::"
                "100 %25%0Abad; accepted: good. Mend it."
            ),
        ),
        (
            Problem(Path("a.yaml"), 0, 0, "", "w", level="warning"),
            "::warning file=a.yaml::w.",
        ),
        (
            Problem(Path("a.yaml"), 1, 1, "", "n", level="note"),
            "::notice file=a.yaml,line=1,col=1::n.",
        ),
    ],
)
def test_an_annotation_cannot_be_broken_out_of(problem: Problem, said: str) -> None:
    assert annotation(problem) == said


def test_warnings_do_not_fail(tmp_path: Path) -> None:
    path = own(tmp_path, "mine", **{"import asyncio": f"import asyncio  # {'x' * 40}"})
    ended = tutor("lessons", "check", "--no-run", str(path), cwd=tmp_path)
    assert ended.status == 0
    line = path.read_text("utf-8").split("\n").index("    code: |") + 1
    told = (
        f"mine.yaml:{line}:11: warning: scenarios[0].code: 1 line of the code too wide (ko): up to"
    )
    assert told in ended.out
    assert "0 problems, 1 warning" in ended.out


def test_the_courses_own_rules_are_asked_for(tmp_path: Path) -> None:
    path = own(tmp_path, "mine")
    assert tutor("lessons", "check", "--no-run", str(path)).status == 0
    ended = tutor("lessons", "check", "--no-run", "--course", str(path), cwd=tmp_path)
    assert ended.status == 1
    assert "it has no counterpart; accepted: the course's own rules" in ended.out
    assert "mine.yaml:" in ended.out
