"""Holds what a scenario prints against its limits. Pure."""

from dataclasses import replace
from typing import Final

from bot.runner.model import Limits, Line
from bot.runner.protocol import recorder_frames


class Meter:
    """Counts lines and bytes; says which limit is exceeded, and keeps what fits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.output_bytes = 0
        self.output_lines = 0
        self.exceeded = ""
        """The field of `Limits` that was exceeded first, or ""."""

    def admit(self, line: Line) -> Line | None:
        """Count a line; return it, cut to what fits, or None if nothing of it does."""
        if self.exceeded:
            return None
        limits = self._limits
        if self.output_lines >= limits.output_lines:
            self.exceeded = "output_lines"
            return None
        room = limits.output_bytes - self.output_bytes
        encoded = line.text.encode("utf-8", "replace")
        if room == 0 or len(encoded) > min(limits.line_bytes, room):
            self.exceeded = "line_bytes" if limits.line_bytes < room else "output_bytes"
            encoded = encoded[: min(limits.line_bytes, room)]
            if not encoded:
                return None
            line = replace(line, text=encoded.decode("utf-8", "ignore"))
        self.output_lines += 1
        self.output_bytes = min(self.output_bytes + len(encoded) + 1, limits.output_bytes)
        return line


_HIDDEN: Final = f'  File "{recorder_frames.HIDDEN_FILE}", line '.encode()


class Splitter:
    """Cuts the bytes of one stream into lines of text; invalid UTF-8 is replaced.

    `faulthandler` writes here, and names the recorder's functions, too: such lines are left out.
    """

    def __init__(self, longest: int) -> None:
        """Make one that gives up waiting for the end of a line after `longest` bytes."""
        self._longest = longest
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """Return the lines that `data` completes."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > self._longest:
            lines.append(self._rest)
            self._rest = b""
        return [line.decode(errors="replace") for line in lines if not line.startswith(_HIDDEN)]

    def flush(self) -> list[str]:
        """Return the line that never ended, if there is one."""
        rest, self._rest = self._rest, b""
        return [rest.decode(errors="replace")] if rest else []
