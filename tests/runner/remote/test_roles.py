"""What each key may do, at a real NATS: a worker that was taken over, and a front that was."""

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.errors import LeaseHeldError
from bot.runner.model import Outcome, RunRequest, collect
from bot.runner.remote import messages
from bot.runner.remote.inspection import look_at_link
from bot.runner.remote.leases import Leases
from bot.runner.remote.link import LinkError, NatsLink
from bot.runner.remote.link_troubles import LinkSettings
from bot.runner.remote.messages import Status, encode
from bot.runner.remote.roles import configuration, new_seed, public_key
from bot.testing import FakeRunner
from tests.commands import ROOT
from tests.nats_server import NatsServer, fronting, link, working
from tests.processes import until

ROLES = ("front", "worker-1", "worker-2")
SEEDS = {role: new_seed() for role in ROLES}


@pytest.fixture(scope="module")
def nats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """A server with the configuration that `tutor nats-keys` writes, but for where it listens."""
    folder = tmp_path_factory.mktemp("roles")
    workers = {role: public_key(SEEDS[role]) for role in ROLES[1:]}
    text = configuration(public_key(SEEDS["front"]), workers, store=str(folder))
    server = NatsServer(folder, text.replace('listen: "127.0.0.1:4222"', "")).start()
    yield server
    server.stop()


@asynccontextmanager
async def as_role(nats: NatsServer, role: str) -> AsyncIterator[NatsLink]:
    connection = link(nats, SEEDS[role], role)
    await connection.open()
    try:
        yield connection
    finally:
        await connection.close()


