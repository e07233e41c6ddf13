"""The fork server's end of the socket to the bot. Standard library only."""

import contextlib
import os
import socket

from bot.runner.protocol.control_socket import Inbox, Message, pack, send_some

Received = list[tuple[Message, list[int]]]
"""Messages, each with the descriptors that came with it."""


class BotConnection:
    """Takes what the bot asks, and tells it what became of it."""

    def __init__(self, control_socket: socket.socket) -> None:
        self._socket = control_socket
        self._inbox = Inbox()

    def fileno(self) -> int:
        """Return the socket's descriptor: it is readable when there is something to take."""
        return self._socket.fileno()

    def receive(self) -> Received | None:
        """Return what has come; None once the bot is gone."""
        with contextlib.suppress(ConnectionResetError):
            if self._inbox.read(self._socket):
                return list(self._inbox.messages())
        return None

    def first(self) -> Received:
        """Wait for the bot's first message; nothing comes from a bot that is gone."""
        received: Received | None = []
        while received is not None and not received:
            received = self.receive()
        return received or []

    def send(self, message: Message, descriptors: tuple[int, ...] = ()) -> None:
        """Tell the bot something; nobody hears it where the bot is gone."""
        data = pack(message, descriptors)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            sent = send_some(self._socket, data, descriptors)
            self._socket.sendall(data[sent:])

    def announce(self, number: int, pid: int) -> None:
        """Tell the bot a run's process id, with a descriptor to kill it by."""
        born = {"op": "born", "id": number, "pid": pid}
        if not hasattr(os, "pidfd_open"):
            self.send(born)
            return
        pidfd = os.pidfd_open(pid)
        self.send(born, (pidfd,))
        os.close(pidfd)

    def forget(self) -> None:
        """Drop, in a child, what came from the bot."""
        self._inbox.close()
