"""The parent's end of the recorder's pipe: hostile bytes become events, or one warning.

The scenario can write whatever it likes to that pipe, so nothing here raises because of what
arrives, and memory stays bounded: a frame is at most 64 KiB, lanes and words are counted, and
the limits of the run end it. A frame that breaks a rule ends the record, not the run.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple, get_args

from bot.runner import wire
from bot.runner.model import (
    MAIN_LANE,
    Event,
    Failure,
    LaneActivity,
    LaneBorn,
    LaneEnded,
    LaneEnding,
    LaneKind,
    LaneNamed,
    LaneState,
    Limits,
    Line,
    LoopBlocked,
    Started,
    Stream,
    Warned,
)

_ACTIVITIES: Final[tuple[LaneActivity, ...]] = get_args(LaneActivity)
_ENDINGS: Final[tuple[LaneEnding, ...]] = get_args(LaneEnding)
_STREAMS: Final[tuple[Stream, ...]] = get_args(Stream)
_KINDS: Final[tuple[LaneKind, ...]] = ("task", "thread")
_SECOND: Final = 1e9
_LONGEST_PYTHON: Final = 32


@dataclass(frozen=True, slots=True)
class Ended:
    """The guest's own word on how the scenario ended."""

    at: float
    failure: Failure | None = None
    """What it raised; None if it ran to its end."""
    memory: bool = False
    """True where what it raised was a `MemoryError`."""


class _MalformedError(Exception):
    """A frame breaks a rule."""


class _Frame(NamedTuple):
    """One frame with a payload."""

    kind: int
    small: int
    lane: int
    at: int
    payload: bytes


