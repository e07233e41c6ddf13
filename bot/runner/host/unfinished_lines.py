"""Lines that come in pieces: each piece is told at once, and the line once it is whole."""

import codecs
from dataclasses import dataclass, field

from bot.runner.host.wait_words import any_text
from bot.runner.model import Line, LinePart, Stream


@dataclass(slots=True)
class _Unfinished:
    """A stream's line whose newline has not come: it belongs to the lane that began it."""

    at: float
    lane: int
    line: int | None
    data: bytearray = field(default_factory=bytearray)
    decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace")
    )


class UnfinishedLines:
    """Holds one of each stream.

    :param longest: bytes of a line after which its end is not waited for
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._of: dict[Stream, _Unfinished] = {}
        self.size = 0
        """Bytes that are held."""

    def holds(self, stream: Stream) -> bool:
        """Tell whether a line of this stream has begun."""
        return stream in self._of

    def add(self, piece: LinePart, data: bytes, *, more: bool) -> tuple[LinePart | None, bool]:
        """Take a piece of a line.

        :param piece: when, where and by whom it was printed; its text is not known yet
        :param more: whether the line goes on
        :return: the piece with its text, if there is any and the line goes on; and whether it does
        """
        one = self._of.setdefault(piece.stream, _Unfinished(piece.at, piece.lane, piece.line))
        if data:
            one.at = piece.at
        one.data += data
        self.size += len(data)
        if not more or len(one.data) > self._longest:
            return None, False
        text = one.decoder.decode(data)  # half a character waits for its other half
        told = LinePart(piece.at, text, piece.stream, piece.lane, piece.line) if text else None
        return told, True

    def take(self, stream: Stream) -> tuple[Line, bytes]:
        """Return a stream's line, and its bytes; it is held no longer."""
        one = self._of.pop(stream)
        self.size -= len(one.data)
        line = Line(one.at, any_text(one.data), stream, one.lane, one.line)
        return line, bytes(one.data)

    def take_all(self) -> list[Line]:
        """Return the lines that were never finished."""
        return [self.take(stream)[0] for stream in list(self._of)]
