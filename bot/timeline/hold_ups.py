"""For how long the computer held a run up, and what of its outcome that may explain. Pure.

A run that was held up may miss what it would otherwise have met, or meet what it would not. What it
is judged by is then undecided: the run says neither.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from bot.lessons.forbidden import line_of_use
from bot.runner.model import RunResult, Usage
from bot.timeline.findings.find import find
from bot.timeline.findings.model import Finding
from bot.timeline.history import History, LaneHistory, history_of
from bot.timeline.measure import measure
from bot.timeline.model import Span
from bot.timeline.source_code import SourceCode

_SPOILS: Final = 0.05
"""Seconds of a hold-up that may spoil an order or an overlap: half of the shortest gap that an
exercise relies on."""


@dataclass(frozen=True, slots=True)
class HoldUp:
    """How long a run was held up."""

    seconds: float
    """In all: timers and steps that came late, code without a processor, a late record, or a late
    exit."""
    timers: float
    """The part of `seconds` for which timers and steps were late although no lane ran."""
    gap: float
    """Seconds between the times that the run's own waits keep apart, at least."""

    @property
    def spoils(self) -> bool:
        """Whether a missed order or overlap may be due to it."""
        return self.seconds >= _SPOILS

    @property
    def favours(self) -> bool:
        """Whether an order or overlap may be as wanted only because of it."""
        return self.seconds >= self.gap

    def allowance(self, tolerance: float) -> float:
        """Return by how many seconds a time may be later than wanted.

        Never more than the goal's own tolerance: nobody gains time by slowing the computer.
        """
        return min(self.timers, tolerance)

    def decides(self, at: float, least: float, most: float, *, met: bool) -> bool:
        """Tell whether a time would be as it is, within these bounds or not, without the hold-up.

        :param at: when it was, in seconds; at most `seconds` of them are the computer's
        """
        earliest = at - self.seconds
        return earliest >= least if met else not earliest <= most < at


def hold_up_of(code: str, result: RunResult, findings: Sequence[Finding] | None = None) -> HoldUp:
    """Return how long a run was held up; it takes some milliseconds, so call it off the event loop.

    :param code: what ran
    :param findings: what was found in the run; looked for where they are not given
    """
    history = _library_jobs_waiting(history_of(result.events), code)
    found = find(result.events, code) if findings is None else findings
    blocked = any(it.kind == "blocked_loop" and it.what != "computing" for it in found)
    sleeps = line_of_use(code, "time.sleep") is not None
    idles = blocked or (sleeps and not _in_threads(history))
    return hold_up(history, result.finished.usage, idles=idles)


def hold_up(history: History, usage: Usage, *, idles: bool) -> HoldUp:
    """Return how long a run was held up.

    :param idles: whether its own code may have kept its thread without computing: that it used no
        processor is then no sign of a busy computer
    """
    cpu = None if idles or not usage.cpu_seconds else usage.cpu_seconds
    timers = measure(history.lanes, history.elapsed).starved
    starved = measure(history.lanes, history.elapsed, cpu).starved
    in_all = max(starved + _leaving(history, usage), usage.behind_seconds)
    return HoldUp(in_all, timers, _gap(history.lanes.values()))


def _in_threads(history: History) -> bool:
    """Tell whether threads slept: then a sleep of the program's is on the record."""
    return any(
        lane.kind == "thread" and any(span.idle for span in lane.spans)
        for lane in history.lanes.values()
    )


def _library_jobs_waiting(history: History, code: str) -> History:
    """Return a history in which pools' threads wait while they call what is not the program's.

    What such a job (`future.result`, say) waits for is not on the record, since no line of the
    program's waits; it would seem to compute without a processor.
    """
    source = SourceCode.parse(code)
    own = {"<lambda>", *(one.name for one in source.functions)} if source else set()

    def shown(span: Span) -> Span:
        foreign = span.kind == "running" and span.on and span.on.rpartition(".")[2] not in own
        return replace(span, kind="waiting") if foreign else span

    lanes = {
        number: replace(lane, spans=[shown(it) for it in lane.spans])
        if lane.kind == "thread"
        else lane
        for number, lane in history.lanes.items()
    }
    return replace(history, lanes=lanes)


def _leaving(history: History, usage: Usage) -> float:
    """Return for how many seconds the process outlived its lanes, where the host timed its end."""
    if not 0.0 < usage.host_seconds <= history.elapsed:
        return 0.0
    ends = [history.elapsed if it.end is None else it.end for it in history.lanes.values()]
    return max(history.elapsed - max(ends), 0.0)


def _gap(lanes: Iterable[LaneHistory]) -> float:
    """Return the least difference between two lengths of timed waits, 0 among them."""
    asked = {
        round(span.wait.seconds, 2)
        for lane in lanes
        for span in lane.spans
        if span.wait is not None and span.wait.seconds
    }
    apart = (after - before for before, after in pairwise(sorted({0.0, *asked})))
    return max(min(apart, default=0.0), _SPOILS)
