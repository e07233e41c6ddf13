"""Many lessons together: references, cycles, clashes and overriding."""

from pathlib import Path

import pytest

from bot.lessons.files.load import Loaded, load_folders
from bot.lessons.library import Library

CONCEPT = """\
  - id: {id}
    title: {{ko: 가, en: A}}
    aliases: [{aliases}]
    summary: {{ko: 가, en: A}}
    explanation: {{ko: 가, en: A}}
    next: [{next}]
"""
SCENARIO = """\
  - id: {id}
    title: {{ko: 가, en: A}}
    summary: {{ko: 가, en: A}}
    code: |
      pass
    expect: {{}}
    because: {{ko: 가, en: A}}
    counterpart: {counterpart}
"""


def lesson(id_: str, *, order: int = 1, requires: str = "", more: str = "") -> str:
    return (
        f"id: {id_}\norder: {order}\ntitle: {{ko: 가, en: {id_}}}\n"
        f"summary: {{ko: 가, en: A}}\nrequires: [{requires}]\n{more}"
    )


def load(folder: Path, **files: str) -> Loaded:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return load_folders([folder])


def said(loaded: Loaded) -> str:
    return "\n".join(str(error) for error in loaded.errors)


def test_a_broken_file_does_not_take_the_others_down(tmp_path: Path) -> None:
    loaded = load(tmp_path, a=lesson("a"), b="id: [", c=lesson("c", order=0))
    assert [it.id for it in loaded.lessons] == ["c", "a"]
    assert len(loaded.errors) == 1
    assert loaded.files == {"a": tmp_path / "a.yaml", "c": tmp_path / "c.yaml"}


def test_what_is_no_lesson_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# hello")
    (tmp_path / ".hidden.yaml").write_text("id: [")
    (tmp_path / "below").mkdir()
    loaded = load(tmp_path, a=lesson("a"))
    assert (len(loaded.lessons), loaded.errors) == (1, ())


def test_all_errors_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    loaded = load(tmp_path, a="id: A\norder: x\nsumary: {ko: a, en: b}\ntitle: {ko: a}\n")
    assert [it.path for it in loaded.errors[0].problems] == ["id", "order", "sumary", "title.en"]


@pytest.mark.parametrize(
    ("text", "place", "sentence", "hint"),
    [
        (lesson("b", requires="aa"), "5:12: requires[0]", "no lesson", 'mean "a"?'),
        (
            lesson("b", more="concepts:\n" + CONCEPT.format(id="i", aliases="", next="zzz")),
            "12:12: concepts[0].next[0]",
            'no concept or scenario "zzz"',
            "Name one that exists",
        ),
        (
            lesson("b", more="scenarios:\n" + SCENARIO.format(id="snyc", counterpart="sync")),
            "14:18: scenarios[0].counterpart",
            'no scenario "sync"',
            'mean "snyc"?',
        ),
        (
            lesson("b", more="comparisons:\n  - scenarios: [x, y]\n    why: {ko: 가, en: A}\n"),
            "7:17: comparisons[0].scenarios[0]",
            'no scenario "x"',
            "remove it",
        ),
    ],
)
def test_a_reference_to_nothing_is_told_and_taken_out(
    tmp_path: Path, text: str, place: str, sentence: str, hint: str
) -> None:
    loaded = load(tmp_path, a=lesson("a"), b=text)
    assert f"{tmp_path}/b.yaml:{place}: " in said(loaded)
    assert sentence in said(loaded)
    assert hint in said(loaded)
    assert [it.id for it in loaded.lessons] == ["a", "b"]
    mended = Library(loaded.lessons).lesson("b")
    assert not mended.requires
    assert not mended.comparisons
    assert all(not it.next for it in mended.concepts)
    assert all(it.counterpart is None for it in mended.scenarios)


def test_prerequisites_in_a_circle(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        a=lesson("a", requires="c"),
        b=lesson("b", requires="a", order=2),
        c=lesson("c", requires="b", order=3),
        d=lesson("d", requires="d, a", order=4),
    )
    assert "the lessons require each other: a → c → b → a" in said(loaded)
    assert "d → d" in said(loaded)
    assert len(loaded.errors) == 2
    assert {it.id: it.requires for it in loaded.lessons} == {
        "a": ("c",),
        "b": (),
        "c": ("b",),
        "d": ("a",),
    }


def test_a_long_chain_of_prerequisites_is_no_circle(tmp_path: Path) -> None:
    files = {f"l{i}": lesson(f"l{i}", order=i, requires=f"l{i - 1}") for i in range(1, 400)}
    loaded = load(tmp_path, l0=lesson("l0", order=0), **files)
    assert (len(loaded.lessons), said(loaded)) == (400, "")


def test_an_id_used_in_two_lessons(tmp_path: Path) -> None:
    concept = "concepts:\n" + CONCEPT.format(id="idea", aliases="", next="")
    loaded = load(tmp_path, a=lesson("a", more=concept), b=lesson("b", order=2, more=concept))
    assert [it.id for it in loaded.lessons] == ["a"]
    assert f'b.yaml:7:9: concepts[0].id: the id "idea" is taken: {tmp_path}/a.yaml' in said(loaded)


def test_two_files_of_the_same_lesson(tmp_path: Path) -> None:
    loaded = load(tmp_path, a=lesson("a"), b=lesson("a"))
    assert len(loaded.lessons) == 1
    assert f'b.yaml:1:5: id: the id "a" is taken by {tmp_path}/a.yaml' in said(loaded)


def test_concepts_and_scenarios_may_share_an_id(tmp_path: Path) -> None:
    more = "concepts:\n" + CONCEPT.format(id="x", aliases="", next="")
    more += "scenarios:\n" + SCENARIO.format(id="x", counterpart="null")
    assert said(load(tmp_path, a=lesson("a", more=more))) == ""


def test_an_alias_that_is_taken(tmp_path: Path) -> None:
    more = "concepts:\n" + CONCEPT.format(id="one", aliases="same, Two, mine", next="")
    more += CONCEPT.format(id="two", aliases="SA-ME", next="")
    loaded = load(tmp_path, a=lesson("a", more=more))
    assert '9:21: concepts[0].aliases[1]: the alias "Two" already stands' in said(loaded)
    assert 'concepts[1].aliases[0]: the alias "SA-ME" already stands for the concept "one"' in said(
        loaded
    )
    library = Library(loaded.lessons)
    assert library.concept("same").id == "one"
    assert library.concept("two").id == "two"


def test_a_later_folder_overrides_by_id(tmp_path: Path) -> None:
    load(tmp_path / "own", a=lesson("a"), b=lesson("b"))
    load(tmp_path / "extra", z=lesson("a", order=9), y="id: [")
    loaded = load_folders([tmp_path / "own", tmp_path / "extra"])
    assert [(it.id, it.order) for it in loaded.lessons] == [("b", 1), ("a", 9)]
    assert loaded.files["a"] == tmp_path / "extra" / "z.yaml"
    assert len(loaded.errors) == 1
