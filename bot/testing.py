"""Test doubles of our own protocols, for tests of whatever talks to a tutor or to a runner.

They keep the protocols' promises: an answer ends in a final reply, a run in one `Finished`, and
leaving early ends both. What they answer, a test decides.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing

from bot.languages import Locale
from bot.lessons.model import Localized
from bot.runner.lane_events import LaneBorn, LaneEnded, LaneState, Wait
from bot.runner.model import Event, Finished, Line, Outcome, RunRequest, Started
from bot.tutor.model import Ask, NameKind, Note, Reply, Request, Update
from bot.tutor.protocol import Suggestion


class FakeTutor:
    """A tutor of given answers that remembers what it was asked. Implements `Tutor`.

    :param answers: what to answer to each request; one without a final reply never ends
    :param names: what can be suggested: ids of each kind, with their titles
    """

    def __init__(
        self,
        answers: Mapping[Request, Iterable[Reply]] | None = None,
        names: Mapping[NameKind, Mapping[str, Localized]] | None = None,
    ) -> None:
        self._answers = answers or {}
        self._names = names or {}
        self.asked: list[Ask] = []
        self.asking = asyncio.Event()
        """Set once something was asked."""
        self.error: Exception | None = None
        """If given, raised instead of any answer, as no tutor should."""
        self.sent = 0
        """How many updates were taken."""
        self.left = 0
        """How many answers were left before their end."""
        self.closed = 0
        """How many answers are over, left or not."""

    async def handle(self, ask: Ask) -> AsyncGenerator[Update]:
        """Answer, and take note of how that ends."""
        self.asked.append(ask)
        self.asking.set()
        if self.error is not None:
            raise self.error
        try:
            async with aclosing(self.replies(ask)) as replies:
                async for reply in replies:
                    self.sent += 1
                    yield reply
        except (GeneratorExit, asyncio.CancelledError):
            self.left += 1
            raise
        finally:
            self.closed += 1

    async def replies(self, ask: Ask) -> AsyncGenerator[Reply]:
        """Yield the answer; a test may say otherwise in a class of its own."""
        given = self._answers.get(ask.what)
        if given is None:
            yield Reply((Note("unknown", "error"),), failed=True)
            return
        for reply in given:
            yield reply
            if reply.final:
                return
            await asyncio.sleep(0)
        await asyncio.Event().wait()

    def suggest(
        self, kind: NameKind, typed: str, locale: Locale, limit: int = 25, *, after: str = ""
    ) -> tuple[Suggestion, ...]:
        """Return what begins as typed, in id or title, or what the typed text begins with."""
        del after  # its names have no course's order
        sought = _bare(typed)
        titles = {id_: it.text(locale) for id_, it in self._names.get(kind, {}).items()}
        found = [
            Suggestion(id_, title)
            for id_, title in titles.items()
            if any(
                name.startswith(sought) or sought.startswith(name)
                for name in (_bare(id_), _bare(title))
            )
        ]
        return tuple(found[:limit])

    def comparisons(self, locale: Locale) -> tuple[Suggestion, ...]:  # noqa: ARG002 - a protocol's
        """Return none; a test may say otherwise in a class of its own."""
        return ()


def _bare(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


def gather_events(lines: Sequence[str], *, python: str = "3.13.0") -> tuple[Event, ...]:
    """Return what two overlapping sleeps of 3 and 2 seconds do, with six lines as gather prints."""
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
