from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.lessons.judge import Difference, judge
from bot.runner.model import Outcome
from tests.lessons.runs import run, scenario


def differences(expect: dict[str, Any], *lines: str, **how: Any) -> list[tuple[str, str, str]]:
    verdict = judge(scenario(expect), "en", run(lines, **how))
    assert verdict.ok == (not verdict.differences)
    return [(it.kind, it.line, it.expected) for it in verdict.differences]


ABC = {"lines": ["a", "b", "c"]}
GROUPED = {"lines": ["start", {"any_order": ["a", "b", "c"]}, "end"]}


@pytest.mark.parametrize(
    ("expect", "lines", "found"),
    [
        (ABC, "a b c", []),
        (ABC, "a c", [("missing", "b", "")]),
        (ABC, "a b", [("missing", "c", "")]),
        (ABC, "", [("missing", "a", ""), ("missing", "b", ""), ("missing", "c", "")]),
        (ABC, "a b x c", [("extra", "x", "")]),
        (ABC, "a b c c", [("extra", "c", "")]),
        (ABC, "b c a", [("late", "a", "b")]),
        (ABC, "c a b", [("early", "c", "b")]),
        (ABC, "a b C", [("missing", "c", ""), ("extra", "C", "")]),
        ({}, "", []),
        ({}, "x", [("extra", "x", "")]),
        ({"complete": False}, "x", []),
        ({**ABC, "complete": False}, "x a y b z c w", []),
        ({**ABC, "complete": False}, "x a y c z b w", [("early", "c", "b")]),
        ({**ABC, "complete": False}, "a c", [("missing", "b", "")]),
        ({"lines": ["a", "b", "a"]}, "a b a", []),
        ({"lines": ["a", "b", "a"]}, "a b", [("missing", "a", "")]),
        (GROUPED, "start c a b end", []),
        (GROUPED, "start c a end b", [("early", "end", "b")]),
        (GROUPED, "a start b c end", [("early", "a", "start")]),
        (GROUPED, "start a a b end", [("missing", "c", ""), ("extra", "a", "")]),
        ({**GROUPED, "before": [{"first": "a", "then": "b"}]}, "start c a b end", []),
        (
            {**GROUPED, "before": [{"first": "a", "then": "b"}]},
            "start b c a end",
            [("early", "b", "a")],
        ),
        (
            {"complete": False, "before": [{"first": "a", "then": "b"}]},
            "x",
            [("missing", "a", ""), ("missing", "b", "")],
        ),
        ({"lines": [{"matches": r"\d+"}, "b"]}, "17 b", []),
        (
            {"lines": [{"matches": r"\d+"}, "b"]},
            "17x b",
            [("missing", r"\d+", ""), ("extra", "17x", "")],
        ),
    ],
)
def test_order(expect: dict[str, Any], lines: str, found: list[tuple[str, str, str]]) -> None:
    assert differences(expect, *lines.split()) == found


def test_a_pattern_leaves_the_line_that_only_a_text_fits() -> None:
    group = {"lines": [{"any_order": [{"matches": "."}, "a", {"matches": "[ab]"}]}]}
    for lines in ("abz", "zba", "bza", "azb"):
        assert differences(group, *lines) == []
    assert differences(group, *"abb") == []
    assert differences(group, *"zzb") == [("missing", "a", ""), ("extra", "z", "")]


def test_only_what_goes_to_stdout_counts() -> None:
    assert differences(ABC, "a", "b", "c", noise=["Traceback", "b"]) == []


def test_a_misplaced_line_has_its_time() -> None:
    (found,) = judge(scenario(ABC), "en", run(["b", "c", "a"])).differences
    assert found == Difference("late", line="a", expected="b", at=0.2)


def test_outcome_and_exception() -> None:
    fails = {"outcome": "error", "error": "ValueError"}
    crash = {"outcome": Outcome.ERROR, "raised": "ValueError"}
    assert differences(fails, **crash) == []
    assert differences(fails, outcome=Outcome.ERROR, raised="KeyError") == [
        ("error", "", "ValueError")
    ]
    assert differences(fails) == [("outcome", "", "error")]
    (found,) = judge(scenario({}), "en", run([], **crash)).differences  # type: ignore[arg-type]  # a mix
    assert (found.kind, found.expected, found.found) == ("outcome", "ok", "error")


def test_an_exception_may_be_named_with_its_module() -> None:
    fails = {"outcome": "error", "error": "asyncio.CancelledError"}
    assert differences(fails, outcome=Outcome.ERROR, raised="CancelledError") == []


def test_time() -> None:
    timed = {"elapsed": {"about": 3.0, "tolerance": 0.2}}
    assert differences(timed, elapsed=3.19) == []
    assert differences(timed, elapsed=2.81) == []
    (slow,) = judge(scenario(timed), "en", run([], elapsed=5.0)).differences
    assert slow == Difference("slow", at=5.0, bounds=(2.8, 3.2))
    assert [kind for kind, _, _ in differences(timed, elapsed=2.0)] == ["fast"]


