"""The parent's end of the recorder's pipe: hostile bytes become events.

The scenario can write whatever it likes to that pipe, so nothing here raises because of what
arrives, and memory and work stay bounded: a frame is at most 64 KiB, lanes and words are
counted, and so is every frame, a bad one by its size. A frame that breaks a rule costs itself
only: it is skipped, and the record says once that it is not whole. What was printed is never
skipped: a line that claims an impossible lane or time is kept, on the main lane or at the latest
known time.
"""

import time
from collections.abc import Callable
from typing import Final, get_args

from bot.runner.host.framing import Frame, Framing
from bot.runner.host.known_lanes import KnownLanes
from bot.runner.host.run_end import Ended, read_end
from bot.runner.host.unfinished_lines import UnfinishedLines
from bot.runner.host.wait_words import MalformedError, WaitWords, any_text, short_text
from bot.runner.lane_events import (
    MAIN_LANE,
    LaneActivity,
    LaneBorn,
    LaneEnded,
    LaneEnding,
    LaneKind,
    LaneNamed,
    LaneState,
    LoopBlocked,
)
from bot.runner.model import (
    Event,
    Limits,
    Line,
    LinePart,
    Refusal,
    Refused,
    Started,
    Stream,
    Warned,
)
from bot.runner.protocol import recorder_frames

_ACTIVITIES: Final[tuple[LaneActivity, ...]] = get_args(LaneActivity)
_READY: Final = _ACTIVITIES[recorder_frames.READY]
_ENDINGS: Final[tuple[LaneEnding, ...]] = get_args(LaneEnding)
_STREAMS: Final[tuple[Stream, ...]] = get_args(Stream)
_KINDS: Final[tuple[LaneKind, ...]] = ("task", "thread")
_REFUSED: Final[tuple[Refused, ...]] = get_args(Refused)
assert _REFUSED == recorder_frames.REFUSALS
_MOST_REFUSALS: Final = 32
ROOM_OF_A_LANE: Final = 4
"""How many more events a run may have for each lane that was born. A task that waits once makes 7;
thousands of them are no fault, while one that never comes to an end is. There are at most
`recorder_frames.MAX_LANES`, so this has an end, too."""
_LONGEST_PYTHON: Final = 32


