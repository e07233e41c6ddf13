from pathlib import Path
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.lessons.authoring.propose import propose
from bot.lessons.files.load import load_file
from bot.lessons.judge import judge
from bot.lessons.model import Scenario
from bot.runner.model import Outcome, RunResult
from tests.lessons.runs import run, scenario
from tests.lessons.sample import SAMPLE

PHRASES = {
    "start": {"ko": "시작", "en": "started"},
    "again": {"ko": "다시 시작", "en": "started again"},
}
BARE = scenario({}, phrases=PHRASES, code='print("<<start>> <<again>>")')


def with_expect(expect: dict[str, Any]) -> Scenario:
    return scenario(expect, phrases=PHRASES, code='print("<<start>> <<again>>")')


def proposed(*runs: RunResult) -> dict[str, Any]:
    return propose(BARE, "en", runs).expect


def test_a_fixed_order_is_a_total_order() -> None:
    once = run(["a started", "started again", "c"], elapsed=3.0021)
    assert proposed(once, once) == {
        "lines": ["a <<start>>", "<<again>>", "c"],
        "elapsed": {"about": 3.0},
    }


def test_what_changed_places_is_a_group_with_the_pairs_that_held() -> None:
    found = proposed(run(["x", "a1", "a2", "b1", "y"]), run(["x", "b1", "a1", "a2", "y"]))
    assert found["lines"] == ["x", {"any_order": ["a1", "a2", "b1"]}, "y"]
    assert found["before"] == [{"first": "a1", "then": "a2"}]


def test_pairs_that_follow_from_others_are_left_out() -> None:
    found = proposed(run(["a", "b", "c", "z"]), run(["z", "a", "b", "c"]))
    assert found["before"] == [{"first": "a", "then": "b"}, {"first": "b", "then": "c"}]


def test_lines_that_are_not_always_there() -> None:
    proposal = propose(BARE, "en", [run(["a", "x", "b"]), run(["a", "b"])])
    assert proposal.expect["complete"] is False
    assert proposal.expect["lines"] == ["a", "b"]
    assert "Not in every run: x." in proposal.remarks


def test_numbers_that_vary_become_patterns() -> None:
    found = proposed(run(["took 1.25 s (ok)", "n 7"]), run(["took 1.31 s (ok)", "n 7"]))
    assert found["lines"] == [{"matches": r"took \d+\.\d+ s \(ok\)"}, "n 7"]
    assert "complete" not in found


def test_how_it_ended() -> None:
    failed = run([], outcome=Outcome.ERROR, raised="ValueError")
    assert proposed(failed, failed, run([]))["error"] == "ValueError"
    assert propose(BARE, "en", [failed, run([])]).remarks


def test_times_that_spread_widen_the_tolerance() -> None:
    found = proposed(run([], elapsed=1.0), run([], elapsed=1.02), run([], elapsed=1.6))
    assert found["elapsed"]["about"] == 1.0
    assert found["elapsed"]["tolerance"] >= 0.6


def test_endless_output_and_long_lines_still_give_an_expectation() -> None:
    flood = run([f"{i % 300}{'x' * (i % 400)}" for i in range(1_000)])
    expect = proposed(flood)
    assert expect["complete"] is False
    assert judge(with_expect(expect), "en", flood).ok


def test_the_text_can_stand_in_a_lesson(tmp_path: Path) -> None:
    runs = [run(["Hello", "Bye"], elapsed=1.0), run(["Hello", "Bye"], elapsed=2.0)]
    (tmp_path / "a.yaml").write_text(SAMPLE)
    first = load_file(tmp_path / "a.yaml").scenarios[0]
    text = propose(first, "en", runs).text()
    assert "    expect:\n      lines:\n      - <<hello>>\n" in text
    start, end = SAMPLE.index("    expect:"), SAMPLE.index("    because:")
    (tmp_path / "b.yaml").write_text(SAMPLE[:start] + text + SAMPLE[end:])
    assert load_file(tmp_path / "b.yaml").scenarios[0].expect.lines == ("<<hello>>", "<<bye>>")


LINES = st.lists(
    st.sampled_from(
        ["a", "b", "c", "d 1", "d 2", "e 33", "started", "started again", "", "x" * 250]
    ),
    max_size=8,
)
RUNS = st.lists(
    st.builds(run, LINES, elapsed=st.floats(0, 20), outcome=st.just(Outcome.OK)),
    min_size=1,
    max_size=5,
)


@given(RUNS)
def test_each_recorded_run_fits_the_proposal(runs: list[RunResult]) -> None:
    text = propose(BARE, "en", runs).text(indent=0)
    expect = yaml.safe_load(text)["expect"]
    for one in runs:
        assert judge(with_expect(expect), "en", one).differences == ()


@given(st.lists(st.permutations(["a", "b", "c", "d"]), min_size=1, max_size=5))
def test_orders_alone_never_lose_a_line(orders: list[list[str]]) -> None:
    runs = [run(order) for order in orders]
    expect = proposed(*runs)
    assert "complete" not in expect
    for one in runs:
        assert judge(with_expect(expect), "en", one).ok
