"""Reads a run's events into one history a lane. It believes nothing that cannot be true.

Guest events are the scenario's own claim. What contradicts itself (an unknown lane, a clock
that runs backwards, an end before a birth) is mended or left out, and the record then carries
the warning "record-malformed". Nothing that an event holds makes this raise.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.runner.model import (
    MAIN_LANE,
    Event,
    Finished,
    LaneBorn,
    LaneEnded,
    LaneEnding,
    LaneKind,
    LaneNamed,
    LaneState,
    Line,
    LoopBlocked,
    Warned,
)
from bot.text.visible import label
from bot.timeline.model import Mark, Span, SpanKind
from bot.timeline.plain import NAME_LIMIT, TEXT_LIMIT

MALFORMED = "record-malformed"

SLACK = 0.005
"""Seconds by which two clocks' readings of one moment may differ without being a lie."""

_LATE = 0.1
"""Seconds by which what a run recorded may be later than the end that was measured outside."""

_BLOCKED = 0.1
"""Seconds for which a task must hold its loop for that to count as blocking it, as in the guest."""

_LONGEST = 1e9
"""Seconds that no run reaches; whatever claims more is cut to it."""


@dataclass(slots=True)
class History:
    """What one lane did, as far as it is known."""

    id: int
    kind: LaneKind
    name: str
    code: str
    parent: int | None
    start: float
    spans: list[Span] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    end: float | None = None
    ending: LaneEnding | None = None
    held: list[tuple[float, float]] = field(default_factory=list)
    """When it held the event loop: (since, until)."""
    since: float = 0.0
    doing: SpanKind = "ready"
    on: str = ""

    def turn(self, at: float, doing: SpanKind, on: str = "") -> None:
        """Close the open span at `at` and begin the next one."""
        if at > self.since:
            self.spans.append(Span(self.doing, self.since, at, self.on))
        self.since, self.doing, self.on = at, doing, on


@dataclass(slots=True)
class Record:
    """A run's lanes in the order of their births, up to `end`."""

    end: float
    elapsed: float
    """The measured time: at most `end`."""
    lanes: dict[int, History]
    warnings: tuple[str, ...]
    printed: int
    """How many lines it printed."""


def read(events: Sequence[Event], now: float | None = None) -> Record:
    """Read a run's events; with `now`, of a run that is still under way `now` seconds in."""
    elapsed, end = _ends(events, now)
    reader = _Reader(end)
    for event in events:
        reader.take(event)
    return Record(end, elapsed, reader.close(), reader.warnings, reader.printed)


def _ends(events: Iterable[Event], now: float | None) -> tuple[float, float]:
    """Return the measured time, and the moment at which the picture ends.

    The end of a run is measured outside it. On a busy machine what the run recorded itself may
    be a little later, and is to be seen, too.
    """
    known = [event for event in events if not isinstance(event, Warned)]
    ends = [event.elapsed for event in known if isinstance(event, Finished)]
    times = [event.at for event in known if math.isfinite(event.at)]
    for claimed in (*ends[-1:], now):
        if claimed is not None and math.isfinite(claimed):
            elapsed = min(max(claimed, 0.0), _LONGEST)
            return elapsed, max([elapsed, *(at for at in times if at <= elapsed + _LATE)])
    last = min(max([0.0, *times]), _LONGEST)
    return last, last