def refused(logs: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the subjects that NATS did not let somebody use, in lower case as the client does."""
    return set(re.findall(r'violation for \w+ to "([^"]+)"', str(logs), re.IGNORECASE))


async def test_runs_go_through_with_each_role_held_to_its_subjects(nats: NatsServer) -> None:
    with capture_logs() as logs:
        async with (
            working(nats, FakeRunner(), name="worker-1", key=SEEDS["worker-1"]),
            fronting(nats, key=SEEDS["front"]) as front,
        ):
            await until(lambda: bool(front.workers.all))
            found = await collect(front.run(RunRequest("", "hello")))
    assert found.finished.outcome is Outcome.OK
    assert [it for it in logs if it["event"] == "NATS trouble"] == []


async def test_a_key_that_nobody_named_is_refused(nats: NatsServer) -> None:
    for key in ("", new_seed()):
        with pytest.raises(LinkError, match="refused the key") as caught:
            await link(nats, key).open()
        assert not key or key not in str(caught.value)


@pytest.mark.parametrize(
    ("role", "subject"),
    [
        ("worker-1", "tutor.v1.worker.worker-2.>"),
        ("worker-1", "tutor.v1.worker.>"),
        ("worker-1", "tutor.v1.front.>"),
        ("worker-1", "tutor.>"),
        ("worker-1", ">"),
        ("worker-1", "_INBOX.>"),
        ("worker-1", "$KV.>"),
        ("front", "tutor.v1.worker.>"),
        ("front", "tutor.v1.worker.worker-1.00000000.run"),
    ],
)
async def test_what_a_role_may_not_read(nats: NatsServer, role: str, subject: str) -> None:
    async def take(_subject: str, _data: bytes) -> None:
        """Nothing may come."""

    with capture_logs() as logs:
        async with as_role(nats, role) as connection:
            await connection.take(subject, take)
            await until(lambda: "does not let this role" in str(logs))
    assert refused(logs) == {subject.lower()}


@pytest.mark.parametrize(
    ("role", "subject"),
    [
        ("worker-1", messages.status_subject("worker-2.00000000")),
        ("worker-1", messages.run_subject("00000000", "worker-2.00000000", "0" * 32)),
        ("worker-1", messages.request_subject("worker-2.00000000")),
        ("worker-1", messages.control_subject("worker-2.00000000")),
        ("worker-1", messages.front_subject("00000000")),
        ("worker-1", messages.NEWS),
        ("worker-1", "$JS.API.STREAM.CREATE.KV_tutor_leases"),
        ("worker-1", "$KV.tutor_leases.x"),
        ("front", messages.status_subject("worker-1.00000000")),
        ("front", messages.run_subject("00000000", "worker-1.00000000", "0" * 32)),
        ("front", "$JS.API.STREAM.DELETE.KV_tutor_leases"),
    ],
)
async def test_what_a_role_may_not_write(nats: NatsServer, role: str, subject: str) -> None:
    with capture_logs() as logs:
        async with as_role(nats, role) as connection:
            await connection.send(subject, b"{}")
            await until(lambda: "does not let this role" in str(logs))
    assert refused(logs) == {subject.lower()}


async def test_a_worker_cannot_speak_in_anothers_name(nats: NatsServer) -> None:
    """By its own subject, with another's id in the message."""
    async with (
        as_role(nats, "worker-1") as connection,
        fronting(nats, key=SEEDS["front"]) as front,
    ):
        forged = Status(
            id="worker-2.00000000",
            python="3.13.0",
            layers=(),
            missing=(),
            capacity=10_000,
            running=0,
            lag=0,
        )
        with capture_logs() as logs:
            await connection.send(messages.status_subject("worker-1.00000000"), encode(forged))
            await until(lambda: "another worker's name" in str(logs))
        assert front.workers.all == ()


async def test_fronts_share_leases_and_workers_have_none(nats: NatsServer) -> None:
    async with as_role(nats, "front") as one, as_role(nats, "front") as two:
        mine, theirs = (Leases(it, secret=SEEDS["front"]) for it in (one, two))
        async with mine.held("learner discord:1"):
            with pytest.raises(LeaseHeldError):
                async with theirs.held("learner discord:1"):
                    pass
    async with as_role(nats, "worker-1") as connection:
        assert await Leases(connection).available() != ""


async def test_a_worker_with_anothers_key_is_told_so_by_the_doctor(nats: NatsServer) -> None:
    assert await look_at_link(link(nats, SEEDS["worker-1"]), "worker-1") < 60
    with pytest.raises(LinkError, match=r"worker-2\.nk"):
        await look_at_link(link(nats, SEEDS["worker-1"]), "worker-2")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What docs/scale.md says to make."""
    folder = tmp_path_factory.mktemp("certificates")
    page = (ROOT / "docs/scale.md").read_text()
    commands = re.findall(r"(?m)^openssl (?:.*\\\n)*.*$", page)
    assert len(commands) == 2
    for command in commands:
        subprocess.run(["bash", "-ec", command], cwd=folder, check=True, capture_output=True)
    # As strictly as Python does it by itself from 3.13 on.
    strictly = ("openssl", "verify", "-x509_strict", "-CAfile", "ca.pem", "server.pem")
    subprocess.run(strictly, cwd=folder, check=True, capture_output=True)
    return folder


async def test_by_tls_and_with_a_key(certificates: Path, tmp_path: Path) -> None:
    text = configuration(
        public_key(SEEDS["front"]), {}, store=str(tmp_path), certificates=str(certificates)
    )
    server = NatsServer(tmp_path, text.replace('listen: "127.0.0.1:4222"', "")).start()
    try:
        url = f"tls://127.0.0.1:{server.port}"
        good = NatsLink(LinkSettings(url, SEEDS["front"], certificates / "ca.pem"), name="test")
        await good.open()
        assert 0 < await good.round_trip() < 60
        await good.close()
        for authority, complaint in (
            (None, "do not agree on TLS"),
            (certificates / "none.pem", "No such file or directory. Write the path"),
            (Path(__file__), "it holds no certificate. Write the path"),
        ):
            with pytest.raises(LinkError, match=complaint):
                await NatsLink(LinkSettings(url, SEEDS["front"], authority), name="test").open()
    finally:
        await asyncio.to_thread(server.stop)


def test_the_sample_in_the_guide_is_what_is_written() -> None:
    keys = [f"U{number}{'A' * 54}" for number in "234"]
    text = configuration(
        keys[0],
        dict(zip(ROLES[1:], keys[1:], strict=True)),
        listen="0.0.0.0:4222",
        store="/data",
        certificates="/etc/nats",
    )
    assert (ROOT / "docs/deploy/nats.conf").read_text() == text
