"""The control socket between the bot and its fork server: framed messages with descriptors.

A frame is a length (4 bytes, big-endian), then that many bytes of JSON; a message that
carries descriptors says how many under "fds". Both ends trust each other: no scenario ever
holds this socket. Standard library only: the fork server imports this.

The conversation, a message a frame:

    server → bot   hello {python, path}
    bot → server   confine {server_filters, child_filter, own_pid, threads, groups}
                          + Landlock rulesets
    server → bot   ready {layers: {name: what the kernel said against it, or ""}}
    bot → server   run {id, limits} + code, stdout, stderr, events; extend {id, seconds}
    server → bot   born {id, pid} + pidfd; gone {id, status, cpu, peak, over, oom}
"""

import array
import json
import os
import socket
import struct
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

Message = dict[str, Any]

_LENGTH = struct.Struct(">I")
_CHUNK = 1 << 16
_MOST_DESCRIPTORS = 253  # SCM_MAX_FD: what one sendmsg(2) may carry
_FD_BYTES = array.array("i").itemsize


def pack(message: Message, descriptors: Sequence[int] = ()) -> bytes:
    """Return `message` as one frame that announces `descriptors`."""
    body = json.dumps({**message, "fds": len(descriptors)}).encode()
    return _LENGTH.pack(len(body)) + body


def send_some(
    sock: socket.socket, data: bytes | memoryview, descriptors: Sequence[int] = ()
) -> int:
    """Send the beginning of `data` with all `descriptors`; return the bytes that went."""
    if not descriptors:
        return sock.send(data)
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))
    return sock.sendmsg([data], [rights])


class Inbox:
    """Cuts what arrives into messages, each with the descriptors that came with it."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._descriptors: deque[int] = deque()

    def read(self, sock: socket.socket) -> bool:
        """Take what `sock` has; return False at its end.

        :raises BlockingIOError: if the socket does not block and has nothing
        """
        room = socket.CMSG_SPACE(_MOST_DESCRIPTORS * _FD_BYTES)
        data, ancillary, _, _ = sock.recvmsg(_CHUNK, room)
        for level, kind, packed in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                received = array.array("i")
                received.frombytes(packed[: len(packed) - len(packed) % _FD_BYTES])
                self._descriptors.extend(received)
        self._data += data
        return bool(data)

    def messages(self) -> Iterator[tuple[Message, list[int]]]:
        """Yield the messages that are complete; the caller owns their descriptors."""
        while len(self._data) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._data)[0]
            if len(self._data) < end:
                return
            message: Message = json.loads(self._data[_LENGTH.size : end])
            del self._data[:end]
            yield message, [self._descriptors.popleft() for _ in range(message["fds"])]

    def close(self) -> None:
        """Close the descriptors that no message claimed."""
        while self._descriptors:
            os.close(self._descriptors.popleft())
