"""How a scenario ended by its own account. Pure."""

from dataclasses import dataclass

from bot.runner import wire
from bot.runner.framing import Frame
from bot.runner.model import Failure
from bot.runner.words import MalformedError, any_text


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
    if frame.small > wire.OUT_OF_MEMORY or len(payload) < wire.REPORT.size:
        raise MalformedError("the end's report is incomplete")
    if frame.small == wire.FINE:
        return Ended(at)
    line, first, second = wire.REPORT.unpack_from(payload)
    texts = payload[wire.REPORT.size :]
    failure = Failure(
        type=any_text(texts[:first]),
        message=any_text(texts[first : first + second]),
        line=line or None,
        traceback=any_text(texts[first + second :]),
    )
    return Ended(at, failure, memory=frame.small == wire.OUT_OF_MEMORY)
