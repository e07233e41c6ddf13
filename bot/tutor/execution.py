"""Runs code side by side, and tells when there is something new to show."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing

import structlog

from bot.observe.metrics import Metrics
from bot.runner.lane_events import LaneState
from bot.runner.model import Finished, Line, LinePart, Runner, Started
from bot.together import cancel_all, together
from bot.tutor.live_run import LiveRun

BETWEEN = 0.04
"""Seconds between two updates of a live picture, at least: as fast as an eye can follow."""

BETWEEN_LINES = 0.2
"""The same where no live picture is shown: lines are read, not watched."""

OWN_CODE = "own-code"
"""What learners' own code is called in logs and figures: no scenario has such a name."""

OUTCOME_LEFT = "left"
"""The outcome of a run that was ended because nobody waits for it any more."""

TICK = 0.12
"""Seconds between two updates of a live picture while nothing else happens."""


class Execution:
    """Makes live runs go at the same time. Leaving `updates` early ends every run at once.

    :param told: what else the line that is logged at a run's end tells
    """

    def __init__(
        self,
        runner: Runner,
        live_runs: Sequence[LiveRun],
        *,
        metrics: Metrics,
        told: Mapping[str, object],
    ) -> None:
        self._runner = runner
        self._live_runs = live_runs
        self._metrics = metrics
        self._log = structlog.get_logger(__name__).bind(**told)
        self._news = asyncio.Event()

    async def updates(self, *, live: bool) -> AsyncGenerator[None]:
        """Run all live runs to their ends; yields when lines have come, and last when all is over.

        With `live`, it also yields every now and then while nothing comes. Updates that the
        caller is too slow for melt into one. Wrap it in `contextlib.aclosing`.

        :raises SandboxError: if the sandbox itself cannot work
        """
        # A task group may not be held open across a `yield` (PEP 789), so a task holds it.
        # Where one run cannot be made, the others end, too.
        watched = together(self._watch(live_run) for live_run in self._live_runs)
        everything = asyncio.create_task(watched, name="runs")
        everything.add_done_callback(lambda _: self._news.set())
        try:
            while not everything.done():
                fresh = await self._wait(TICK if live else None)
                if everything.done():
                    break
                if fresh or live:
                    self._news.clear()
                    yield
                    await asyncio.wait([everything], timeout=BETWEEN if live else BETWEEN_LINES)
            await everything
            yield
        finally:
            await cancel_all([everything])

    async def _wait(self, tick: float | None) -> bool:
        try:
            async with asyncio.timeout(tick):
                await self._news.wait()
        except TimeoutError:
            return False
        return True

    async def _watch(self, live_run: LiveRun) -> None:
        """Move a run's events into its live run."""
        loop = asyncio.get_running_loop()
        asked = loop.time()
        silent = True
        try:
            async with aclosing(self._runner.run(live_run.request)) as events:
                async for event in events:
                    live_run.add(event)
                    if isinstance(event, LaneState):  # most are, and nobody reads them alone
                        continue
                    if silent and isinstance(event, Line | LinePart):
                        silent = False
                        self._metrics.first_line(loop.time() - asked)
                    if isinstance(event, Line | LinePart | Started):
                        self._news.set()
                    elif isinstance(event, Finished):
                        self._note_end(live_run, event)
        except asyncio.CancelledError:
            if not live_run.finished:
                self._note(live_run, OUTCOME_LEFT, loop.time() - asked)
            raise

    def _note_end(self, live_run: LiveRun, finished: Finished) -> None:
        elapsed = live_run.expected.elapsed if live_run.expected else None
        over = finished.elapsed - elapsed.about if elapsed else None
        self._note(live_run, finished.outcome.value, finished.elapsed, over)

    def _note(
        self, live_run: LiveRun, outcome: str, elapsed: float, overshoot: float | None = None
    ) -> None:
        name = OWN_CODE if live_run.digest else live_run.name
        self._metrics.run_finished(scenario=name, outcome=outcome, overshoot=overshoot)
        log = self._log.bind(code=live_run.digest) if live_run.digest else self._log
        log.info("run ended", scenario=name, outcome=outcome, elapsed=round(elapsed, 3))
