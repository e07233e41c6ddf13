"""CPython's own tests pass in the sandbox, recorded, where they pass plainly.

Each Python of this machine that comes with its `test` package is its own referee.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from bot.runner.host.local import LocalRunner
from tests.processes import all_pythons
from tests.referee.referee import judge, modules

pytestmark = pytest.mark.asyncio(loop_scope="module")

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


Sandbox = Callable[[Path], Awaitable[LocalRunner]]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    """The runner of each Python, started once; who asks for it gets the same again.

    Not a fixture with parameters: pytest would put each Python's tests together again, which are
    to be dealt out among the workers.
    """
    started: dict[Path, LocalRunner] = {}

    async def of(python: Path) -> LocalRunner:
        if python not in started:
            started[python] = LocalRunner(python=python)
            await started[python].start()
        return started[python]

    yield of
    for runner in started.values():
        await runner.close()


@pytest.mark.long
@pytest.mark.parametrize(("python", "module"), CASES)
async def test_they_fail_nowhere_where_they_pass_plainly(
    sandbox: Sandbox, python: Path, module: str
) -> None:
    found = await judge(await sandbox(python), python, module)
    assert found.passed > 0
    assert found.wrong == []
    assert [one for one in found.warned if one.what == "record-malformed"] == []


@pytest.mark.parametrize("python", REFEREES.values(), ids=REFEREES)
async def test_the_referee_sees_what_only_the_sandbox_fails(sandbox: Sandbox, python: Path) -> None:
    found = await judge(await sandbox(python), python, "test.test_resource")  # which sets limits
    assert found.wrong
    assert all(one.why for one in found.wrong)
