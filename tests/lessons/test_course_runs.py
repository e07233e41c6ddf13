"""Every scenario of the course, run in the sandbox and held against its expectation.

How late a run is is not judged here: other tests run at the same time. `tutor lessons check`
does that.
"""

import asyncio
from pathlib import Path

import pytest

from bot.lessons.files import phrases
from bot.lessons.files.load import load_folders
from bot.lessons.judge import Difference, judge
from bot.lessons.model import LOCALES, Locale, Scenario
from bot.runner.host.local import LocalRunner
from bot.runner.model import Limits, RunRequest, collect
from bot.timeline.hold_ups import hold_up_of
from tests.processes import pythons

LESSONS = Path(__file__).parents[2] / "lessons"
AT_ONCE = 12
MOST_HELD_UP = 5
"""Runs of one scenario that a busy computer may hold up before this fails."""


def runnable(version: str) -> list[Scenario]:
    """Return the scenarios that a Python of this version is new enough for."""

    def minor(release: str) -> int:
        return int(release.removeprefix("3."))

    loaded = load_folders([LESSONS])
    assert loaded.errors == ()
    scenarios = [scenario for lesson in loaded.lessons for scenario in lesson.scenarios]
    return [it for it in scenarios if minor(it.python or "3.11") <= minor(version)]


async def differences(
    runner: LocalRunner, scenario: Scenario, locale: Locale
) -> tuple[Difference, ...]:
    """Run it; return what is not as expected.

    What is printed first is decided by sleeps of tenths of a second. Where a busy computer held
    a run up for longer than that, the bot says so and asks to run it again, as is done here.
    """
    limits = Limits(**scenario.limits.model_dump(exclude_none=True))
    request = RunRequest(phrases.code_in(scenario, locale), scenario.id, limits)
    for _ in range(MOST_HELD_UP):
        result = await collect(runner.run(request))
        found = tuple(it for it in judge(scenario, locale, result).differences if it.kind != "slow")
        if not found or not (await asyncio.to_thread(hold_up_of, request.code, result)).spoils:
            break
    return found


@pytest.mark.long
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14", "3.15"])
async def test_every_run_is_as_expected(version: str) -> None:
    if version not in pythons():
        pytest.skip(f"no Python {version} on this machine")
    runner = LocalRunner(python=pythons()[version])
    await runner.start()
    places = asyncio.Semaphore(AT_ONCE)

    async def check(scenario: Scenario, locale: Locale) -> tuple[str, tuple[Difference, ...]]:
        async with places:
            return f"{scenario.id} ({locale})", await differences(runner, scenario, locale)

    try:
        scenarios = await asyncio.to_thread(runnable, version)
        checks = [check(it, locale) for it in scenarios for locale in LOCALES]
        assert len(checks) >= 2 * 40
        assert [(name, found) for name, found in await asyncio.gather(*checks) if found] == []
    finally:
        await runner.close()
