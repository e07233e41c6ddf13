"""What stands in the place of the scenario's sys.stdout and sys.stderr. Standard library only.

What is printed is recorded in the order in which it is written, as it would come to a terminal: in
pieces, each with its time, its lane and its source line. Pieces wait here only until a line or a
`print` is complete, so that an ordinary line is one frame; the other end makes lines of them.
"""

import codecs
import contextlib
import io
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from types import CodeType, FrameType
from typing import Any, NamedTuple

from bot.runner import tracebacks, wire
from bot.runner.channel import Channel, now

_PAYLOAD = 60_000
_PATIENCE = tuple(0.000_05 * 2**n for n in range(11))
"""For so many seconds each a thread lets another one come to the end of its `print`; 0.1 in all."""
_MOST_PIECES = 32
"""What is written at one instruction beyond these comes from a loop, not from one `print`."""
_sleep = time.sleep
"""The library's own: no wait of the scenario's is recorded here."""


class _Piece(NamedTuple):
    lane: int
    line: int
    at: int
    text: str


class _Printing:
    """Where a thread may be in the middle of printing several arguments."""

    __slots__ = ("code", "instruction", "pieces", "thread")

    def __init__(self, caller: FrameType) -> None:
        self.thread = threading.get_ident()
        self.code = caller.f_code
        self.instruction = caller.f_lasti
        self.pieces = 1
        """Written at that instruction so far."""

    def follows(self, other: "_Printing | None") -> bool:
        """Count on, if this is at the same instruction as `other`."""
        if (
            other is None
            or self.thread != other.thread
            or self.code is not other.code
            or self.instruction != other.instruction
        ):
            return False
        self.pieces = other.pieces + 1
        return True

    def goes_on(self) -> bool:
        """Tell whether that thread is at the same instruction still."""
        frame = sys._current_frames().get(self.thread)  # noqa: SLF001 - the only way to others
        while frame is not None and tracebacks.ours(frame.f_code.co_filename):
            frame = frame.f_back
        if frame is None or self.pieces > _MOST_PIECES:
            return False
        return frame.f_code is self.code and frame.f_lasti == self.instruction


class Output(io.TextIOBase):
    """A text stream that sends what is printed, each piece with its time and its lane.

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
        self._pieces: deque[_Piece] = deque()
        self._lock = threading.RLock()
        self._sending = False
        # Held by the thread that prints until its `print` ends; signal handlers may come between.
        self._turn: Any = threading.RLock()
        self._printing: _Printing | None = None
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
        """Take text; send what is complete.

        `print` writes its arguments one by one, and an empty end, too; only that tells that it is
        over.

        :raises TypeError: if it is no string
        :raises ValueError: if the stream was closed
        """
        try:
            if not isinstance(text, str):
                raise TypeError(f"write() argument must be str, not {type(text).__name__}")  # noqa: TRY301 - see tracebacks.leave_out
            if self.closed:
                raise ValueError("I/O operation on closed file.")  # noqa: TRY301 - as above
        except (TypeError, ValueError) as error:
            tracebacks.leave_out(error)
            raise
        self._claim(sys._getframe(1))  # noqa: SLF001 - the only way to one's caller
        if text:
            self._pieces.append(_Piece(self._lane(), self._line(), now(), text))
        if not text or "\n" in text:
            self._release()
            self.send()
            self._channel.flush()
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:  # type: ignore[override]  # text, as said
        """Write each of `lines`."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Send everything as it stands."""
        if not self.closed:
            self.send()
            self._channel.flush()

    def send(self) -> None:
        """Put everything printed so far into the channel.

        A signal handler may come here while its own thread does: it leaves its pieces to that call,
        which goes on until none are left.
        """
        if not self._pieces:
            return
        with self._lock:
            if self._sending:
                return
            self._sending = True
            try:
                while self._pieces:
                    self._send(self._next_run())
            finally:
                self._sending = False

    def _claim(self, caller: FrameType) -> None:
        """Let another thread come to the end of a `print` with several arguments.

        `print` in C is so quick that another thread hardly ever comes between; it writes to this
        stream in Python, which is slower. Who does not come to an end soon is not waited for.
        """
        here = _Printing(caller)
        if not here.follows(self._printing) and not self._turn._is_owned():  # noqa: SLF001 - as threading.Condition asks
            for moment in _PATIENCE:
                if self._turn.acquire(blocking=False):
                    break
                printing = self._printing
                if printing is None or printing.goes_on():
                    _sleep(moment)
                elif self._printing is printing:  # it ended with no newline, and does other things
                    break
        self._printing = here

    def _release(self) -> None:
        self._printing = None
        try:
            self._turn.release()
        except RuntimeError:  # another thread was not waited for, or did not wait
            pass

    def _next_run(self) -> _Piece:
        """Take the first pieces, as many as one lane wrote one after the other in one line."""
        pieces = self._pieces
        first = pieces.popleft()
        texts, at = [first.text], first.at
        while pieces and pieces[0].lane == first.lane and "\n" not in texts[-1]:
            piece = pieces.popleft()
            texts.append(piece.text)
            at = piece.at
        return first._replace(at=at, text="".join(texts))

    def _send(self, piece: _Piece) -> None:
        """Send finished lines, and what is left of them as unfinished."""
        *lines, rest = piece.text.split("\n")
        for text in lines:
            self._frame(piece, text, finished=True)
        if rest:
            self._frame(piece, rest, finished=False)

    def _frame(self, piece: _Piece, text: str, *, finished: bool) -> None:
        data = text.encode("utf-8", "backslashreplace")
        if self._channel.broken:
            with contextlib.suppress(OSError):
                os.write(self._descriptor, data + b"\n" * finished)
            return
        lane, line, at, _ = piece
        small = self._small | wire.UNFINISHED
        while len(data) > _PAYLOAD:
            part, data = data[:_PAYLOAD], data[_PAYLOAD:]
            self._channel.add(wire.frame(wire.LINE, small, lane, at, part, line=line))
        small = self._small if finished else small
        self._channel.add(wire.frame(wire.LINE, small, lane, at, data, line=line))


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
