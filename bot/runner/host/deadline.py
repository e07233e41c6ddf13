"""When a run must be over, and by how much our own slowness puts that off."""

import asyncio
from collections.abc import Callable

_WORTH_SECONDS = 0.05
"""Less slowness of ours moves no deadline."""
_MOST_OWED_SECONDS = 0.09
"""So much of our slowness, at most, explains a late record: a flood that slows us further must not
buy time for one that claims what is false. Together with `pipes.WINDOW` it is less than 0.2 s."""


class Deadline:
    """A run's one timer."""

    def __init__(
        self,
        *,
        held: Callable[[], float],
        lag: Callable[[], float],
        extend: Callable[[float], None],
        most_seconds: float,
    ) -> None:
        """Make one that is not set yet.

        :param held: returns for how many seconds its pipes were not read, and so may be full
        :param lag: returns for how many seconds in all the loop has been late
        :param extend: lets the fork server wait so many seconds longer for the run's end
        :param most_seconds: by which it is put off at most
        """
        self._held, self._lag, self._lag_before = held, lag, lag()
        self._extend, self._extended, self._most_seconds = extend, 0.0, most_seconds
        self._timer: asyncio.TimerHandle | None = None

    def set(self, seconds: float, end: Callable[[], None]) -> None:
        """Call `end` in so many seconds, and nothing that was set before."""
        self.close()
        self._timer = asyncio.get_running_loop().call_later(seconds, end)

    def put_off(self, end: Callable[[], None]) -> bool:
        """Set it once more by the time that we owe the run; False if that is not worth it."""
        more = min(self.slowness(), self._most_seconds) - self._extended
        if more <= _WORTH_SECONDS:
            return False
        self._extended += more
        self._extend(more)
        self.set(more, end)
        return True

    def slowness(self) -> float:
        """Return for how many seconds at most the run may have waited for us."""
        return self._held() + self._lag() - self._lag_before

    def owed(self) -> float:
        """Return for how many seconds at most our slowness explains that a record came late."""
        return min(self.slowness(), _MOST_OWED_SECONDS)

    def close(self) -> None:
        """Call nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
