"""The terminal, end to end: real processes, real scenarios, a real pseudo-terminal."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.commands import TUTOR, clean_environment, tutor
from tests.held_up import held_up
from tests.tutor.answers import HANGUL, tells_what_was_saved

NOTES = {
    "sync": 5.0,
    "await": 5.0,
    "create_task": 3.0,
    "gather": 3.0,
    "thread": 3.0,
}
QUICK = "task_group_failure"
"""A scenario that takes 0.2 s."""


@pytest.mark.parametrize(("name", "seconds"), NOTES.items())
def test_the_notes_scenarios_as_json(name: str, seconds: float) -> None:
    ended = tutor("run", name, "--lang", "ko", "--json")
    assert ended.status == 0, ended.err
    events = [json.loads(line) for line in ended.out.splitlines()]
    assert [it["event"] for it in events].count("finished") == 1
    last = events[-1]
    assert (last["event"], last["outcome"]) == ("finished", "ok")
    assert seconds <= last["elapsed"], "and no more than 50 ms later on an idle machine"
    lines = [it for it in events if it["event"] == "line"]
    assert len(lines) == 6
    begun = max(it["at"] for it in lines if "시작" in it["text"] and "재시작" not in it["text"])
    assert (begun < 2) is (seconds < 5), "both had begun before one ended, or not"
    assert all(HANGUL.search(it["text"]) for it in lines)
    assert [it["at"] for it in lines] == sorted(it["at"] for it in lines)


def test_a_pipe_of_commands_is_answered_and_ends_well() -> None:
    ended = tutor("chat", stdin="/run gather\n/explain coroutine\n/lang ko\n/explain 태스크\n")
    assert ended.status == 0, ended.err
    assert ended.err == ""
    assert "\x1b" not in ended.out
    assert "> " not in ended.out, "no prompt in a pipe"
    for words in ("async_task_1 started", "can pause at an await", "이벤트 루프"):
        assert words in ended.out
    assert tells_what_was_saved(ended.out)
    *_, last = re.finditer(r"^\+(\d+\.\d{3}) s  (\w+) +\2 \w+", ended.out, re.MULTILINE)
    assert (last[2], float(last[1]) >= 3) == ("async_task_1", True)


def test_what_cannot_be_served_shows_in_the_status() -> None:
    ended = tutor("chat", "--lang", "ko", stdin="/run gathr\n/nonsense\n")
    assert ended.status == 1
    assert "혹시 이것을 찾으셨나요?" in ended.out
    assert "/실행 gather" in ended.out
    assert ended.err == ""


def test_a_prediction_answered_from_a_pipe() -> None:
    ended = tutor("chat", "--lang", "en", stdin=f"/predict {QUICK}\n1\n\n/help\n")
    assert ended.status == 0, ended.err
    assert "How long does it take in all?" in ended.out
    judged = re.search(r"(Your time is right|The time differs): you said", ended.out)
    assert bool(judged) is (held_up(ended.out) == 0.0)
    assert "How to use the asyncio tutor" in ended.out


def test_one_shot_prediction() -> None:
    ended = tutor("predict", QUICK, "--lang", "ko", stdin="\n\n")
    assert "모두 얼마나 걸릴까요?" in ended.out
    assert "걸린 시간" in ended.out
    assert ended.err == ""


CLOSED = ("sh", "-c", 'exec "$@" <&-', "sh")
"""Starts what follows with its standard input closed."""


def without_answers(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command where nobody and nothing can answer."""
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env=clean_environment(),
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("start", [(), CLOSED])
def test_a_prediction_does_not_wait_for_answers_that_cannot_come(start: tuple[str, ...]) -> None:
    ended = without_answers(*start, *TUTOR, "predict", QUICK, "--lang", "en")
    assert "How long does it take in all?" in ended.stdout
    assert "Measured" in ended.stdout
    assert ended.stderr == ""


@pytest.mark.parametrize("start", [(), CLOSED])
def test_no_verb_waits_for_a_standard_input_that_ended(start: tuple[str, ...]) -> None:
    chat = without_answers(*start, *TUTOR, "chat")
    assert (chat.returncode, chat.stderr) == (0, "")
    new = without_answers(*start, *TUTOR, "lessons", "new")
    assert new.returncode == 2
    assert new.stderr == "tutor: The lesson needs an id. Write: tutor lessons new ID\n"


def test_a_run_whose_scenario_fails_is_not_ok() -> None:
    ended = tutor("run", QUICK, "--lang", "en", "--json")
    assert json.loads(ended.out.splitlines()[-1])["outcome"] in {"ok", "error"}
    ended = tutor("run", "nested_run", "--json")
    last = json.loads(ended.out.splitlines()[-1])
    assert ended.status == (0 if last["outcome"] == "ok" else 1)
    shown = tutor("run", "nested_run")
    assert shown.status == ended.status


def test_a_comparison_with_a_picture_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "both.svg"
    ended = tutor("compare", "race", "lock", "--lang", "en", "--picture", str(file))
    assert ended.status == 0, ended.err
    assert ended.out.count("measured") == 1
    assert "<svg" in file.read_text()
    png = tmp_path / "one.png"
    assert tutor("run", "race", "--json", "--picture", str(png)).status == 0
    assert png.read_bytes().startswith(b"\x89PNG")