def test_versions() -> None:
    expect = {
        "lines": ["new"],
        "versions": [
            {"python": "<3.12", "lines": ["old"]},
            {"python": "==3.12", "outcome": "error"},
        ],
    }
    assert differences(expect, "new", python="3.13.0") == []
    assert differences(expect, "new", python="3.14.0rc1") == []
    assert differences(expect, "old", python="3.11.7") == []
    assert differences(expect, python="3.12.1", outcome=Outcome.ERROR) == []
    assert differences(expect, "old", python="3.13.0") != []
    assert differences(expect, "new", python="") == []


def test_phrases_are_put_into_the_learners_language() -> None:
    hello = scenario(
        {"lines": ["<<hi>> 1", {"matches": r"<<hi>> \d"}]},
        code='print("<<hi>>")',
        phrases={"hi": {"ko": "안녕 (1)", "en": "Hello (1)"}},
    )
    assert judge(hello, "ko", run(["안녕 (1) 1", "안녕 (1) 2"])).ok
    assert judge(hello, "en", run(["Hello (1) 1", "Hello (1) 2"])).ok
    assert not judge(hello, "ko", run(["Hello (1) 1", "Hello (1) 2"])).ok


def test_a_flood_of_lines_is_judged_in_reasonable_time() -> None:
    lines = [str(number % 7) for number in range(2_000)]
    expect = {"lines": [{"any_order": [*"0123456", {"matches": ".*"}]}, *["x"] * 60]}
    assert len(differences(expect, *lines)) > 1_900


TEXTS = st.lists(st.sampled_from("abcde"), min_size=1, max_size=4)
STAGES = st.lists(TEXTS, max_size=6)


def expectation(stages: list[list[str]], *, complete: bool = True) -> dict[str, Any]:
    lines = [stage[0] if len(stage) == 1 else {"any_order": stage} for stage in stages]
    return {"lines": lines, "complete": complete}


@given(st.lists(st.text(alphabet="ab가 <>", min_size=1, max_size=5), max_size=12), st.floats(0, 59))
def test_a_run_passes_against_itself(lines: list[str], elapsed: float) -> None:
    assume(all("<<" not in line for line in lines))
    expect = {"lines": lines, "elapsed": {"about": elapsed}}
    assert differences(expect, *lines, elapsed=elapsed) == []


@given(STAGES, st.data())
def test_any_order_within_a_group_passes(stages: list[list[str]], data: st.DataObject) -> None:
    lines = [line for stage in stages for line in data.draw(st.permutations(stage))]
    assert differences(expectation(stages), *lines) == []


@given(STAGES, st.data())
def test_other_lines_anywhere_pass_where_they_may(
    stages: list[list[str]], data: st.DataObject
) -> None:
    lines = [line for stage in stages for line in data.draw(st.permutations(stage))]
    for line in data.draw(st.lists(st.sampled_from("abcdexyz"), max_size=5)):
        lines.insert(data.draw(st.integers(0, len(lines))), line)
    assert differences(expectation(stages, complete=False), *lines) == []


@given(st.lists(st.integers(1, 3), min_size=2, max_size=5), st.data())
def test_a_transposition_across_groups_is_found(sizes: list[int], data: st.DataObject) -> None:
    stages = [[f"{stage}.{i}" for i in range(size)] for stage, size in enumerate(sizes)]
    first, second = sorted(data.draw(st.permutations(range(len(stages))))[:2])
    lines = [line for stage in stages for line in stage]
    i = lines.index(data.draw(st.sampled_from(stages[first])))
    j = lines.index(data.draw(st.sampled_from(stages[second])))
    lines[i], lines[j] = lines[j], lines[i]
    for complete in (True, False):
        found = differences(expectation(stages, complete=complete), *lines)
        assert found
        assert {kind for kind, _, _ in found} <= {"early", "late"}


@given(
    stages=STAGES,
    lines=st.lists(st.sampled_from("abcdex"), max_size=12),
    complete=st.booleans(),
)
def test_findings_make_up_the_difference(
    *, stages: list[list[str]], lines: list[str], complete: bool
) -> None:
    """What is missing and extra is just what the two multisets differ by."""
    wanted = [line for stage in stages for line in stage]
    found = differences(expectation(stages, complete=complete), *lines)
    missing = sorted(line for kind, line, _ in found if kind == "missing")
    extra = sorted(line for kind, line, _ in found if kind == "extra")
    assert missing == sorted(
        c for c in set(wanted) for _ in range(wanted.count(c) - lines.count(c))
    )
    if complete:
        assert extra == sorted(
            c for c in set(lines) for _ in range(lines.count(c) - wanted.count(c))
        )
    else:
        assert not extra


@given(STAGES, st.data())
def test_a_lost_or_added_line_is_the_only_finding(
    stages: list[list[str]], data: st.DataObject
) -> None:
    lines = [line for stage in stages for line in stage]
    assume(lines)
    lost = lines.pop(data.draw(st.integers(0, len(lines) - 1)))
    found = differences(expectation(stages), *lines)
    assert ("missing", lost, "") in found
    assert [kind for kind, _, _ in found].count("missing") == 1
