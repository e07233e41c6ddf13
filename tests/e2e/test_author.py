"""An author's way through the guide: from nothing to a lesson that is listed and can be run."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.commands import TUTOR, clean_environment, tutor

GUIDE = (Path(__file__).parents[2] / "docs" / "authors.md").read_text("utf-8")
EXAMPLE = re.search(r"^```yaml\n(    code: \|\n.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
RECORDED = re.search(
    r"^\$ tutor lessons record [^\n]*\n# polling: [^\n]*\n(.*?)^```$",
    GUIDE,
    re.MULTILINE | re.DOTALL,
)
PATIENCE = 60.0


class Terminal:
    """A command in a terminal of its own, and the author who sits there."""

    def __init__(self, process: "subprocess.Popen[bytes]", terminal: int) -> None:
        self.process = process
        self.seen = ""
        self._terminal = terminal

    def wait_for(self, text: str) -> None:
        """Read until the text has been shown since the last time."""
        until = time.monotonic() + PATIENCE
        while text not in self.seen:
            assert time.monotonic() < until, self.seen
            if not select.select([self._terminal], [], [], 0.1)[0]:
                continue
            try:
                read = os.read(self._terminal, 65_536).decode("utf-8", "replace")
                self.seen += read
                # Where the cursor is, a terminal answers by itself.
                self.type("\x1b[1;1R" * read.count("\x1b[6n"))
            except OSError:  # the command has ended
                assert text in self.seen, self.seen
        self.seen = self.seen[self.seen.index(text) + len(text) :]

    def type(self, text: str) -> None:
        os.write(self._terminal, text.encode())


@contextmanager
def terminal(*arguments: str, env: dict[str, str], cwd: Path) -> Iterator[Terminal]:
    """Start a command in a terminal; it is ended with the block."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*TUTOR, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=clean_environment({"TERM": "xterm", "COLUMNS": "100", **env}),
        cwd=cwd,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        process.terminate()
        process.wait(PATIENCE)
        os.close(ours)


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A folder of one's own beside the course, and the setting that names it."""
    folder = tmp_path / "my-lessons"
    folder.mkdir()
    return folder, {"TUTOR_EXTRA_LESSONS": str(folder), "TUTOR_LOCALE": "en"}


def start(folder: Path, env: dict[str, str]) -> Path:
    """Start the guide's lesson."""
    titles = ("--title-ko", "폴링과 이벤트", "--title-en", "Polling and events")
    made = tutor("lessons", "new", "polling", *titles, env=env)
    assert made.status == 0, made.err
    return folder / "polling.yaml"


def replaced(text: str, block: str) -> str:
    """The lesson with another code, phrases and expectation."""
    begin, end = text.index("    # Written once."), text.index("    # Read after the run")
    return text[:begin] + block + text[end:]


@pytest.mark.long
def test_from_nothing_to_a_lesson_in_the_course(own: tuple[Path, dict[str, str]]) -> None:
    folder, env = own
    file = start(folder, env)
    assert (folder / "lesson.schema.json").exists()
    assert EXAMPLE
    assert RECORDED
    file.write_text(replaced(file.read_text("utf-8"), EXAMPLE[1]), "utf-8")

    recorded = tutor("lessons", "record", str(file), "--times", "4", env=env)
    while "record it once more" in recorded.out:  # as it says where each run was held up
        recorded = tutor("lessons", "record", str(file), "--times", "4", env=env)
    assert recorded.status == 0, recorded.err
    proposed = re.search(r"^    expect:\n(?:.*\n)+", recorded.out, re.MULTILINE)
    assert proposed
    lines = proposed[0].split("      elapsed:")[0]
    assert lines == RECORDED[1].split("      elapsed:")[0]

    file.write_text(file.read_text("utf-8").replace("    expect: {}\n", RECORDED[1]), "utf-8")
    checked = tutor("lessons", "check", str(file), "--json", env=env)
    assert checked.status == 0, checked.out
    report = json.loads(checked.out)
    assert report["ok"]
    assert [it["id"] for it in report["scenarios"]] == ["polling"]
    assert report["rounds"][0]["runs"] == 2
    assert checked.err == ""  # the progress bar is for terminals

    seen = tutor("lessons", "preview", str(file), "--lang", "ko", env=env)
    assert seen.status == 0, seen.err
    assert "> /실행 polling" in seen.out
    assert "들여다본 횟수: 3" in seen.out

    listed = tutor("lessons", "list", env=env).out
    assert "run     polling" in listed
    talked = tutor("chat", stdin="/lessons polling\n/lang ko\n/run polling\n/quit\n", env=env)
    assert "Polling and events" in talked.out
    assert "준비를 마쳤습니다" in talked.out


