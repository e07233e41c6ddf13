from pathlib import Path

import pytest

from bot.lessons.authoring.course_rules import course_problems
from bot.lessons.files.load import load_folders
from tests.commands import ROOT
from tests.lessons.sample import SAMPLE

QUIZ = """\
    mistake: {ko: 실수, en: A mistake.}
    question: {ko: 어떻게 될까요?, en: What happens?}
    choices:
      - {seconds: 2, believes: {ko: 둘, en: Two.}}
      - {seconds: 3, believes: {ko: 셋, en: Three.}}
    counterpart: other
"""


def whole() -> str:
    """The sample with all that the course asks for, and one scenario."""
    text = SAMPLE[: SAMPLE.index("  - id: second")].replace("    counterpart: second\n", QUIZ)
    return text.replace("    since:", "    aliases: [발상]\n    since:")


WHOLE = whole()
NAMES = {
    "sample": "another",
    "order: 10": "order: 5",
    "표본 수업": "셋째 수업",
    "id: idea": "id: thought",
    "발상": "생각들",
    "하나": "다른 것",
    "id: first": "id: old",
    "next: [first]": "next: [old]",
    "counterpart: other": "counterpart: first",
    "id: old": "id: other",
    "next: [old]": "next: [other]",
}
OTHER = WHOLE
for ours, theirs in NAMES.items():
    OTHER = OTHER.replace(ours, theirs)


def lacks(tmp_path: Path, old: str = "", new: str = "") -> list[tuple[str, str]]:
    assert old in WHOLE
    (tmp_path / "sample.yaml").write_text(WHOLE.replace(old, new, 1), "utf-8")
    (tmp_path / "another.yaml").write_text(OTHER, "utf-8")
    loaded = load_folders([tmp_path])
    assert loaded.errors == ()
    found = [*course_problems(loaded)]
    assert all(it.level == "error" for it in found)
    assert all(it.line and it.hint for it in found)
    return [(it.path, it.what) for it in found if it.file.name == "sample.yaml"]


def test_a_lesson_that_has_all(tmp_path: Path) -> None:
    assert lacks(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "path", "what"),
    [
        ("id: sample", "id: simple", "id", "the file is called"),
        ("order: 10", "order: 5", "order", "has the order 5, too"),
        ("    belief: {ko: 믿음, en: A belief.}\n", "", "concepts[0]", "no belief"),
        ("    next: [first]\n", "", "concepts[0]", "no next"),
        ("https://docs.python.org/3/", "https://x.org/", "concepts[0]", "no link to docs"),
        ("    aliases: [발상]\n", "", "concepts[0]", "no alias in Hangul"),
        ("    aliases: [하나]\n", "", "scenarios[0]", "no alias in Hangul"),
        ("    mistake: {ko: 실수, en: A mistake.}\n", "", "scenarios[0]", "no mistake"),
        ("    counterpart: other\n", "", "scenarios[0]", "no counterpart"),
        (
            "    question: {ko: 어떻게 될까요?, en: What happens?}\n",
            "",
            "scenarios[0]",
            "no question",
        ),
        (
            QUIZ[QUIZ.index("    choices") : QUIZ.index("    counterpart")],
            "",
            "scenarios[0]",
            "no wrong time",
        ),
        ("about: 1.0", "about: 2.5", "scenarios[0].expect.elapsed", "takes 2.5 s"),
        (
            "            - matches: number \\d",
            "            - <<bye>>",
            "scenarios[0].expect.lines[1]",
            "the same in ko",
        ),
    ],
)
def test_what_a_lesson_lacks(tmp_path: Path, old: str, new: str, path: str, what: str) -> None:
    found = lacks(tmp_path, old, new)
    assert any(place == path and what in said for place, said in found), found


def test_what_a_lesson_requires_comes_before_it(tmp_path: Path) -> None:
    assert lacks(tmp_path, "requires: []", "requires: [another]") == []
    text = WHOLE.replace("order: 10", "order: 4").replace("requires: []", "requires: [another]")
    (tmp_path / "sample.yaml").write_text(text, "utf-8")
    (problem,) = course_problems(load_folders([tmp_path]))
    assert (problem.path, problem.file.name) == ("requires[0]", "sample.yaml")


def test_a_run_that_takes_no_time_has_no_wrong_times(tmp_path: Path) -> None:
    choices = QUIZ[QUIZ.index("    choices") : QUIZ.index("    counterpart")]
    (tmp_path / "another.yaml").write_text(OTHER, "utf-8")
    text = WHOLE.replace(choices, "").replace("about: 1.0", "about: 0.0")
    (tmp_path / "sample.yaml").write_text(text, "utf-8")
    assert [*course_problems(load_folders([tmp_path]))] == []


def test_the_course_keeps_its_rules() -> None:
    assert [str(it) for it in course_problems(load_folders([ROOT / "lessons"]))] == []
