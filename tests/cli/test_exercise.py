"""`tutor exercise`: real processes, real runs; listed, shown, handed in, and done in a pipe."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.tutor.attempts import exemplar_attempt
from tests.commands import tutor
from tests.exercises.run_solutions import exercises
from tests.tutor.answers import HANGUL

KINDS = {"fix", "build", "tune", "predict-why"}


def shown(name: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(tutor("exercise", "show", name, "--json").out)
    return fields


def test_every_exercise_is_listed_one_a_line() -> None:
    ended = tutor("exercise", "list", "--json")
    listed = [json.loads(line) for line in ended.out.splitlines()]
    assert ended.status == 0
    assert len(listed) >= 24
    assert {it["kind"] for it in listed} == KINDS
    assert all(it["id"] and it["lesson"] for it in listed)
    assert HANGUL.search(tutor("exercise", "list", "--lang", "ko").out)


@pytest.mark.parametrize(
    ("name", "more"), [("start_then_wait", {"blocks"}), ("two_sleeps", {"choices", "code"})]
)
def test_an_exercise_is_shown_as_it_is_set(name: str, more: set[str]) -> None:
    fields = shown(name)
    assert {"id", "kind", "lesson", "task", "starter", "goal", *more} <= fields.keys()
    assert fields["goal"]["goals"]
    assert not {"exemplar", "because"} & fields.keys()


def test_a_right_answer_passes_and_what_is_wrong_is_told(tmp_path: Path) -> None:
    file = tmp_path / "answer"
    file.write_text(exemplar_attempt(exercises()["fetch_together"], "ko").answer, "utf-8")
    right = tutor("exercise", "check", "fetch_together", str(file), "--json")
    assert right.status in {0, 1}, right.err
    fields = json.loads(right.out)
    met = {it["goal"]: it["met"] for it in fields["goals"]}
    assert met["overlap"]
    assert met["stays"]
    assert met["order"]
    file.write_text(shown("fetch_together")["starter"], "utf-8")
    wrong = tutor("exercise", "check", "fetch_together", str(file), "--json", "--lang", "ko")
    fields = json.loads(wrong.out)
    assert (wrong.status, fields["passed"]) == (1, False)
    assert HANGUL.search(fields["reason"])
    assert "sequential_awaits" in {it["kind"] for it in fields["findings"]}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("fetch_together", b"", "empty"),
        ("fetch_together", b"\xff\xfe\x00", "UTF-8"),
        ("fetch_together", b"def main(:\n", "not Python"),
        ("two_sleeps", b"print(1)", "none of the choices"),
    ],
)
def test_anything_else_does_not_pass_and_says_why(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    file = tmp_path / "answer"
    file.write_bytes(data)
    ended = tutor("exercise", "check", name, str(file), "--json", "--lang", "en")
    fields = json.loads(ended.out)
    assert (ended.status, fields["passed"]) == (1, False)
    assert fields["reason"]
    assert said in fields["reason"]


def test_stdin_is_handed_in_and_a_reason_passes() -> None:
    ended = tutor("exercise", "check", "await_in_turn", "-", "--lang", "en", stdin="short_first")
    assert ended.status == 1
    assert "✗" in ended.out


def test_an_unknown_name_is_told_with_what_comes_near() -> None:
    ended = tutor("exercise", "show", "fetch_togeter", "--json")
    assert ended.status == 2
    assert "fetch_together" in ended.err


def test_an_exercise_is_done_in_a_pipe() -> None:
    wrong = tutor("exercise", "at_most_two", "--lang", "en", stdin="1\n")
    assert wrong.status == 1
    assert "Not yet" in wrong.out
    left = tutor("exercise", "at_most_two", "--lang", "ko", stdin="")
    assert left.status == 0
    assert "힌트" in left.out


def test_all_kinds_are_answered_in_the_chat() -> None:
    lines = (
        "/exercise two_sleeps\n1\n/exercise start_then_wait\n2 1\n/연습\n"
        "/exercise fetch_together\n```python\nprint(1)\n```\n/exercise fetch_together hint 1\n"
    )
    ended = tutor("chat", "--lang", "en", stdin=lines)
    assert "Goals, checked by the real run" in ended.out
    assert "Not yet" in ended.out
    assert "/exercise at_most_two" in ended.out
    assert "Hint 1 of 2" in ended.out
