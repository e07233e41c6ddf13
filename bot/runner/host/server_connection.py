"""The bot's end of the socket to a fork server: messages go out as it takes them."""

import asyncio
import os
import socket
from collections import deque
from collections.abc import Callable

from bot.runner.protocol.control_socket import Inbox, Message, pack, send_some


class ServerConnection:
    """A socket that the event loop reads and writes. No call blocks."""

    def __init__(
        self,
        sock: socket.socket,
        on_message: Callable[[Message, list[int]], None],
        on_end: Callable[[], None],
    ) -> None:
        """Begin to read.

        :param on_message: takes what comes; the descriptors are its own to close
        :param on_end: called once when the server is gone; not by `close`
        """
        self._loop = asyncio.get_running_loop()
        self._sock = sock
        self._on_message, self._on_end = on_message, on_end
        self._inbox = Inbox()
        self._outbox: deque[tuple[memoryview, tuple[int, ...]]] = deque()
        sock.settimeout(0)
        self._loop.add_reader(sock, self._readable)

    def send(self, message: Message, descriptors: tuple[int, ...] = ()) -> None:
        """Send now, or when the socket takes it; then close our copies of the descriptors."""
        self._outbox.append((memoryview(pack(message, descriptors)), descriptors))
        if len(self._outbox) == 1:
            self._writable()

    def close(self) -> None:
        """Let go of the socket, and of the descriptors that never went."""
        self._loop.remove_reader(self._sock)
        self._loop.remove_writer(self._sock)
        self._sock.close()
        self._inbox.close()
        for _, descriptors in self._outbox:
            for descriptor in descriptors:
                os.close(descriptor)
        self._outbox.clear()

    def _writable(self) -> None:
        while self._outbox:
            data, descriptors = self._outbox[0]
            try:
                sent = send_some(self._sock, data, descriptors)
            except BlockingIOError:
                self._loop.add_writer(self._sock, self._writable)
                return
            except OSError:  # the server is gone; the reader notices, too
                return
            for descriptor in descriptors:
                os.close(descriptor)
            if sent < len(data):
                self._outbox[0] = (data[sent:], ())
            else:
                self._outbox.popleft()
        self._loop.remove_writer(self._sock)

    def _readable(self) -> None:
        try:
            more = self._inbox.read(self._sock)
        except BlockingIOError:
            return
        except OSError:
            more = False
        for message, descriptors in self._inbox.messages():
            self._on_message(message, descriptors)
        if not more:
            self._on_end()
