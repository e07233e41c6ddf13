"""Faulty programs get the finding that names their fault; right ones that look alike get none."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path

import pytest

from bot.runner.host.local import LocalRunner
from bot.runner.model import Limits, RunRequest, RunResult, Warned, collect
from bot.timeline.findings.find import find
from bot.timeline.findings.model import Finding
from bot.tutor.words import words
from tests.findings.faulty import FAULTY
from tests.findings.faulty_variants import FAULTY_VARIANTS
from tests.findings.programs import Program
from tests.findings.right import RIGHT
from tests.findings.right_variants import RIGHT_VARIANTS
from tests.processes import pythons

AT_ONCE = 8
LIMITS = Limits(wall_seconds=60)
"""Far more than any of them takes, on a busy machine, too."""
ALL_FAULTY = (*FAULTY, *FAULTY_VARIANTS)
ALL_RIGHT = (*RIGHT, *RIGHT_VARIANTS)


async def run_all(python: Path, programs: Sequence[Program]) -> list[RunResult]:
    runner = LocalRunner(python=python)
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(program: Program) -> RunResult:
        async with gate, aclosing(runner.run(RunRequest(program.code, limits=LIMITS))) as events:
            return await collect(events)

    try:
        return list(await asyncio.gather(*map(one, programs)))
    finally:
        await runner.close()


def described(finding: Finding) -> str:
    return words("en").why.sentence(finding)


@pytest.mark.parametrize("python", pythons().values(), ids=pythons())
async def test_a_fault_is_found_at_its_line(python: Path) -> None:
    wrong = {}
    for program, result in zip(ALL_FAULTY, await run_all(python, ALL_FAULTY), strict=True):
        found = find(result.events, program.code)
        got = {(one.kind, one.line) for one in found}
        for kind, line in program.finds:
            if not any(kind == k and line in {None, at} for k, at in got):
                told = [one for one in result.events if isinstance(one, Warned)]
                wrong[program.name] = (kind, line), got, result.finished.outcome, told
    assert wrong == {}


@pytest.mark.parametrize("python", pythons().values(), ids=pythons())
async def test_what_is_right_gets_no_finding(python: Path) -> None:
    results = zip(ALL_RIGHT, await run_all(python, ALL_RIGHT), strict=True)
    wrong = {
        program.name: [described(one) for one in found]
        for program, result in results
        if (found := find(result.events, program.code))
    }
    assert wrong == {}
