"""`tutor worker` and a front as processes of their own, over a real NATS."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.commands import TUTOR, clean_environment, tutor
from tests.nats_server import NatsServer


@contextmanager
def started(*arguments: str, nats: NatsServer, **env: str) -> Iterator[subprocess.Popen[str]]:
    """Start a command, and end it in any case."""
    process = subprocess.Popen(
        [*TUTOR, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env=clean_environment({"TUTOR_NATS_URL": nats.url, **env}),
        cwd="/",
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


@contextmanager
def worker(nats: NatsServer, **env: str) -> Iterator[subprocess.Popen[str]]:
    """Give a worker that says that it takes runs."""
    with started("worker", nats=nats, **env) as process:
        assert process.stdout
        said = next(line for line in process.stdout if "takes" in line)
        assert "worker-1" in said
        yield process


def until_a_line(front: subprocess.Popen[str]) -> list[str]:
    """Read what a run tells until it has printed something."""
    assert front.stdout
    seen = []
    for line in front.stdout:
        seen.append(line)
        if json.loads(line)["event"] == "line":
            break
    return seen


def test_a_worker_makes_a_fronts_runs_and_drains(nats_server: Callable[[], NatsServer]) -> None:
    nats = nats_server()
    with worker(nats, TUTOR_WORKER_NAME="worker-1") as working:
        with started("run", "gather", "--json", nats=nats) as front:
            seen = until_a_line(front)
            working.send_signal(signal.SIGTERM)
            assert front.stdout
            seen += list(front.stdout)
            assert front.wait(60) == 0
        events = [json.loads(line) for line in seen]
        assert events[-1]["event"] == "finished"
        assert events[-1]["outcome"] == "ok"
        assert sum(event["event"] == "line" for event in events) == 6
        assert working.wait(60) == 0
        assert working.stdout
        said = working.stdout.read()
        assert "1 run may go on" in said
        assert said.endswith("Stopped.\n")
    without = tutor("run", "gather", env={"TUTOR_NATS_URL": nats.url, "TUTOR_LOCALE": "en"})
    assert without.status == 2
    assert "No computer that runs scenarios is connected" in without.out


def test_a_killed_worker_is_told_within_seconds(nats_server: Callable[[], NatsServer]) -> None:
    nats = nats_server()
    with (
        worker(nats, TUTOR_WORKER_NAME="worker-1") as working,
        started("run", "sync", "--json", nats=nats) as front,
    ):
        seen = until_a_line(front)
        working.kill()
        killed = time.monotonic()
        assert front.stdout
        seen += [line for line in front.stdout if line.startswith("{")]
        assert time.monotonic() - killed > 1
        assert front.wait(60) == 1
    assert json.loads(seen[-1])["outcome"] == "interrupted"
    assert sum(json.loads(line)["event"] == "finished" for line in seen) == 1


def test_a_worker_holds_no_platforms_secret() -> None:
    token = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"
    ended = tutor(
        "worker",
        env={"TUTOR_DISCORD_TOKEN": token, "TUTOR_NATS_URL": "nats://127.0.0.1:1"},
    )
    assert ended.status == 2
    assert "TUTOR_DISCORD_TOKEN" in ended.err
    assert token not in ended.err


def test_what_stops_a_worker_is_said_with_what_to_do() -> None:
    without = tutor("worker")
    assert without.status == 2
    assert "Set TUTOR_NATS_URL" in without.err
    unreachable = tutor("worker", env={"TUTOR_NATS_URL": "nats://127.0.0.1:1"})
    assert unreachable.status == 2
    assert "nats://127.0.0.1:1 cannot be reached" in unreachable.err
