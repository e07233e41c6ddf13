"""What `tutor doctor` says of NATS and the workers on it."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from bot.cli.doctor_check import DoctorCheck
from bot.cli.doctor_workers import look_at_workers
from bot.runner.remote.worker import Sandbox
from bot.settings import Settings
from bot.testing import FakeRunner
from tests.commands import TUTOR, clean_environment
from tests.nats_server import NatsServer, working


async def settings(**given: str) -> Settings:
    """Make settings; that looks for the lessons, which may not hold up a loop."""
    return await asyncio.to_thread(lambda: Settings.model_validate(given))


def named(checks: list[DoctorCheck], name: str) -> DoctorCheck:
    return next(it for it in checks if it.name.startswith(name))


async def test_each_worker_is_told_of(nats_server: Callable[[], NatsServer]) -> None:
    nats = nats_server()
    lacking = Sandbox("3.13.0", (), ("landlock-files",))
    old = Sandbox("2.7.18", ("landlock-files",), ())
    async with (
        working(nats, FakeRunner(), name="good", sandbox=old, capacity=7),
        working(nats, FakeRunner(), name="bad", sandbox=lacking),
    ):
        checks = await look_at_workers(await settings(nats_url=nats.url))
    assert named(checks, "NATS").status == "ok"
    assert named(checks, "NATS").found.startswith("2.")
    assert named(checks, "NATS: leases").status == "ok"
    good = [it for it in checks if it.name.startswith("worker good")]
    assert [it.status for it in good] == ["ok", "warning"]
    assert "0 of 7 runs" in good[0].found
    assert "Python 2.7.18" in good[1].found
    bad = named(checks, "worker")
    assert bad.name.startswith("worker")
    (refused,) = (it for it in checks if it.name == "worker")
    assert "landlock-files" in refused.found + refused.remedy


async def test_what_is_missing_is_told_with_what_to_do(tmp_path: Path) -> None:
    nats = NatsServer(tmp_path).start()
    try:
        checks = await look_at_workers(await settings(nats_url=nats.url))
    finally:
        nats.stop()
    assert named(checks, "NATS: leases").status == "warning"
    assert "JetStream" in named(checks, "NATS: leases").remedy
    assert named(checks, "workers").status == "failed"
    (unreachable,) = await look_at_workers(await settings(nats_url=nats.url))
    assert unreachable.status == "failed"
    assert "cannot be reached" in unreachable.found
    assert "TUTOR_NATS_URL" in unreachable.remedy


async def test_a_worker_looks_at_its_own_link_alone(nats_server: Callable[[], NatsServer]) -> None:
    own = await settings(nats_url=nats_server().url, worker_name="worker-1")
    (check,) = await look_at_workers(own)
    assert check.status == "ok"
    assert "this is the worker worker-1" in check.found


async def test_without_nats_there_is_nothing_to_look_at() -> None:
    (check,) = await look_at_workers(await settings())
    assert check.status == "ok"


async def test_it_waits_for_what_is_still_starting(tmp_path: Path) -> None:
    nats = await asyncio.to_thread(NatsServer(tmp_path).start)
    await asyncio.to_thread(nats.stop)
    came = asyncio.Event()

    async def turn_away(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.set()
        writer.close()

    nobody = await asyncio.start_server(turn_away, "127.0.0.1", nats.port)
    doctor = await asyncio.create_subprocess_exec(
        *TUTOR, "doctor", "--wait", "60", "--json",
        env=clean_environment({"TUTOR_NATS_URL": nats.url}), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    await came.wait()
    nobody.close()
    await asyncio.to_thread(nats.restart)
    try:
        async with working(nats, FakeRunner(), name="late"):
            said, _ = await doctor.communicate()
    finally:
        await asyncio.to_thread(nats.stop)
    checks = [DoctorCheck(**each) for each in json.loads(said)["checks"]]
    assert named(checks, "worker late").status == "ok"
