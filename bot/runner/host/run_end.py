"""How a scenario ended by its own account. Pure."""

from dataclasses import dataclass

from bot.runner.host.framing import Frame
from bot.runner.host.wait_words import MalformedError, any_text
from bot.runner.model import Failure
from bot.runner.protocol import recorder_frames


@dataclass(frozen=True, slots=True)
class Ended:
    """The guest's own word on how the scenario ended."""

    at: float
    failure: Failure | None = None
    """What it raised; None if it ran to its end."""
    memory: bool = False
    """True where what it raised was a `MemoryError`."""


def read_end(frame: Frame, at: float) -> Ended:
    """Return what the frame of the end reports.

    :param at: the frame's time, in seconds since the start
    :raises MalformedError: if its report is incomplete
    """
    payload = frame.payload
    if frame.small > recorder_frames.OUT_OF_MEMORY or len(payload) < recorder_frames.REPORT.size:
        raise MalformedError("the end's report is incomplete")
    if frame.small == recorder_frames.FINE:
        return Ended(at)
    line, first, second = recorder_frames.REPORT.unpack_from(payload)
    texts = payload[recorder_frames.REPORT.size :]
    failure = Failure(
        type=any_text(texts[:first]),
        message=any_text(texts[first : first + second]),
        line=line or None,
        traceback=any_text(texts[first + second :]),
    )
    return Ended(at, failure, memory=frame.small == recorder_frames.OUT_OF_MEMORY)
