"""What stands in the place of a text stream's `buffer`. Standard library only."""

import codecs
import io
from collections.abc import Callable
from typing import Any


class OutputBytes(io.RawIOBase):
    """Bytes become text, and invalid UTF-8 a replacement character.

    :param name: what Python calls the stream
    :param take: takes the text
    :param flush: sends what is unfinished
    """

    mode = "wb"

    def __init__(
        self, name: str, descriptor: int, take: Callable[[str], None], flush: Callable[[], None]
    ) -> None:
        self.name = name
        self._descriptor = descriptor
        self._take, self._flush = take, flush
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def __repr__(self) -> str:
        """Return what Python says of such a stream."""
        return f"<_io.BufferedWriter name={self.name!r}>"

    @property
    def raw(self) -> "OutputBytes":
        """There is no other stream below this one."""
        return self

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._descriptor

    def read(self, _size: int = -1, /) -> bytes:
        """Raise what a stream to write to raises.

        :raises io.UnsupportedOperation: always
        """
        raise io.UnsupportedOperation("read")

    def write(self, data: Any) -> int:
        """Take bytes.

        :raises TypeError: if they are none
        :raises ValueError: if the stream was closed
        """
        if isinstance(data, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        taken = bytes(memoryview(data))
        self._take(self._decode(taken))
        return len(taken)

    def flush(self) -> None:
        """Send what is unfinished."""
        self._flush()
