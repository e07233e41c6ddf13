"""A fork server as the bot sees it: one process, started by exec, asked over a socket."""

import asyncio
import base64
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from bot.errors import SandboxError
from bot.runner.confinement import cgroup
from bot.runner.confinement.confine import Confinement, layers
from bot.runner.confinement.syscalls import OWN_PID
from bot.runner.host.outcome import Death
from bot.runner.host.server_connection import ServerConnection
from bot.runner.host.server_process import ServerProcess
from bot.runner.protocol.control_socket import Message

if TYPE_CHECKING:
    from bot.runner.confinement.layer import Layer

_START_SECONDS = 30.0
_OWN_PID_BYTES = 4

Prepare = Callable[[Sequence[Path], Path | None], Confinement]
"""Given what the fork server may read, and where it makes control groups, if it does."""


class ServerKilledError(SandboxError):
    """The server was killed while it started, and not by its own doing: another one may come up."""


class ChildListener(Protocol):
    """A run, as its fork server speaks to it. No call may raise."""

    def born(self, pid: int, pidfd: int | None) -> None:
        """Learn the child's process id; the descriptor to kill it by is yours to close."""

    def unborn(self, why: str) -> None:
        """Learn that no child could be made."""

    def gone(self, death: Death) -> None:
        """Learn that the child is dead and reaped."""

    def lost(self) -> None:
        """Learn that the fork server is gone, and its children are dying."""


