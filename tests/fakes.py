"""Fakes of our own protocols, for every test that needs no real process."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence

from bot.runner.model import (
    Event,
    Finished,
    LaneBorn,
    LaneEnded,
    LaneState,
    Line,
    Outcome,
    RunRequest,
    Started,
    Wait,
)


def gather_events(lines: Sequence[str], *, python: str = "3.13.0") -> tuple[Event, ...]:
    """What two overlapping sleeps of 3 and 2 seconds do; six lines, as gather prints them."""
    one, two, main = 2, 3, 1
    return (
        Started(python=python),
        LaneBorn(0.0, main, "task", "Task-1", "main", 0),
        LaneState(0.0, main, "running"),
        LaneBorn(0.001, one, "task", "Task-2", "async_task_1", main),
        LaneBorn(0.001, two, "task", "Task-3", "async_task_2", main),
        LaneState(0.001, main, "waiting", "gather", wait=Wait("gather")),
        LaneState(0.001, one, "running"),
        Line(0.001, lines[0], lane=one),
        Line(0.001, lines[1], lane=one),
        LaneState(0.002, one, "waiting", "sleep(3)", wait=Wait("sleep", seconds=3.0)),
        LaneState(0.002, two, "running"),
        Line(0.002, lines[2], lane=two),
        Line(0.002, lines[3], lane=two),
        LaneState(0.002, two, "waiting", "sleep(2)", wait=Wait("sleep", seconds=2.0)),
        LaneState(2.002, two, "running"),
        Line(2.002, lines[4], lane=two),
        LaneEnded(2.002, two, "done"),
        LaneState(3.002, one, "running"),
        Line(3.002, lines[5], lane=one),
        LaneEnded(3.002, one, "done"),
        LaneState(3.003, main, "running"),
        LaneEnded(3.003, main, "done"),
        Finished(Outcome.OK, 3.003),
    )


class FakeRunner:
    """A runner that replays events.

    :param runs: what to replay, by the request's name
    :param default: what to replay for every other name
    :param gate: if given, nothing after a run's first line comes before it is set
    :param error: if given, raised instead of any event
    """

    def __init__(
        self,
        runs: Mapping[str, Sequence[Event]] | None = None,
        *,
        default: Sequence[Event] = (Started(python="3.13.0"), Finished(Outcome.OK, 0.0)),
        gate: asyncio.Event | None = None,
        error: Exception | None = None,
    ) -> None:
        self._runs = runs or {}
        self._default = default
        self._gate = gate
        self._error = error
        self.requests: list[RunRequest] = []
        self.under_way = self.most = self.killed = 0
        self._began = asyncio.Event()

    async def run(self, request: RunRequest) -> AsyncGenerator[Event]:
        """Replay."""
        self.requests.append(request)
        if self._error:
            raise self._error
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self._began.set()
        whole = False
        try:
            for event in self._runs.get(request.name, self._default):
                yield event
                await asyncio.sleep(0)
                if self._gate is not None and isinstance(event, Line):
                    await self._gate.wait()
            whole = True
        finally:
            self.under_way -= 1
            self.killed += not whole

    async def has_begun(self, count: int = 1) -> None:
        """Wait until so many runs are under way at once."""
        while self.under_way < count:
            self._began.clear()
            await self._began.wait()

    async def close(self) -> None:
        """Nothing is held."""
