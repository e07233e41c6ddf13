"""What stands in the place of the scenario's sys.stdout and sys.stderr. Standard library only.

What is printed is recorded in the order in which it is written, as it would come to a terminal: in
pieces, each with its time, its lane and its source line. Pieces wait here only until a line or a
`print` is complete, so that an ordinary line is one frame; the other end makes lines of them.
"""

import io
import sys
import threading
import time
from collections.abc import Callable, Iterable
from types import CodeType, FrameType

from bot.runner.guest.hooks.hidden_frames import caller
from bot.runner.guest.hooks.locks import OwnLock
from bot.runner.guest.output_bytes import OutputBytes
from bot.runner.guest.recorder_pipe import RecorderPipe, now, print_frames
from bot.runner.protocol import recorder_frames

_PAYLOAD = 60_000
_PATIENCE = (0.000_05, 0.000_1, 0.000_5) + (0.001,) * 60
"""For so many seconds each a thread lets another one come to the end of its `print`. A thread that
prints in a loop, without newlines, is at the end of one now and then only when it is looked at."""
_USUAL = ("utf-8", "backslashreplace")
_WHOSE = "whose"
_END = sys.maxsize
"""Where a slice of a list begins that adds to its end."""
_sleep = time.sleep
"""The library's own: no wait of the scenario's is recorded here."""


# Plain tuples, made in C: `_goes_on` looks for the scenario's frame below ours, and the frame of a
# named tuple's constructor is neither.
_Piece = tuple[int, int, int, str]
"""Lane, source line, time, text."""
_Printing = tuple[int, CodeType | None, int]
"""Where a thread may be in the middle of a `print`: the thread, its code, the instruction."""


