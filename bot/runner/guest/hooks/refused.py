"""Notes what a scenario asks for and the sandbox does not give. Standard library only.

An audit hook (sys.addaudithook; the events are listed in Python's documentation, "Audit events
table") hears of each request before it is made, names it and its source line, and cannot be
removed by the scenario. It reports only what the sandbox refuses in every case, and tries the rest
itself. Errors that the scenario raises by itself are no requests.
"""

import errno
import functools
import importlib
import os
import socket
import sys
import threading
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from bot.runner.guest.hooks.hidden_frames import caller
from bot.runner.guest.hooks.source_lines import SourceLines
from bot.runner.guest.hooks.thrown import is_thrown
from bot.runner.guest.recorder_pipe import RecorderPipe, now
from bot.runner.protocol import recorder_frames

_MOST = 32
"""Refusals that are reported of one run."""
_LONGEST = 80
"""Characters of what was asked for."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_DENIED = frozenset({errno.EPERM, errno.EACCES})
_NOT_LOADED = "cannot open shared object file"
_IMPORTERS = "<frozen importlib"
_NEEDS_MORE = frozenset(
    [
        "_bz2",
        "_ctypes",
        "_curses",
        "_curses_panel",
        "_dbm",
        "_gdbm",
        "_lzma",
        "_sqlite3",
        "_ssl",
        "_tkinter",
        "readline",
    ]
)
"""Extension modules that need libraries beside Python; not every Python is built with them."""
_NO_FILE = "sys"
"""Where Python before 3.13 places a warning that no frame stands for; it looks for a source line
there. In our working folder, the root, there is a folder of that name."""
_USUAL_FINDERS = 4
"""Built-in, frozen, by path, and at most one more; the scenario's own are not to be asked twice."""
_ALWAYS = {
    "network": "socket.bind socket.connect socket.sendto socket.gethostbyname socket.gethostbyaddr",
    "process": "os.fork os.forkpty os.exec os.posix_spawn os.spawn os.system subprocess.Popen"
    " pty.spawn",
    "file": "os.chmod os.chown os.link os.mkdir os.remove os.rename os.rmdir os.symlink"
    " os.truncate os.utime",
    "input": "builtins.input",
}
"""Audit events of what is refused whatever the arguments are."""

AuditHandler = Callable[[tuple[Any, ...]], None]


