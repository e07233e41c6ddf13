"""A served bot: what it says, how it ends, what it notices."""

import http.client
import json
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.lessons.authoring.template import lesson_text
from tests.commands import TUTOR, clean_environment, tutor


class Served:
    """A bot in a process of its own."""

    def __init__(self, **env: str) -> None:
        self.process = subprocess.Popen(
            [*TUTOR, "serve"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env=clean_environment({"TUTOR_WEB_PORT": "0", "TUTOR_SHUTDOWN_SECONDS": "20", **env}),
            cwd="/",
        )
        self.said = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line

    def wait_for(self, pattern: str, seconds: float = 60) -> re.Match[str]:
        deadline = time.monotonic() + seconds
        while not (found := re.search(pattern, self.said)):
            assert time.monotonic() < deadline, f"{pattern!r} never came:\n{self.said}"
            assert self.process.poll() is None or pattern in self.said, self.said
            time.sleep(0.02)
        return found

    @property
    def port(self) -> int:
        return int(self.wait_for(r"playground: on, at http://127\.0\.0\.1:(\d+)")[1])

    @contextmanager
    def ask(
        self, path: str, body: dict[str, object] | None = None, *, learner: str = ""
    ) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with closing(connection):
            if body is None:
                connection.request("GET", path)
            else:
                headers = {"Content-Type": "application/json"}
                if learner:
                    headers["Cookie"] = f"learner=learner-{learner:_<14}"
                connection.request("POST", path, json.dumps(body), headers)
            with connection.getresponse() as response:
                yield response

    def page(self, path: str) -> str:
        with self.ask(path) as response:
            assert response.status == 200
            return response.read().decode()

    def logged(self) -> list[dict[str, Any]]:
        """What it logged, with TUTOR_LOG_FORMAT=json."""
        return [json.loads(line) for line in self.said.splitlines()]

    def end(self, seconds: float = 60) -> int:
        status = self.process.wait(seconds)
        self._reader.join(5)
        return status


@contextmanager
def served(**env: str) -> Iterator[Served]:
    bot = Served(**env)
    try:
        yield bot
    finally:
        bot.process.kill()
        bot.process.wait()
        assert bot.process.stdout
        bot.process.stdout.close()


def test_it_says_what_it_serves_and_ends_at_sigterm() -> None:
    with served() as bot:
        bot.wait_for("Discord: off, because TUTOR_DISCORD_TOKEN is not set")
        bot.wait_for(r"lessons: \d+, with \d+ scenarios")
        bot.wait_for("sandbox: every run is confined")
        assert "alive" in bot.page("/healthz")
        assert "ready" in bot.page("/readyz")
        assert "tutor_lessons" in bot.page("/metrics")
        assert tutor("health", env={"TUTOR_WEB_PORT": str(bot.port)}).status == 0
        bot.process.send_signal(signal.SIGTERM)
        assert bot.end() == 0
        assert "Stopped." in bot.said
        assert "Traceback" not in bot.said


def test_a_run_in_flight_may_finish() -> None:
    with served() as bot:
        with bot.ask("/api/ask", {"text": "/run create_task", "lang": "en"}) as answer:
            assert answer.status == 200
            while b"async_task_2 waits" not in answer.readline():
                pass
            bot.process.send_signal(signal.SIGTERM)
            bot.wait_for("1 run may go on")
            assert b"saved" in answer.read()
        assert bot.end() == 0


def test_a_run_that_waits_is_told_to_come_back() -> None:
    with served(TUTOR_RUNS_AT_ONCE="1", TUTOR_LOG_FORMAT="json") as bot:
        with (
            bot.ask("/api/ask", {"text": "/run create_task", "lang": "en"}, learner="one") as runs,
            bot.ask("/api/ask", {"text": "/run gather", "lang": "en"}, learner="two") as waits,
        ):
            while b"async_task_1" not in runs.readline():
                pass
            bot.wait_for('(?s)"asked".*"asked"')
            bot.process.send_signal(signal.SIGTERM)
            assert b"about to restart" in waits.read()
            assert b"saved" in runs.read()
        assert bot.end() == 0
    lines = bot.logged()
    (refused,) = [line for line in lines if line["event"] == "refused"]
    assert (refused["cause"], refused["platform"]) == ("closing", "web")
    (ended,) = [line for line in lines if line["event"] == "run ended"]
    assert (ended["scenario"], ended["outcome"]) == ("create_task", "ok")
    asked = {line["reference"]: line["learner"] for line in lines if line["event"] == "asked"}
    assert asked[ended["reference"]] == ended["learner"] != refused["learner"]
    assert asked[refused["reference"]] == refused["learner"]
    assert ended["elapsed"] >= 3
    assert ended["waited"] < 1
    assert "learner-one" not in bot.said


def test_past_the_grace_the_rest_is_told() -> None:
    with served(TUTOR_SHUTDOWN_SECONDS="0.2") as bot:
        with bot.ask("/api/ask", {"text": "/run sync", "lang": "en"}) as answer:
            while b"sync_task_1 waits" not in answer.readline():
                pass
            bot.process.send_signal(signal.SIGTERM)
            assert b"event: patch" in answer.read()
        assert bot.end() == 0
    assert "outcome=interrupted" in bot.said or "outcome=left" in bot.said


def test_the_figures_tell_what_happened() -> None:
    with served() as bot:
        for text in ("/run lock", "/compare race lock", "/run no-such-thing"):
            with bot.ask("/api/ask", {"text": text, "lang": "en"}) as answer:
                answer.read()
        figures = bot.page("/metrics")
    for sample in (
        'tutor_runs_total{outcome="ok",scenario="lock"} 2.0',
        'tutor_runs_total{outcome="ok",scenario="race"} 1.0',
        "tutor_run_overshoot_seconds_count 3.0",
        "tutor_queue_waiting 0.0",
        "tutor_queue_running 0.0",
        "tutor_lesson_errors 0.0",
    ):
        assert sample in figures
    for name in ("queue_wait", "first_line", "loop_lag", "web_request", "render"):
        assert re.search(rf"^tutor_{name}_seconds_count\S* [1-9]", figures, re.MULTILINE), name
    assert "no-such-thing" not in figures


def test_a_second_signal_ends_it_at_once() -> None:
    with served() as bot, bot.ask("/api/ask", {"text": "/run sync", "lang": "en"}) as answer:
        while b"sync_task_1 waits" not in answer.readline():
            pass
        bot.process.send_signal(signal.SIGTERM)
        bot.wait_for("may go on")
        bot.process.send_signal(signal.SIGTERM)
        assert bot.end() == 1
        with pytest.raises(http.client.IncompleteRead):
            answer.read()


def test_a_saved_lesson_shows_at_once_and_sighup_reads_again(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(lesson_text("mine", order=1, title_en="Before"))
    with served(TUTOR_EXTRA_LESSONS=str(tmp_path)) as bot:
        assert "Before" in bot.page("/lessons?lang=en")
        bot.wait_for("Stop with")
        time.sleep(0.5)  # the watch begins
        file.write_text(lesson_text("mine", order=1, title_en="After"))
        bot.wait_for("lessons reloaded")
        assert "After" in bot.page("/lessons?lang=en")
        file.write_text("id: [")
        bot.wait_for("mine.yaml:")
        assert "After" in bot.page("/lessons?lang=en")
        before = bot.said.count("lessons reloaded")
        bot.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 30
        while bot.said.count("lessons reloaded") == before:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_the_service_manager_is_told_when_it_serves_and_when_it_ends(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)
        with served(NOTIFY_SOCKET=str(tmp_path / "notify")) as bot:
            assert manager.recv(100) == b"READY=1"
            with socket.create_connection(("127.0.0.1", bot.port), 10):
                bot.process.terminate()
            assert manager.recv(100) == b"STOPPING=1"
            assert bot.end() == 0


def test_the_service_manager_is_not_told_of_one_that_cannot_serve(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager,
    ):
        manager.bind(str(tmp_path / "notify"))
        port = str(taken.getsockname()[1])
        environment = {"TUTOR_WEB_PORT": port, "NOTIFY_SOCKET": str(tmp_path / "notify")}
        assert tutor("serve", env=environment).status == 2
        assert manager.recv(100, socket.MSG_DONTWAIT) == b"STOPPING=1"


def test_a_sighup_that_comes_too_early_ends_nothing() -> None:
    with served() as bot:
        status = Path(f"/proc/{bot.process.pid}/status")
        deadline = time.monotonic() + 60
        while not int(status.read_text().split("SigCgt:")[1].split()[0], 16) & 1:  # SIGHUP is 1
            assert time.monotonic() < deadline
        bot.process.send_signal(signal.SIGHUP)
        assert bot.page("/lessons?lang=en")


def test_a_port_in_use_is_told_in_plain_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = tutor("serve", env={"TUTOR_WEB_PORT": port})
    assert ended.status == 2
    wanted = f"tutor: The playground cannot listen on 127.0.0.1, port {port}: another program uses"
    assert wanted in ended.err
    assert "Stopped." not in ended.out
    assert "Traceback" not in ended.err


def test_a_folder_that_may_not_be_read_is_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "lessons").write_text("no folder")
    for folder in (tmp_path / "lessons", tmp_path):
        ended = tutor("serve", env={"TUTOR_WEB_PORT": "0", "TUTOR_LESSONS": str(folder)})
        assert ended.status == 2
        assert f"There is not one lesson to serve in {folder}. Set TUTOR_LESSONS" in ended.err
        assert "Traceback" not in ended.err


def test_a_containers_page_that_nobody_outside_reaches_is_told() -> None:
    with served(TUTOR_IN_CONTAINER="true", TUTOR_WEB_HOST="127.0.0.1") as bot:
        assert bot.wait_for("nobody outside reaches it. Remove TUTOR_WEB_HOST")


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"TUTOR_WEB_ENABLED": "false"}, "nothing to serve"),
        ({"TUTOR_WEB_HOST": "192.0.2.1"}, "cannot listen on 192.0.2.1"),
        ({"TUTOR_LESSONS": "/nonexistent"}, "TUTOR_LESSONS"),
    ],
)
def test_what_it_cannot_do_is_told_in_plain_words(env: dict[str, str], said: str) -> None:
    ended = tutor("serve", env=env)
    assert ended.status == 2
    assert said in ended.err
    assert "Traceback" not in ended.err
