"""Tells code that held its loop from code that had no processor. Standard library only.

A thread's time is what it computed, what it slept, and what it waited for a processor. The kernel
counts the first exactly, and how often a thread went to sleep (getrusage(2)): one that never did
has waited for a processor in all the time that it did not compute.
"""

import resource
from collections.abc import Callable
from threading import get_ident

_THREAD = getattr(resource, "RUSAGE_THREAD", None)  # Linux has it
_SECOND = 1_000_000_000


class ProcessorShare:
    """Knows what a thread used when it was last looked at."""

    def __init__(self) -> None:
        self._seen = (0, 0, 0, 0)  # thread, time, nanoseconds used, times that it went to sleep
        self._excused = 0

    def look(self, at: int) -> None:
        """Note what the calling thread has used by now; it takes a microsecond or two."""
        used, sleeps = _used()
        self._seen = (get_ident(), at, used, sleeps - self._excused)

    def excuse(self, call: Callable[..., object], *arguments: object) -> None:
        """Make a call that may sleep, for the recorder's sake: that is no sleep of the thread's."""
        _, before = _used()
        try:
            call(*arguments)
        finally:
            self._excused += _used()[1] - before

    def used_at_most(self, since: int) -> int | None:
        """Return how long the calling thread computed since then, in nanoseconds, at most.

        None where that is not known, or where it slept as well.
        """
        thread, at, before, slept = self._seen
        if _THREAD is None or thread != get_ident() or at > since:
            return None
        now, sleeps = _used()
        return now - before if sleeps - self._excused == slept else None


def _used() -> tuple[int, int]:
    """Return the calling thread's nanoseconds of processor, and how often it went to sleep."""
    usage = resource.getrusage(_THREAD or resource.RUSAGE_SELF)
    return round((usage.ru_utime + usage.ru_stime) * _SECOND), usage.ru_nvcsw
