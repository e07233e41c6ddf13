"""Reads a run's events into one history a lane.

The events are taken as they are: what cannot be true never becomes an event (see
`bot.runner.host.decode`), and is told by the warning "record-malformed".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from bot.runner.lane_events import (
    MAIN_LANE,
    LaneBorn,
    LaneEnded,
    LaneEnding,
    LaneKind,
    LaneNamed,
    LaneState,
    LoopBlocked,
    Wait,
)
from bot.runner.model import Event, Finished, Line, Warned
from bot.text.visible import label
from bot.timeline.drawing.plain import NAME_LIMIT, PRINTED_LIMIT
from bot.timeline.model import By, Mark, Span, SpanKind
from bot.timeline.spans import Hold, joined, merged, repainted

_LATE = 0.1
"""Seconds by which what a run recorded may be later than the end that was measured outside."""

_BLOCKED = 0.1
"""Seconds for which a task must hold its loop for that to count as blocking it, as in the guest."""


class _Doing(NamedTuple):
    """A span whose beginning and end are told elsewhere."""

    kind: SpanKind
    on: str = ""
    line: int | None = None
    by: By | None = None
    wait: Wait | None = None
    cancelled: bool = False

    def span(self, start: float, end: float) -> Span:
        """Return it as the span from `start` to `end`."""
        return Span(self.kind, start, end, self.on, self.line, self.by, self.wait, self.cancelled)


_READY = _Doing("ready")


@dataclass(slots=True)
class LaneHistory:
    """What one lane did, as far as it is known."""

    id: int
    kind: LaneKind
    name: str
    code: str
    parent: int | None
    start: float
    line: int | None = None
    spans: list[Span] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    end: float | None = None
    ending: LaneEnding | None = None
    held: list[Hold] = field(default_factory=list)
    """When it held the event loop."""
    since: float = 0.0
    doing: _Doing = _READY
    """What it does now, since when; its end is not known yet."""

    def turn(self, at: float, following: _Doing | None = None) -> None:
        """Close the open span at `at` and begin the next one."""
        at = max(at, self.since)
        if at > self.since:
            self.spans.append(self.doing.span(self.since, at))
        self.since, self.doing = at, following or self.doing


@dataclass(slots=True)
class History:
    """A run's lanes in the order of their births, up to `end`."""

    end: float
    elapsed: float
    """The measured time: at most `end`."""
    lanes: dict[int, LaneHistory]
    warnings: tuple[str, ...]
    printed: int
    """How many lines it printed."""
    cpu: float | None
    """Seconds of processor time that it used; None while it runs."""


def history_of(events: Sequence[Event], now: float | None = None) -> History:
    """Read a run's events; with `now`, of a run that is still under way `now` seconds in."""
    finished = next((it for it in reversed(events) if isinstance(it, Finished)), None)
    times = [event.at for event in events if not isinstance(event, Finished | Warned)]
    last = max(times, default=0.0)
    elapsed = finished.elapsed if finished else last if now is None else now
    end = max([elapsed, *(at for at in times if at <= elapsed + _LATE)])
    reader = _Reader(end)
    for event in events:
        reader.apply(event)
    cpu = finished.usage.cpu_seconds if finished and finished.usage.cpu_seconds > 0 else None
    return History(end, elapsed, reader.close(), reader.warnings, reader.printed, cpu)


