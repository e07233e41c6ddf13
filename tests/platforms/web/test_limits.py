"""What one address may have under way."""

import pytest

from bot.platforms.web.limits import AtOnce


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