class ForkServerClient:
    """Starts, talks to and ends one fork server process."""

    def __init__(
        self, on_death: Callable[["ForkServerClient"], None], *, most_threads: int | None = None
    ) -> None:
        """Make one.

        :param on_death: called once if it goes without being asked to
        :param most_threads: of all its runs together; None: as many as they may
        """
        self._on_death = on_death
        self._most_threads = most_threads
        self._log = structlog.get_logger("bot.runner")
        self._listeners: dict[int, ChildListener] = {}
        self._answers: asyncio.Queue[Message | None] = asyncio.Queue()
        self._idle = asyncio.Event()
        self._idle.set()
        self._process: ServerProcess | None = None
        self._connection: ServerConnection | None = None
        self._leave_group: Callable[[], None] | None = None
        self.launched = 0
        self.layers: tuple[Layer, ...] = ()
        self.python = ""

    @property
    def pid(self) -> int:
        """Its process id; 0 before it has one."""
        return self._process.pid if self._process else 0

    @property
    def alive(self) -> bool:
        """Whether it takes requests."""
        return self._connection is not None

    async def start(
        self,
        process: ServerProcess | Path,
        prepare: Prepare,
        group: Path | None = None,
    ) -> None:
        """Start the process and confine it; `layers` tells how well that went.

        :param process: the Python to start it with; or what was started already, which becomes
            this object's
        :param group: a delegated control group, beneath which it and its runs get theirs
        :raises ServerKilledError: if it is killed meanwhile
        :raises SandboxError: if it does not come up
        """
        python = process.python if isinstance(process, ServerProcess) else process
        try:
            self._process = ServerProcess(process) if isinstance(process, Path) else process
            self._connection = ServerConnection(
                self._process.socket, self._handle, self._disconnect
            )
            async with asyncio.timeout(_START_SECONDS):
                await self._shake_hands(prepare, group)
        except (OSError, TimeoutError) as error:
            await self.close()
            raise SandboxError(
                f"The sandbox's server could not be started with {python}: {error}."
                f" Check that it is Python 3.11 or newer and may be executed."
            ) from error
        except BaseException:
            await self.close()
            raise

    async def _shake_hands(self, prepare: Prepare, group: Path | None) -> None:
        hello = await self._answer()
        self.python = hello["python"]
        path = [Path(entry) for entry in hello["path"]]
        entered = await self._enter(group) if group is not None else None
        controllers = entered.controllers if entered is not None else ()
        confinement = await asyncio.to_thread(prepare, path, group if controllers else None)
        filters = [base64.b64encode(one).decode() for one in confinement.server_filters]
        own_pid = OWN_PID.to_bytes(_OWN_PID_BYTES, sys.byteorder)
        request = {
            "op": "confine",
            "server_filters": filters,
            "child_filter": base64.b64encode(confinement.child_filter).decode(),
            "own_pid": base64.b64encode(own_pid).decode(),
            "threads": self._most_threads,
            "groups": {"folder": str(group), "controllers": controllers} if controllers else {},
        }
        self._send(request, confinement.rulesets)
        found = layers(confinement, (await self._answer())["layers"])
        if entered is not None:
            others = (layer for layer in found if layer.name != entered.layer.name)
            found = (*others, entered.layer)
        self.layers = found

    async def _enter(self, group: Path) -> cgroup.Entered:
        """Move the process beneath `group`, which it leaves when it is closed."""
        pid = self.pid
        self._leave_group = partial(cgroup.leave, group, pid)
        return await asyncio.to_thread(cgroup.join, group, pid)

    async def _answer(self) -> Message:
        """Wait for the next message of the handshake.

        :raises ServerKilledError: if the server is killed instead
        :raises SandboxError: if it ends by itself
        """
        answer = await self._answers.get()
        if answer is not None:
            return answer
        process = self._process
        status = await asyncio.to_thread(process.wait) if process is not None else 0
        if status < 0:
            raise ServerKilledError(
                f"The sandbox's server was killed while it started (signal {-status})."
                " Look for the kernel's message, if memory is short; then ask again."
            )
        said = process.said() if process is not None else ""
        raise SandboxError(
            "The sandbox's server ended while it started"
            f" ({said.splitlines()[-1] if said else 'it gave no reason'})."
            " Run `tutor doctor` to see what this host lacks."
        )

    def launch(
        self,
        number: int,
        listener: ChildListener,
        limits: dict[str, Any],
        descriptors: tuple[int, ...],
    ) -> None:
        """Ask for a child; the descriptors (code, stdout, stderr, events) become the server's."""
        if self.alive:
            self.launched += 1
            self._listeners[number] = listener
            self._idle.clear()
        else:  # it died since it was asked for
            listener.lost()
        self._send({"op": "run", "id": number, "limits": limits}, descriptors)

    def extend(self, listener: ChildListener, seconds: float) -> None:
        """Let a run have more wall-clock time before the server itself ends it."""
        for number, one in self._listeners.items():
            if one is listener:
                self._send({"op": "extend", "id": number, "seconds": seconds})

    def _send(self, message: Message, descriptors: tuple[int, ...] = ()) -> None:
        """Send, and have the descriptors closed; nobody hears it where the server is gone."""
        if self._connection is not None:
            self._connection.send(message, descriptors)
            return
        for descriptor in descriptors:
            os.close(descriptor)

    def _handle(self, message: Message, descriptors: list[int]) -> None:
        """Pass on one message."""
        match message["op"]:
            case "born":
                pidfd = descriptors[0] if descriptors else None
                self._listeners[message["id"]].born(message["pid"], pidfd)
            case "gone":
                self._leave(message["id"]).gone(self._death(message))
            case "unborn":
                self._leave(message["id"]).unborn(message["error"])
            case _:
                self._answers.put_nowait(message)

    def _death(self, message: Message) -> Death:
        """Return what is told of a child's end; log a kill by the kernel."""
        detail = ""
        if message["oom"]:
            detail = "the kernel ended it: there was no memory left"
            peak = message["peak"]
            self._log.warning("run killed by the kernel", why="out of memory", peak_bytes=peak)
        return Death(message["status"], message["cpu"], message["peak"], message["over"], detail)

    def _leave(self, number: int) -> ChildListener:
        listener = self._listeners.pop(number)
        if not self._listeners:
            self._idle.set()
        return listener

    def _disconnect(self) -> None:
        """Let go of the socket, and of all that hung on it."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        connection.close()
        self._answers.put_nowait(None)
        for number in list(self._listeners):
            self._leave(number).lost()
        if self.layers:
            self._on_death(self)

    async def drained(self) -> None:
        """Wait until no run is under way."""
        await self._idle.wait()

    async def close(self) -> None:
        """End the process and every run in it. Safe to call twice."""
        self._on_death = _nothing
        self._disconnect()
        process, self._process = self._process, None
        said = await asyncio.to_thread(process.close) if process is not None else ""
        if self._leave_group is not None:
            leave, self._leave_group = self._leave_group, None
            await asyncio.to_thread(leave)
        if said:
            self._log.warning("sandbox server said", text=said)


def _nothing(_server: ForkServerClient) -> None:
    """Take no notice."""
