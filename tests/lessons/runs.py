"""Runs and scenarios made up for tests."""

from collections.abc import Sequence
from typing import Any

from bot.lessons.model import Scenario
from bot.runner.model import Event, Failure, Finished, Line, Outcome, RunResult, Started

TEXT = {"ko": "가", "en": "A"}


def scenario(expect: dict[str, Any], **fields: Any) -> Scenario:
    """A scenario with this expectation."""
    return Scenario.model_validate(
        {
            "id": "x",
            "title": TEXT,
            "summary": TEXT,
            "code": "pass",
            "because": TEXT,
            "expect": expect,
            **fields,
        }
    )


def run(
    lines: Sequence[str],
    *,
    outcome: Outcome = Outcome.OK,
    raised: str = "",
    elapsed: float = 1.0,
    python: str = "3.13.0",
    noise: Sequence[str] = (),
) -> RunResult:
    """A run that printed these lines, 0.1 s apart, after `noise` on stderr."""
    events: list[Event] = [Started(python=python)] if python else []
    events += [Line(at=0.0, text=text, stream="stderr") for text in noise]
    events += [Line(at=i / 10, text=text) for i, text in enumerate(lines)]
    failure = Failure(type=raised, message="") if raised else None
    return RunResult((*events, Finished(outcome=outcome, elapsed=elapsed, failure=failure)))
