"""What findings are made from: a run's history, its source, and how it ended."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.runner.model import Event, Finished, Line
from bot.timeline.findings.computed_lines import computed_line
from bot.timeline.findings.model import Finding, FindingKind
from bot.timeline.history import History, LaneHistory
from bot.timeline.measure import measure
from bot.timeline.model import Mark, Span
from bot.timeline.source_code import SourceCode

CLOCKED = frozenset(
    {"sleep", "to_thread", "run_in_executor", "wait_for", "task", "gather", "wait", "TaskGroup"}
)
"""Waits that end by the clock, or with other work: not by what another lane has to do first."""


@dataclass(frozen=True)
class Evidence:
    """One run, as far as it is known."""

    history: History
    events: Sequence[Event]
    names: Mapping[int, str]
    """What each lane is called in the picture."""
    source: SourceCode | None
    finished: Finished
    computed_lines: dict[tuple[int | None, tuple[int, ...]], int | None] = field(
        default_factory=dict, repr=False
    )
    """What `computed_line` was asked already."""

    @property
    def lanes(self) -> Mapping[int, LaneHistory]:
        """The run's lanes by their numbers."""
        return self.history.lanes

    @property
    def tasks(self) -> Iterator[LaneHistory]:
        """The lanes that are tasks."""
        return (lane for lane in self.lanes.values() if lane.kind == "task")

    def name(self, lane: int) -> str:
        """Return what a lane is called."""
        return self.names.get(lane, f"#{lane}")

    def finding(
        self,
        kind: FindingKind,
        line: int | None,
        lanes: Iterable[int],
        seconds: float = 0.0,
        **more: Any,
    ) -> Finding:
        """Return a finding about lanes, with what they are called.

        :param more: the fields that this kind has besides
        """
        unique = tuple(dict.fromkeys(lanes))
        return Finding(kind, line, unique, seconds, tuple(map(self.name, unique)), **more)

    def printed(self, stream: str) -> list[Line]:
        """Return the lines of a stream, in order."""
        return [one for one in self.events if isinstance(one, Line) and one.stream == stream]

    def computed(self, seconds: float, besides: float = 0.0) -> float:
        """Return how much of a stretch of code can have been computing: what its host gave it.

        :param besides: seconds of processor time that went into something else
        """
        cpu = self.history.cpu
        return seconds if cpu is None else max(0.0, min(seconds, cpu - besides))

    @cached_property
    def share(self) -> float:
        """The share of the time in which lanes ran that the run had a processor for, at most."""
        cpu, lanes = self.history.cpu, self.history.lanes
        worked = measure(lanes, self.history.elapsed).worked
        return 1.0 if cpu is None or worked <= cpu else cpu / worked

    def descendants(self, lane: int) -> Iterator[LaneHistory]:
        """Yield the lanes that a lane started, and those that they started."""
        inside = {lane}
        for one in self.lanes.values():  # in the order of their births
            if one.parent in inside and one.id != lane:
                inside.add(one.id)
                yield one

    def computed_line(self, begun: int | None, until: tuple[int, ...]) -> int | None:
        """Return the line that computed in a step; see `computed_lines`."""
        if self.source is None:
            return begun
        key = begun, until
        if key not in self.computed_lines:
            self.computed_lines[key] = computed_line(self.source, begun, until)
        return self.computed_lines[key]

    def clocked(self, lane: LaneHistory, span: Span) -> bool:
        """Tell whether a wait ended by the clock or by other work.

        What waits for an event, a queue or a lock is woken by what another lane does, and
        starting it earlier would not end it earlier.
        """
        if span.wait is None or span.wait.kind not in CLOCKED:
            return False
        if span.wait.kind in {"sleep", "to_thread", "run_in_executor"}:
            return True
        return all(
            other.wait is None or other.wait.kind in CLOCKED
            for child in self.descendants(lane.id)
            for other in child.spans
            if other.kind == "waiting" and other.start < span.end and other.end > span.start
        )


def waits(lane: LaneHistory) -> list[Span]:
    """Return the spans in which a lane waited at a line of the scenario, in order."""
    return [span for span in lane.spans if span.kind == "waiting" and call_stack(span)]


def call_stack(span: Span) -> tuple[int, ...]:
    """Return the lines that are suspended in a wait, from the outermost call to the innermost."""
    return span.wait.stack if span.wait is not None else ()


def error(lane: LaneHistory) -> Mark | None:
    """Return the mark of a lane's failure, if it failed."""
    return next((mark for mark in lane.marks if mark.kind == "failed"), None)
