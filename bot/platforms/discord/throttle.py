"""How often a learner, and a server as a whole, may ask: token buckets."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class _Bucket:
    """How many requests are left, as of a moment."""

    left: float
    at: float


class Throttle:
    """Lets each key ask `per_minute` times a minute, `burst` of them at once.

    :param per_minute: requests a minute that are always served
    :param burst: requests that may come at once after a pause
    :param clock: seconds on a clock that never goes back
    """

    def __init__(
        self,
        *,
        per_minute: float,
        burst: int,
        clock: Callable[[], float] = time.monotonic,
        remembered: int = 10_000,
    ) -> None:
        self._rate = per_minute / 60
        self._burst = float(burst)
        self._clock = clock
        self._remembered = remembered
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, key: str) -> float:
        """Return how many seconds `key` must wait before it may ask; 0.0: it may now."""
        bucket = self._bucket(key)
        return 0.0 if bucket.left >= 1 else (1 - bucket.left) / self._rate

    def take(self, key: str) -> None:
        """Count one request of `key`."""
        self._bucket(key).left -= 1

    def _bucket(self, key: str) -> _Bucket:
        """Return the bucket of `key`, filled up to this moment."""
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= self._remembered:
                self._forget(now)
            bucket = self._buckets[key] = _Bucket(self._burst, now)
        bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._rate)
        bucket.at = now
        return bucket

    def _forget(self, now: float) -> None:
        """Drop the keys whose buckets have filled up again: they have nothing to remember."""
        self._buckets = {
            key: bucket
            for key, bucket in self._buckets.items()
            if bucket.left + (now - bucket.at) * self._rate < self._burst
        }
