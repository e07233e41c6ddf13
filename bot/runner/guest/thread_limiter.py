"""Decides in the fork server whether a scenario may start one more thread.

RLIMIT_NPROC cannot: it counts a user's processes, not a run's threads, and root's not at all.
So the filter that children inherit hands each thread-making clone(2) to the fork server
(seccomp_unotify(2)), which counts the run's live threads and lets the call go on, or ends the
run. The call's arguments are registers, checked by the filters already, so letting it
continue opens no gap between check and use.

A question costs this server some 50 microseconds, and none of them makes a thread for sure (the
kernel may refuse the call afterwards). So they are counted, too. The threads of all runs together
are held to what the host's limit on processes leaves.

Standard library only: this runs in the fork server.
"""

import contextlib
import errno
import fcntl
import os
import signal
import struct
from dataclasses import dataclass

from bot.runner.guest.proc_files import ProcFiles

_RECEIVE = 0xC050_2100  # SECCOMP_IOCTL_NOTIF_RECV
_RESPOND = 0xC018_2101  # SECCOMP_IOCTL_NOTIF_SEND
_CONTINUE = 1  # SECCOMP_USER_NOTIF_FLAG_CONTINUE
_QUESTION = struct.Struct("QII64x")  # struct seccomp_notif: id, pid, flags, data
_ANSWER = struct.Struct("QqiI")  # struct seccomp_notif_resp: id, value, error, flags


_MOST_QUESTIONS = 8_000
"""Of one run. The recorder makes several events of each thread, so their limit, 20,000 if nothing
else is set, ends an honest run earlier."""


@dataclass(slots=True)
class _Allowance:
    threads: int
    alive: int = 1
    questions: int = 0
    exceeded: bool = False


class ThreadLimiter:
    """Holds the notification descriptor; a selector can wait for it.

    :param listener: the descriptor
    :param proc: where threads are counted
    :param most: threads of all runs together, their main ones included; None: as many as they may
    """

    def __init__(self, listener: int, proc: ProcFiles, most: int | None = None) -> None:
        self._listener = listener
        self._proc = proc
        self._most = most
        self._allowances: dict[int, _Allowance] = {}

    def fileno(self) -> int:
        """Return what to wait on."""
        return self._listener

    def expect(self, pid: int, threads: int) -> None:
        """Let the run in process `pid` have at most `threads` at once, its main one included."""
        self._allowances[pid] = _Allowance(threads)

    def forget(self, pid: int) -> bool:
        """Drop a dead run; return whether it wanted more threads than allowed."""
        allowance = self._allowances.pop(pid, None)
        return allowance is not None and allowance.exceeded

    def answer(self) -> bool:
        """Answer one question. Always True: the server goes on."""
        question = bytearray(_QUESTION.size)
        # The asking process may die while it waits; then there is nothing to receive or answer.
        with contextlib.suppress(OSError):
            fcntl.ioctl(self._listener, _RECEIVE, question)
            number, thread, _ = _QUESTION.unpack(question)
            may = self._may_start(thread)
            error, flags = (0, _CONTINUE) if may else (-errno.EAGAIN, 0)
            fcntl.ioctl(self._listener, _RESPOND, _ANSWER.pack(number, 0, error, flags))
        return True

    def _may_start(self, thread: int) -> bool:
        """Count the threads of the process that `thread` belongs to; end it if it has its fill."""
        process, alive = count_threads(self._proc, thread)
        allowance = self._allowances.get(process)
        if allowance is None or allowance.exceeded:  # nobody else starts threads
            return False
        allowance.questions += 1
        allowance.alive = alive + 1
        if alive >= allowance.threads or allowance.questions > _MOST_QUESTIONS:
            self._end(process)
            return False
        while self._are_too_many():
            largest = max(self._living(), key=lambda pid: self._allowances[pid].alive)
            self._end(largest)
        return not allowance.exceeded

    def _are_too_many(self) -> bool:
        """Tell whether all runs together have too many threads, looking again before it says so."""
        if self._most is None or self._sum() <= self._most:
            return False
        for pid in self._living():
            with contextlib.suppress(OSError):
                self._allowances[pid].alive = count_threads(self._proc, pid)[1]
        return self._sum() > self._most and any(self._living())

    def _sum(self) -> int:
        return sum(self._allowances[pid].alive for pid in self._living())

    def _living(self) -> list[int]:
        return [pid for pid, one in self._allowances.items() if not one.exceeded]

    def _end(self, process: int) -> None:
        self._allowances[process].exceeded = True
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
