"""What one address may ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.web.limits import AtOnce, Buckets


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_a_wait_that_is_true() -> None:
    clock = Clock()
    buckets = Buckets(burst=3, per_second=0.5, clock=clock)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2]
    assert buckets.take("b") == 0
    clock.now += 1.9
    assert buckets.take("a") == 1
    clock.now += 0.1
    assert buckets.take("a") == 0


@given(st.lists(st.floats(0, 5), max_size=60))
def test_no_more_is_given_than_the_rate_allows(pauses: list[float]) -> None:
    clock = Clock()
    buckets = Buckets(burst=4, per_second=2.0, clock=clock)
    given_out = 0
    for pause in pauses:
        clock.now += pause
        given_out += buckets.take("a") == 0
    assert given_out <= 4 + 2.0 * clock.now + 1e-6


def test_the_table_stays_small_and_forgets_the_quietest() -> None:
    buckets = Buckets(burst=1, per_second=0.001, keys=3, clock=Clock())
    for key in "abcd":
        assert buckets.take(key) == 0
    assert len(buckets._levels) == 3
    assert buckets.take("d") > 0
    assert buckets.take("a") == 0


def test_places_are_given_back_whatever_happens() -> None:
    places = AtOnce(2)
    with places.place("a") as first, places.place("a") as second, places.place("a") as third:
        assert (first, second, third) == (True, True, False)
        with places.place("b") as other:
            assert other
        assert places.total == 2
    with pytest.raises(ValueError, match="inside"), places.place("a"):
        raise ValueError("inside")
    assert places.total == 0
    assert not places._counts
