"""Runs of the last minutes: what was just shown is told about without running it once more."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.runner.model import NOT_THE_SCENARIOS, Event, Finished, Line, RunRequest

MOST_BYTES: Final = 64 * 2**20
SECONDS: Final = 15 * 60.0
_EVENT_BYTES: Final = 1_000
"""What an event takes at most, without the text that it prints: more than most of them do."""
_CHARACTER_BYTES: Final = 4

_Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Kept:
    events: tuple[Event, ...]
    until: float
    size: int


class RunMemory:
    """Keeps whole runs for those who asked for them. It saves a second run and holds no truth.

    It is used inside an event loop, whose timer drops what was kept for long enough.

    :param most_bytes: of all runs together; the oldest go first
    :param seconds: for which a run is kept
    :param clock: seconds on a clock that never goes back
    """

    def __init__(
        self,
        most_bytes: int = MOST_BYTES,
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._clock = clock
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._size = 0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def size(self) -> int:
        """How many bytes are kept, as they are counted here."""
        return self._size

    def keep(self, learner: str, request: RunRequest, events: Sequence[Event]) -> None:
        """Keep a run that came to its end; one that was cut off would only mislead."""
        last = events[-1] if events else None
        if not isinstance(last, Finished) or last.outcome in NOT_THE_SCENARIOS:
            return
        key = _key(learner, request)
        self._drop(key)
        size = _EVENT_BYTES * len(events) + _CHARACTER_BYTES * (
            len(request.code) + sum(len(it.text) for it in events if isinstance(it, Line))
        )
        if size > self._most_bytes:
            return
        self._kept[key] = _Kept(tuple(events), self._clock() + self._seconds, size)
        self._size += size
        while self._size > self._most_bytes:
            self._drop(next(iter(self._kept)))
        if self._timer is None:
            self._forget_later()

    def find(self, learner: str, request: RunRequest) -> tuple[Event, ...]:
        """Return the events of this learner's last such run; none where it is not kept."""
        kept = self._kept.get(_key(learner, request))
        return kept.events if kept and kept.until > self._clock() else ()

    def _forget_later(self) -> None:
        """Look again when the oldest run has been kept for long enough."""
        left = next(iter(self._kept.values())).until - self._clock()
        self._timer = asyncio.get_running_loop().call_later(max(left, 0), self._forget)

    def _forget(self) -> None:
        """Drop what was kept for long enough; learners are promised that it goes."""
        now = self._clock()
        for key, kept in list(self._kept.items()):
            if kept.until <= now:
                self._drop(key)
        self._timer = None
        if self._kept:
            self._forget_later()

    def _drop(self, key: _Key) -> None:
        kept = self._kept.pop(key, None)
        self._size -= kept.size if kept else 0


def _key(learner: str, request: RunRequest) -> _Key:
    return learner, request.name, request.code, request.limits.model_dump_json()
