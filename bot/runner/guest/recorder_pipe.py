"""The guest's end of the recorder's pipe. Standard library only."""

import contextlib
import os
from os import write
from select import select
from time import perf_counter_ns as now

from bot.runner.guest.hooks.locks import OwnLock
from bot.runner.guest.hooks.processor_share import ProcessorShare
from bot.runner.protocol import recorder_frames

__all__ = ["RecorderPipe", "now", "print_frames"]

_MOST = 1 << 21
"""Bytes that may wait here for a slow reader before the scenario waits for it, too."""
_NOWHERE = -1
_INTERVAL = 1_000_000
_BURST = 50 * _INTERVAL
"""Switches are flushed at once, but on average not more often than once a millisecond: a task
that hogs the processor until it is killed is then in the record, and 20,000 switches still cost
few system calls."""
_STREAMS = (1, 2)


class RecorderPipe:
    """Collects frames and writes them out in order, from any thread.

    `add` takes a frame; appending to a list is atomic, so the hot path takes no lock. Where the
    pipe is gone (the scenario may have closed it or put something else in its place) it sets
    `broken`; output then goes to the plain descriptors.

    An exception may be thrown into the thread that writes, after any call (see `OwnLock.hold`). So
    what belongs together, as writing bytes and noting how many, is one call or has none between:
    every frame is written exactly once.
    """

    def __init__(self) -> None:
        self.broken = False
        self.due = 0
        """When the next flush between lines is due, in nanoseconds."""
        self.holding = False
        """True while frames are to stay here: the record's first frame is still to come."""
        self.opened = 0
        """When the record began, in nanoseconds."""
        self.spent = 0
        """Nanoseconds that recording itself has taken where it takes long."""
        self.processor = ProcessorShare()
        self.pending: list[bytes] = []
        """Frames that are not written yet."""
        self.add = self.pending.append
        self._rest = bytearray()  # frames that the pipe has not taken whole
        self._written: list[int] = []  # how many bytes of them it has taken just now
        self._descriptor = _NOWHERE
        self._pipe: tuple[int, int] | None = None
        self._lock = OwnLock()
        self._flushing = False
        self._words: dict[recorder_frames.On, int] = {recorder_frames.NOTHING: 0}

    def open(self, descriptor: int) -> None:
        """Write to `descriptor` from now on; what came before goes nowhere and is forgotten."""
        self.pending.clear()
        self._rest.clear()
        self._written.clear()
        self._words.clear()
        self._words[recorder_frames.NOTHING] = 0
        self.due = self.spent = 0
        self.opened = now()
        self._descriptor = descriptor
        self._pipe = _identity(descriptor)
        os.set_blocking(descriptor, False)

    def word(self, on: recorder_frames.On) -> int:
        """Return the number of a word, defining it where it is new."""
        number = self._words.get(on)
        return self._lock.hold(self._define, on) if number is None else number

    def _define(self, on: recorder_frames.On) -> int:
        if len(self._words) >= recorder_frames.MAX_WORDS:
            self._words.clear()
            self._words[recorder_frames.NOTHING] = 0
        number = len(self._words)
        self.add(recorder_frames.word(number, on))
        self._words[on] = number
        return number

    def flush_if_due(self, at: int) -> None:
        """Write what the pipe takes, unless that was done too often recently.

        It does not wait for a slow reader: switches may stay here for a while.
        """
        if at >= self.due:
            self.due = max(self.due, at - _BURST) + _INTERVAL
            self.flush(wait=len(self._rest) > _MOST)

    def flush(self, *, wait: bool = True) -> None:
        """Write out everything; or, without `wait`, only what the pipe takes at once.

        A signal handler may come here while its own thread flushes: it leaves its frames to
        that flush, which goes on until none are left.
        """
        self._lock.hold(self._flush, wait, now())

    def _flush(self, wait: bool, start: int) -> None:  # noqa: FBT001 - of `flush` alone
        if self._flushing or self.holding:
            return
        self._flushing = True
        try:
            while self.pending or self._rest:
                count = len(self.pending)
                self._rest += b"".join(self.pending[:count])
                del self.pending[:count]
                if not self._write(wait=wait):
                    break
        finally:
            self._flushing = False
            self.spent += now() - start

    def _write(self, *, wait: bool) -> bool:
        """Write what is joined already; return whether all of it went."""
        if self._descriptor == _NOWHERE:
            self._rest.clear()
        try:
            while (rest := self._unwritten()) and self._is_ours():
                try:
                    self._written.extend(map(write, (self._descriptor,), (rest,)))
                except BlockingIOError:
                    if not wait:
                        return False
                    self.processor.excuse(select, (), (self._descriptor,), ())
        except (OSError, ValueError):  # the scenario closed it
            self.broken = True
        if rest := self._unwritten():
            self.broken = True
            print_frames(rest)
            rest.clear()
        return True

    def _unwritten(self) -> bytearray:
        """Return what the pipe has not taken yet. No call may come between its two steps."""
        rest, written = self._rest, self._written
        if written:
            del rest[: written[0]]
            del written[:]
        return rest

    def _is_ours(self) -> bool:
        """Tell whether the descriptor still leads to the recorder's pipe.

        :raises OSError: if it is closed
        """
        return _identity(self._descriptor) == self._pipe

    def close(self, last: bytes) -> None:
        """Write out everything and then `last`; nothing after it."""
        self._lock.hold(self._close, last)

    def _close(self, last: bytes) -> None:
        self.add(last)
        self.flush()
        self.broken = True


def _identity(descriptor: int) -> tuple[int, int]:
    """Return what tells a descriptor's pipe from whatever else may get its number.

    :raises OSError: if it is closed
    """
    found = os.fstat(descriptor)
    return found.st_dev, found.st_ino


def print_frames(frames: bytes | bytearray) -> None:
    """Write the printed lines among frames to the plain descriptors: nothing printed is lost."""
    position = frames.find(recorder_frames.MARK_BYTES)
    while 0 <= position <= len(frames) - recorder_frames.HEADER.size:
        _, kind, small, length, *_ = recorder_frames.HEADER.unpack_from(frames, position)
        position += recorder_frames.HEADER.size
        if kind == recorder_frames.LINE:
            text = frames[position : position + length]
            if not small & recorder_frames.UNFINISHED:
                text += b"\n"
            with contextlib.suppress(OSError):
                write(_STREAMS[small & recorder_frames.TO_STDERR], text)
        position = frames.find(recorder_frames.MARK_BYTES, position)
