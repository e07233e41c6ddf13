"""Recorded events → lanes, spans and marks. Pure: what is drawn is decided here, and only here."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.runner.lane_events import MAIN_LANE, LaneBorn, LaneNamed, LaneState
from bot.runner.model import Event
from bot.text.visible import label
from bot.timeline.drawing.axis import Axis, cells
from bot.timeline.drawing.plain import NAME_LIMIT, TITLE_LIMIT
from bot.timeline.history import History, LaneHistory, history_of
from bot.timeline.measure import measure
from bot.timeline.model import Captions, Lane, Timeline

SHOWN_LANES = 24
"""As many lanes as a picture shows before it collapses the rest."""

MOST_SPANS = 6_000
"""Spans of a whole timeline. Of lanes that have more, what falls into one small part of the time
is shown as one; the picture's own cells are no smaller."""

MOST_MARKS = 2_000
"""Printed lines that are marked in a timeline."""

_TINY = 1e-9
"""Seconds; stands for the length of a lane that has none."""

_WORTH_SHOWING = 0.1
"""The share of a run that the main thread must spend working for its lane to say something."""

_STARTING = 0.1
"""Seconds of work that the main thread does in any program; below them its row would come and go
from run to run."""

_NOT_GIVEN = re.compile(
    r"Task-\d+|Thread-\d+(?: \(.*\))?|asyncio_\d+|ThreadPoolExecutor-\d+_\d+|Dummy-\d+", re.DOTALL
)
"""Names that Python gives by itself to tasks and threads."""


def lay_out(
    events: Sequence[Event],
    *,
    title: str,
    captions: Captions,
    now: float | None = None,
    max_lanes: int = SHOWN_LANES,
    max_spans: int = MOST_SPANS,
) -> Timeline:
    """Lay a run out as a timeline.

    Lanes are nested under the lane that created them, in the order of their births. Where more
    than `max_lanes` say something, those stay that fail, block the loop, are cancelled, start
    others or print, and an even sample of the rest; `hidden` counts those left out. `now` is
    for a run still under way: how many seconds it is in. Lanes that have more than their share of
    `max_spans` are thinned.

    Never raises, whatever the events claim: a record that contradicts itself gives a timeline
    with warnings.
    """
    history = history_of(events, now)
    names = lane_names(history.lanes.values(), captions.main)
    family = _preorder(history.lanes)
    worth_showing = [lane for lane in family if lane.id != MAIN_LANE or _main_tells(history)]
    shown = _kept(worth_showing, max(1, max_lanes))
    depths = _depths(shown, history.lanes)
    return Timeline(
        title=label(title, TITLE_LIMIT),
        lanes=_bounded(
            [_lane(lane, names[lane.id], depths[lane.id]) for lane in shown], history, max_spans
        ),
        end=history.end,
        measure=measure(history.lanes, history.elapsed, history.cpu),
        hidden=len(worth_showing) - len(shown),
        running=now is not None,
        warnings=history.warnings,
    )


def _lane(lane: LaneHistory, name: str, depth: int) -> Lane:
    """Freeze a lane."""
    end = lane.start if lane.end is None else lane.end
    return Lane(
        id=lane.id,
        kind=lane.kind,
        name=name,
        depth=depth,
        start=lane.start,
        end=end,
        spans=tuple(lane.spans),
        marks=tuple(lane.marks),
        ending=lane.ending,
        parent=lane.parent,
        line=lane.line,
    )


def _bounded(lanes: Sequence[Lane], history: History, most: int) -> tuple[Lane, ...]:
    """Return the lanes with no more spans and marks than can be shown."""
    share = most // max(len(lanes), 1)
    if sum(len(lane.spans) for lane in lanes) > most:
        lanes = [lane if len(lane.spans) <= share else _thinned(lane, share) for lane in lanes]
    if history.printed > MOST_MARKS:
        lanes = [
            replace(lane, marks=tuple(mark for mark in lane.marks if mark.number <= MOST_MARKS))
            for lane in lanes
        ]
    return tuple(lanes)


def _thinned(lane: Lane, most: int) -> Lane:
    """Return the lane with at most `most` spans: what a picture of that many cells shows of it."""
    axis = Axis(max(lane.end - lane.start, _TINY), 1.0)
    shifted = replace(
        lane,
        start=0.0,
        end=lane.end - lane.start,
        spans=tuple(
            replace(span, start=span.start - lane.start, end=span.end - lane.start)
            for span in lane.spans
        ),
    )
    at = [lane.start + axis.end * cell / most for cell in range(most)] + [lane.end]
    spans = (
        replace(run.spans[0], start=at[run.first], end=at[run.last])
        for run in cells(shifted, axis, most)
    )
    return replace(lane, spans=tuple(spans))