class Refusals:
    """Reports refusals to the recorder pipe, one of each kind for a source line."""

    def __init__(self, pipe: RecorderPipe, source: SourceLines) -> None:
        self._pipe = pipe
        self._source = source
        self._told: set[tuple[str, int]] = set()
        self._busy: set[int] = set()  # threads inside a handler: what it does is no request
        self._library = tuple({os.path.dirname(os.__file__) + os.sep, sys.prefix + os.sep})  # noqa: PTH120 - the guest has no use for pathlib
        self._handlers: dict[str, AuditHandler] = {
            "import": self._import,
            "open": self._open,
            "os.kill": self._kill,
            "os.killpg": lambda args: self.add("signal", f"process group {args[0]}"),
            "os.listdir": self._look,
            "os.scandir": self._look,
            "socket.__new__": self._socket,
            "socket.getaddrinfo": self._resolve,
            "sqlite3.connect": self._database,
        }
        for what, events in _ALWAYS.items():
            for event in events.split():
                self._handlers[event] = functools.partial(self._asked, what, event)

    def watch(self) -> None:
        """Listen from now on, until the process ends."""
        known, handle = self._handlers.get, self._handle

        def hook(event: str, args: tuple[Any, ...]) -> None:
            handler = known(event)
            if handler is not None:
                handle(handler, args)

        sys.addaudithook(hook)

    def add(self, what: str, detail: Any = "") -> None:
        """Report that something was refused; `detail` may be anything hostile."""
        line = self._source.here()
        if (what, line) in self._told or len(self._told) >= _MOST:
            return
        self._told.add((what, line))
        small = recorder_frames.REFUSALS.index(what)
        payload = recorder_frames.clipped(_text(detail), recorder_frames.MAX_NAME)
        self._pipe.add(
            recorder_frames.frame(recorder_frames.REFUSED, small, 0, now(), payload, line=line)
        )

    def input(self) -> None:
        """Report that the scenario reads its input."""
        self.add("input", "sys.stdin")

    def notice(self, error: BaseException) -> None:
        """Report a module that a scenario ended for the lack of."""
        told = any(what == "module" for what, _ in self._told)
        if isinstance(error, ModuleNotFoundError) and type(error.name) is str and not told:
            self._missing(error.name)

    def _handle(self, handler: AuditHandler, args: tuple[Any, ...]) -> None:
        thread = threading.get_ident()
        if thread in self._busy:
            return
        self._busy.add(thread)
        try:
            handler(args)
        except Exception as error:  # hostile arguments; what they ask for must go on
            if is_thrown(error):
                raise
        finally:
            self._busy.discard(thread)

    def _asked(self, what: str, event: str, args: tuple[Any, ...]) -> None:
        """Report a request by its first argument, where that says something."""
        told = what in {"network", "input"} or not args
        self.add(what, event.rsplit(".", maxsplit=1)[-1] if told else args[0])

    def _open(self, args: tuple[Any, ...]) -> None:
        path, _, flags = args
        if isinstance(flags, int) and flags & _WRITING and not isinstance(path, int):
            self.add("file", path)
        else:  # a descriptor that is open already, too
            self._look(args)

    def _look(self, args: tuple[Any, ...]) -> None:
        """Report a file or folder that may not be read; the library may."""
        path = args[0]
        if path is None or isinstance(path, int):
            return
        if isinstance(path, str) and (path.startswith(self._library) or path == _NO_FILE):
            return
        try:
            os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC))
        except OSError as error:
            if error.errno in _DENIED:
                self.add("file", path)

    def _kill(self, args: tuple[Any, ...]) -> None:
        if args[0] != os.getpid():
            self.add("signal", f"process {args[0]}")

    def _socket(self, args: tuple[Any, ...]) -> None:
        """Report a socket, unless it is one end of a pair, which is made before its object."""
        family = args[1]
        frame = caller()
        made = frame is not None and frame.f_code is socket.socket.__init__.__code__
        if frame is not None and made and frame.f_locals["fileno"] is not None:
            return
        if family != -1:
            self.add("network", "socket")

    def _resolve(self, args: tuple[Any, ...]) -> None:
        host = args[0]
        if not host or _is_address(host):
            return
        self.add("network", host)

    def _database(self, args: tuple[Any, ...]) -> None:
        if args[0] not in {":memory:", "", b":memory:", b""}:
            self.add("file", args[0])

    def _import(self, args: tuple[Any, ...]) -> None:
        """Report a module that the scenario itself imports and that is not there."""
        name, filename = args[0], args[1]
        if type(name) is not str or filename is not None:
            return
        if name == "multiprocessing.synchronize":  # its locks are named semaphores: files
            self.add("process", "multiprocessing")
        elif "." in name or len(sys.meta_path) > _USUAL_FINDERS:
            return
        elif (name in _NEEDS_MORE or self._imported_by_scenario()) and find_spec(name) is None:
            self._missing(name)

    def _missing(self, name: str) -> None:
        public = name.split(".", maxsplit=1)[0]
        self.add("module", public.lstrip("_") if public in _NEEDS_MORE else public)

    def _imported_by_scenario(self) -> bool:
        frame = caller()
        while frame is not None:
            file = frame.f_code.co_filename
            if not file.startswith(_IMPORTERS):
                return bool(file == self._source.filename)
            frame = frame.f_back
        return False


def report_unloadable(refusals: Refusals) -> None:
    """Report extension modules whose libraries are not to be had here, from now on."""
    imp: Any = importlib.import_module("_imp")
    original = imp.create_dynamic

    @functools.wraps(original)
    def create_dynamic(spec: Any, *rest: Any) -> Any:
        try:
            return original(spec, *rest)
        except ImportError as error:
            if _NOT_LOADED in str(error):
                refusals.add("module", spec.name.lstrip("_"))
            raise

    imp.create_dynamic = create_dynamic


def report_shared_memory(refusals: Refusals) -> None:
    """Report maps and memory that would be shared between processes, from now on."""
    mmap: Any = importlib.import_module("mmap")
    plain = mmap.mmap

    def new(cls: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return plain.__new__(cls, *args, **kwargs)
        except OSError as error:
            if error.errno in _DENIED:
                refusals.add("shared-memory", "mmap")
            raise

    mmap.mmap = type("mmap", (plain,), {"__new__": new, "__module__": "mmap"})
    posix: Any = importlib.import_module("_posixshmem")
    shm_open = posix.shm_open

    @functools.wraps(shm_open)
    def opening(*args: Any, **kwargs: Any) -> Any:
        try:
            return shm_open(*args, **kwargs)
        except OSError as error:
            if error.errno in _DENIED:
                refusals.add("shared-memory", "shared_memory")
            raise

    posix.shm_open = opening


def _is_address(host: Any) -> bool:
    """Tell whether a host is given by number, which needs no network to resolve."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, text)
        except (OSError, ValueError):
            continue
        return True
    return False


def _text(detail: Any) -> str:
    """Return what was asked for in words, without running any of the scenario's code."""
    if type(detail) is bytes:
        return detail[:_LONGEST].decode("utf-8", "replace")
    if type(detail) is str:
        return detail[:_LONGEST]
    return str(type.__dict__["__name__"].__get__(type(detail)))[:_LONGEST]
