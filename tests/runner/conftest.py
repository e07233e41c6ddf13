"""A started sandbox, and bare guests, for the tests of this folder."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.runner.host.local import LocalRunner
from tests.guests import Guests
from tests.processes import pythons


@pytest.fixture(scope="session", params=pythons())
def guests(request: pytest.FixtureRequest) -> Iterator[Guests]:
    """Forks of a prepared Python, unconfined: for tests of what the guest records."""
    made = Guests(pythons()[request.param], request.param)
    yield made
    made.close()


@pytest.fixture
async def runner() -> AsyncIterator[LocalRunner]:
    """A runner that confines scenarios, as in production."""
    made = LocalRunner()
    await made.start()
    yield made
    await made.close()
