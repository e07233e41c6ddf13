from collections.abc import AsyncIterator

import pytest_asyncio

from bot.runner.host.local import LocalRunner


@pytest_asyncio.fixture(loop_scope="function")
async def runner() -> AsyncIterator[LocalRunner]:
    """A real sandbox."""
    made = LocalRunner()
    await made.start()
    try:
        yield made
    finally:
        await made.close()
