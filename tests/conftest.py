"""What every test gets: a loop that may not be blocked by our code, and a clean environment."""

import os
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

import pytest
from blockbuster import BlockBuster, blockbuster_ctx
from hypothesis import settings

from bot.languages import languages

if TYPE_CHECKING:
    from tests.nats_server import NatsServer

# A busy machine makes any example slow; what has to be fast is measured by `make bench`.
settings.register_profile("tests", deadline=None)
# For CI: what fails there was broken by the change that it looks at.
settings.register_profile("same-examples", deadline=None, derandomize=True)
settings.load_profile("tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the longest tests begin first, so that none of them runs alone in the end.

    pytest-xdist gives each worker an equal share of the tests, one stretch of their order, and lets
    idle workers take from a share's end: so each stretch begins with some of the long ones.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    longest: dict[str, list[pytest.Item]] = {}
    for item in items:
        if (mark := item.get_closest_marker("long")) is not None:
            one = item.path if mark.kwargs.get("together") else item.nodeid
            longest.setdefault(str(one), []).append(item)
    dealt = [list(chain(*[*longest.values()][worker::workers])) for worker in range(workers)]
    others = iter([item for item in items if item.get_closest_marker("long") is None])
    left = len(items)
    ordered: list[pytest.Item] = []
    for remaining, first in zip(range(workers, 0, -1), dealt, strict=True):
        share = left // remaining
        left -= share
        ordered += [*first, *islice(others, max(share - len(first), 0))]
    items[:] = [*ordered, *others]


@pytest.fixture(autouse=True)
def blocking_calls_are_caught() -> Iterator[BlockBuster]:
    """Any blocking call that `bot` makes inside a running event loop raises BlockingError."""
    with blockbuster_ctx("bot") as guard:
        # Starting a process waits for its exec, as asyncio's own way of starting one does; in
        # another thread, the process would die with that thread (PR_SET_PDEATHSIG).
        guard.functions["os.read"].can_block_in("bot/runner/host/server_process.py", "__init__")
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
    """No test sees the settings of the user who runs it."""
    for name in os.environ:
        if name.startswith("TUTOR_"):
            monkeypatch.delenv(name)
