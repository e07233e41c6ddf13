"""Records what `os.write` writes to standard output and error. Standard library only.

Past the recorder it would come by another way than what is printed, and in any order with it. Much
at once goes there all the same: to make lines of it is the other end's work. So does what C writes.
"""

import functools
import os
from typing import TYPE_CHECKING, Any

from bot.runner.guest.hooks.locks import Method

if TYPE_CHECKING:
    from bot.runner.guest.output import Output

_MOST = 4096
_BYTES = (bytes, bytearray, memoryview)


class RawWrites:
    """Takes the place of `os.write`."""

    def __init__(self, *streams: "Output") -> None:
        self._streams = {stream.fileno(): stream for stream in streams}
        self._pipes: dict[int, tuple[int, int]] = {}
        os.write = self._writing(os.write)

    def open(self) -> None:
        """Note what the descriptors lead to: the scenario may put something else in their place."""
        self._pipes = {number: _identity(number) for number in self._streams}

    def _writing(self, original: Method) -> Method:
        streams = self._streams

        @functools.wraps(original)
        def write(*args: Any, **kwargs: Any) -> Any:
            if kwargs or len(args) != 2 or type(args[0]) is not int or args[0] not in streams:  # noqa: PLR2004 - the library's signature
                return original(*args, **kwargs)
            number, data = args
            stream = streams[number]
            stream.flush()
            if (
                type(data) not in _BYTES
                or memoryview(data).nbytes > _MOST
                or not self._is_ours(number)
            ):
                return original(number, data)
            written = stream.buffer.write(data)
            stream.flush()
            return written

        return write

    def _is_ours(self, number: int) -> bool:
        try:
            return not self._streams[number].closed and self._pipes.get(number) == _identity(number)
        except OSError:  # the scenario closed it
            return False


def _identity(descriptor: int) -> tuple[int, int]:
    found = os.fstat(descriptor)
    return found.st_dev, found.st_ino
