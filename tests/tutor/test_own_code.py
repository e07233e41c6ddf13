"""Own code gets less than lessons do, and each learner may begin so many runs a minute."""

import pytest

from bot.runner.model import Limits
from bot.tutor.own_code import OWN_CODE_LIMITS, RunsOfLearners, digest, limits_of_own_code


def test_its_limits_are_those_promised_or_the_settings_lower_ones() -> None:
    own = limits_of_own_code(Limits())
    assert own == OWN_CODE_LIMITS
    assert (own.wall_seconds, own.cpu_seconds, own.threads, own.events) == (10, 2, 40, 10_000)
    assert (own.memory_bytes, own.output_bytes) == (256 * 2**20, 64_000)
    assert limits_of_own_code(Limits(wall_seconds=3, threads=4)).wall_seconds == 3
    assert limits_of_own_code(Limits(wall_seconds=60)).wall_seconds == 10


def test_six_runs_begin_in_any_minute() -> None:
    now = 100.0
    runs = RunsOfLearners(clock=lambda: now)
    for _ in range(6):
        assert runs.wait("a") == 0
        runs.note("a")
        now += 5
    assert runs.wait("a") == 30, "the first was at 100, now it is 130"
    assert runs.wait("b") == 0
    now = 160.0
    assert runs.wait("a") == 0
    runs.note("a")
    assert runs.wait("a") == 5


def test_it_forgets_who_was_quiet_longest() -> None:
    runs = RunsOfLearners(1, clock=lambda: 0.0, remembered=2)
    for learner in "abc":
        runs.note(learner)
    assert [runs.wait(it) for it in "abc"] == [0, 60, 60]


def test_without_a_rate_nobody_waits() -> None:
    runs = RunsOfLearners(None)
    for _ in range(100):
        runs.note("a")
    assert runs.wait("a") == 0


@pytest.mark.parametrize("code", ["", "x = 1", "가", "\udc80"])
def test_a_digest_is_short_and_the_same_for_the_same_code(code: str) -> None:
    assert len(digest(code)) == 8
    assert digest(code) == digest(code) != digest(code + " ")
