"""What every test gets: a loop that may not be blocked by our code, and a clean environment."""

import os
from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster, blockbuster_ctx
from hypothesis import settings

from bot.languages import languages

# A busy machine makes any example slow; what has to be fast is measured by `make bench`.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")


@pytest.fixture(autouse=True)
def blocking_calls_are_caught() -> Iterator[BlockBuster]:
    """Any blocking call that `bot` makes inside a running event loop raises BlockingError."""
    with blockbuster_ctx("bot") as guard:
        yield guard


@pytest.fixture(scope="session", autouse=True)
def languages_are_read() -> None:
    """As `read_settings` does it, before there is a loop."""
    languages()


@pytest.fixture(autouse=True)
def no_operators_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of whoever runs it."""
    for name in os.environ:
        if name.startswith("TUTOR_"):
            monkeypatch.delenv(name)
