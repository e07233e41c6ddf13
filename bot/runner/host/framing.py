"""Cuts what comes through the recorder's pipe into frames, whatever bytes lie between them."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.runner.protocol import recorder_frames

_SIZE = recorder_frames.HEADER.size


class Frame(NamedTuple):
    """One frame; the fields are those of `recorder_frames.HEADER`, without the mark."""

    kind: int
    small: int
    argument: int
    lane: int
    by: int
    line: int
    at: int
    payload: bytes = b""


class Framing:
    """Takes bytes however they are cut. Holds one unfinished frame at most, 64 KiB."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame | int]:
        """Yield the frames that `data` completes; for bytes that are no frame, their number."""
        held = self._data
        held += data
        position, available = 0, len(held)
        try:
            while available - position >= _SIZE:
                head = recorder_frames.HEADER.unpack_from(held, position)
                mark, kind, _, argument, *_ = head
                end = position + _SIZE + (0 if kind == recorder_frames.STATE else argument)
                known = (
                    mark == recorder_frames.MARK
                    and recorder_frames.STARTED <= kind <= recorder_frames.STUCK
                )
                if not known or held.find(recorder_frames.MARK_BYTES, position + 1, end) >= 0:
                    # No frame holds the mark of another: this one is none, or was cut off.
                    found = self._next_mark(position + 1)
                    yield found - position
                    position = found
                    continue
                if available < end:
                    break
                payload = bytes(held[position + _SIZE : end])
                position = end
                yield Frame._make((*head[1:], payload))
        finally:
            del held[:position]

    def clear(self) -> None:
        """Forget the frame that has come in part."""
        self._data.clear()

    def _next_mark(self, start: int) -> int:
        """Return where the next frame may begin."""
        found = self._data.find(recorder_frames.MARK_BYTES, start)
        if found >= 0:
            return found
        return max(
            start, len(self._data) - len(recorder_frames.MARK_BYTES) + 1
        )  # a mark may be cut