def _main_tells(history: History) -> bool:
    """Tell whether the main thread's own lane is worth a row."""
    main = history.lanes[MAIN_LANE]
    if len(history.lanes) == 1 or any(mark.kind != "done" for mark in main.marks):
        return True
    worked = sum(s.seconds for s in main.spans if s.kind in {"running", "blocked"} or s.idle)
    # Importing and starting the loop takes some milliseconds, more on a busy machine.
    return worked > max(history.end * _WORTH_SHOWING, _STARTING)


def lane_names(lanes: Iterable[LaneHistory], main: str) -> dict[int, str]:
    """Name each lane as the code does; "#1", "#2" tell apart those that share a name.

    :param main: what to call the main thread's own lane
    """
    plainly = {lane.id: _name(lane, main) for lane in lanes}
    shared = {name for name, count in Counter(plainly.values()).items() if count > 1}
    taken = set(plainly.values()) - shared
    counts: Counter[str] = Counter()
    names: dict[int, str] = {}
    for lane, name in plainly.items():
        unique = name
        while name in shared and (unique == name or unique in taken):
            counts[name] += 1
            unique = f"{name} #{counts[name]}"
        taken.add(unique)
        names[lane] = unique
    return names


def names_so_far(events: Iterable[Event], main: str) -> dict[int, str]:
    """Return the name of each lane, for a fraction of what laying the run out costs.

    :param main: as in `lane_names`
    """
    telling = [
        event
        for event in events
        if isinstance(event, LaneBorn | LaneNamed)
        or (isinstance(event, LaneState) and event.activity == "running" and event.on)
    ]
    return lane_names(history_of(telling).lanes.values(), main)


def _name(lane: LaneHistory, main: str) -> str:
    """Return the name that the program gave, else the name in the code, else Python's own.

    A pool's thread has no code of its own; it is named after its job, if it does but one.
    """
    if lane.id == MAIN_LANE:
        return main
    given = label(lane.name, NAME_LIMIT)
    if given and not _NOT_GIVEN.fullmatch(given):
        return given
    jobs = {span.on for span in lane.spans if span.kind in {"running", "blocked"} and span.on}
    code = lane.code or (jobs.pop() if len(jobs) == 1 else "")
    return label(code.rpartition("<locals>.")[2], NAME_LIMIT) or given or f"{lane.kind} {lane.id}"


def _preorder(lanes: Mapping[int, LaneHistory]) -> list[LaneHistory]:
    """Return the lanes with each one's children after it, both in the order of their births."""
    children: dict[int, list[LaneHistory]] = {}
    for lane in lanes.values():
        if lane.parent is not None:
            children.setdefault(lane.parent, []).append(lane)
    for siblings in children.values():
        siblings.sort(key=lambda lane: lane.start)
    family: list[LaneHistory] = []
    waiting = [lanes[MAIN_LANE]]
    while waiting:
        lane = waiting.pop()
        family.append(lane)
        waiting.extend(reversed(children.get(lane.id, [])))
    return family


def _kept(lanes: Sequence[LaneHistory], room: int) -> list[LaneHistory]:
    """Return at most `room` of the lanes, in the order they came: those with most to say.

    Of those that say as much as one another, an even sample shows the shape of them all.
    """
    parents = {lane.parent for lane in lanes}
    weights: dict[int, list[int]] = {}
    for index, lane in enumerate(lanes):
        weights.setdefault(_weight(lane, parents), []).append(index)
    kept: list[int] = []
    for weight in sorted(weights, reverse=True):
        kept += _sample(weights[weight], room - len(kept))
    return [lanes[index] for index in sorted(kept)]


def _sample(indexes: Sequence[int], room: int) -> list[int]:
    """Return at most `room` of the indexes, evenly spread, with the first and the last."""
    if len(indexes) <= room:
        return list(indexes)
    step = (len(indexes) - 1) / max(room - 1, 1)
    return [indexes[round(place * step)] for place in range(room)]


def _weight(lane: LaneHistory, parents: Container[int | None]) -> int:
    """Return how much a lane has to say."""
    kinds = {mark.kind for mark in lane.marks}
    if "failed" in kinds or any(span.kind == "blocked" for span in lane.spans):
        return 3
    if "cancelled" in kinds or lane.id in parents:
        return 2
    return int("line" in kinds)


def _depths(shown: Sequence[LaneHistory], lanes: Mapping[int, LaneHistory]) -> dict[int, int]:
    """Return how deep each shown lane is nested under the shown ones above it."""
    depths: dict[int, int] = {}
    inside: dict[int, int] = {}
    visible = {lane.id for lane in shown}
    for lane in _preorder(lanes):
        outside = 0 if lane.parent is None else inside[lane.parent]
        depths[lane.id] = outside
        inside[lane.id] = outside + (lane.id in visible)
    return depths