class Output(io.TextIOBase):
    """A text stream that sends what is printed, each piece with its time and its lane.

    :param descriptor: where text goes, unstamped, once the recorder's pipe is broken
    :param lane: returns the caller's lane
    :param line: returns the caller's source line
    """

    newlines = None
    line_buffering = True
    write_through = False
    mode = "w"

    def __init__(
        self,
        pipe: RecorderPipe,
        descriptor: int,
        lane: Callable[[], int],
        line: Callable[[], int],
    ) -> None:
        self._pipe = pipe
        self._descriptor = descriptor
        self._lane = lane
        self._line = line
        self._small = recorder_frames.TO_STDERR if descriptor == 2 else 0  # noqa: PLR2004 - stderr's number
        self._pieces: list[_Piece] = []
        self._lock = OwnLock()
        self._sending = False
        # The thread whose `print` has not ended. Taken by `setdefault`, in one step: a signal
        # handler may come between any two.
        self._turn: dict[str, int] = {}
        self._printing: _Printing | None = None
        self._coding = _USUAL
        self._detached = False
        self._raw = OutputBytes(self.name, descriptor, self.take, self.flush)

    def __repr__(self) -> str:
        """Return what Python says of such a stream."""
        return f"<_io.TextIOWrapper name={self.name!r} mode='w' encoding={self.encoding!r}>"

    @property
    def name(self) -> str:
        """What Python calls this stream."""
        return "<stderr>" if self._small else "<stdout>"

    @property
    def encoding(self) -> str:  # type: ignore[override]  # never None
        """UTF-8, unless it was reconfigured."""
        return self._coding[0]

    @property
    def errors(self) -> str:  # type: ignore[override]  # never None
        """At first, a lone surrogate is printed as its escape; nothing printed is lost."""
        return self._coding[1]

    @property
    def buffer(self) -> OutputBytes:
        """The stream of bytes under this one."""
        return self._raw

    def writable(self) -> bool:
        """Return True."""
        return True

    def read(self, _size: int | None = -1, /) -> str:
        """Raise what a stream to write to raises.

        :raises io.UnsupportedOperation: always
        """
        raise io.UnsupportedOperation("not readable")

    def isatty(self) -> bool:
        """Return False."""
        return False

    def fileno(self) -> int:
        """Return the descriptor; what is written there arrives, too, but without its lane."""
        return self._descriptor

    def reconfigure(
        self, *, encoding: str | None = None, errors: str | None = None, **_: object
    ) -> None:
        """Change what can be printed, as `TextIOWrapper.reconfigure` does; more cannot be changed.

        :raises LookupError: if there is no such encoding
        """
        if encoding is not None:
            "".encode(encoding)
            self._coding = encoding, errors or "strict"
        elif errors is not None:
            self._coding = self.encoding, errors

    def detach(self) -> OutputBytes:  # type: ignore[override]  # typeshed asks for another class
        """Return the stream of bytes, and take no more text, as `TextIOWrapper.detach` does."""
        self.flush()
        self._detached = True
        return self._raw

    def write(self, text: str) -> int:
        """Take text; send what is complete.

        :raises TypeError: if it is no string
        :raises ValueError: if the stream was closed or detached
        :raises UnicodeEncodeError: if it was reconfigured for less than this text
        """
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._detached:
            raise ValueError("underlying buffer has been detached")
        if self._coding != _USUAL:
            self.take(text.encode(*self._coding).decode("utf-8", "replace"))
        else:
            self.take(text)
        return len(text)

    def take(self, text: str) -> None:
        """Take text that can be printed; send what is complete.

        `print` writes its arguments one by one, and an empty end, too; only that tells that it is
        over.

        :raises ValueError: if the stream was closed
        """
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        piece: list[_Piece] = []
        try:
            self._claim(caller())
            piece = [self._piece(text)] if text else []
        except BaseException:  # thrown into the thread; a `print` in C would be over by then
            piece = [self._piece(text)] if text else []
            raise
        finally:
            self._pieces[_END:] = piece
        if not text or "\n" in text:
            self._release()
            self.send()
            self._pipe.flush()

    def _piece(self, text: str) -> _Piece:
        return self._lane(), self._line(), now(), text

    def writelines(self, lines: Iterable[str]) -> None:  # type: ignore[override]  # text, as said
        """Write each of `lines`."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Send everything as it stands."""
        if not self.closed:
            self.send()
            self._pipe.flush()

    def send(self) -> None:
        """Put everything printed so far into the recorder pipe.

        A signal handler may come here while its own thread does: it leaves its pieces to that call,
        which goes on until none are left.
        """
        if self._pieces:
            self._lock.hold(self._send_all)

    def _send_all(self) -> None:
        if self._sending:
            return
        self._sending = True
        try:
            while self._pieces:
                count, piece = self._next_run()
                self._send(count, self._frames(piece))
        finally:
            self._sending = False

    def _claim(self, frame: FrameType | None) -> None:
        """Let another thread come to the end of a `print` with several arguments.

        `print` in C is so quick that another thread hardly ever comes between; it writes to this
        stream in Python, which is slower. Who does not come to an end soon is not waited for.
        """
        turn, me = self._turn, threading.get_ident()
        code, instruction = (None, 0) if frame is None else (frame.f_code, frame.f_lasti)
        if turn.setdefault(_WHOSE, me) != me:
            for moment in _PATIENCE:
                printing = self._printing
                if printing is not None and not _goes_on(printing):  # it ended with no newline
                    turn[_WHOSE] = me
                    if not _goes_on(printing):
                        break
                    turn[_WHOSE] = printing[0]  # it has begun the next one meanwhile
                _sleep(moment)
                if turn.setdefault(_WHOSE, me) == me:
                    break
            turn[_WHOSE] = me
        self._printing = (me, code, instruction)

    def _release(self) -> None:
        if self._turn.get(_WHOSE) == threading.get_ident():
            self._printing = None
            self._turn.pop(_WHOSE, None)

    def _next_run(self) -> tuple[int, _Piece]:
        """Join the first pieces, as many as one lane wrote one after the other in one line."""
        pieces = self._pieces
        lane, line, at, text = pieces[0]
        texts, count = [text], 1
        while count < len(pieces) and pieces[count][0] == lane and "\n" not in texts[-1]:
            _, _, at, text = pieces[count]
            texts.append(text)
            count += 1
        return count, (lane, line, at, "".join(texts))

    def _send(self, count: int, frames: list[bytes]) -> None:
        """Put the frames of the first `count` pieces into the recorder pipe.

        No call comes between the two steps, so an exception that is thrown into the thread finds
        either all of them here or all of them there.
        """
        if self._pipe.broken:
            del self._pieces[:count]
            for frame in frames:
                print_frames(frame)
        else:
            self._pipe.pending[_END:] = frames
            del self._pieces[:count]

    def _frames(self, piece: _Piece) -> list[bytes]:
        """Return the frames of finished lines, and of what is left of them as unfinished."""
        lane, line, at, text = piece
        unfinished = self._small | recorder_frames.UNFINISHED
        *lines, rest = text.split("\n")
        frames: list[bytes] = []
        for one in [*lines, rest] if rest else lines:
            data = one.encode("utf-8", "backslashreplace")
            while len(data) > _PAYLOAD:
                frames.append(_frame(unfinished, lane, at, data[:_PAYLOAD], line))
                data = data[_PAYLOAD:]
            frames.append(_frame(self._small, lane, at, data, line))
        if rest:  # the last one
            frames[-1] = _frame(unfinished, lane, at, data, line)
        return frames


def _frame(small: int, lane: int, at: int, text: bytes, line: int) -> bytes:
    return recorder_frames.frame(recorder_frames.LINE, small, lane, at, text, line=line)


def _goes_on(printing: _Printing) -> bool:
    """Tell whether that thread is at the same instruction still."""
    thread, code, instruction = printing
    frame = sys._current_frames().get(thread)  # noqa: SLF001 - the only way to others
    return frame is not None and frame.f_code is code and frame.f_lasti == instruction
