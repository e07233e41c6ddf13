"""All findings of a run, most telling first."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from bot.runner.model import NOT_THE_SCENARIOS, Event, Finished
from bot.timeline.findings import (
    ends,
    holding,
    late_timeouts,
    losing,
    polling,
    sequences,
    swallowing,
)
from bot.timeline.findings.evidence import Evidence
from bot.timeline.findings.model import Finding
from bot.timeline.history import history_of
from bot.timeline.layout import lane_names
from bot.timeline.source_code import SourceCode

MOST_FINDINGS: Final = 20
"""Findings of one run, at most."""

_MOSTLY: Final = 0.7
"""The share of a lane's waiting to run that a blocked loop explains, at least."""

_DETECTORS: Final[tuple[Callable[[Evidence], Iterator[Finding]], ...]] = (
    ends.deadlock,
    ends.refused,
    losing.nothing_ran,
    losing.never_awaited,
    holding.blocked_loop,
    late_timeouts.late_timeout,
    losing.lost_exception,
    losing.siblings_of_the_failed,
    losing.unfinished_task,
    swallowing.swallowed_cancellation,
    sequences.sequential_awaits,
    polling.busy_wait,
    holding.starved,
    ends.real_time,
)


def find(events: Sequence[Event], code: str, main: str = "main thread") -> tuple[Finding, ...]:
    """Return what is to be said about a finished run, at most `MOST_FINDINGS`; nothing before.

    Nothing either of a run that was cut off through no doing of its own: how it would have gone on
    is not known.

    :param events: the whole run, `Finished` last
    :param code: the source that ran
    :param main: what the main thread's own lane is called
    """
    finished = events[-1] if events else None
    if not isinstance(finished, Finished) or finished.outcome in NOT_THE_SCENARIOS:
        return ()
    history = history_of(events)
    evidence = Evidence(
        history, events, lane_names(history.lanes.values(), main), SourceCode.parse(code), finished
    )
    found: list[Finding] = []
    for detector in _DETECTORS:
        for finding in detector(evidence):
            if finding not in found:
                found.append(finding)
            if len(found) >= MOST_FINDINGS:
                return tuple(found)
    return tuple(_without_doubles(found))


def _without_doubles(found: Sequence[Finding]) -> Iterator[Finding]:
    """Leave out what another finding of the same run explains."""
    held = max((one.seconds for one in found if one.kind == "blocked_loop"), default=0.0)
    for_good = {one.line for one in found if one.kind == "deadlock"}
    spinning = {one.line for one in found if one.kind == "busy_wait"}
    for one in found:
        if one.kind == "starved" and _MOSTLY * one.seconds <= held:
            continue
        if one.kind == "blocked_loop" and one.what == "computing" and one.line in spinning:
            continue
        if one.kind == "blocked_loop" and one.line in for_good:
            continue
        yield one
