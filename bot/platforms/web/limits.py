"""How much one address may ask, and how much it may have under way."""

from collections import Counter
from collections.abc import Iterator
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
    body_bytes: int = 64 * 2**10
    """The largest request body: the longest code that is run, each newline escaped, has room."""
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
