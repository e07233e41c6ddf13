"""Decides in the fork server whether a scenario may start one more thread.

RLIMIT_NPROC cannot: it counts a user's processes, not a run's threads, and root's not at all.
So the filter that children inherit hands each thread-making clone(2) to the fork server
(seccomp_unotify(2)), which counts the run's live threads and lets the call go on, or ends the
run. The call's arguments are registers, checked by the filters already, so letting it
continue opens no gap between check and use.

A question costs this server some 50 microseconds, and none of them makes a thread for sure (the
kernel may refuse the call afterwards). So they are counted, too. The threads of all runs together
are held to what the host's limit on processes leaves.

A thread that was joined may still be there for a moment: `Thread.join` waits for the end of what it
runs, and the kernel needs the processor once more to put the thread away. So a question of a run
that has its fill is held, not refused, and its threads are counted again a few times first; the
thread that asks sleeps meanwhile, inside its clone(2).

Standard library only: this runs in the fork server.
"""

import contextlib
import errno
import fcntl
import os
import signal
import struct
import time
from dataclasses import dataclass, field

from bot.runner.guest.proc_files import ProcFiles

_RECEIVE = 0xC050_2100  # SECCOMP_IOCTL_NOTIF_RECV
_RESPOND = 0xC018_2101  # SECCOMP_IOCTL_NOTIF_SEND
_CONTINUE = 1  # SECCOMP_USER_NOTIF_FLAG_CONTINUE
_QUESTION = struct.Struct("QII64x")  # struct seccomp_notif: id, pid, flags, data
_ANSWER = struct.Struct("QqiI")  # struct seccomp_notif_resp: id, value, error, flags

_MOST_QUESTIONS = 8_000
"""Of one run, each further count for a held one included. The recorder makes several events of each
thread, so their limit, 20,000 if nothing else is set, ends an honest run earlier."""
_FIRST_PAUSE_SECONDS = 0.001
"""Before the threads of a run that has its fill are counted again; then twice as long, …"""
_MOST_COUNTS = 8
"""For a held question; its run is ended after them, a quarter of a second after it was asked."""
_LONGEST_PAUSE_SECONDS = _FIRST_PAUSE_SECONDS * 2 ** (_MOST_COUNTS - 1)

_BIRTH_SECONDS = 0.005
"""What a thread may need to start another one once we let it. Until then both count: many threads
of a run may ask at the same moment."""


class Questions:
    """The kernel's notifications: which thread wants to start another."""

    def __init__(self, listener: int) -> None:
        self._listener = listener

    def fileno(self) -> int:
        """Return what to wait on."""
        return self._listener

    def receive(self) -> tuple[int, int]:
        """Return a question's number and the thread that asks.

        :raises OSError: if that thread died meanwhile
        """
        question = bytearray(_QUESTION.size)
        fcntl.ioctl(self._listener, _RECEIVE, question)
        number, thread, _ = _QUESTION.unpack(question)
        return number, thread

    def answer(self, number: int, *, may: bool) -> bool:
        """Let the call go on, or fail; return whether its thread still waited for it."""
        error, flags = (0, _CONTINUE) if may else (-errno.EAGAIN, 0)
        try:
            fcntl.ioctl(self._listener, _RESPOND, _ANSWER.pack(number, 0, error, flags))
        except OSError:  # it died, or a signal made it ask once more
            return False
        return True


@dataclass(slots=True)
class _Held:
    number: int
    counts: int = 0


@dataclass(slots=True)
class _Allowance:
    threads: int
    alive: int = 1
    """As counted last."""
    starting: dict[int, float] = field(default_factory=dict)
    """By thread, those that were let go on just now, and until when what they start may not have
    been counted."""
    questions: int = 0
    exceeded: bool = False
    held: dict[int, _Held] = field(default_factory=dict)
    """By thread, those that wait for an answer."""
    pause: float = _FIRST_PAUSE_SECONDS
    look_at: float = 0.0

    @property
    def total(self) -> int:
        """Its threads, those included that are about to start."""
        return self.alive + len(self.starting)


