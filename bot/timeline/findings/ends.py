"""Finds why a run that did not come to an end of its own did not."""

from collections.abc import Iterator

from bot.runner.model import Outcome
from bot.timeline.findings.evidence import Evidence
from bot.timeline.findings.model import DeadlockedLane, Finding
from bot.timeline.history import LaneHistory
from bot.timeline.model import Span

_NOBODYS = frozenset({"event loop", "work", "threads"})
"""What the main thread and idle threads wait for while they have nothing of their own to do."""


def deadlock(evidence: Evidence) -> Iterator[Finding]:
    """Yield the finding of a run that was ended because nothing could ever wake it."""
    if evidence.finished.outcome is not Outcome.DEADLOCK:
        return
    waiting = tuple(
        DeadlockedLane(lane.id, evidence.name(lane.id), last.on, last.line)
        for lane in evidence.lanes.values()
        if lane.ending is None
        and (last := _last(lane)) is not None
        and last.kind == "waiting"
        and last.on not in _NOBODYS
    )
    # Those that wait for something of their own come before those that wait for them.
    cause = sorted(waiting, key=lambda one: _waits_for_lanes(evidence, one))
    yield Finding(
        "deadlock",
        next((one.line for one in cause if one.line is not None), None),
        tuple(one.lane for one in cause),
        names=tuple(one.name for one in cause),
        waiting=tuple(cause),
    )


def _last(lane: LaneHistory) -> Span | None:
    return lane.spans[-1] if lane.spans else None


def _waits_for_lanes(evidence: Evidence, one: DeadlockedLane) -> bool:
    last = _last(evidence.lanes[one.lane])
    return (
        last is not None
        and last.wait is not None
        and last.wait.kind in {"task", "gather", "TaskGroup", "thread"}
    )


def real_time(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for a run that slept through its deadline."""
    if evidence.finished.outcome is not Outcome.TIMEOUT:
        return
    asleep = [
        (lane, last)
        for lane in evidence.lanes.values()
        if (last := _last(lane)) is not None and last.wait is not None and last.wait.kind == "sleep"
    ]
    if asleep:
        lane, last = max(asleep, key=lambda pair: pair[1].seconds)
        yield Finding(
            "real_time", last.line, (lane.id,), last.seconds, names=(evidence.name(lane.id),)
        )


def refused(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each thing that the sandbox does not have."""
    for one in evidence.finished.refused:
        yield Finding("refused", one.line, what=one.what, detail=one.detail)
