"""Finds waits that followed one another though they could have overlapped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bot.timeline.dependence import Dependence
from bot.timeline.findings.evidence import Evidence, call_stack, waits
from bot.timeline.findings.model import Finding
from bot.timeline.history import LaneHistory
from bot.timeline.model import Span
from bot.timeline.source_code import AwaitSite

_LONG = 0.02
"""Seconds that a wait takes at least to be worth overlapping."""
_WORTH = 0.05
"""Seconds, and the share of the run, that overlapping would save at least."""
_MOST = 50
"""Visits of one group, at most."""
_DEEPEST = 8
"""Levels of calls that are looked into."""


@dataclass
class _Visit:
    """One await of work, and the waits that passed in it."""

    site: AwaitSite
    spans: list[Span] = field(default_factory=list)
    rounds: int = 1
    """How often a loop came by, without being anything else in between."""

    @property
    def seconds(self) -> float:
        return sum(span.seconds for span in self.spans)

    @property
    def longest(self) -> float:
        return self.seconds / self.rounds


def sequential_awaits(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each place whose independent waits passed one after the other."""
    if evidence.source is None:
        return
    dependence = Dependence(evidence.source)
    found: dict[int, Finding] = {}
    for lane in evidence.lanes.values():
        for group in _groups(evidence, dependence, lane, waits(lane)):
            took = sum(visit.seconds for visit in group)
            best = max(visit.longest for visit in group)
            saved = took - best
            if saved < max(_WORTH, _WORTH * evidence.history.elapsed):
                continue
            line = group[0].site.line
            before = found.get(line)
            if before is not None:
                found[line] = _with_lane(before, lane.id, evidence)
                continue
            found[line] = Finding(
                "sequential_awaits",
                line,
                (lane.id,),
                took,
                names=(evidence.name(lane.id),),
                instead=best,
                count=sum(visit.rounds for visit in group),
            )
    yield from found.values()


def _with_lane(finding: Finding, lane: int, evidence: Evidence) -> Finding:
    """Return the finding with one more lane that did the same."""
    return Finding(
        finding.kind,
        finding.line,
        (*finding.lanes, lane),
        finding.seconds,
        names=(*finding.names, evidence.name(lane)),
        instead=finding.instead,
        count=finding.count,
    )


def _groups(
    evidence: Evidence,
    dependence: Dependence,
    lane: LaneHistory,
    spans: Sequence[Span],
    depth: int = 0,
) -> Iterator[list[_Visit]]:
    """Yield groups of visits that are free of one another, outermost calls first."""
    if depth >= _DEEPEST:
        return
    deeper = [span for span in spans if len(call_stack(span)) > depth]
    visits: list[_Visit | None] = []
    for line, together in groupby(deeper, key=lambda span: call_stack(span)[depth]):
        visits.append(_visit(evidence, lane, line, list(together)))
    outer = list(_independent(dependence, visits))
    yield from outer
    covered = {id(span) for group in outer for visit in group for span in visit.spans}
    for _, together in groupby(deeper, key=lambda span: call_stack(span)[: depth + 1]):
        inner = [span for span in together if id(span) not in covered]
        if len(inner) > 1:
            yield from _groups(evidence, dependence, lane, inner, depth + 1)


def _visit(evidence: Evidence, lane: LaneHistory, line: int, spans: list[Span]) -> _Visit | None:
    """Return the visit of a line; None where it is no work that could be overlapped."""
    assert evidence.source is not None
    site = evidence.source.await_at(line)
    if site is None or not all(evidence.clocked(lane, span) for span in spans):
        return None
    visit = _Visit(site, spans)
    if site.loop is not None:
        first = call_stack(spans[0])
        visit.rounds = sum(call_stack(span) == first for span in spans)
    return visit if visit.seconds >= _LONG else None


def _independent(dependence: Dependence, visits: Sequence[_Visit | None]) -> Iterator[list[_Visit]]:
    """Yield the stretches of visits of one function of which none needs another's result."""
    group: list[_Visit] = []
    for visit in visits:
        free = (
            visit is not None
            and 0 < len(group) < _MOST
            and visit.site.function is group[0].site.function
            and all(_in_order(one, visit) for one in group)
            and not any(dependence.depends(one.site, visit.site) for one in group)
        )
        if free and visit is not None:
            group.append(visit)
            continue
        if len(group) > 1:
            yield group
        group = [visit] if visit is not None else []
    if len(group) > 1:
        yield group
    for visit in visits:
        if visit is not None and visit.rounds > 1 and dependence.repeats_freely(visit.site):
            yield [visit]


def _in_order(one: _Visit, other: _Visit) -> bool:
    """Tell whether one stands before the other, and neither in a loop of its own."""
    return one.site.line < other.site.line and one.site.loop is other.site.loop
