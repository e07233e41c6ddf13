"""The public JSON format: one object a line, as docs/events.md says."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runner.jsonl import to_json
from bot.runner.lane_events import LaneBorn, LaneEnded, LaneNamed, LaneState, LoopBlocked, Wait
from bot.runner.model import (
    Event,
    Failure,
    Finished,
    Line,
    LinePart,
    Outcome,
    Refusal,
    Started,
    Usage,
    Warned,
)

EVENTS: list[tuple[Event, dict[str, object]]] = [
    (Started(0.0, "3.13.0"), {"event": "started", "at": 0.0, "python": "3.13.0"}),
    (
        Line(1.23456789, "안녕", "stderr", 3, 9),
        {"event": "line", "at": 1.234568, "text": "안녕", "stream": "stderr", "lane": 3, "line": 9},
    ),
    (
        LinePart(1.5, ".", lane=3, line=9),
        {"event": "line-part", "at": 1.5, "text": ".", "stream": "stdout", "lane": 3, "line": 9},
    ),
    (
        LaneBorn(0.5, 1, "task", "Task-1", "main", 0),
        {
            "event": "lane-born",
            "at": 0.5,
            "lane": 1,
            "kind": "task",
            "name": "Task-1",
            "code": "main",
            "parent": 0,
            "line": None,
        },
    ),
    (LaneNamed(0.5, 1, "x"), {"event": "lane-named", "at": 0.5, "lane": 1, "name": "x"}),
    (
        LaneState(0.5, 1, "waiting", "sleep(3)", 4, wait=Wait("sleep", "", 3.0, (2, 4))),
        {
            "event": "lane-state",
            "at": 0.5,
            "lane": 1,
            "activity": "waiting",
            "on": "sleep(3)",
            "line": 4,
            "by": None,
            "cancelled": False,
            "kind": "sleep",
            "name": "",
            "seconds": 3.0,
            "stack": [2, 4],
        },
    ),
    (
        LoopBlocked(0.5, 1, 0.25, 3),
        {"event": "loop-blocked", "at": 0.5, "lane": 1, "since": 0.25, "line": 3},
    ),
    (
        LaneEnded(0.5, 1, "failed", "ValueError: x", 4),
        {
            "event": "lane-ended",
            "at": 0.5,
            "lane": 1,
            "how": "failed",
            "error": "ValueError: x",
            "line": 4,
        },
    ),
    (
        Warned(0.0, "unconfined", "why"),
        {"event": "warned", "at": 0.0, "what": "unconfined", "detail": "why"},
    ),
    (
        Finished(
            Outcome.ERROR,
            3.0,
            Usage(cpu_seconds=0.01),
            Failure("E", "m", 2, "t"),
            refused=(Refusal("module", 1, "numpy"),),
        ),
        {
            "event": "finished",
            "outcome": "error",
            "elapsed": 3.0,
            "usage": {
                "cpu_seconds": 0.01,
                "peak_memory_bytes": 0,
                "output_bytes": 0,
                "output_lines": 0,
                "events": 0,
                "host_seconds": 0.0,
                "behind_seconds": 0.0,
            },
            "failure": {"type": "E", "message": "m", "line": 2, "traceback": "t"},
            "limit": "",
            "detail": "",
            "refused": [{"what": "module", "line": 1, "detail": "numpy"}],
        },
    ),
]


@pytest.mark.parametrize(("event", "fields"), EVENTS, ids=lambda one: type(one).__name__)
def test_each_event_has_its_fields_in_order(event: Event, fields: dict[str, object]) -> None:
    found = json.loads(to_json(event))
    assert found == fields
    assert list(found) == list(fields)


def test_a_lane_that_is_ready_says_who_woke_it_and_waits_on_nothing() -> None:
    found = json.loads(to_json(LaneState(0.5, 1, "ready", line=4, by="clock")))
    assert (found["by"], found["kind"], found["name"], found["seconds"]) == ("clock", "", "", None)
    assert "wait" not in found


def test_finished_without_a_failure_says_null() -> None:
    assert json.loads(to_json(Finished(Outcome.OK, 1.0)))["failure"] is None


@given(st.text(st.characters()))
def test_any_text_is_one_line_of_valid_utf8(text: str) -> None:
    line = to_json(Line(0.0, text))
    assert not {"\r", "\n"} & set(line)
    assert json.loads(line.encode())["text"] == text


def test_the_document_describes_every_field_of_every_event() -> None:
    page = (Path(__file__).parents[2] / "docs" / "events.md").read_text()
    sections = dict(
        re.findall(r"^## `([a-z-]+)`\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    )
    for event, fields in EVENTS:
        body = sections.pop(str(fields["event"]))
        for name in json.loads(to_json(event)):
            assert name in {"event", "at"} or f"`{name}`" in body, (fields["event"], name)
        if isinstance(event, Finished):
            assert [it for it in Outcome if f'`"{it}"`' not in body] == []
    findings = sections.pop("finding")  # the verbs' own, of what the runner reports
    assert all(f"`{name}`" in findings for name in ("kind", "line", "lanes", "seconds", "text"))
    assert not sections
