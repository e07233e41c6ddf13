"""The lanes of one run as its guest told them: which live, how far they are, which are stuck."""

from typing import Final, Literal

from bot.runner.host.framing import Frame
from bot.runner.host.wait_words import MalformedError
from bot.runner.lane_events import MAIN_LANE
from bot.runner.protocol import recorder_frames

_SECOND: Final = 1e9


class KnownLanes:
    """Holds every claim about a lane and a time against what is known already."""

    def __init__(self, now_ns: int) -> None:
        self.now_ns = now_ns
        """The latest moment that a frame may name, in nanoseconds: when it was read."""
        self.origin_ns: int | None = None
        """The scenario's first instruction; None before it."""
        self.latest = 0.0
        """The latest moment that any frame named, in seconds since the start."""
        self.incomplete = False
        """True once there may be threads that have no lane."""
        self._moments: dict[int, float] = {}  # each living or ended lane's latest moment
        self._ended: set[int] = set()
        self._threads: set[int] = {MAIN_LANE}  # the lanes of threads that live
        self._stuck: set[int] = set()  # those of them that only another thread can wake

    def __contains__(self, lane: int) -> bool:
        """Tell whether a lane was born."""
        return lane in self._moments

    @property
    def stuck(self) -> int:
        """How many threads live, where each of them waits for another; else 0."""
        all_stuck = not self.incomplete and self._threads <= self._stuck
        return len(self._threads) if all_stuck else 0

    def start(self, origin_ns: int) -> None:
        """Take the moment of the first instruction; the main lane lives from then on."""
        self.origin_ns = origin_ns
        self._moments[MAIN_LANE] = 0.0

    def seconds(self, at: int) -> float:
        """Return a time as seconds since the start.

        :raises MalformedError: if it is not of this run
        """
        if self.origin_ns is None:
            raise MalformedError("the start comes first")
        if not self.origin_ns <= at <= self.now_ns:
            raise MalformedError("a time is not of this run")
        seconds = (at - self.origin_ns) / _SECOND
        self.latest = max(self.latest, seconds)
        return seconds

    def moment(self, lane: int, at: int) -> float:
        """Return a time on a living lane; there, time never runs backwards.

        :raises MalformedError: if there is no such lane, or it has ended
        """
        latest = self._moments.get(lane)
        if latest is None:
            raise MalformedError(f"lane {lane} was never born")
        if lane in self._ended:
            raise MalformedError(f"lane {lane} has ended")
        moment = self._moments[lane] = max(self.seconds(at), latest)
        return moment

    def bear(self, lane: int, parent: int, at: int, *, thread: bool) -> float:
        """Take a lane's birth; return when that was.

        :raises MalformedError: if that lane cannot be born, or not of that parent
        """
        if lane in self._moments or not 0 < lane < recorder_frames.MAX_LANES:
            raise MalformedError(f"lane {lane} cannot be born")
        if parent not in self._moments:
            raise MalformedError(f"lane {parent} was never born")
        moment = self._moments[lane] = self.seconds(at)
        if thread:
            self._threads.add(lane)
        return moment

    def end(self, lane: int) -> None:
        """Take a lane's end."""
        self._ended.add(lane)
        self._threads.discard(lane)

    def take_stuck(self, frame: Frame) -> None:
        """Note that a thread waits for another, or no longer does.

        :raises MalformedError: if there is no such lane
        """
        self.moment(frame.lane, frame.at)
        if frame.small:
            self._stuck.add(frame.lane)
        else:
            self._stuck.discard(frame.lane)

    def cause(self, by: int) -> int | Literal["clock", "io"]:
        """Return what made a lane ready.

        :raises MalformedError: if it is a lane that was never born
        """
        if by == recorder_frames.CLOCK:
            return "clock"
        if by == recorder_frames.IO:
            return "io"
        lane = by - recorder_frames.LANES
        if lane not in self._moments:
            raise MalformedError(f"lane {lane} was never born")
        return lane
