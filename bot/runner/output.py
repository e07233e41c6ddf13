"""What stands in the place of the scenario's sys.stdout and sys.stderr. Standard library only.

Text is kept apart by lane until its newline comes, so that threads which print several
arguments do not garble each other's lines. A finished line goes out at once.
"""

import codecs
import contextlib
import io
import os
from collections.abc import Callable, Iterable
from typing import Any

from bot.runner import wire
from bot.runner.channel import Channel, now

_PIECE = 8_192
"""Characters of an unfinished line after which it goes out in pieces."""
_PAYLOAD = 60_000


class Output(io.TextIOBase):
    """A text stream that sends lines, each with its time and its lane.

    :param descriptor: where text goes, unstamped, once the recorder's pipe is broken
    :param lane: returns the lane of whoever calls
    :param line: returns the source line of whoever calls
    """

    newlines = None
    line_buffering = True
    write_through = False
    mode = "w"

    def __init__(
        self,
        channel: Channel,
        descriptor: int,
        lane: Callable[[], int],
        line: Callable[[], int],
    ) -> None:
        self._channel = channel
        self._descriptor = descriptor
        self._lane = lane
        self._line = line
        self._small = wire.TO_STDERR if descriptor == 2 else 0  # noqa: PLR2004 - stderr's number
        self._parts: dict[int, str] = {}
        self._raw = _Raw(self)

    @property
    def name(self) -> str:
        """What Python calls this stream."""
        return "<stderr>" if self._small else "<stdout>"

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a constant here
        """UTF-8, always."""
        return "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]  # a constant here
        """A lone surrogate is printed as its escape; nothing printed is lost."""
        return "backslashreplace"

    @property
    def buffer(self) -> "_Raw":
        """The stream of bytes under this one."""
        return self._raw

    def writable(self) -> bool:
        """Return True."""
        return True

    def isatty(self) -> bool:
        """Return False."""
        return False

    def fileno(self) -> int:
        """Return the descriptor; what is written there arrives, too, but without its lane."""
        return self._descriptor

    def reconfigure(self, **_: Any) -> None:
        """Accept what `TextIOWrapper.reconfigure` accepts; nothing can be changed here."""

    def write(self, text: str) -> int:
        """Take text; send the lines that are finished.

        :raises TypeError: if it is no string
        :raises ValueError: if the stream was closed
        """
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        lane = self._lane()
        if "\n" not in text:
            part = self._parts.get(lane, "") + text
            if len(part) > _PIECE:
                self._send(lane, part, finished=False)
                self._channel.flush()
                part = ""
            self._parts[lane] = part
            return len(text)
        first, *lines = text.split("\n")
        lines.insert(0, self._parts.pop(lane, "") + first)
        rest = lines.pop()
        for line in lines:
            self._send(lane, line, finished=True)
        if rest:
            self._parts[lane] = rest
        self._channel.flush()
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:  # type: ignore[override]  # text, as said
        """Write each of `lines`."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Send the calling lane's unfinished line as it stands."""
        if not self.closed and self._parts:
            self.release(self._lane())
            self._channel.flush()

    def release(self, lane: int, *, finished: bool = False) -> None:
        """Send a lane's unfinished line; `finished` if nothing more of it can come."""
        part = self._parts.pop(lane, "")
        if part:
            self._send(lane, part, finished=finished)

    def release_all(self) -> None:
        """Send every unfinished line."""
        for lane in list(self._parts):
            self.release(lane)

    def _send(self, lane: int, text: str, *, finished: bool) -> None:
        data = text.encode("utf-8", "backslashreplace")
        if self._channel.broken:
            with contextlib.suppress(OSError):
                os.write(self._descriptor, data + b"\n" * finished)
            return
        at, small, line = now(), self._small, self._line()
        while len(data) > _PAYLOAD:
            piece, data = data[:_PAYLOAD], data[_PAYLOAD:]
            self._channel.add(
                wire.frame(wire.LINE, small | wire.UNFINISHED, lane, at, piece, line=line)
            )
        unfinished = 0 if finished else wire.UNFINISHED
        self._channel.add(wire.frame(wire.LINE, small | unfinished, lane, at, data, line=line))


class _Raw(io.RawIOBase):
    """`sys.stdout.buffer`: bytes become text, and invalid UTF-8 a replacement character."""

    mode = "wb"

    def __init__(self, output: Output) -> None:
        self._output = output
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    @property
    def name(self) -> str:
        """What Python calls this stream."""
        return self._output.name

    @property
    def raw(self) -> "_Raw":
        """There is no other stream below this one."""
        return self

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._output.fileno()

    def write(self, data: Any) -> int:
        """Take bytes.

        :raises TypeError: if they are none
        """
        if isinstance(data, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        taken = bytes(memoryview(data))
        self._output.write(self._decode(taken))
        return len(taken)

    def flush(self) -> None:
        """Send what is unfinished."""
        self._output.flush()
