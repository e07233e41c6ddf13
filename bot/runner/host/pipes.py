"""The pipes through which a run speaks to the bot, read in small steps, each in its turn."""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable
from functools import partial

from bot.runner.host.turns import Turns

STEP_RECORD, STEP_RAW = 1 << 11, 1 << 8
"""What is taken in one step, in bytes: at most 85 of the recorder's frames, or 256 lines."""
_PIPE_BYTES = 1 << 16
"""What a pipe holds. It is read whole: each read of a full one wakes its writer, which the kernel
then prefers to us."""
_FREE_BYTES = 1 << 13
"""What a run may say at once, before it has to take turns with others: more than lessons do."""
_MUCH = 1 << 13
"""Bytes in one window that fill a pipe soon."""

AT_ONCE, WINDOW = 16, 0.1
"""A patient pipe is read so often at once, and from then on once in so many seconds: to be woken
for each printed line costs more than to read it. What a person can follow is not kept waiting."""


_RECOVERY = 2 * WINDOW
"""After so many seconds without a read, one more is made at once. It is longer than a window: what
goes on coming is read once a window, and not once more at its end."""


class _Patience:
    """Tells when a pipe may wait: where little comes often. One that fills up is read at once."""

    def __init__(self) -> None:
        self._reads, self._since = float(AT_ONCE), time.perf_counter()
        self._began, self._volume, self._before = self._since, 0, 0

    def may_wait(self, size: int) -> bool:
        """Take note of a read of so many bytes; return whether the next one may wait."""
        now = time.perf_counter()
        self._reads = max(-1.0, min(AT_ONCE, self._reads + (now - self._since) / _RECOVERY) - 1)
        self._since = now
        if now - self._began >= WINDOW:
            self._began, self._before, self._volume = now, self._volume, 0
        self._volume += size
        return self._reads < 0 and max(self._volume, self._before) < _MUCH


class Pipes:
    """Reading ends of pipes, each with what takes its bytes.

    :param after: called after each step; it may close pipes whose contents are not wanted any more
    :param turns: shares the loop with the pipes of other runs
    """

    def __init__(self, after: Callable[[], None], turns: Turns) -> None:
        self._loop = asyncio.get_running_loop()
        self._after = after
        self._turns = turns
        self._free = _FREE_BYTES
        self._read_ahead: dict[int, bytes] = {}  # what waits for further steps
        self._listened: set[int] = set()  # pipes of which the loop tells when there is something
        self._asked: set[int] = set()  # pipes that wait for their turn
        self._resting: set[int] = set()  # patient pipes that are not listened to for a moment
        self._pipes: dict[int, tuple[int, Callable[[bytes], None]]] = {}
        self._patience: dict[int, _Patience] = {}
        self._reading = False
        self._held_since = self._held_seconds = 0.0

    def open(self, receive: Callable[[bytes], None], step: int, *, patient: bool = False) -> int:
        """Open a pipe whose bytes go to `receive`; return its writing end, which is the caller's.

        :param patient: what comes in often and bit by bit is collected for a moment
        """
        reader, writer = os.pipe()
        if patient:
            self._patience[reader] = _Patience()
        os.set_blocking(reader, False)
        self._pipes[reader] = step, receive
        return writer

    @property
    def reading(self) -> bool:
        """Whether what arrives is read."""
        return self._reading

    @property
    def held_seconds(self) -> float:
        """For how long, in all, reading was held back."""
        held = time.perf_counter() - self._held_since if self._held_since else 0.0
        return self._held_seconds + held

    def read_on(self) -> None:
        """Read whatever arrives."""
        self._held_seconds, self._held_since = self.held_seconds, 0.0
        self._reading = True
        for descriptor in self._pipes:
            self._go_on(descriptor)

    def hold(self) -> None:
        """Leave in the pipes what arrives: what was read waits for a slow consumer."""
        self._reading, self._held_since = False, time.perf_counter()
        for descriptor in self._pipes:
            self._ignore(descriptor)

    def drain(self) -> None:
        """Take what is left in the pipes of a dead process, and close them.

        A pipe holds 64 KiB at most; `after` may close it earlier.
        """
        for descriptor in list(self._pipes):
            with contextlib.suppress(BlockingIOError):
                while descriptor in self._pipes and self._step(descriptor):
                    pass
            self._shut(descriptor)

    def close(self, *receivers: Callable[[bytes], None]) -> None:
        """Close the pipes of these receivers; without any, all. Their writers get EPIPE."""
        for descriptor, (_, receive) in list(self._pipes.items()):
            if not receivers or receive in receivers:
                self._shut(descriptor)

    def _readable(self, descriptor: int) -> None:
        if self._free > 0:
            self._read_in_order(descriptor)
        else:
            self._ask(descriptor)

    def _ask(self, descriptor: int) -> None:
        """Ask for a turn; until then it need not be told again that there is something."""
        if descriptor not in self._asked:
            self._asked.add(descriptor)
            self._ignore(descriptor)
            self._turns.ask(partial(self._take_turn, descriptor))

    def _take_turn(self, descriptor: int) -> None:
        self._asked.discard(descriptor)
        if self._reading and descriptor in self._pipes:
            self._read_in_order(descriptor)
            self._go_on(descriptor)

    def _go_on(self, descriptor: int) -> None:
        """Have a pipe read further: in turn, if something of it was read ahead."""
        if descriptor not in self._pipes or descriptor in self._resting | self._asked:
            return
        if descriptor in self._read_ahead:
            self._ask(descriptor)
        elif descriptor not in self._listened:
            self._listened.add(descriptor)
            self._loop.add_reader(descriptor, self._readable, descriptor)

    def _ignore(self, descriptor: int) -> None:
        if descriptor in self._listened:
            self._listened.discard(descriptor)
            self._loop.remove_reader(descriptor)

    def _read_in_order(self, descriptor: int) -> None:
        if descriptor not in self._patience:
            for waiting in tuple(self._patience):
                self._read(waiting)  # what was written before comes before
        self._read(descriptor)

    def _read(self, descriptor: int) -> None:
        with contextlib.suppress(BlockingIOError):
            if descriptor in self._pipes and not self._step(descriptor):
                self._shut(descriptor)

    def _step(self, descriptor: int) -> bool:
        """Take one chunk; return False at the pipe's end.

        :raises BlockingIOError: if there is nothing
        """
        step, receive = self._pipes[descriptor]
        data = self._read_ahead.pop(descriptor, b"") or os.read(descriptor, _PIPE_BYTES)
        if len(data) > step:
            data, self._read_ahead[descriptor] = data[:step], data[step:]
        if data:
            self._free -= len(data)
            receive(data)
            self._after()
            patience = self._patience.get(descriptor)
            if descriptor in self._read_ahead:
                self._ask(descriptor)
            elif patience and patience.may_wait(len(data)):
                self._ignore(descriptor)
                self._resting.add(descriptor)
                self._loop.call_later(WINDOW, self._wait_no_more, descriptor)
        return bool(data)

    def _wait_no_more(self, descriptor: int) -> None:
        """Read what was collected: in turn, and without being woken once more to be told of it."""
        self._resting.discard(descriptor)
        if self._reading and descriptor in self._pipes and descriptor not in self._asked:
            self._asked.add(descriptor)
            self._turns.take(partial(self._take_turn, descriptor))

    def _shut(self, descriptor: int) -> None:
        self._patience.pop(descriptor, None)
        self._read_ahead.pop(descriptor, None)
        if self._pipes.pop(descriptor, None) is not None:
            self._ignore(descriptor)
            os.close(descriptor)
