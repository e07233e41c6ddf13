"""The image, run for real with exactly the compose file's restrictions."""

import json
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.discord_standin.state import APPLICATION, TOKEN
from tests.e2e.container.conftest import ROOT

# The first test of each image waits for its build.
pytestmark = [pytest.mark.timeout(900), pytest.mark.long(together=True)]

Docker = Callable[..., subprocess.CompletedProcess[str]]
Run = Callable[..., subprocess.CompletedProcess[str]]

GATHER = [
    "async_task_1 시작",
    "sync_task_1 3초 대기",
    "async_task_2 시작",
    "sync_task_2 2초 대기",
    "sync_task_2 재시작",
    "sync_task_1 재시작",
]


@pytest.fixture
def run(docker: Docker, image: str, restrictions: list[str]) -> Run:
    """Run one command of the image and wait for its end."""

    def run(*command: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        return docker("run", "--rm", "--network", "none", *restrictions, *options, image, *command)

    return run


def _events(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


def test_a_learners_gather_runs_in_the_container(run: Run) -> None:
    ran = run("run", "gather", "--lang", "ko", "--json")
    events = _events(ran.stdout)
    assert ran.returncode == 0, ran.stderr
    assert [event["text"] for event in events if event["event"] == "line"] == GATHER
    assert [event["outcome"] for event in events if event["event"] == "finished"] == ["ok"]


def test_the_doctor_finds_every_layer_enforced_without_privilege(run: Run) -> None:
    seen = run("doctor", "--json")
    assert seen.returncode == 0, seen.stdout
    layers = {
        check["name"]: check["status"]
        for check in json.loads(seen.stdout)["checks"]
        if check["name"].startswith("sandbox: ")
    }
    assert "sandbox: seccomp-allow-list" in layers
    assert "failed" not in layers.values()


def test_the_page_has_its_code_editor_with_the_licences(docker: Docker, image: str) -> None:
    script = (
        "import bot.platforms.web as web; from pathlib import Path\n"
        "print(*sorted(it.name for it in Path(web.__file__).parent.glob('static/editor.*')))"
    )
    seen = docker("run", "--rm", "--network", "none", "--entrypoint", "python", image, "-c", script)
    assert seen.stdout.split() == ["editor.js", "editor.licenses.txt"], seen.stderr


def test_a_run_beyond_its_memory_ends_by_name(run: Run, tmp_path: Path) -> None:
    hungry = tmp_path / "hungry.py"
    hungry.write_text("kept = []\nwhile True:\n    kept.append(bytearray(1 << 20))\n")
    tmp_path.chmod(0o755)
    ended = run(
        "sandbox",
        "run",
        "/hungry.py",
        "--json",
        options=("--volume", f"{hungry}:/hungry.py:ro"),
    )
    assert _events(ended.stdout)[-1]["outcome"] == "memory"


def test_the_attacks_fail_inside_the_container(
    docker: Docker, image_with_tests: str, restrictions: list[str]
) -> None:
    fought = docker(
        "run",
        "--rm",
        "--network",
        "none",
        *restrictions,
        # What the tests need and the bot does not: a place for pytest's own files.
        "--tmpfs",
        "/tmp",
        image_with_tests,
        "-q",
        "tests/attacks",
    )
    assert fought.returncode == 0, fought.stdout + fought.stderr
    assert " passed" in fought.stdout


def test_each_line_of_the_example_is_the_containers_own_default(
    run: Run, docker: Docker, container: str, image: str, restrictions: list[str], tmp_path: Path
) -> None:
    """Uncommented as they stand, they change nothing: the page is where it was."""
    printed = run("settings").stdout
    assert printed == (ROOT / ".env.example").read_text()
    uncommented = tmp_path / "uncommented.env"
    uncommented.write_text(
        "".join(f"{line[1:]}\n" for line in printed.splitlines() if line.startswith("#TUTOR_"))
    )
    served = docker(
        *("run", "--detach", "--name", container, "--network", "none", *restrictions),
        *("--env-file", str(uncommented), image),
    )
    assert served.returncode == 0, served.stderr
    deadline = time.monotonic() + 60
    while "playground: on" not in (said := docker("logs", container).stdout):
        assert time.monotonic() < deadline, said
        time.sleep(0.2)
    assert "playground: on, at http://0.0.0.0:8080" in said
    assert "lessons: " in said
    assert docker("exec", container, "tutor", "health").returncode == 0


def test_a_page_that_nobody_outside_reaches_is_told(run: Run) -> None:
    seen = run("doctor", options=("--env", "TUTOR_WEB_HOST=127.0.0.1"))
    assert "Remove TUTOR_WEB_HOST" in seen.stdout


def test_a_secret_is_read_from_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    tmp_path.chmod(0o755)
    options = (
        *("--volume", f"{tmp_path}:/run/secrets:ro"),
        *("--env", "TUTOR_DISCORD_TOKEN_FILE=/run/secrets/token"),
    )
    assert f"client_id={APPLICATION}" in run("invite", options=options).stdout


def test_what_is_no_http_leaves_no_trace(
    docker: Docker, container: str, image: str, restrictions: list[str]
) -> None:
    served = Served(docker, container, image, restrictions)
    for data in (b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"<x>\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
            connection.sendall(data)
            answer = connection.recv(4096)
        assert b"Server: asyncio-tutor" in answer
        assert b"aiohttp" not in answer
    assert "Traceback" not in served.logs()
    assert "error" not in served.logs().casefold()


class Served:
    """A served container with its playground on a free port of this host."""

    def __init__(self, docker: Docker, name: str, image: str, options: list[str]) -> None:
        self._docker = docker
        self.name = name
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        started = docker(
            "run",
            "--detach",
            "--name",
            name,
            "--network",
            "host",
            "--env",
            f"TUTOR_WEB_PORT={self.port}",
            # The host's network is shared here: stay on its loopback.
            "--env",
            "TUTOR_WEB_HOST=127.0.0.1",
            *options,
            image,
        )
        assert started.returncode == 0, started.stderr
        deadline = time.monotonic() + 60
        while self.get("/readyz") != 200:
            assert time.monotonic() < deadline, docker("logs", name).stdout
            time.sleep(0.2)

    def get(self, path: str) -> int:
        """Return the status of a GET, 0 where nobody answers."""
        try:
            with urllib.request.urlopen(self._url(path), timeout=30) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def ask(self, path: str, *, lang: str = "ko") -> str:
        """Ask as the page does; return all that the stream of answers says."""
        body = json.dumps({"path": path, "lang": lang}).encode()
        asked = urllib.request.Request(
            self._url("/api/ask"), body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(asked, timeout=60) as response:
            sent = response.read().decode().splitlines()
        return "\n".join(
            str(json.loads(line.removeprefix("data: ")))
            for line in sent
            if line.startswith("data: ")
        )

    def processes(self) -> list[tuple[int, str]]:
        """Return the host's ids and the commands of the container's processes."""
        listed = self._docker("top", self.name, "-o", "pid,args").stdout.splitlines()[1:]
        return [(int(line.split(None, 1)[0]), line.split(None, 1)[1]) for line in listed]

    def logs(self) -> str:
        """Return all that it said."""
        said = self._docker("logs", self.name)
        return said.stdout + said.stderr

    def stop(self, seconds: int) -> int:
        """Send SIGTERM, wait, and return the exit status."""
        self._docker("stop", "--time", str(seconds), self.name)
        state = self._docker("inspect", "--format", "{{.State.ExitCode}}", self.name)
        return int(state.stdout)

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def served(docker: Docker, container: str, image: str, restrictions: list[str]) -> Served:
    """Serve the image; `container` removes it in the end."""
    return Served(docker, container, image, restrictions)


def test_the_playground_runs_gather_and_sigterm_ends_it_cleanly(served: Served) -> None:
    answer = served.ask("/run/gather")
    for line in GATHER:
        assert line in answer
    assert served.get("/healthz") == 200
    assert served.stop(30) == 0
    assert "Stopped." in served.logs()


def test_the_bot_outlives_a_killed_fork_server(served: Served) -> None:
    # The first is the fork server itself; further ones would be runs, its forks.
    server, *_ = [
        pid for pid, command in served.processes() if "bot.runner.guest.fork_server" in command
    ]
    subprocess.run(["kill", f"-{signal.SIGKILL.value}", str(server)], check=True)
    assert "sync_task_1 재시작" in served.ask("/run/gather")
    assert served.get("/readyz") == 200


def test_where_the_containers_memory_runs_out_a_scenario_dies_and_the_bot_serves_on(
    docker: Docker, container: str, image: str, restrictions: list[str], tmp_path: Path
) -> None:
    hungry = {
        "id": "hungry",
        "order": 1,
        "title": {"ko": "배고픔", "en": "Hungry"},
        "summary": {"ko": "메모리를 다 씁니다.", "en": "Uses up the memory."},
        "scenarios": [
            {
                "id": "hungry",
                "title": {"ko": "배고픔", "en": "Hungry"},
                "summary": {"ko": "메모리를 다 씁니다.", "en": "Uses up the memory."},
                "code": "kept = []\nwhile True:\n    kept.append(bytearray(1 << 20))\n",
                "expect": {"outcome": "memory"},
                "because": {"ko": "끝이 없습니다.", "en": "It never ends."},
            }
        ],
    }
    (tmp_path / "hungry.yaml").write_text(json.dumps(hungry))
    tmp_path.chmod(0o755)
    small = ["--volume", f"{tmp_path}:/more:ro", "--env", "TUTOR_EXTRA_LESSONS=/more"]
    small += ["--memory", "160m", "--memory-swap", "160m", "--env", "TUTOR_MEMORY_MIB=4096"]
    served = Served(docker, container, image, [*restrictions, *small])
    assert "hungry" in served.ask("/run/hungry", lang="en")
    assert "sync_task_1 재시작" in served.ask("/run/gather")
    assert served.get("/readyz") == 200
