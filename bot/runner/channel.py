"""The guest's end of the recorder's pipe. Standard library only."""

import os
import select
import threading
from time import perf_counter_ns

from bot.runner import wire

_MOST = 1 << 21
"""Bytes that may wait here for a slow reader before the scenario waits for it, too."""
_NOWHERE = -1
_INTERVAL = 1_000_000
_BURST = 50 * _INTERVAL
"""Switches are flushed at once, but on average not more often than once a millisecond: a task
that hogs the processor until it is killed is then in the record, and 20,000 switches still cost
few system calls."""


class Channel:
    """Collects frames and writes them out in order, from any thread.

    `add` takes a frame; appending to a list is atomic, so the hot path takes no lock. A broken
    pipe (the scenario may have closed it) sets `broken`, and frames are dropped from then on.
    """

    def __init__(self) -> None:
        self.broken = False
        self.due = 0
        """When the next flush between lines is due, in nanoseconds."""
        self.pending: list[bytes] = []
        """Frames that are not written yet."""
        self.add = self.pending.append
        self._rest = bytearray()  # frames that the pipe has not taken whole
        self._descriptor = _NOWHERE
        self._lock = threading.RLock()
        self._flushing = False
        self._words: dict[wire.On, int] = {wire.NOTHING: 0}

    def open(self, descriptor: int) -> None:
        """Write to `descriptor` from now on; what came before goes nowhere and is forgotten."""
        self.pending.clear()
        self._rest.clear()
        self._words.clear()
        self._words[wire.NOTHING] = 0
        self.due = 0
        self._descriptor = descriptor
        os.set_blocking(descriptor, False)

    def word(self, on: wire.On) -> int:
        """Return the number of a word, defining it where it is new."""
        number = self._words.get(on)
        if number is None:
            with self._lock:
                if len(self._words) >= wire.MAX_WORDS:
                    self._words.clear()
                    self._words[wire.NOTHING] = 0
                number = len(self._words)
                self.add(wire.word(number, on))
                self._words[on] = number
        return number

    def flush_if_due(self, now: int) -> None:
        """Write what the pipe takes, if that has not been done too often of late.

        It does not wait for a slow reader: switches may stay here for a while.
        """
        if now >= self.due:
            self.due = max(self.due, now - _BURST) + _INTERVAL
            self.flush(wait=len(self._rest) > _MOST)

    def flush(self, *, wait: bool = True) -> None:
        """Write out everything; or, without `wait`, only what the pipe takes at once.

        A signal handler may come here while its own thread flushes: it leaves its frames to
        that flush, which goes on until none are left.
        """
        with self._lock:
            if self._flushing:
                return
            self._flushing = True
            try:
                while self.pending or self._rest:
                    count = len(self.pending)
                    self._rest += b"".join(self.pending[:count])
                    del self.pending[:count]
                    if not self._write(wait=wait):
                        return
            finally:
                self._flushing = False

    def _write(self, *, wait: bool) -> bool:
        """Write what is joined already; return whether all of it went."""
        rest = self._rest
        if self._descriptor == _NOWHERE:
            rest.clear()
        try:
            while rest:
                try:
                    del rest[: os.write(self._descriptor, rest)]
                except BlockingIOError:
                    if not wait:
                        return False
                    select.select((), (self._descriptor,), ())
        except (OSError, ValueError):  # the scenario closed it, or put something else there
            self.broken = True
            rest.clear()
        return True

    def close(self, last: bytes) -> None:
        """Write out everything and then `last`; nothing after it."""
        with self._lock:
            self.add(last)
            self.flush()
            self.broken = True


def now() -> int:
    """Return the time that frames carry."""
    return perf_counter_ns()