class _Reader:
    """Takes events one by one."""

    def __init__(self, horizon: float) -> None:
        self._horizon = horizon
        main = LaneHistory(MAIN_LANE, "main", "", "", None, 0.0, doing=_Doing("running"))
        self._lanes = {MAIN_LANE: main}
        self._warnings: dict[str, None] = {}
        self.printed = 0

    def apply(self, event: Event) -> None:
        """Take the next event."""
        match event:
            case LaneBorn():
                self._born(event)
            case LaneState():
                self._turns(event)
            case LaneEnded():
                self._ended(event)
            case LaneNamed():
                self._lanes[event.lane].name = event.name
            case LoopBlocked():
                until = self._moment(event.at)
                self._lanes[event.lane].held.append(
                    Hold(min(event.since, until), until, event.line)
                )
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

    def close(self) -> dict[int, LaneHistory]:
        """End what is still open, and return the lanes."""
        still = [lane for lane in self._lanes.values() if lane.end is None]
        holding = {self._thread_of(lane): lane for lane in still if self._holds_on(lane)}
        for lane in still:
            lane.end = max(self._horizon, lane.start)
            holder = holding.get(self._thread_of(lane))
            if holder is lane:
                lane.held.append(Hold(lane.since, lane.end, lane.doing.line))
            elif holder is not None and lane.kind == "task":
                _starve(lane, holder.since, lane.end)
            lane.turn(lane.end)
        for lane in self._lanes.values():
            lane.spans = list(repainted(joined(lane.spans), merged(lane.held)))
            lane.marks = _placed(lane.marks, lane.start, lane.since)
        return self._lanes

    def _holds_on(self, lane: LaneHistory) -> bool:
        """Tell whether a task blocks its loop still, at the end of what is known.

        The guest reports that when the loop is given back: not while the run is under way, and
        never where it was killed meanwhile. A task that runs has its loop, so it can be told here,
        unless the record broke off before the run did.
        """
        running = lane.kind == "task" and lane.doing.kind == "running" and not self._warnings
        return running and self._horizon - lane.since >= _BLOCKED

    def _thread_of(self, lane: LaneHistory) -> int:
        """Return the lane of the thread whose loop a task belongs to, as far as its births tell."""
        while lane.kind == "task" and lane.parent is not None:
            lane = self._lanes[lane.parent]
        return lane.id

    def _moment(self, at: float) -> float:
        return min(at, self._horizon)

    def _born(self, event: LaneBorn) -> None:
        at = self._moment(event.at)
        self._lanes[event.lane] = LaneHistory(
            event.lane,
            event.kind,
            event.name,
            event.code,
            event.parent,
            at,
            event.line,
            since=at,
        )

    def _turns(self, event: LaneState) -> None:
        lane = self._lanes[event.lane]
        by, cancelled = event.by, event.cancelled
        if event.activity == "running" and lane.doing.kind == "ready":
            by, cancelled = lane.doing.by, lane.doing.cancelled
        on = label(event.on, NAME_LIMIT) if event.on else ""
        wait = event.wait if event.wait is None else _labelled(event.wait)
        doing = _Doing(event.activity, on, event.line, by, wait, cancelled)
        lane.turn(self._moment(event.at), doing)

    def _ended(self, event: LaneEnded) -> None:
        lane = self._lanes[event.lane]
        lane.turn(self._moment(event.at))
        lane.end = lane.since
        lane.ending = event.how
        error = label(event.error, PRINTED_LIMIT)
        lane.marks.append(Mark(event.how, lane.end, error, line=event.line))

    def _line(self, event: Line) -> None:
        self.printed += 1
        text = label(event.text, PRINTED_LIMIT)
        at = self._moment(event.at)
        mark = Mark("line", at, text, event.stream, self.printed, event.line)
        self._lanes[event.lane].marks.append(mark)


def _labelled(wait: Wait) -> Wait:
    """Return what is waited on with the scenario's own texts made printable."""
    kind, name = label(wait.kind, NAME_LIMIT), label(wait.name, NAME_LIMIT)
    return replace(wait, kind=kind, name=name)


def _starve(lane: LaneHistory, since: float, end: float) -> None:
    """Make a sleeper ready once it was due, where its loop was held from `since` to the end.

    A loop that is held reports nothing of whom it should have woken.
    """
    sleep = lane.doing.span(lane.since, end)
    due = max(sleep.due, since)
    if sleep.kind == "waiting" and sleep.idle and due < end:
        lane.turn(due, _Doing("ready", line=sleep.line, by="clock"))


def _placed(marks: list[Mark], start: float, end: float) -> list[Mark]:
    """Return the marks in order of time, each within the lane's life.

    A line that a thread leaves in its buffer may be written after the thread's end.
    """
    inside = [replace(mark, at=max(start, min(mark.at, end))) for mark in marks]
    return sorted(inside, key=lambda mark: (mark.at, mark.kind != "line"))