class _Reader:
    """Takes events one by one."""

    def __init__(self, horizon: float) -> None:
        self._horizon = horizon
        self._lanes = {MAIN_LANE: History(MAIN_LANE, "main", "", "", None, 0.0, doing="running")}
        self._warnings: dict[str, None] = {}
        self._named_main = False
        self.printed = 0

    def take(self, event: Event) -> None:
        """Take the next event."""
        match event:
            case LaneBorn():
                self._born(event)
            case LaneState():
                lane = self._living(event.lane)
                if lane is not None:
                    on = label(event.on, NAME_LIMIT)
                    lane.turn(self._moment(event.at, lane.since), event.activity, on)
            case LaneEnded():
                self._ended(event)
            case LaneNamed():
                lane = self._lanes.get(event.lane)
                if lane is None:
                    self._doubt()
                else:
                    lane.name = event.name
            case LoopBlocked():
                self._blocked(event)
            case Line():
                self._line(event)
            case Warned(what="record-truncated" | "record-malformed"):
                self._warnings[event.what] = None
            case _:
                pass

    @property
    def warnings(self) -> tuple[str, ...]:
        """What makes the record less than the whole truth."""
        return tuple(self._warnings)

    def close(self) -> dict[int, History]:
        """End what is still open, and return the lanes."""
        for lane in self._lanes.values():
            if lane.end is None:
                lane.end = max(self._horizon, lane.start)
                if self._holds_on(lane, lane.end):
                    lane.held.append((lane.since, lane.end))
                lane.turn(lane.end, lane.doing)
            lane.spans = list(_repaint(_joined(lane.spans), _merged(lane.held)))
            lane.marks = _placed(lane.marks, lane.start, lane.end)
        return self._lanes

    def _holds_on(self, lane: History, now: float) -> bool:
        """Tell whether a task blocks its loop still, at the end of what is known.

        The guest reports that when the loop is given back: not while the run is under way, and
        never where it was killed meanwhile. A task that runs has its loop, so it can be told here,
        unless the record broke off before the run did.
        """
        running = lane.kind == "task" and lane.doing == "running" and not self._warnings
        return running and now - lane.since >= _BLOCKED

    def _doubt(self) -> None:
        self._warnings[MALFORMED] = None

    def _moment(self, at: float, earliest: float) -> float:
        """Return `at` cut to what is possible; what had to be cut by much is doubted."""
        if not math.isfinite(at):
            self._doubt()
            return earliest
        possible = max(earliest, min(at, self._horizon))
        if abs(possible - at) > SLACK:
            self._doubt()
        return possible

    def _living(self, lane: int) -> History | None:
        """Return a lane that has begun and not ended; anything else is doubted."""
        found = self._lanes.get(lane)
        if found is None or found.end is not None:
            self._doubt()
            return None
        return found

    def _born(self, event: LaneBorn) -> None:
        if event.lane == MAIN_LANE and not self._named_main:
            self._named_main = True
            self._lanes[MAIN_LANE].name = event.name
            return
        if event.lane in self._lanes:
            self._doubt()
            return
        parent = self._lanes.get(MAIN_LANE if event.parent is None else event.parent)
        if parent is None:
            self._doubt()
            parent = self._lanes[MAIN_LANE]
        start = self._moment(event.at, parent.start)
        kind: LaneKind = "task" if event.kind == "main" else event.kind
        self._lanes[event.lane] = History(
            event.lane, kind, event.name, event.code, parent.id, start, since=start
        )

    def _ended(self, event: LaneEnded) -> None:
        lane = self._living(event.lane)
        if lane is None:
            return
        lane.end = self._moment(event.at, lane.since)
        lane.ending = event.how
        lane.turn(lane.end, lane.doing)
        lane.marks.append(Mark(event.how, lane.end, label(event.error, TEXT_LIMIT)))

    def _blocked(self, event: LoopBlocked) -> None:
        lane = self._lanes.get(event.lane)
        if lane is None:
            self._doubt()
            return
        since = self._moment(event.since, lane.start)
        lane.held.append((since, self._moment(event.at, since)))

    def _line(self, event: Line) -> None:
        lane = self._lanes.get(event.lane)
        if lane is None:
            self._doubt()
            lane = self._lanes[MAIN_LANE]
        self.printed += 1
        at = self._moment(event.at, 0.0)
        lane.marks.append(
            Mark("line", at, label(event.text, TEXT_LIMIT), event.stream, self.printed)
        )


def _placed(marks: list[Mark], start: float, end: float) -> list[Mark]:
    """Return the marks in order of time, each within the lane's life.

    A line that a thread leaves in its buffer may be written after the thread's end.
    """
    inside = [
        Mark(mark.kind, max(start, min(mark.at, end)), mark.text, mark.stream, mark.number)
        for mark in marks
    ]
    return sorted(inside, key=lambda mark: (mark.at, mark.kind != "line"))


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the spans with neighbours that say the same made one."""
    last: Span | None = None
    for span in spans:
        if last is not None and (last.kind, last.on) == (span.kind, span.on):
            last = Span(last.kind, last.start, span.end, last.on)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _merged(stretches: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the stretches in order, with those that touch made one."""
    merged: list[tuple[float, float]] = []
    for since, until in sorted(stretches):
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(until, merged[-1][1]))
        else:
            merged.append((since, until))
    return merged


def _repaint(spans: Iterable[Span], held: Sequence[tuple[float, float]]) -> Iterator[Span]:
    """Yield the spans with what lies in a stretch of holding the loop made "blocked".

    A lane that sleeps without giving the loop back is blocking it, so waits are repainted, too;
    one that is merely ready holds nothing.
    """
    following = 0
    for span in spans:
        while following < len(held) and held[following][1] <= span.start:
            following += 1
        at, index = span.start, following
        while span.kind != "ready" and index < len(held) and held[index][0] < span.end:
            since, until = max(held[index][0], at), min(held[index][1], span.end)
            if since > at:
                yield Span(span.kind, at, since, span.on)
            if until > since:
                yield Span("blocked", since, until, span.on)
            at = max(at, until)
            index += 1
        if span.end > at:
            yield Span(span.kind, at, span.end, span.on)
