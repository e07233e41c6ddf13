"""`tutor try`: real processes, real runs; a file, stdin, and blocks in a piped chat."""

import json
from pathlib import Path

import pytest

from tests.commands import tutor
from tests.tutor.answers import HANGUL

SLOW = (
    "import asyncio\n\nasync def work(n):\n    await asyncio.sleep(0.1)\n    print('끝', n)\n\n"
    "async def main():\n    await work(1)\n    await work(2)\n\nasyncio.run(main())\n"
)


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    path = tmp_path / "slow.py"
    path.write_text(SLOW, "utf-8")
    return path


def test_a_file_is_run_shown_and_explained(slow: Path, tmp_path: Path) -> None:
    picture = tmp_path / "slow.svg"
    ended = tutor("try", str(slow), "--lang", "ko", "--picture", str(picture))
    assert ended.status == 0, ended.err
    for words in ("slow.py", "끝 1", "Python 3.", "gather"):
        assert words in ended.out
    assert picture.read_text("utf-8").startswith("<")


def test_stdin_as_json_with_findings_before_the_end() -> None:
    ended = tutor("try", "-", "--json", "--lang", "ko", stdin=f"```python\n{SLOW}```\n")
    assert ended.status == 0, ended.err
    events = [json.loads(line) for line in ended.out.splitlines()]
    assert [it["event"] for it in events].count("finished") == 1
    *_, finding, finished = events
    assert (finding["event"], finding["kind"], finished["event"]) == (
        "finding",
        "sequential_awaits",
        "finished",
    )
    assert HANGUL.search(finding["text"])


@pytest.mark.parametrize("json_", [True, False])
def test_faults_show_in_the_status(tmp_path: Path, *, json_: bool) -> None:
    file = tmp_path / "bad.py"
    more = ["--json"] if json_ else []
    file.write_text("print('x'\n")
    ended = tutor("try", str(file), *more)
    assert ended.status == 1
    assert "SyntaxError" in ended.out
    file.write_text("x" * 20_001)
    ended = tutor("try", str(file), *more)
    assert ended.status == 2
    assert "20 kB" in ended.out + ended.err
    file.write_bytes(b"\xff\xfe\x00")
    assert tutor("try", str(file), *more).status == 2
    file.write_text("print(1)")
    assert tutor("try", str(file), *more, env={"TUTOR_OWN_CODE": "off"}).status == 2


def test_a_file_that_is_not_there_is_told_of_in_their_language(tmp_path: Path) -> None:
    ended = tutor("try", str(tmp_path / "none.py"), "--lang", "ko")
    assert (ended.status, "파일이 없습니다" in ended.err) == (2, True)


def test_help_names_the_limits_of_own_code() -> None:
    told = " ".join(tutor("try", "--help").out.split())
    assert "--wall-seconds FLOAT By default 10; less where WALL_SECONDS" in told
    assert "--memory-bytes INTEGER By default 268435456;" in told


def test_it_has_limits_of_its_own_which_options_change(tmp_path: Path) -> None:
    file = tmp_path / "endless.py"
    file.write_text("import time\ntime.sleep(60)\n")
    ended = tutor("try", str(file), "--json", "--wall-seconds", "0.5")
    last = json.loads(ended.out.splitlines()[-1])
    assert (last["outcome"], last["limit"]) == ("timeout", "wall_seconds")
    file.write_text("print('x' * 1000 + '\\n') \nfor _ in range(100): print('x' * 1000)\n")
    last = json.loads(tutor("try", str(file), "--json").out.splitlines()[-1])
    assert (last["outcome"], last["limit"]) == ("output", "output_bytes")


def test_a_piped_chat_runs_fenced_blocks_and_files(slow: Path) -> None:
    typed = (
        f"/try\n\n```python\nprint('first')\n```\n/try {slow}\n/코드\n~~~\nprint('second')\n~~~\n"
        "/try ```\nprint('third')\n```\n/try print('fourth')\n"
    )
    ended = tutor("chat", stdin=typed)
    assert ended.status == 0, ended.out
    for words in ("first", "끝 2", "second", "third", "fourth"):
        assert words in ended.out


def test_a_piped_try_without_code_says_what_is_missing_and_the_chat_goes_on(
    tmp_path: Path,
) -> None:
    ended = tutor("chat", stdin=f"/try\n/help\n/try {tmp_path}/none.py\n/try {tmp_path}\n")
    assert ended.status == 1
    assert "/try main.py" in ended.out
    assert "/lessons tasks" in ended.out
    assert "There is no file" in " ".join(ended.out.split())
    assert "Name one that holds Python code." in ended.out
    much = "x" * 100_000 + "\n" + "y\n" * 50_000
    enormous = tutor("chat", stdin=f"/try\n```\n{much}```\n/help\n")
    assert "20 kB" in enormous.out
    assert "/lessons tasks" in enormous.out