class ThreadLimiter:
    """Answers questions; a selector can wait for them.

    :param questions: where they come from
    :param proc: where threads are counted
    :param most: threads of all runs together, their main ones included; None: as many as they may
    """

    def __init__(self, questions: Questions, proc: ProcFiles, most: int | None = None) -> None:
        self._questions = questions
        self._proc = proc
        self._most = most
        self._allowances: dict[int, _Allowance] = {}
        self._full: dict[int, _Allowance] = {}
        """By process: the runs that have held questions."""

    def fileno(self) -> int:
        """Return what to wait on."""
        return self._questions.fileno()

    def expect(self, pid: int, threads: int) -> None:
        """Let the run in process `pid` have at most `threads` at once, its main one included."""
        self._allowances[pid] = _Allowance(threads)

    def forget(self, pid: int) -> bool:
        """Drop a dead run; return whether it wanted more threads than allowed."""
        allowance = self._allowances.pop(pid, None)
        self._full.pop(pid, None)
        return allowance is not None and allowance.exceeded

    def patience(self, otherwise: float | None) -> float | None:
        """Return for how many seconds no thread is to be counted; `otherwise` if that is less."""
        if not self._full:
            return otherwise
        due = min(one.look_at for one in self._full.values())
        pause = max(0.0, due - time.monotonic())
        return pause if otherwise is None else min(pause, otherwise)

    def answer(self) -> bool:
        """Answer one question, or hold it. Always True: the server goes on."""
        # The asking process may die while it waits; then there is nothing to receive or answer.
        with contextlib.suppress(OSError):
            number, thread = self._questions.receive()
            process, alive = count_threads(self._proc, thread)
            allowance = self._allowances.get(process)
            if allowance is None or allowance.exceeded:  # nobody else starts threads
                self._questions.answer(number, may=False)
                return True
            allowance.starting.pop(thread, None)  # what it started before is there
            if self._counted(process, alive):
                if allowance.total < allowance.threads:
                    self._admit(process, thread, number)
                else:
                    self._hold(process, thread, number)
        return True

    def look(self) -> None:
        """Count the threads of the runs whose questions are held, where it is time to."""
        now = time.monotonic()
        for process, allowance in list(self._full.items()):
            if allowance.look_at <= now and not allowance.exceeded:
                self._look(process, allowance, now)

    def _look(self, process: int, allowance: _Allowance, now: float) -> None:
        """Answer the held questions of one run as far as it has room for more threads."""
        try:
            _, alive = count_threads(self._proc, process)
        except OSError:  # it is gone
            del self._full[process]
            return
        if not self._counted(process, alive):
            return
        allowance.pause = min(2 * allowance.pause, _LONGEST_PAUSE_SECONDS)
        for thread, held in list(allowance.held.items()):
            if allowance.total < allowance.threads and not allowance.exceeded:
                del allowance.held[thread]
                allowance.pause = _FIRST_PAUSE_SECONDS
                self._admit(process, thread, held.number)
                continue
            held.counts += 1
            if held.counts >= _MOST_COUNTS:
                self._end(process)
                return
        allowance.look_at = now + allowance.pause
        if not allowance.held:
            self._full.pop(process, None)

    def _hold(self, process: int, thread: int, number: int) -> None:
        """Keep a question for later; the same thread's may come once more, after a signal."""
        allowance = self._allowances[process]
        if process not in self._full:
            self._full[process] = allowance
            allowance.pause = _FIRST_PAUSE_SECONDS
            allowance.look_at = time.monotonic() + allowance.pause
        allowance.held.setdefault(thread, _Held(number)).number = number

    def _counted(self, process: int, alive: int) -> bool:
        """Note how many threads a run has; end it if it made us count too often."""
        allowance = self._allowances[process]
        allowance.questions += 1
        allowance.alive = alive
        now = time.monotonic()
        allowance.starting = {one: end for one, end in allowance.starting.items() if end > now}
        if allowance.questions > _MOST_QUESTIONS:
            self._end(process)
        return not allowance.exceeded

    def _admit(self, process: int, thread: int, number: int) -> None:
        """Let a run that has room for it start a thread, unless all runs together have not."""
        allowance = self._allowances[process]
        allowance.starting[thread] = time.monotonic() + _BIRTH_SECONDS
        while self._are_too_many():
            self._end(max(self._living(), key=lambda pid: self._allowances[pid].total))
        if not self._questions.answer(number, may=not allowance.exceeded):
            allowance.starting.pop(thread, None)

    def _are_too_many(self) -> bool:
        """Tell whether all runs together have too many threads, looking again before it says so."""
        if self._most is None or self._sum() <= self._most:
            return False
        for pid in self._living():
            with contextlib.suppress(OSError):
                self._allowances[pid].alive = count_threads(self._proc, pid)[1]
        return self._sum() > self._most and any(self._living())

    def _sum(self) -> int:
        return sum(self._allowances[pid].total for pid in self._living())

    def _living(self) -> list[int]:
        return [pid for pid, one in self._allowances.items() if not one.exceeded]

    def _end(self, process: int) -> None:
        self._allowances[process].exceeded = True
        self._full.pop(process, None)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def count_threads(proc: ProcFiles, thread: int) -> tuple[int, int]:
    """Return the process that a thread belongs to and how many threads are alive in it.

    :raises OSError: if the thread is gone
    """
    # In bytes: a thread's name, which stands here too, may hold what text takes for a line's end.
    rows = proc.read(f"{thread}/status").split(b"\n")
    fields = dict(row.split(b":", 1) for row in rows if b":" in row)
    return int(fields[b"Tgid"]), int(fields[b"Threads"])