class Decoder:
    """Turns one run's recorder bytes into events, however they are cut.

    :param limits: of the run; `exceeded` names the field that was passed
    :param born_ns: when the guest was started, in nanoseconds of `clock`; nothing is older
    :param clock: the clock that the guest stamps with
    """

    def __init__(
        self, limits: Limits, *, born_ns: int, clock: Callable[[], int] = time.perf_counter_ns
    ) -> None:
        self.origin_ns: int | None = None
        """The scenario's first instruction on `clock`; None before `Started`."""
        self.ended: Ended | None = None
        """How the scenario ended by its own account; None while it has given none."""
        self.exceeded = ""
        """The name of the field of `Limits` that was passed; nothing is decoded after that."""
        self.malformed = False
        """True once a frame broke a rule; nothing is decoded after that."""
        self.events = 0
        """How many events were made of frames."""
        self._limits = limits
        self._born_ns = born_ns
        self._clock = clock
        self._now = born_ns
        self._data = bytearray()
        self._words: dict[int, str] = {0: ""}
        self._lanes: dict[int, float] = {}  # each living or ended lane's latest moment
        self._left: set[int] = set()
        self._latest = 0.0
        self._parts: dict[tuple[int, Stream], bytearray] = {}
        self._parted = 0

    def feed(self, data: bytes) -> list[Event]:
        """Take what came through the pipe; return the events that it completes."""
        events: list[Event] = []
        if self._closed():
            return events
        self._now = self._clock()
        self._data += data
        position, size, available = 0, wire.HEADER.size, len(self._data)
        unpack = wire.HEADER.unpack_from
        try:
            while available - position >= size and not self._closed():
                kind, small, word, lane, at = unpack(self._data, position)
                if kind == wire.STATE:
                    self._state(events, small, word, lane, at)
                    position += size
                    continue
                end = position + size + word
                if available < end:
                    self._check_kind(kind)
                    break
                payload = bytes(self._data[position + size : end])
                position = end
                self._take(events, _Frame(kind, small, lane, at, payload))
        except _MalformedError as reason:
            self._give_up(events, str(reason))
        del self._data[:position]
        if self._closed():
            self._data.clear()
        return events

    def finish(self) -> list[Event]:
        """Take the pipe's end; return the lines that were never finished.

        A frame that is cut off is no fault: the guest may have been killed while writing.
        """
        events: list[Event] = []
        for (lane, stream), part in self._parts.items():
            self._count(events, Line(self._latest, _text(part), stream, lane))
        self._parts.clear()
        self._data.clear()
        return events

    def _closed(self) -> bool:
        return self.malformed or self.exceeded != "" or self.ended is not None

    def _count(self, events: list[Event], event: Event) -> None:
        """Pass an event on, unless there were too many."""
        if self.events >= self._limits.events:
            self.exceeded = self.exceeded or "events"
            return
        self.events += 1
        events.append(event)

    def _give_up(self, events: list[Event], reason: str) -> None:
        self.malformed = True
        events.append(Warned(self._latest, "record-malformed", reason))

    def _check_kind(self, kind: int) -> None:
        """Refuse a kind that does not exist before waiting for its payload."""
        if not wire.STARTED <= kind <= wire.CUT:
            raise _MalformedError(f"no frame is of kind {kind}")
        if (kind == wire.STARTED) == (self.origin_ns is not None):
            raise _MalformedError("the start comes first, and once")

    def _take(self, events: list[Event], frame: _Frame) -> None:
        """Take one frame that has a payload."""
        self._check_kind(frame.kind)
        if frame.kind == wire.LINE:
            self._line(events, frame)
        elif frame.kind == wire.WORD:
            if not 0 < frame.lane < wire.MAX_WORDS:
                raise _MalformedError(f"no word has number {frame.lane}")
            self._words[frame.lane] = _name(frame.payload)
        elif frame.kind == wire.STARTED:
            self._count(events, self._start(frame))
        elif frame.kind == wire.ENDED:
            self._end(events, frame)
        else:
            self._count(events, self._event(frame))

    def _event(self, frame: _Frame) -> Event:
        """Return the event that a frame of one of the plainer kinds stands for."""
        _, small, lane, at, payload = frame
        if frame.kind == wire.BORN:
            return self._birth(frame)
        if frame.kind == wire.CUT:
            return Warned(self._seconds(at), "record-truncated", _name(payload))
        moment = self._moment(lane, at)
        if frame.kind == wire.NAMED:
            return LaneNamed(moment, lane, _name(payload))
        if frame.kind == wire.BLOCKED:
            if len(payload) != wire.MOMENT.size:
                raise _MalformedError("a blocked loop has no beginning")
            (since,) = wire.MOMENT.unpack(payload)
            return LoopBlocked(moment, lane, min(self._seconds(since), moment))
        if small >= len(_ENDINGS):
            raise _MalformedError(f"no ending has number {small}")
        self._left.add(lane)
        return LaneEnded(moment, lane, _ENDINGS[small], _name(payload))

    def _start(self, frame: _Frame) -> Event:
        if not self._born_ns <= frame.at <= self._now:
            raise _MalformedError("the start's time is not this run's")
        python = frame.payload.decode("ascii", "replace")
        if len(python) > _LONGEST_PYTHON or not python.isprintable():
            raise _MalformedError("the start names no Python")
        self.origin_ns = frame.at
        self._lanes[MAIN_LANE] = 0.0
        return Started(0.0, python)

    def _seconds(self, at: int) -> float:
        """Return a time as seconds since the start."""
        if self.origin_ns is None:
            raise _MalformedError("the start comes first")
        if not self.origin_ns <= at <= self._now:
            raise _MalformedError("a time is not of this run")
        seconds = (at - self.origin_ns) / _SECOND
        self._latest = max(self._latest, seconds)
        return seconds

    def _moment(self, lane: int, at: int) -> float:
        """Return a time on a lane; there, time never runs backwards."""
        latest = self._lanes.get(lane)
        if latest is None:
            raise _MalformedError(f"lane {lane} was never born")
        if lane in self._left:
            raise _MalformedError(f"lane {lane} has ended")
        moment = self._lanes[lane] = max(self._seconds(at), latest)
        return moment

    def _state(self, events: list[Event], small: int, word: int, lane: int, at: int) -> None:
        """Take a state: most frames are one, so this does by itself what `_moment` does."""
        on, latest, origin = self._words.get(word), self._lanes.get(lane), self.origin_ns
        if (
            on is None
            or latest is None
            or origin is None
            or small > wire.READY
            or not origin <= at <= self._now
            or lane in self._left
        ):
            self._moment(lane, at)  # which says what is wrong with these two
            raise _MalformedError(f"no activity {small} on word {word}")
        moment = (at - origin) / _SECOND
        moment = max(moment, latest)
        self._lanes[lane] = moment
        self._latest = max(self._latest, moment)
        if self.events >= self._limits.events:
            self.exceeded = "events"
            return
        self.events += 1
        events.append(LaneState(moment, lane, _ACTIVITIES[small], on))

    def _line(self, events: list[Event], frame: _Frame) -> None:
        _, small, lane, at, payload = frame
        if lane not in self._lanes:
            raise _MalformedError(f"lane {lane} was never born")
        if small & ~(wire.TO_STDERR | wire.UNFINISHED):
            raise _MalformedError("a line has an unknown mark")
        moment = self._seconds(at)
        stream = _STREAMS[small & wire.TO_STDERR]
        if small & wire.UNFINISHED or (lane, stream) in self._parts:
            part = self._parts.setdefault((lane, stream), bytearray())
            part += payload
            self._parted += len(payload)
            if self._parted > self._limits.output_bytes:
                self.exceeded = "output_bytes"
            if small & wire.UNFINISHED and len(part) <= self._limits.line_bytes:
                return
            payload = bytes(self._parts.pop((lane, stream)))
            self._parted -= len(payload)
        if len(payload) > self._limits.line_bytes:
            self.exceeded = "line_bytes"
            payload = payload[: self._limits.line_bytes]
        self._count(events, Line(moment, _text(payload), stream, lane))

    def _birth(self, frame: _Frame) -> Event:
        _, small, lane, at, payload = frame
        if small >= len(_KINDS) or len(payload) < wire.BIRTH.size:
            raise _MalformedError("a birth is incomplete")
        if lane in self._lanes or not 0 < lane < wire.MAX_LANES:
            raise _MalformedError(f"lane {lane} cannot be born")
        parent, length = wire.BIRTH.unpack_from(payload)
        if parent not in self._lanes:
            raise _MalformedError(f"lane {parent} was never born")
        texts = payload[wire.BIRTH.size :]
        moment = self._lanes[lane] = self._seconds(at)
        name, code = _name(texts[:length]), _name(texts[length:])
        return LaneBorn(moment, lane, _KINDS[small], name, code, parent)

    def _end(self, events: list[Event], frame: _Frame) -> None:
        _, small, _, at, payload = frame
        moment = self._seconds(at)
        if small > wire.OUT_OF_MEMORY or len(payload) < wire.REPORT.size:
            raise _MalformedError("the end's report is incomplete")
        events += self.finish()
        if small == wire.FINE:
            self.ended = Ended(moment)
            return
        line, first, second = wire.REPORT.unpack_from(payload)
        texts = payload[wire.REPORT.size :]
        failure = Failure(
            type=_text(texts[:first]),
            message=_text(texts[first : first + second]),
            line=line or None,
            traceback=_text(texts[first + second :]),
        )
        self.ended = Ended(moment, failure, memory=small == wire.OUT_OF_MEMORY)


def _text(data: bytes | bytearray) -> str:
    """Return what UTF-8 bytes say; what is no UTF-8 is replaced."""
    return data.decode("utf-8", "replace")


def _name(data: bytes) -> str:
    """Return a short text."""
    if len(data) > wire.MAX_NAME:
        raise _MalformedError("a name is too long")
    return _text(data)
