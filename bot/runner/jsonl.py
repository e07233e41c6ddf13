"""Events as JSON, one object a line: the public format of `tutor run --json`.

docs/events.md describes every field. Fields are only ever added.
"""

import dataclasses
import json
from typing import Any

from bot.runner.lane_events import LaneBorn, LaneEnded, LaneNamed, LaneState, LoopBlocked
from bot.runner.model import Event, Finished, Line, LinePart, Started, Warned
from bot.text import visible

EVENT_NAMES: dict[type[Event], str] = {
    Started: "started",
    Line: "line",
    LinePart: "line-part",
    LaneBorn: "lane-born",
    LaneNamed: "lane-named",
    LaneState: "lane-state",
    LoopBlocked: "loop-blocked",
    LaneEnded: "lane-ended",
    Warned: "warned",
    Finished: "finished",
}
"""How each kind of event is called, here and between fronts and workers."""
_NO_WAIT = {"kind": "", "name": "", "seconds": None, "stack": ()}
_DIGITS = 6
"""Seconds are written to the microsecond."""


def to_json(event: Event) -> str:
    """Return an event as one line of JSON, without a newline.

    Every control, direction mark and invisible character in it is escaped.
    """
    fields = {"event": EVENT_NAMES[type(event)], **_plain(dataclasses.asdict(event))}
    if isinstance(event, LaneState):  # a state's wait is no object of its own: there is one a state
        fields.update(fields.pop("wait") or _NO_WAIT)
    return visible.json_text(json.dumps(fields, ensure_ascii=False, separators=(",", ":")))


def _plain(value: Any) -> Any:
    """Return a value with its seconds rounded."""
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value
