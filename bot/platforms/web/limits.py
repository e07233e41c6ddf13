"""How much one address may ask: token buckets in a bounded table."""

import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebLimits:
    """What the playground gives to one address, and to all together.

    The defaults leave room for a class of thirty behind one address.
    """

    pages_burst: int = 120
    """Pages and suggestions that may be asked for at once."""
    pages_per_second: float = 20.0
    asks_burst: int = 60
    """Answers (runs, predictions, explanations) that may be asked for at once."""
    asks_per_second: float = 2.0
    streams: int = 40
    """Answers under way at once."""
    connections: int = 600
    """Open connections of all addresses together; the longest idle ones make room."""
    body_bytes: int = 16 * 2**10
    """The largest request body."""
    head_seconds: float = 20.0
    """How long a connection may be idle, or take to send the head of a request."""
    body_seconds: float = 10.0
    """How long a request's body may take to come."""
    write_seconds: float = 15.0
    """How long a reader may let what was sent wait before it is dropped."""
    answer_seconds: float = 30.0
    """How long a page that comes in one piece may take."""
    stream_seconds: float = 600.0
    """How long one streamed answer may take, waiting in the queue included."""


class Buckets:
    """One token bucket for each key. The table forgets the keys that were quiet the longest."""

    def __init__(
        self,
        *,
        burst: int,
        per_second: float,
        keys: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = float(burst)
        self._per_second = per_second
        self._keys = keys
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> int:
        """Take one token. Returns 0, or the whole seconds after which there will be one."""
        now = self._clock()
        level, since = self._levels.pop(key, (self._burst, now))
        level = min(self._burst, level + (now - since) * self._per_second)
        taken = level >= 1.0
        self._levels[key] = (level - 1.0 if taken else level, now)
        if len(self._levels) > self._keys:
            self._levels.popitem(last=False)
        return 0 if taken else max(1, math.ceil((1.0 - level) / self._per_second))


class AtOnce:
    """How many things each key has under way."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._counts: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """How many are under way for all keys together."""
        return self._counts.total()

    @contextmanager
    def place(self, key: str) -> Iterator[bool]:
        """Hold a place for `key` while the block runs; yields False where none is left."""
        if self._counts[key] >= self._most:
            yield False
            return
        self._counts[key] += 1
        try:
            yield True
        finally:
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]
