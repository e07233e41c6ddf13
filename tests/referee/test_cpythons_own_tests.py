"""CPython's own tests pass in the sandbox, recorded, where they pass plainly.

Each Python of this machine that comes with its `test` package is its own referee.
"""

from pathlib import Path

import pytest

from bot.runner.host.local import LocalRunner
from tests.processes import all_pythons
from tests.referee.referee import Judged, judge, modules

REFEREES = {
    version: python
    for version, found in all_pythons().items()
    if (python := next((one for one in found if modules(one)), None)) is not None
}
CASES = [
    pytest.param(python, module, id=f"{version}-{module.removeprefix('test.')}")
    for version, python in REFEREES.items()
    for module in modules(python)
]


async def judged(python: Path, module: str) -> Judged:
    runner = LocalRunner(python=python)
    await runner.start()
    try:
        return await judge(runner, python, module)
    finally:
        await runner.close()


@pytest.mark.long
@pytest.mark.parametrize(("python", "module"), CASES)
async def test_they_fail_nowhere_where_they_pass_plainly(python: Path, module: str) -> None:
    found = await judged(python, module)
    assert found.passed > 0
    assert found.wrong == []
    assert [one for one in found.warned if one.what == "record-malformed"] == []


@pytest.mark.parametrize("python", REFEREES.values(), ids=REFEREES)
async def test_the_referee_sees_what_only_the_sandbox_fails(python: Path) -> None:
    found = await judged(python, "test.test_resource")  # which sets limits
    assert found.wrong
    assert all(one.why for one in found.wrong)
