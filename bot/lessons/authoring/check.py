"""Every scenario is run, in every language, and held against its expectation."""

import asyncio
import platform
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from bot.languages import Locale
from bot.lessons.authoring.machine_load import LATE, MachineLoad
from bot.lessons.judge import Difference, Verdict, judge
from bot.lessons.model import Lesson, Scenario
from bot.lessons.request import request_for
from bot.runner.model import Finished, Limits, Outcome, Runner, RunRequest, RunResult, collect
from bot.together import as_they_end

HeldUp = Callable[[str, RunResult], float]
"""For how many seconds the computer held a run of this code up, as its own record tells. It may
take some milliseconds, and is called off the event loop."""

_TRIES = 3
"""How often, at most, a doubtful run is made alone."""


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """One run to make."""

    lesson: str
    scenario: Scenario
    locale: Locale
    number: int
    """Counted from 1 for each scenario and language."""


@dataclass(frozen=True, slots=True)
class FailureReason:
    """Why a run failed, for an author who looks for it."""

    text: str
    """What the scenario raised, or why it was ended."""
    line: int | None = None
    """The line of the scenario's code in which it was raised, from 1."""

    def __str__(self) -> str:
        return self.text + (f", in line {self.line} of the code" if self.line else "")


@dataclass(frozen=True, slots=True)
class Ran:
    """One run, judged."""

    job: PlannedRun
    verdict: Verdict
    outcome: Outcome
    elapsed: float
    failure: FailureReason | None = None
    """Why the run failed; None if it did not."""
    doubtful: bool = False
    """Whether it is not as expected, and the machine was too busy for that to count."""
    again: bool = False
    """True for a run that got a second look: what was wrong may have been the machine's fault."""
    done: int = 0
    """How many runs are done by now."""
    total: int = 0


@dataclass(frozen=True, slots=True)
class CheckRow:
    """What all runs of one scenario came to."""

    lesson: str
    scenario: str
    runs: int
    failed: int
    fastest: float
    slowest: float
    differences: tuple[tuple[Locale, Difference], ...]
    """Each different finding once; times do not make them different."""
    failures: tuple[FailureReason, ...] = ()
    """Each different failure of the runs that were not as expected."""

    @property
    def ok(self) -> bool:
        """True where each run was as expected."""
        return not self.failed

    @property
    def flaky(self) -> bool:
        """True where some runs were as expected and some were not."""
        return 0 < self.failed < self.runs


def runnable_on(scenario: Scenario, python: str) -> bool:
    """Tell whether the Python of this version is new enough for a scenario."""
    return scenario.python is None or _release(python) >= _release(scenario.python)


def jobs_for(
    lessons: Iterable[Lesson],
    *,
    repeat: int = 1,
    python: str | None = None,
) -> tuple[PlannedRun, ...]:
    """Return the runs that check these lessons.

    :param repeat: how often each scenario is run in each language
    :param python: the version that runs them, by default this Python's; scenarios that need a
        newer one are left out
    """
    version = python or platform.python_version()
    return tuple(
        PlannedRun(lesson.id, scenario, locale, number)
        for number in range(1, repeat + 1)
        for lesson in lessons
        for scenario in lesson.scenarios
        if runnable_on(scenario, version)
        for locale in lesson.languages
    )


