import pytest

from bot.platforms.discord.throttle import Throttle


class Clock:
    """A clock that goes when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_served_then_one_every_few_seconds() -> None:
    clock = Clock()
    throttle = Throttle(per_minute=20, burst=5, clock=clock)
    for _ in range(5):
        assert throttle.wait("a") == 0.0
        throttle.take("a")
    assert throttle.wait("a") == pytest.approx(3.0)
    assert throttle.wait("b") == 0.0
    clock.now = 2.0
    assert throttle.wait("a") == pytest.approx(1.0)
    clock.now = 3.1
    assert throttle.wait("a") == 0.0


def test_keys_that_have_rested_are_forgotten() -> None:
    clock = Clock()
    throttle = Throttle(per_minute=60, burst=1, clock=clock, remembered=10)
    for number in range(1_000):
        clock.now += 1.0
        throttle.take(f"learner {number}")
    assert len(throttle._buckets) <= 11
