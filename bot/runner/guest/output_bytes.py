"""What stands in the place of a text stream's `buffer`. Standard library only."""

import codecs
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.runner.guest.output import Output


class OutputBytes(io.RawIOBase):
    """`sys.stdout.buffer`: bytes become text, and invalid UTF-8 a replacement character."""

    mode = "wb"

    def __init__(self, output: "Output") -> None:
        self._output = output
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    @property
    def name(self) -> str:
        """What Python calls this stream."""
        return self._output.name

    @property
    def raw(self) -> "OutputBytes":
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
        :raises ValueError: if the stream was closed
        """
        if isinstance(data, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        taken = bytes(memoryview(data))
        if self._output.closed:
            raise ValueError("I/O operation on closed file.")
        self._output.take(self._decode(taken))
        return len(taken)

    def flush(self) -> None:
        """Send what is unfinished."""
        self._output.flush()