async def check_runs(
    jobs: Sequence[PlannedRun],
    runner: Runner,
    *,
    at_once: int = 16,
    limits: Limits | None = None,
    load: MachineLoad | None = None,
    held_up: HeldUp = lambda _code, _result: 0.0,
) -> AsyncIterator[Ran]:
    """Make the runs, at most `at_once` at a time, and yield each as it is done.

    A run that is not as expected gets a second look in the end, with nothing beside it, if the
    machine was too busy for it: what kept the processor from it is not the scenario's fault. Its
    own record tells that, or our own clock meanwhile. Whatever else goes wrong counts at once.

    :raises SandboxError: if the sandbox itself cannot work
    """
    one = _Maker(runner, limits or Limits(), load or MachineLoad(), held_up)
    done = 0
    doubtful: list[Ran] = []
    async with one.load.watched(), aclosing(as_they_end(one.make, jobs, at_once=at_once)) as runs:
        async for made in runs:
            if made.doubtful:
                doubtful.append(made)
                continue
            done += 1
            yield replace(made, done=done, total=len(jobs))
        failed: set[str] = set()
        for first in doubtful:
            # Once a scenario has failed alone, its other runs need no second look.
            id_ = first.job.scenario.id
            again = first if id_ in failed else await one.make_alone(first.job)
            if not again.verdict.ok:
                failed.add(id_)
            done += 1
            yield replace(again, done=done, total=len(jobs), again=True)


class _Maker:
    """Makes runs and judges them."""

    def __init__(self, runner: Runner, limits: Limits, load: MachineLoad, held_up: HeldUp) -> None:
        self._runner = runner
        self._limits = limits
        self.load = load
        self._held_up = held_up

    async def make(self, job: PlannedRun) -> Ran:
        """Make one run."""
        began = asyncio.get_running_loop().time()
        request = request_for(job.scenario, job.locale, self._limits)
        result = await run_whole(self._runner, request)
        was_loaded = self.load.since(began)
        verdict = judge(job.scenario, job.locale, result)
        doubtful = not verdict.ok and (was_loaded or await self._was_held_up(request.code, result))
        ended = result.finished
        return Ran(job, verdict, ended.outcome, ended.elapsed, _cause(ended), doubtful)

    async def _was_held_up(self, code: str, result: RunResult) -> bool:
        """Tell whether the run's own record says that the machine was too busy for it."""
        return await asyncio.to_thread(self._held_up, code, result) > LATE

    async def make_alone(self, job: PlannedRun) -> Ran:
        """Make one run with nothing beside it; again, while the machine is too busy for it."""
        made = await self.make(job)
        for _ in range(_TRIES - 1):
            if not made.doubtful:
                break
            made = await self.make(job)
        return made


def rows(runs: Iterable[Ran]) -> tuple[CheckRow, ...]:
    """Sum up runs: one row a scenario, in the order in which the scenarios first came."""
    by_scenario: dict[tuple[str, str], list[Ran]] = {}
    for ran in runs:
        by_scenario.setdefault((ran.job.lesson, ran.job.scenario.id), []).append(ran)
    return tuple(_row(lesson, scenario, ran) for (lesson, scenario), ran in by_scenario.items())


def _row(lesson: str, scenario: str, runs: Sequence[Ran]) -> CheckRow:
    distinct: dict[tuple[object, ...], tuple[Locale, Difference]] = {}
    for ran in runs:
        for it in ran.verdict.differences:
            key = (ran.job.locale, it.kind, it.line, it.expected, it.found)
            distinct.setdefault(key, (ran.job.locale, it))
    return CheckRow(
        lesson=lesson,
        scenario=scenario,
        runs=len(runs),
        failed=sum(not ran.verdict.ok for ran in runs),
        fastest=min(ran.elapsed for ran in runs),
        slowest=max(ran.elapsed for ran in runs),
        differences=tuple(distinct.values()),
        failures=tuple(
            dict.fromkeys(it.failure for it in runs if it.failure and not it.verdict.ok)
        ),
    )


def _cause(finished: Finished) -> FailureReason | None:
    """Return why a run failed; None if it did not."""
    if (failure := finished.failure) is not None:
        return FailureReason(f"{failure.type}: {failure.message}", failure.line)
    told = " ".join(filter(None, (finished.limit, finished.detail)))
    return FailureReason(told) if told else None


async def run_whole(runner: Runner, request: RunRequest) -> RunResult:
    """Make one run; it is killed at once if nobody waits for it any more."""
    async with aclosing(runner.run(request)) as events:
        return await collect(events)


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split(".")[:2])
