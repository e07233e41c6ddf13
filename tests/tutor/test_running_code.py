"""Code that no lesson knows runs on the same path: nothing is expected of it, all else is shown."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import aclosing

import pytest

from bot.errors import SandboxError
from bot.lessons.library import Library
from bot.observe.metrics import Metrics
from bot.runner.model import (
    Event,
    Failure,
    Finished,
    Limits,
    Line,
    LinePart,
    Outcome,
    RunRequest,
    Started,
)
from bot.runner.queue import RunQueue
from bot.testing import FakeRunner, gather_events
from bot.tutor.execution import Execution
from bot.tutor.live_run import LiveRun
from bot.tutor.model import Ask, Code, Heading, Note, Part, Reply, Run, Text
from bot.tutor.run_parts import Measured, Picture
from bot.tutor.run_parts import Sequence as Printed
from bot.tutor.services import Services
from bot.tutor.use_cases.running import running_code
from tests.tutor.answers import KOREAN_LINES, one, parts

LIMITS = Limits(wall_seconds=2, events=100)
REQUEST = RunRequest("print('mine')", "mine", LIMITS)
HEAD = (Heading("Mine"), Code(REQUEST.code))


class Recorded(Metrics):
    def __init__(self) -> None:
        self.runs: list[tuple[str, str, float | None]] = []

    def run_finished(self, *, scenario: str, outcome: str, overshoot: float | None = None) -> None:
        self.runs.append((scenario, outcome, overshoot))


async def watched(events: Sequence[Event], metrics: Recorded | None = None) -> Reply:
    """The last reply to a run of code of one's own."""
    runner = FakeRunner({"mine": events})
    queue = RunQueue(running=1, waiting=1)
    services = Services(lambda: Library(()), runner, queue, metrics=metrics or Metrics())
    ask = Ask("l", "en", Run("mine"))

    live_run = LiveRun("My code", "en", REQUEST)

    def after() -> Iterator[Part]:
        yield Text(f"after {live_run.timeline.title if live_run.timeline else 'nothing'}")

    async with aclosing(running_code(services, ask, live_run, HEAD, after)) as updates:
        last = [update async for update in updates][-1]
    assert isinstance(last, Reply)
    assert runner.requests == [REQUEST]
    return last


async def test_it_is_shown_as_a_scenario_is_but_judged_by_nothing() -> None:
    metrics = Recorded()
    reply = await watched(gather_events(KOREAN_LINES), metrics)
    assert reply.parts[:2] == HEAD
    assert [line.text for line in one(reply, Printed).lines] == list(KOREAN_LINES)
    assert one(reply, Measured).elapsed == 3.003
    assert one(reply, Picture).timelines[0].title == "My code"
    assert one(reply, Text).markdown == "after My code"
    assert not parts(reply, Note), "no expectation, no difference from it"
    assert metrics.runs == [("mine", "ok", None)]
    assert reply.attachment.count("\n") == len(KOREAN_LINES)


async def test_its_own_limits_and_failures_are_told() -> None:
    timeout = await watched([Started(python="3.13.0"), Finished(Outcome.TIMEOUT, 2.0)])
    assert "deadline of 2.0 s" in parts(timeout, Note)[-1].markdown
    failure = Failure("ValueError", "no", 1, "Traceback: ValueError: no")
    failed = await watched(
        [Started(python="3.13.0"), Line(0.1, "x"), Finished(Outcome.ERROR, 0.2, failure=failure)]
    )
    (note,) = parts(failed, Note)
    assert note.tone == "error", "nothing expected this error"
    assert "ValueError" in note.markdown


async def test_where_the_sandbox_cannot_work_every_run_ends_and_says_so() -> None:
    runner = FakeRunner(error=SandboxError("no seccomp"))
    live_runs = [LiveRun(name, "en", RunRequest("", name)) for name in ("one", "two")]
    execution = Execution(runner, live_runs, metrics=Metrics(), told={})
    async with aclosing(execution.updates(live=False)) as updates:
        with pytest.raises(SandboxError, match="no seccomp"):
            await anext(updates)


async def test_leaving_early_ends_every_run() -> None:
    gate = asyncio.Event()
    runner = FakeRunner({name: gather_events(KOREAN_LINES) for name in ("one", "two")}, gate=gate)
    live_runs = [LiveRun(name, "en", RunRequest("", name)) for name in ("one", "two")]
    execution = Execution(runner, live_runs, metrics=Metrics(), told={})
    async with asyncio.timeout(10), aclosing(execution.updates(live=False)) as updates:
        await anext(updates)
        await runner.has_begun(2)
    assert runner.killed == 2
    assert runner.under_way == 0


def test_a_line_whose_newline_is_still_to_come_stands_below_those_that_are_whole() -> None:
    live_run = LiveRun("My code", "en", REQUEST)
    for event in (
        Started(0.0, "3.13.0"),
        LinePart(0.1, "Load"),
        LinePart(0.2, "!", "stderr"),
        Line(0.2, "!?", "stderr"),
        LinePart(0.3, "ing", line=2),
    ):
        live_run.add(event)
    said = live_run.sequence()
    assert [(one.at, one.text, one.stream) for one in said.lines] == [
        (0.2, "!?", "stderr"),
        (0.3, "Loading", "stdout"),
    ]
    live_run.add(Line(0.3, "Loading"))
    assert [one.text for one in live_run.sequence().lines] == ["!?", "Loading"]
