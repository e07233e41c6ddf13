"""A started sandbox for the tests of this folder."""

from collections.abc import AsyncIterator

import pytest

from bot.runner.local import LocalRunner


@pytest.fixture
async def runner() -> AsyncIterator[LocalRunner]:
    """A runner that confines scenarios, as in production."""
    made = LocalRunner()
    await made.start()
    yield made
    await made.close()
