"""The sandbox under attack: one runner for each Python of this machine."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.runner.host.local import LocalRunner
from tests.processes import pythons


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=pythons())
async def sandbox(request: pytest.FixtureRequest) -> AsyncIterator[LocalRunner]:
    """A runner as in production, whose guests run under one of this machine's Pythons."""
    runner = LocalRunner(python=pythons()[request.param])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUTOR_DISCORD_TOKEN", "hunter2-hunter2")
        await runner.start()
        yield runner
        await runner.close()
