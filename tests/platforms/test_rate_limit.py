"""Token buckets: nobody gets more than the rate, and the wait that is told is true."""

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.rate_limit import RateLimit


class Clock:
    """A clock that goes when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_served_then_one_every_few_seconds() -> None:
    clock = Clock()
    limit = RateLimit(per_second=0.25, burst=5, clock=clock)
    for _ in range(5):
        assert limit.wait("a") == 0
        limit.spend("a")
    assert limit.wait("a") == 4
    assert limit.wait("b") == 0
    clock.now = 2.0
    assert limit.wait("a") == 2
    clock.now = 4.1
    assert limit.wait("a") == 0


def test_a_burst_then_a_wait_that_is_true() -> None:
    clock = Clock()
    limit = RateLimit(burst=3, per_second=0.5, clock=clock)
    assert [limit.admit("a") for _ in range(4)] == [0, 0, 0, 2]
    assert limit.admit("b") == 0
    clock.now += 1.9
    assert limit.admit("a") == 1
    clock.now += 0.1
    assert limit.admit("a") == 0


@given(st.lists(st.floats(0, 5), max_size=60))
def test_no_more_is_given_than_the_rate_allows(pauses: list[float]) -> None:
    clock = Clock()
    limit = RateLimit(burst=4, per_second=2.0, clock=clock)
    given_out = 0
    for pause in pauses:
        clock.now += pause
        given_out += limit.admit("a") == 0
    assert given_out <= 4 + 2.0 * clock.now + 1e-6


def test_who_has_all_tokens_again_is_forgotten() -> None:
    clock = Clock()
    limit = RateLimit(burst=2, per_second=1.0, clock=clock)
    for number in range(100):
        limit.spend(f"early {number}")
    clock.now = 0.5
    limit.spend("late")
    assert len(limit._levels) == 101, "none of them may forget a debt"
    clock.now = 1.0
    for _ in range(50):
        limit.spend("often")
    assert set(limit._levels) == {"late", "often"}
    assert limit.wait("early 1") == 0
    assert limit.wait("often") == 49


def test_the_table_stays_small_and_forgets_the_keys_unused_the_longest() -> None:
    limit = RateLimit(burst=1, per_second=0.001, keys=3, clock=Clock())
    for key in "abcd":
        assert limit.admit(key) == 0
    assert len(limit._levels) == 3
    assert limit.admit("d") > 0
    assert limit.admit("a") == 0
