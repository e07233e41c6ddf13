"""The process of a fork server. It can be started before there is an event loop to talk to it.

A server takes longer to come up than anything else between a command and its run, so a command
line starts one first, and then imports what it needs itself.
"""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_BOOT = (
    "import gc, asyncio; young = gc.get_count()[0]; import sys; sys.path.insert(0, sys.argv[1]);"
    " from bot.runner.guest.fork_server import run_fork_server; sys.path.pop(0);"
    " run_fork_server(int(sys.argv[2]), int(sys.argv[3]), young)"
)
"""By importing asyncio first of all, it learns what a plain Python's garbage collector has counted
by then. From 3.12 on that is the same with any options, as the import frees enough to begin at 0
again; on 3.11 it depends on the build."""
_ROOT = Path(__file__).parents[3]
_END_SECONDS = 5.0
_MOST_SAID = 1 << 16
_SAID_SHOWN = 2_000


class ServerProcess:
    """Started when it is made. Its owner closes it; as a context manager it does so itself."""

    def __init__(self, python: Path | None = None) -> None:
        """Start it.

        :param python: the guests' interpreter, 3.11 or newer; this process's own by default
        :raises OSError: if it cannot be started
        """
        self.python = python or Path(sys.executable)
        self.socket, theirs = socket.socketpair()
        # Where the operator wants no bytecode to be written, the server writes none, either.
        options = ["-I", "-S", *(["-B"] if sys.dont_write_bytecode else []), "-X", "utf8"]
        try:
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - a fixed command
                    [
                        *(str(self.python), *options, "-c", _BOOT),
                        *(str(_ROOT), str(theirs.fileno()), str(os.getpid())),
                    ],
                    env={},
                    cwd="/",
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    start_new_session=True,  # a terminal's Ctrl-C is the bot's to handle
                )
        except BaseException:
            self.socket.close()
            raise

    def __enter__(self) -> Self:
        """Use it for as long as the block runs."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End it, unless that is done already."""
        self.close()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def wait(self) -> int:
        """Wait until it has ended; return its status as `subprocess.Popen.returncode` has it."""
        return self._process.wait()

    def said(self) -> str:
        """Return what it wrote to its stderr, at most 64 KiB, once it has ended."""
        stderr = self._process.stderr
        if stderr is None or stderr.closed:
            return ""
        os.set_blocking(stderr.fileno(), False)
        with suppress(BlockingIOError):  # something it started may still hold the other end
            return os.read(stderr.fileno(), _MOST_SAID).decode(errors="replace").strip()
        return ""

    def close(self) -> str:
        """Hang up, wait until it has ended, kill it if it does not. Safe to call twice.

        :return: the end of what it wrote to its stderr
        """
        self.socket.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        said = self.said()[-_SAID_SHOWN:]
        if self._process.stderr is not None:
            self._process.stderr.close()
        return said
