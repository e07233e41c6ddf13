"""Decides in the fork server whether a scenario may start one more thread.

RLIMIT_NPROC cannot: it counts a user's processes, not a run's threads, and root's not at all.
So the filter that children inherit hands each thread-making clone(2) to the fork server
(seccomp_unotify(2)), which counts the run's live threads and lets the call go on, or ends the
run. The call's arguments are registers, checked by the filters already, so letting it
continue opens no gap between check and use.

Standard library only: this runs in the fork server.
"""

import contextlib
import errno
import fcntl
import os
import signal
import struct
from dataclasses import dataclass

_RECEIVE = 0xC050_2100  # SECCOMP_IOCTL_NOTIF_RECV
_RESPOND = 0xC018_2101  # SECCOMP_IOCTL_NOTIF_SEND
_CONTINUE = 1  # SECCOMP_USER_NOTIF_FLAG_CONTINUE
_QUESTION = struct.Struct("QII64x")  # struct seccomp_notif: id, pid, flags, data
_ANSWER = struct.Struct("QqiI")  # struct seccomp_notif_resp: id, value, error, flags


@dataclass(slots=True)
class _Allowance:
    threads: int
    exceeded: bool = False


class Doorkeeper:
    """Holds the notification descriptor; a selector can wait for it."""

    def __init__(self, listener: int) -> None:
        self._listener = listener
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
        status = _status(thread)
        process, alive = int(status["Tgid"]), int(status["Threads"])
        allowance = self._allowances.get(process)
        if allowance is None:  # not a run's process: nobody else starts threads
            return False
        if alive < allowance.threads:
            return True
        allowance.exceeded = True
        os.kill(process, signal.SIGKILL)
        return False


def _status(thread: int) -> dict[str, str]:
    """Read /proc/<thread>/status, which speaks of the thread's whole process.

    :raises OSError: if the thread is gone
    """
    with open(f"/proc/{thread}/status", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - pathlib would have to be imported into every child
        return dict(line.split(":", 1) for line in file if ":" in line)
