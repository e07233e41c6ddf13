"""The words that a guest defines once and its states then name by number. Pure."""

import math
from typing import Final, NamedTuple

from bot.runner.host.framing import Frame
from bot.runner.lane_events import Wait
from bot.runner.protocol import recorder_frames


class MalformedError(Exception):
    """A frame breaks a rule."""


class WaitWord(NamedTuple):
    """What a lane waits on, or runs."""

    text: str
    wait: Wait | None


_NOTHING: Final = WaitWord("", None)


class WaitWords:
    """The words of one run. A guest may define each again, with another meaning."""

    def __init__(self) -> None:
        self._words: dict[int, WaitWord] = {0: _NOTHING}

    def define(self, frame: Frame) -> None:
        """Take a word's definition.

        :raises MalformedError: if it is none
        """
        payload = frame.payload
        if not 0 < frame.lane < recorder_frames.MAX_WORDS:
            raise MalformedError(f"no word has number {frame.lane}")
        if len(payload) < recorder_frames.WAIT.size:
            raise MalformedError("a word is incomplete")
        asked, length, depth = recorder_frames.WAIT.unpack_from(payload)
        begin = recorder_frames.WAIT.size + depth * recorder_frames.STACK_LINE.size
        if depth > recorder_frames.MAX_STACK or len(payload) < begin:
            raise MalformedError("a word has no such stack")
        lines = recorder_frames.STACK_LINE.iter_unpack(payload[recorder_frames.WAIT.size : begin])
        stack = tuple(line for (line,) in lines)
        texts = payload[begin:]
        kind, name = short_text(texts[:length]), short_text(texts[length:])
        seconds = asked if math.isfinite(asked) else None
        self._words[frame.lane] = WaitWord(
            _shown(kind, name, asked), Wait(kind, name, seconds, stack)
        )

    def get(self, number: int) -> WaitWord | None:
        """Return the word of that number, if it is defined."""
        return self._words.get(number)


def _shown(kind: str, name: str, seconds: float) -> str:
    """Return what a lane waits on as one would write it: "sleep(0.1)", "task NAME"."""
    if kind == "sleep":
        return "sleep(?)" if math.isnan(seconds) else f"sleep({round(seconds, 3):.12g})"
    return f"{kind} {name}" if name else kind


def any_text(data: bytes | bytearray) -> str:
    """Return what UTF-8 bytes say; what is no UTF-8 is replaced."""
    return data.decode("utf-8", "replace")


def short_text(data: bytes) -> str:
    """Return a name.

    :raises MalformedError: if it is too long for one
    """
    if len(data) > recorder_frames.MAX_NAME:
        raise MalformedError("a name is too long")
    return any_text(data)
