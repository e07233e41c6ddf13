"""The fork server's process: imports once, confines itself, forks one child a run.

The bot starts it by exec with an empty environment and one inherited descriptor, the
control socket. It is single-threaded, holds no secret (not even the scenarios: children read
those from a descriptor of their own), and goes when the socket closes, taking its children
along. Standard library only: any Python 3.11 or newer can be the server, and so the guest.
"""

import contextlib
import fcntl
import gc
import os
import platform
import select
import selectors
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from bot.runner.confinement.kernel import LINUX, PR_SET_DUMPABLE, PR_SET_PDEATHSIG, Kernel
from bot.runner.guest import child, child_setup, library_finder, run
from bot.runner.guest.bot_connection import BotConnection
from bot.runner.guest.immortal import immortalize
from bot.runner.guest.oom import OomKills, OomScore
from bot.runner.guest.proc_files import ProcFiles
from bot.runner.guest.run_groups import RunGroups
from bot.runner.guest.run_limits import EnforcedLimits
from bot.runner.guest.server_confinement import confine
from bot.runner.guest.waiting_children import WaitingChildren
from bot.runner.protocol.control_socket import Message, send_some

_KIB = 1024
_RU_MAXRSS_UNIT = _KIB if LINUX else 1  # getrusage(2) counts KiB on Linux, bytes on macOS
_THREAD_STACK = 4 << 20
"""Bytes of stack that a thread gets: address space, which each one takes from its run's limit. As
much as a recursion through C to Python's own limit needs, so that it raises and does not crash."""
_ABOVE_STANDARD = 16
_NO_PROCESS_SECONDS = 0.1


class Child(BaseException):
    """Raised in a forked child, to leave everything of the server's behind: `live` goes on.

    A scenario can walk up the stack; whatever the server knows of other runs must not lie there.
    """

    def __init__(self, live: Callable[[], NoReturn]) -> None:
        super().__init__()
        self.live = live


