"""Finds waits that followed one another though they could have overlapped."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, groupby

from bot.timeline.dependence import Dependence
from bot.timeline.findings.evidence import Evidence, call_stack, waits
from bot.timeline.findings.model import Finding
from bot.timeline.history import LaneHistory
from bot.timeline.model import Span
from bot.timeline.source_code import AwaitSite, Function, SourceCode

_LONG = 0.02
"""Seconds that a wait takes at least to be worth overlapping."""
_WORTH = 0.05
"""Seconds, and the share of the run, that overlapping would save at least."""
_MOST = 50
"""Visits of one group, at most."""
_SEVERAL = 2
"""Rounds of one visit that could overlap, at least."""
_DEEPEST = 8
"""Levels of calls that are looked into."""


@dataclass
class _Visit:
    """One await of work, and the waits that passed in it."""

    sites: tuple[AwaitSite, ...]
    """More than one where a line awaits several pieces of work, none of which needs another."""
    seen: tuple[Function, ...]
    """The functions of the code that the run shows to do the work."""
    spans: list[Span] = field(default_factory=list)
    rounds: int = 1
    """How often a loop came by, without being anything else in between; or how many sites."""

    @property
    def site(self) -> AwaitSite:
        return self.sites[0]

    @property
    def seconds(self) -> float:
        """As long as was asked for, where that is known: a busy host lengthens sleeps."""
        return sum(span.due - span.start for span in self.spans)

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
                lanes, names = before.lanes, before.names
                found[line] = replace(
                    before, lanes=(*lanes, lane.id), names=(*names, evidence.name(lane.id))
                )
                continue
            count = sum(visit.rounds for visit in group)
            found[line] = evidence.finding(
                "sequential_awaits", line, (lane.id,), took, instead=best, count=count
            )
    yield from found.values()


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
    visits = [
        _visit(evidence, dependence, lane, depth, list(together))
        for _, together in groupby(deeper, key=lambda span: call_stack(span)[depth])
    ]
    outer = list(_independent(dependence, visits))
    yield from outer
    covered = {id(span) for group in outer for visit in group for span in visit.spans}
    for _, together in groupby(deeper, key=lambda span: call_stack(span)[: depth + 1]):
        inner = [span for span in together if id(span) not in covered]
        if len(inner) > 1:
            yield from _groups(evidence, dependence, lane, inner, depth + 1)


def _visit(
    evidence: Evidence, dependence: Dependence, lane: LaneHistory, depth: int, spans: list[Span]
) -> _Visit | None:
    """Return the visit of a line; None where it is no work that could be overlapped."""
    assert evidence.source is not None
    seen = _seen(evidence.source, depth, spans)
    sites = tuple(evidence.source.awaits_at(call_stack(spans[0])[depth]))
    if not 0 < len(sites) <= _MOST or not all(site.known or seen for site in sites):
        return None
    if not all(evidence.clocked(lane, span) for span in spans):
        return None
    if any(dependence.depends(one, other, seen) for one, other in combinations(sites, 2)):
        return None
    visit = _Visit(sites, seen, spans, len(sites))
    if visit.site.loop is not None:
        first = call_stack(spans[0])
        visit.rounds = max(visit.rounds, sum(call_stack(span) == first for span in spans))
    return visit if visit.seconds >= _LONG else None


def _seen(source: SourceCode, depth: int, spans: Sequence[Span]) -> tuple[Function, ...]:
    """Return the coroutine functions that waited for a line; none where some waits show none."""
    found: dict[Function, None] = {}
    for span in spans:
        inner = call_stack(span)[depth + 1 : depth + 2]
        function = source.function_at(inner[0]) if inner else None
        if not isinstance(function, ast.AsyncFunctionDef):
            return ()
        found[function] = None
    return () if any(map(_generates, found)) else tuple(found)


def _generates(function: Function) -> bool:
    """Tell whether a function is an async generator: its items come one after the other."""
    return any(isinstance(node, ast.Yield) for node in ast.walk(function))


def _independent(dependence: Dependence, visits: Sequence[_Visit | None]) -> Iterator[list[_Visit]]:
    """Yield the stretches of visits of one function of which none needs another's result."""
    group: list[_Visit] = []
    for visit in visits:
        free = (
            visit is not None
            and 0 < len(group) < _MOST
            and visit.site.function is group[0].site.function
            and all(_in_order(one, visit) for one in group)
            and not any(_depends(dependence, one, visit) for one in group)
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
        if visit is None or visit.rounds < _SEVERAL:
            continue
        if len(visit.sites) > 1 or dependence.repeats_freely(visit.site, visit.seen):
            yield [visit]


def _depends(dependence: Dependence, one: _Visit, other: _Visit) -> bool:
    return any(
        dependence.depends(first, second, (*one.seen, *other.seen))
        for first in one.sites
        for second in other.sites
    )


def _in_order(one: _Visit, other: _Visit) -> bool:
    """Tell whether one stands before the other, and neither in a loop of its own."""
    return one.site.line < other.site.line and one.site.loop is other.site.loop
