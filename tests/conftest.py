"""What every test gets: a loop that may not be blocked by our code, and a clean environment."""

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from blockbuster import BlockBuster, blockbuster_ctx
from hypothesis import settings

from bot.languages import languages

if TYPE_CHECKING:
    from tests.nats_server import NatsServer

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


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Callable[[], NatsServer]"]:
    """Give the one NATS server that the tests of this process share; it starts when asked for."""
    from tests.nats_server import NatsServer  # noqa: PLC0415 - NATS's client takes half a second, which most tests need not wait for

    made: list[NatsServer] = []

    def get() -> NatsServer:
        if not made:
            folder = tmp_path_factory.mktemp("nats")
            made.append(NatsServer(folder, f'jetstream {{store_dir: "{folder}"}}').start())
        return made[0]

    yield get
    for server in made:
        server.stop()


@pytest.fixture(autouse=True)
def no_operators_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings of whoever runs it."""
    for name in os.environ:
        if name.startswith("TUTOR_"):
            monkeypatch.delenv(name)