class ForkServer:
    """The server's whole life."""

    def __init__(self, duplicate: socket.socket, bot: int, young: int) -> None:
        self._connection = BotConnection(duplicate)
        self._bot = bot
        self._kernel = Kernel()
        self._proc = ProcFiles()
        self._tightening = child_setup.Tightening(os.getpid(), None, b"", b"")
        self._limits = EnforcedLimits()
        self._runs: dict[int, int] = {}  # process id → the bot's number of the run
        self._waiting = WaitingChildren()
        self._groups = RunGroups()
        self._own_bytes = 0
        self._young = young
        self._wake_read, self._wake_write = os.pipe()

    def live(self) -> None:
        """Serve until the bot closes the socket.

        :raises Child: in each child
        """
        self._settle_in()
        python = platform.python_version()
        self._connection.send({"op": "hello", "python": python, "path": sys.path})
        first = self._connection.first()
        if not first:
            return
        for message, descriptors in first:
            self._confine(message, descriptors)
        with selectors.PollSelector() as selector:  # the default one is the recorder's
            selector.register(self._connection, selectors.EVENT_READ, self._listen)
            selector.register(self._wake_read, selectors.EVENT_READ, self._reap)
            self._limits.register(selector)
            while self._work(selector):
                pass
        self._end()

    def _work(self, selector: selectors.BaseSelector) -> bool:
        """Do what there is to do; without work, make a child ready for a coming run."""
        ready = selector.select(self._waiting.patience(self._limits.patience()))
        self._limits.look()
        if not ready and self._waiting.wants_more():
            try:
                self._waiting.add(*self._fork())
            except OSError:  # the host has no process left; one may end soon
                select.select([], [], [], _NO_PROCESS_SECONDS)
        return all(key.data() for key, _ in ready)

    def _settle_in(self) -> None:
        """Die with the bot, wake up for dead children, and import what scenarios may use."""
        if LINUX:
            self._kernel.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != self._bot:
                sys.exit(child_setup.BROKEN)
        os.environ.clear()  # Python itself puts LC_CTYPE there
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        signal.set_wakeup_fd(self._wake_write)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._kernel.one_arena()
        threading.stack_size(_THREAD_STACK)
        self._score, self._kills = OomScore(), OomKills(self._proc)
        if LINUX:  # from here on, no other process of this user can look into this one
            self._kernel.prctl(PR_SET_DUMPABLE, 0)
            with contextlib.suppress(OSError):  # only root can, and in a container seldom
                self._kernel.hide_processes()
        library_finder.keep_names()
        run.prepare()
        sys.dont_write_bytecode = True  # from here on, what is imported is for a scenario
        self._prepared = run.PreparedRun(self._young)
        gc.collect()
        gc.disable()
        immortalize([*sys.modules.values(), *object.__subclasses__(), self._prepared])
        self._prepared.set_aside()
        gc.freeze()
        self._prepared.young.complete()  # frozen ones would not count
        self._own_bytes = self._proc.address_space()

    def _confine(self, message: Message, descriptors: list[int]) -> None:
        """Enter every layer that the bot sent; report those that the kernel refused."""
        confined = confine(self._kernel, self._proc, message, descriptors)
        self._tightening, self._groups = confined.tightening, confined.groups
        self._limits.ask_for_threads(confined.thread_limiter)
        self._connection.send({"op": "ready", "layers": confined.wrong})

    def _listen(self) -> bool:
        """Take what the bot asks; return False when the bot is gone."""
        received = self._connection.receive()
        for message, descriptors in received or ():
            if message["op"] == "extend":
                self._extend(message["id"], message["seconds"])
            else:
                self._run(message, descriptors)
        return received is not None

    def _extend(self, number: int, seconds: float) -> None:
        """Give a run more time: the bot was too slow for it."""
        for pid, one in self._runs.items():
            if one == number:
                self._limits.extend(pid, seconds)

    def _run(self, message: Message, descriptors: list[int]) -> None:
        """Give a run to a child."""
        number = message["id"]
        try:
            pid = self._assign(message["limits"], descriptors)
        except OSError as error:
            self._connection.send({"op": "unborn", "id": number, "error": str(error)})
            return
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        self._runs[pid] = number
        self._connection.announce(number, pid)

    def _assign(self, limits: dict[str, Any], descriptors: list[int]) -> int:
        """Hand a run to the child that waits, or to a new one; return its process id.

        :raises OSError: if none can be made
        """
        while True:
            pid, orders = self._waiting.take() or self._fork()
            try:
                self._order(pid, orders, limits, descriptors)
            except (BrokenPipeError, ConnectionResetError):  # it died while it waited
                self._bury(pid)
            else:
                return pid

    def _order(
        self,
        pid: int,
        orders: socket.socket,
        limits: dict[str, Any],
        descriptors: list[int],
    ) -> None:
        """Tell a child what to run, and watch it from here on.

        :raises OSError: if the child is gone, or the host cannot limit it
        """
        try:
            self._groups.limit(pid, limits["memory_bytes"], limits["threads"])
        except OSError:
            self._waiting.add(pid, orders)
            raise
        self._limits.expect(pid, limits, orders)
        # A few bytes, which a new socket always takes whole.
        send_some(orders, child.order(limits, self._own_bytes), descriptors)

    def _bury(self, pid: int) -> None:
        """Collect a child that died before it had a run: there is nobody to report it to."""
        os.waitpid(pid, 0)
        self._limits.forget(pid)
        self._groups.remove(pid)

    def _fork(self) -> tuple[int, socket.socket]:
        """Make a child; return its process id and the socket that brings it its run.

        :raises OSError: if the host lets no more processes be made
        :raises Child: in the child
        """
        ours, theirs = socket.socketpair()
        self._score.be_run()
        try:
            pid = os.fork()
        finally:
            self._score.be_server()
        if pid == 0:
            self._forget_everything()
            raise Child(partial(child.live, self._kernel, self._tightening, self._prepared, theirs))
        theirs.close()
        self._groups.make(pid)
        return pid, ours

    def _forget_everything(self) -> None:
        """Drop, in a child, what the server knows of runs."""
        self._limits.close()
        self._runs.clear()
        self._waiting.close()
        self._groups.close()
        self._connection.forget()

    def _reap(self) -> bool:
        """Collect the dead and report them."""
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake_read, 4096)
        while self._runs or self._waiting.pids:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                break
            if self._waiting.forget(pid):
                self._groups.remove(pid)
            else:
                self._report(pid, status, usage)
        return True

    def _report(self, pid: int, status: int, usage: Any) -> None:
        over = self._limits.forget(pid)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL and not over
        own = self._groups.remove(pid)
        oom = killed and (self._kills.just_happened() if own is None else own)
        if oom:
            over = "memory_bytes"
        self._connection.send(
            {
                "op": "gone",
                "id": self._runs.pop(pid),
                "status": status,
                "cpu": usage.ru_utime + usage.ru_stime,
                "peak": usage.ru_maxrss * _RU_MAXRSS_UNIT,
                "over": over,
                "oom": oom,
            }
        )

    def _end(self) -> None:
        """Take every child along."""
        living = [*self._runs, *self._waiting.pids]
        for pid in living:
            os.kill(pid, signal.SIGKILL)
        for pid in living:
            os.waitpid(pid, 0)


def run_fork_server(descriptor: int, bot: int, young: int) -> None:
    """Be the fork server on the control socket `descriptor`, for the bot's process id.

    :param young: see `run.PreparedRun`
    """
    duplicate = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _ABOVE_STANDARD)
    os.close(descriptor)
    os.dup2(0, child_setup.EVENTS)  # holds the number, so that nothing else gets it
    try:
        ForkServer(socket.socket(fileno=duplicate), bot, young).live()
    except Child as born:  # the server's frames are gone, and what they held
        live = born.live
    except Exception:  # noqa: BLE001 - sys.stderr is the scenarios'; the bot logs descriptor 2
        os.write(child_setup.STDERR, traceback.format_exc().encode())
        os._exit(child_setup.BROKEN)
    else:
        os._exit(0)  # there is nothing to be freed, and the bot waits for this
    live()