class Decoder:
    """Turns one run's recorder bytes into events, however they are cut.

    :param limits: of the run; `exceeded` names the field that was passed
    :param born_ns: when the guest was started, in nanoseconds of `clock`; nothing is older
    :param clock: the clock that the guest stamps with
    """

    def __init__(
        self, limits: Limits, *, born_ns: int, clock: Callable[[], int] = time.perf_counter_ns
    ) -> None:
        self.ended: Ended | None = None
        """How the scenario ended by its own account; None while it has given none."""
        self.exceeded = ""
        """The name of the field of `Limits` that was passed; nothing is decoded after that."""
        self.malformed = False
        """True once a frame broke a rule: the record is not whole."""
        self.events = 0
        """How many events were made of frames."""
        self.behind_ns = 0
        """By how much, at most, a frame came later than the time that it claims, in nanoseconds."""
        self.refused: list[Refusal] = []
        """What the sandbox refused, each once."""
        self._limits = limits
        self._born_ns = born_ns
        self._clock = clock
        self._framing = Framing()
        self._frames = self._room = 0
        self._words = WaitWords()
        self._lanes = KnownLanes(born_ns)
        self._unfinished = UnfinishedLines(limits.line_bytes)

    def feed(self, data: bytes) -> list[Event]:
        """Take what came through the pipe; return the events that it completes."""
        events: list[Event] = []
        if self.closed:
            return events
        self._lanes.now_ns = self._clock()
        for frame in self._framing.feed(data):
            if isinstance(frame, int):
                self._spend(1 + frame // recorder_frames.HEADER.size)
                self._doubt(events, "bytes that are no frame")
            elif self._spend(1):
                self._accept(events, frame)
            if self.closed:
                self._framing.clear()
                break
        return events

    def finish(self) -> list[Event]:
        """Take the pipe's end; return the lines that were never finished.

        A frame that is cut off is no fault: the guest may have been killed while writing.
        """
        events: list[Event] = []
        for line in self._unfinished.take_all():
            self._put(events, line)
        self._framing.clear()
        return events

    @property
    def origin_ns(self) -> int | None:
        """The scenario's first instruction on `clock`; None before `Started`."""
        return self._lanes.origin_ns

    @property
    def stuck_threads(self) -> int:
        """How many threads there are, where each of them waits for another; else 0."""
        return 0 if self.malformed or self.ended else self._lanes.stuck

    @property
    def closed(self) -> bool:
        """Whether nothing is decoded any more: what still comes need not even be read."""
        return self.exceeded != "" or self.ended is not None

    def _spend(self, frames: int) -> bool:
        """Count frames, those that make no event, too; tell whether there is room for them."""
        self._frames += frames
        if self._frames > self._limits.events + self._room:
            self.exceeded = self.exceeded or "events"
            return False
        return True

    def _put(self, events: list[Event], event: Event) -> None:
        self.events += 1
        events.append(event)

    def _doubt(self, events: list[Event], reason: str) -> None:
        """Say, once, that the record is not whole."""
        if not self.malformed:
            self.malformed = True
            events.append(Warned(self._lanes.latest, "record-malformed", reason))

    def _accept(self, events: list[Event], frame: Frame) -> None:
        """Take one frame; a line that cannot be true is mended, any other such frame skipped."""
        try:
            if frame.kind == recorder_frames.STATE:
                self._put(events, self._state(frame))
            elif frame.kind == recorder_frames.LINE:
                self._line(events, frame)
            elif frame.kind == recorder_frames.WORD:
                self._words.define(frame)
            elif frame.kind == recorder_frames.REFUSED:
                self._refusal(frame)
            elif frame.kind == recorder_frames.STUCK:
                self._lanes.take_stuck(frame)
            elif frame.kind == recorder_frames.ENDED:
                moment = self._lanes.seconds(frame.at)
                ended = read_end(frame, moment)
                events += self.finish()
                self.ended = ended
            else:
                self._put(events, self._event(frame))
        except MalformedError as reason:
            self._spend(len(frame.payload) // recorder_frames.HEADER.size)
            self._doubt(events, str(reason))

    def _event(self, frame: Frame) -> Event:
        """Return the event that a frame of one of the plainer kinds stands for."""
        kind, small, _, lane, _, line, at, payload = frame
        if kind == recorder_frames.STARTED:
            return self._start(frame)
        if kind == recorder_frames.BORN:
            return self._birth(frame)
        if kind == recorder_frames.CUT:
            self._lanes.incomplete = True
            return Warned(self._lanes.seconds(at), "record-truncated", short_text(payload))
        moment = self._lanes.moment(lane, at)
        if kind == recorder_frames.NAMED:
            return LaneNamed(moment, lane, short_text(payload))
        if kind == recorder_frames.BLOCKED:
            if len(payload) != recorder_frames.MOMENT.size:
                raise MalformedError("a blocked loop has no beginning")
            (since,) = recorder_frames.MOMENT.unpack(payload)
            return LoopBlocked(moment, lane, min(self._lanes.seconds(since), moment), line or None)
        if small >= len(_ENDINGS):
            raise MalformedError(f"no ending has number {small}")
        error = short_text(payload)
        self._lanes.end(lane)
        return LaneEnded(moment, lane, _ENDINGS[small], error, line or None)

    def _start(self, frame: Frame) -> Event:
        if self.origin_ns is not None:
            raise MalformedError("there is one start")
        if not self._born_ns <= frame.at <= self._lanes.now_ns:
            raise MalformedError("the start's time is not this run's")
        python = frame.payload.decode("ascii", "replace")
        if len(python) > _LONGEST_PYTHON or not python.isprintable():
            raise MalformedError("the start names no Python")
        self._lanes.start(frame.at)
        return Started(0.0, python)

    def _state(self, frame: Frame) -> Event:
        """Return the event of a state; most frames are one."""
        _, small, number, lane, by, line, at, _ = frame
        word = self._words.get(number)
        moment = self._lanes.moment(lane, at)
        if small > recorder_frames.INTERRUPTED or word is None:
            raise MalformedError(f"no activity {small} on word {number}")
        if small < recorder_frames.READY:
            self._note_time(at)
            wait = word.wait if small == recorder_frames.WAITING else None
            return LaneState(moment, lane, _ACTIVITIES[small], word.text, line or None, None, wait)
        # How late it comes says nothing: a sleeper that could not be woken is told of late.
        cause = self._lanes.cause(by) if by else None
        cancelled = small == recorder_frames.INTERRUPTED
        return LaneState(moment, lane, _READY, word.text, line or None, cause, None, cancelled)

    def _note_time(self, at: int) -> None:
        """Note how late a frame came that is written as soon as it is true."""
        self.behind_ns = max(self.behind_ns, self._lanes.now_ns - at)

    def _refusal(self, frame: Frame) -> None:
        """Note what the sandbox refused; a scenario may claim that, too, but not without end."""
        if frame.small >= len(_REFUSED):
            raise MalformedError(f"no refusal has number {frame.small}")
        refusal = Refusal(_REFUSED[frame.small], frame.line or None, short_text(frame.payload))
        if refusal not in self.refused and len(self.refused) < _MOST_REFUSALS:
            self.refused.append(refusal)

    def _line(self, events: list[Event], frame: Frame) -> None:
        """Take output. What it claims about itself may be wrong; what was printed is kept."""
        _, small, _, lane, _, at_line, at, payload = frame
        if self.origin_ns is None:
            raise MalformedError("the start comes first")
        self._note_time(at)
        moment, lane = self._when_and_who(events, at, lane)
        stream, source = _STREAMS[small & recorder_frames.TO_STDERR], at_line or None
        more = bool(small & recorder_frames.UNFINISHED)
        if more or self._unfinished.holds(stream):
            piece = LinePart(moment, "", stream, lane, source)
            told, goes_on = self._unfinished.add(piece, payload, more=more)
            if self._unfinished.size > self._limits.output_bytes:
                self.exceeded = "output_bytes"
            if told is not None:
                self._put(events, told)
            if goes_on:
                return
            whole, payload = self._unfinished.take(stream)
            moment, lane, source = whole.at, whole.lane, whole.line
        if len(payload) > self._limits.line_bytes:
            self.exceeded = "line_bytes"
            payload = payload[: self._limits.line_bytes]
        self._put(events, Line(moment, any_text(payload), stream, lane, source))

    def _when_and_who(self, events: list[Event], at: int, lane: int) -> tuple[float, int]:
        """Return a line's time and lane, or what comes nearest to them."""
        if lane not in self._lanes:
            self._doubt(events, f"lane {lane} was never born")
            lane = MAIN_LANE
        try:
            return self._lanes.seconds(at), lane
        except MalformedError as reason:
            self._doubt(events, str(reason))
            return self._lanes.latest, lane

    def _birth(self, frame: Frame) -> Event:
        _, small, _, lane, _, line, at, payload = frame
        if small >= len(_KINDS) or len(payload) < recorder_frames.BIRTH.size:
            raise MalformedError("a birth is incomplete")
        parent, length = recorder_frames.BIRTH.unpack_from(payload)
        texts = payload[recorder_frames.BIRTH.size :]
        name, code = short_text(texts[:length]), short_text(texts[length:])
        self._note_time(at)
        moment = self._lanes.bear(lane, parent, at, thread=small == recorder_frames.THREAD)
        self._room += ROOM_OF_A_LANE
        return LaneBorn(moment, lane, _KINDS[small], name, code, parent, line or None)