def test_who_is_there_is_asked(own: tuple[Path, dict[str, str]]) -> None:
    folder, env = own
    with terminal("lessons", "new", env=env, cwd=folder) as author:
        author.wait_for("Id (")
        author.type("Polling!\n")
        author.wait_for("cannot be a lesson's id")
        author.type("gather_lesson\n")
        author.wait_for("Title in Korean")
        author.type("모으기\n")
        author.wait_for("Title in English")
        author.type("Gathering\n")
        author.wait_for("Next: tutor lessons preview gather_lesson.yaml")
        assert author.process.wait(PATIENCE) == 0
    assert '"모으기"' in (folder / "gather_lesson.yaml").read_text("utf-8")
    nobody = tutor("lessons", "new", env=env)
    assert nobody.status == 2
    assert "needs an id" in nobody.err


@pytest.mark.long
def test_a_preview_follows_the_file(own: tuple[Path, dict[str, str]]) -> None:
    folder, env = own
    file = start(folder, env)
    text = file.read_text("utf-8")
    with terminal("lessons", "preview", str(file), "--no-run", env=env, cwd=folder) as author:
        author.wait_for("One sentence on what is learned here.")
        author.wait_for("save the file to see it again")
        file.write_text(text.replace("One sentence on what is", "What looking costs is"), "utf-8")
        author.wait_for("What looking costs is")
        author.wait_for("save the file to see it again")
        file.write_text(text.replace("order:", "ordr:"), "utf-8")
        author.wait_for("polling.yaml:8:1: ordr")
        author.process.send_signal(signal.SIGINT)
        assert author.process.wait(PATIENCE) == 130


def test_a_terminal_gets_a_progress_bar(own: tuple[Path, dict[str, str]]) -> None:
    folder, env = own
    file = start(folder, env)
    with terminal("lessons", "check", str(file), env=env, cwd=folder) as author:
        author.wait_for("/5")
        author.wait_for("1 file, 1 lesson: 0 problems")
        author.wait_for("0 not as expected")
        assert author.process.wait(PATIENCE) == 0


def test_what_failed_is_told_with_its_cause(own: tuple[Path, dict[str, str]]) -> None:
    folder, env = own
    file = start(folder, env)
    text = file.read_text("utf-8")
    gathering = "          await asyncio.gather("
    assert gathering in text
    opening = text.replace(gathering, f'          open("/tmp/x", "w")\n{gathering}', 1)
    file.write_text(opening, "utf-8")
    ended = tutor("lessons", "check", str(file), env=env)
    assert ended.status == 1
    assert "polling (polling) on Python" in ended.out
    assert "PermissionError" in ended.out
    assert "in line 11 of the code" in ended.out
    assert "4 lines were therefore not printed." in ended.out
    assert ended.out.rstrip().endswith("2 not as expected")
    report = json.loads(tutor("lessons", "check", str(file), "--json", env=env).out)
    (scenario,) = report["scenarios"]
    assert scenario["failed"] == 2
    assert "PermissionError" in scenario["failures"][0]
    assert scenario["findings"]["ko"]


@pytest.mark.long
def test_a_round_on_each_python(own: tuple[Path, dict[str, str]]) -> None:
    folder, env = own
    file = start(folder, env)
    text = file.read_text("utf-8")
    file.write_text(
        text.partition("# What learners do")[0].replace(
            "    # The id of the scenario", '    python: "3.99"\n    #'
        ),
        "utf-8",
    )
    ended = tutor("lessons", "check", str(file), "--json", "--python", TUTOR[0], env=env)
    assert ended.status == 1, "a check that ran nothing is not green"
    assert json.loads(ended.out)["missing"]
    (only,) = json.loads(ended.out)["rounds"]
    assert (only["runs"], only["left_out"]) == (0, ["polling"])
    told = tutor("lessons", "check", str(file), *("--python", TUTOR[0]) * 2, env=env)
    assert told.out.count("left out: polling (needs 3.99)") == 2
    none = tutor("lessons", "check", str(file), "--python", "/bin/true", env=env)
    assert none.status == 2
    assert "/bin/true" in none.err