def test_a_run_as_json_tells_why_before_it_tells_the_end() -> None:
    ended = tutor("run", "forgotten_await", "--lang", "en", "--json")
    events = [json.loads(line) for line in ended.out.splitlines()]
    assert [event["event"] for event in events[-2:]] == ["finding", "finished"]
    finding = events[-2]
    assert finding["kind"] == "never_awaited"
    assert isinstance(finding["line"], int)
    assert f"Line {finding['line']}: " in finding["text"]


def test_a_comparison_as_json() -> None:
    ended = tutor("compare", "race", "lock", "--json")
    assert ended.status == 0, ended.err
    events = [json.loads(line) for line in ended.out.splitlines()]
    finished = [it["scenario"] for it in events if it["event"] == "finished"]
    assert sorted(finished) == ["lock", "race"]


def test_events_are_flushed_as_they_happen() -> None:
    with subprocess.Popen(
        [*TUTOR, "run", "sync", "--json"], stdout=subprocess.PIPE, env=clean_environment()
    ) as process:
        assert process.stdout
        while b'"line"' not in process.stdout.readline():
            pass
        early = time.monotonic()
        rest = process.stdout.read()
        assert b'"finished"' in rest
        assert time.monotonic() - early > 3, "the first line came while the scenario still ran"
    assert process.returncode == 0


@pytest.mark.parametrize("arguments", [("run", "sync"), ("chat",), ("run", "sync", "--json")])
def test_an_interrupt_ends_a_command_without_a_traceback(arguments: tuple[str, ...]) -> None:
    with subprocess.Popen(
        [*TUTOR, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
    ) as process:
        assert process.stdin
        assert process.stdout
        if arguments == ("chat",):
            process.stdin.write(b"/explain task\n")
            process.stdin.flush()
        while not process.stdout.readline().strip():
            pass
        process.send_signal(signal.SIGINT)  # at a moment of its own choosing, machine by machine
        if arguments == ("chat",):  # it may just have stopped an answer, and not the chat
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 130


_WITH_A_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Makes standard input the terminal from which Ctrl-C comes, then becomes the command."""


@contextmanager
def chat_in_a_terminal(**env: str) -> Iterator["Terminal"]:
    """A chat at a pseudo-terminal of 100 by 40."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _WITH_A_TERMINAL, *TUTOR, "chat", "--lang", "en"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=clean_environment({"TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40", **env}),
        close_fds=True,
    )
    os.close(theirs)
    try:
        yield Terminal(ours, process)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


class Terminal:
    """What a person sees and types."""

    def __init__(self, descriptor: int, process: "subprocess.Popen[bytes]") -> None:
        self._descriptor = descriptor
        self.process = process
        self.seen = ""

    def type(self, text: str) -> None:
        os.write(self._descriptor, text.encode())

    def leave(self) -> int:
        """Press Ctrl-D until the chat is over; return its exit status.

        A key that is pressed before the prompt is there may be lost, as in any terminal.
        """
        for _ in range(60):
            self.type("\x04")
            with suppress(subprocess.TimeoutExpired):
                return self.process.wait(0.5)
        raise AssertionError(f"the chat did not end:\n{self.seen[-3_000:]}")

    def wait_for(self, words: str, *, since: int = 0, seconds: float = 60) -> int:
        """Wait until these words were shown; return where they end."""
        deadline = time.monotonic() + seconds
        while words not in self.seen[since:]:
            assert time.monotonic() < deadline, f"{words!r} never came:\n{self.seen[-3_000:]}"
            if select.select([self._descriptor], [], [], 0.2)[0]:
                try:
                    data = os.read(self._descriptor, 65_536)
                except OSError:  # the other end is closed
                    data = b""
                self.seen += data.decode(errors="replace")
                # prompt_toolkit asks where the cursor is; a terminal answers
                if b"\x1b[6n" in data:
                    os.write(self._descriptor, b"\x1b[1;1R")
        return self.seen.index(words, since) + len(words)


def test_a_person_at_a_terminal() -> None:
    with chat_in_a_terminal() as terminal:
        terminal.wait_for("learn asyncio by running it")
        terminal.type("/run sync\r")
        at = terminal.wait_for("sync_task_1 waits 3 s")
        at = terminal.wait_for("sleep(3)", since=at)
        assert "\x1b[" in terminal.seen
        terminal.type("\x03")
        at = terminal.wait_for("Stopped.", since=at)
        terminal.type("/run lock\r")
        at = terminal.wait_for("Measured:", since=at)
        terminal.wait_for("Run again", since=at)
        assert terminal.leave() == 0
        assert "Traceback" not in terminal.seen


def test_without_colour_answers_hold_no_escape_codes() -> None:
    with chat_in_a_terminal(NO_COLOR="1", TERM="dumb") as terminal:
        terminal.type("/run lock\n")
        at = terminal.wait_for("Run again")
        assert "\x1b" not in terminal.seen[:at]
        terminal.type("/quit\n")
        assert terminal.process.wait(30) == 0
