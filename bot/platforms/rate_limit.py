"""How often a learner, a server or an address may ask: token buckets in a bounded table."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from itertools import islice

_FORGOTTEN_AT_ONCE = 2
"""More than come: so the table shrinks, and nobody waits for it."""


class RateLimit:
    """A token bucket for each key, full at first. A platform asks `wait`, then calls `spend`.

    :param per_second: tokens that come back
    :param burst: tokens that a bucket holds
    :param keys: buckets that are kept; the ones unused the longest are forgotten
    :param clock: seconds on a clock that never goes back
    """

    def __init__(
        self,
        *,
        per_second: float,
        burst: int,
        keys: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second = per_second
        self._burst = float(burst)
        self._keys = keys
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> int:
        """Return the seconds until `key` has a token, rounded up; 0 if it has one now."""
        return math.ceil(max(0.0, 1 - self._level(key, self._clock())) / self._per_second)

    def spend(self, key: str) -> None:
        """Use one token of `key`. The level may go below zero: that many are waited for."""
        now = self._clock()
        self._levels[key] = (self._level(key, now) - 1, now)
        self._levels.move_to_end(key)
        if len(self._levels) > self._keys:
            self._levels.popitem(last=False)
        self._forget(now)

    def _forget(self, now: float) -> None:
        """Forget the first few who have all their tokens again: they are as those never seen."""
        for key in list(islice(self._levels, _FORGOTTEN_AT_ONCE)):
            if self._level(key, now) < self._burst:
                return
            del self._levels[key]

    def admit(self, key: str) -> int:
        """Spend a token if there is one, and return 0; else return the seconds to wait."""
        seconds = self.wait(key)
        if not seconds:
            self.spend(key)
        return seconds

    def _level(self, key: str, now: float) -> float:
        level, since = self._levels.get(key, (self._burst, now))
        return min(self._burst, level + (now - since) * self._per_second)
