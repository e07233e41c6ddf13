"""What a worker tells of a run is checked again, in shape: it runs strangers' code, too.

The worker has decoded and bounded the record already (`bot.runner.host.decode`). Here only what
the rest of the bot relies on is held: types, times within the run's own limit, known lanes, and
no more lines, text and events than the run's limits allow.
"""

from typing import Any

from bot.runner.lane_events import MAIN_LANE, LaneBorn, LaneEnded, LaneNamed, LaneState, LoopBlocked
from bot.runner.model import Event, Finished, Limits, Line, LinePart, Started
from bot.runner.protocol.recorder_frames import MAX_LANES
from bot.runner.remote.messages import ProtocolError, decode_event

_EVENTS_OF_A_LANE = 8
"""As many as a lane that waits once makes, and one more."""
_SLACK = 100
"""Warnings, the beginning and the end."""
_EXTENDED = 2
"""A run may last so many times its limit, where its worker was too slow to follow it."""
_SPARE_SECONDS = 60.0


class CheckedEvents:
    """Takes one run's events as they were sent, in order."""

    def __init__(self, limits: Limits) -> None:
        self._latest = _EXTENDED * limits.wall_seconds + _SPARE_SECONDS
        self._events_left = limits.events + limits.output_lines + _SLACK
        self._lines_left = limits.output_lines + _SLACK
        # Invalid bytes that were replaced take three, and ends of lines are not in the text. What
        # comes in parts comes once more as a line.
        self._text_left = 6 * limits.output_bytes + limits.line_bytes
        self._lanes = {MAIN_LANE}
        self._begun = False
        self.finished = False
        """True once the last event was taken."""

    def take(self, sent: list[Any]) -> list[Event]:
        """Return a batch's events.

        :raises ProtocolError: if the record of no real run could be like this
        """
        return [self._take(decode_event(one)) for one in sent]

    def _take(self, event: Event) -> Event:
        if self.finished:
            raise ProtocolError("something after the end of a run")
        if not 0 <= event.at <= self._latest:
            raise ProtocolError("a time that no run can have")
        self._count()
        match event:
            case Started():
                if self._begun:
                    raise ProtocolError("a second beginning")
                self._begun = True
            case LaneBorn():
                self._born(event)
            case Line():
                self._printed(event)
            case LinePart():
                self._known(event.lane)
                self._spend(event.text)
            case LaneNamed() | LaneState() | LaneEnded() | LoopBlocked():
                self._known(event.lane)
            case Finished():
                self.finished = True
            case _:
                pass
        return event

    def _count(self) -> None:
        self._events_left -= 1
        if self._events_left < 0:
            raise ProtocolError("more events than the run may make")

    def _born(self, event: LaneBorn) -> None:
        if event.lane in self._lanes or len(self._lanes) > MAX_LANES:
            raise ProtocolError("a lane that is born twice, or one too many")
        if event.parent is not None:
            self._known(event.parent)
        self._lanes.add(event.lane)
        self._events_left += _EVENTS_OF_A_LANE

    def _printed(self, event: Line) -> None:
        self._known(event.lane)
        self._lines_left -= 1
        self._spend(event.text)

    def _spend(self, text: str) -> None:
        self._text_left -= len(text)
        if self._lines_left < 0 or self._text_left < 0:
            raise ProtocolError("more output than the run may print")

    def _known(self, lane: int) -> None:
        if lane not in self._lanes:
            raise ProtocolError("a lane that was never born")
