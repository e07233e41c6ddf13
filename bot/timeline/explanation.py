"""Why a run did what it did, and why each of its lines was printed when it was. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.runner.model import Event
from bot.timeline.causes import Cause, causes_of
from bot.timeline.findings.find import find
from bot.timeline.findings.model import Finding
from bot.timeline.history import history_of
from bot.timeline.layout import lane_names

MOST_CHAINS = 12
"""Printed lines whose causes are told: the first ones, and the very last."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Why one line was printed when it was: the line first, the start last."""

    number: int
    """The line's place among all printed lines, counted from 1."""
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that can be said of why a finished run did what it did."""

    findings: tuple[Finding, ...] = ()
    chains: tuple[Chain, ...] = ()
    names: Mapping[int, str] | None = None
    """What the lanes of the chains are called in the picture."""


def explain_run(events: Sequence[Event], code: str, main: str) -> Explanation:
    """Explain a finished run.

    :param code: the source that ran
    :param main: what the main thread's own lane is called
    """
    history = history_of(events)
    numbers = dict.fromkeys((*range(1, min(history.printed, MOST_CHAINS) + 1), history.printed))
    chains = tuple(Chain(it, found) for it in numbers if (found := causes_of(history, it)))
    names = lane_names(history.lanes.values(), main)
    causes = [cause for one in chains for cause in one.causes]
    involved = {lane for it in causes for lane in (it.lane, it.by, it.held_by) if lane is not None}
    return Explanation(
        find(events, code, main), chains, {lane: names[lane] for lane in sorted(involved)}
    )
