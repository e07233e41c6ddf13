"""Children that were forked ahead and wait for runs. Standard library only.

See child.py for what a child does while it waits.
"""

import socket
import time

_MOST = 8
"""So many wait, each with 2 MB of its own."""
_PAUSE_SECONDS, _LONG_PAUSE_SECONDS = 0.004, 0.02
"""From a run's beginning to the making of a child in its place: a fork, and the rehearsal in it,
would hold up the run's first line. While there are enough, it waits for the next run's as well."""
_ENOUGH = 2


class WaitingChildren:
    """Keeps them, and tells when to make one more."""

    def __init__(self) -> None:
        self._orders: dict[int, socket.socket] = {}
        self._taken_at = 0.0

    @property
    def pids(self) -> tuple[int, ...]:
        """Their process ids."""
        return tuple(self._orders)

    def add(self, pid: int, orders: socket.socket) -> None:
        """Keep a child; `orders`, which brings it its run, is this object's from now on."""
        self._orders[pid] = orders

    def take(self) -> tuple[int, socket.socket] | None:
        """Return the one that has waited longest, if there is one, for a run that begins now."""
        self._taken_at = time.monotonic()
        if not self._orders:
            return None
        pid = next(iter(self._orders))
        return pid, self._orders.pop(pid)

    def forget(self, pid: int) -> bool:
        """Drop a dead process; return whether it was one of these."""
        orders = self._orders.pop(pid, None)
        if orders is not None:
            orders.close()
        return orders is not None

    def close(self) -> None:
        """Let go of all of them, in a process that is not the server's."""
        for pid in self.pids:
            self.forget(pid)

    def wants_more(self) -> bool:
        """Tell whether to make one: at once without any, else when no run has just begun."""
        waiting = len(self._orders)
        return not waiting or (waiting < _MOST and time.monotonic() >= self._refill_at())

    def patience(self, otherwise: float | None) -> float | None:
        """Return for how many seconds none is to be made; `otherwise` if that is less."""
        if not self._orders:
            return 0.0
        if len(self._orders) >= _MOST:
            return otherwise
        refill = max(0.0, self._refill_at() - time.monotonic())
        return refill if otherwise is None else min(refill, otherwise)

    def _refill_at(self) -> float:
        """Return when to make one more, on the clock of `time.monotonic`."""
        enough = len(self._orders) >= _ENOUGH
        return self._taken_at + (_LONG_PAUSE_SECONDS if enough else _PAUSE_SECONDS)
