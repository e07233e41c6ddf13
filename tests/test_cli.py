import io
import json
import logging
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import structlog
import yaml
from click.testing import CliRunner

from bot.cli import doctor_checks, main
from bot.cli import tutor as root
from bot.cli.context import language
from bot.lessons.authoring.template import lesson_text
from bot.lessons.model import Locale
from bot.runner.host.room import Room
from bot.settings import Settings, example, load_settings
from bot.settings.values import application_of, is_snowflake
from bot.text import visible
from tests.commands import TUTOR, Ended, clean_environment
from tests.tutor.answers import tells_what_was_saved

# Made up; shaped as https://discord.com/developers/docs/reference#authentication shows.
TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"
APPLICATION = "198622483471925248"


@pytest.fixture
def tutor(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[..., Ended]]:
    """Call the command line in this process; the end-to-end tests start one of its own."""
    logs = logging.getLogger()
    handlers, level = logs.handlers[:], logs.level
    for name in os.environ:
        if name.startswith(("LANG", "LC_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, env: Mapping[str, str] | None = None) -> Ended:
        with monkeypatch.context() as patched:
            for name, value in (env or {}).items():
                patched.setenv(name, value)
            patched.setattr("sys.stdin", io.StringIO())
            with pytest.raises(SystemExit) as ended:
                main(arguments)
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, *capsys.readouterr())

    yield call
    logs.handlers[:] = handlers
    logs.setLevel(level)
    logging.getLogger("bot").setLevel(logging.NOTSET)
    structlog.reset_defaults()


Tutor = Callable[..., Ended]


def test_every_verb_explains_itself() -> None:
    runner = CliRunner()
    help_ = runner.invoke(root, ["--help"])
    assert help_.exit_code == 0
    for verb in root.list_commands(None):  # type: ignore[arg-type]  # it looks at no context
        found = runner.invoke(root, [verb, "--help"])
        assert found.exit_code == 0, verb
        assert len(found.output) > 100, verb
        assert verb in help_.output


@pytest.mark.parametrize(
    ("chosen", "setting", "environment", "wanted"),
    [
        ("ko", "en", "en_US.UTF-8", "ko"),
        (None, "ko", "en_US.UTF-8", "ko"),
        (None, None, "ko_KR.UTF-8", "ko"),
        (None, None, "en_US.UTF-8", "en"),
        (None, None, "fr_FR.UTF-8", "en"),
        (None, None, "", "en"),
    ],
)
def test_the_language_is_chosen_set_or_that_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
    chosen: str | None,
    setting: Locale | None,
    environment: str,
    wanted: str,
) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", environment)
    assert language(chosen, Settings.model_construct(locale=setting)) == wanted


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run",), "NAME"),
        (("nonsense",), "nonsense"),
        (("run", "gather", "--picture", "x.bmp"), ".png or .svg"),
        (("run", "gather", "--lang", "fr"), "fr"),
        (("sandbox", "run", "/nonexistent.py"), "nonexistent"),
        (("compare", "gather", "--json"), "different scenarios"),
    ],
)
def test_a_wrong_use_is_told_in_a_line(tutor: Tutor, arguments: tuple[str, ...], said: str) -> None:
    ended = tutor(*arguments)
    assert ended.status == 2
    assert said in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    "arguments",
    [("run", "gather"), ("explain", "task"), ("chat",), ("lessons", "list"), ("serve",)],
)
def test_a_setting_that_cannot_be_used_stops_it(tutor: Tutor, arguments: tuple[str, ...]) -> None:
    ended = tutor(*arguments, env={"TUTOR_SANDBOX": "lax"})
    assert ended.status == 2
    assert ended.err.startswith("tutor: TUTOR_SANDBOX is 'lax'")
    assert ended.out == ""


@pytest.mark.parametrize("verb", ["serve", "chat", "invite"])
def test_a_token_of_wrong_shape_stops_it(tutor: Tutor, verb: str) -> None:
    ended = tutor(verb, env={"TUTOR_DISCORD_TOKEN": f"Bot {TOKEN}"})
    assert ended.status == 2
    assert "begins with the word Bot" in ended.err
    assert TOKEN not in ended.err


@pytest.mark.parametrize(
    ("env", "name", "status", "said"),
    [
        ({"TUTOR_WEB_HOSTS": "a.example"}, "proxies", "warning", "set TUTOR_WEB_PROXIES"),
        ({"TUTOR_WEB_PROXIES": "0.0.0.0/0"}, "proxies", "warning", "the proxy's own address"),
        (
            {"TUTOR_WEB_URL": "https://a.example"},
            "proxies",
            "warning",
            "TUTOR_WEB_URL is set, but TUTOR_WEB_PROXIES is not",
        ),
        ({"TUTOR_WEB_DOCUMENTS": "/"}, "documents", "failed", "Put one there, or remove"),
        ({"TUTOR_WEB_DOCUMENTS": "/nowhere"}, "documents", "failed", "Write a folder that"),
        ({"TUTOR_RUNS_AT_ONCE": "10000"}, "runs at once", "warning", "Set TUTOR_RUNS_AT_ONCE="),
        ({"TUTOR_RUNS_AT_ONCE": "1"}, "runs at once", "ok", "1 fit"),
        ({"TUTOR_IN_CONTAINER": "true"}, "playground", "ok", "all addresses of this container"),
        (
            {"TUTOR_IN_CONTAINER": "true", "TUTOR_WEB_HOST": "127.0.0.1"},
            "playground",
            "warning",
            "Remove TUTOR_WEB_HOST",
        ),
    ],
)
def test_the_doctor_looks_at_what_operators_stumble_over(
    env: dict[str, str], name: str, status: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The room is that of a machine where ten thousand runs do not fit, whatever runs the tests.
    room = Room(memory=1 << 30, memory_total=1 << 30, processes=1_000)
    monkeypatch.setattr(doctor_checks, "read_room", lambda **_: room)
    for variable, value in {"TUTOR_WEB_PORT": "0", **env}.items():
        monkeypatch.setenv(variable, value)
    checks = doctor_checks.all_checks(load_settings(Path("/nonexistent/.env")))
    assert [
        check
        for check in checks
        if check.name == name and check.status == status and said in check.found + check.remedy
    ]


def test_a_lessons_folder_that_cannot_be_read(tutor: Tutor, tmp_path: Path) -> None:
    ended = tutor("run", "gather", env={"TUTOR_LESSONS": str(tmp_path / "missing")})
    assert ended.status == 2
    assert "TUTOR_LESSONS" in ended.err
    assert "missing" in ended.err
    assert "Traceback" not in ended.err


def test_one_broken_file_does_not_take_the_others_down(tutor: Tutor, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("id: [")
    ended = tutor("explain", "task", env={"TUTOR_EXTRA_LESSONS": str(tmp_path)})
    assert ended.status == 0
    assert "Task" in ended.out
    assert "broken.yaml:" in ended.err


def test_an_unknown_name_as_json_ends_in_one_refusal(tutor: Tutor) -> None:
    ended = tutor("run", "gathr", "--json")
    assert ended.status == 2
    (line,) = ended.out.splitlines()
    last = json.loads(line)
    assert (last["event"], last["outcome"]) == ("finished", "refused")
    assert "gather" in last["detail"]
    assert "Did you mean gather" in ended.err


def test_an_unknown_name_for_people(tutor: Tutor) -> None:
    ended = tutor("explain", "corutine", "--lang", "ko")
    assert ended.status == 2
    assert "/설명 coroutine" in ended.out


def test_the_list_of_lessons(tutor: Tutor) -> None:
    ended = tutor("lessons", "list", "--lang", "ko")
    assert ended.status == 0
    assert "run     gather" in ended.out
    rows = [json.loads(line) for line in tutor("lessons", "list", "--json").out.splitlines()]
    assert "gather" in next(row for row in rows if row["id"] == "tasks")["scenarios"]


def test_any_file_runs_in_the_sandbox(tutor: Tutor, tmp_path: Path) -> None:
    file = tmp_path / "my program.py"
    file.write_text("print('안녕')\nprint('\\x1b[2J')\nopen('/etc/passwd')\n")
    ended = tutor("sandbox", "run", str(file))
    assert ended.status == 1
    assert "안녕" in ended.out
    assert "\x1b" not in ended.out
    assert "PermissionError" in ended.err
    assert "error after" in ended.err
    ended = tutor("sandbox", "run", str(file), "--json")
    events = [json.loads(line) for line in ended.out.splitlines()]
    assert events[-1]["outcome"] == "error"
    assert events[-1]["failure"]["line"] == 3


def test_pieces_of_a_line_are_printed_when_they_come(tutor: Tutor, tmp_path: Path) -> None:
    file = tmp_path / "dots.py"
    file.write_text(
        "import sys, time\n"
        "for _ in range(3):\n    print('.', end='', flush=True)\n    time.sleep(.02)\n"
        "print()\nprint('half', end='', flush=True)\n"
        "print('a warning', file=sys.stderr)\nprint(' done')\nprint('last', end='')\n"
    )
    shown = [line.split("s  ", 1) for line in tutor("sandbox", "run", str(file)).out.splitlines()]
    assert [text for _, text in shown] == ["...", "half", "half done", "last"]
    told = [
        json.loads(line) for line in tutor("sandbox", "run", str(file), "--json").out.splitlines()
    ]
    dots = [one for one in told if one["event"] == "line-part"]
    (line,) = (one for one in told if one["event"] == "line" and one["text"] == "...")
    assert [one["text"] for one in dots[:3]] == [".", ".", "."]
    assert dots[0]["at"] + 0.04 <= dots[2]["at"] == line["at"]


HOSTILE = "\x9b6n \x9d0;title\x9c \u202e\u2066 \u061c \u200b\ufeff\x1b[2J\U000e0041"


@pytest.mark.parametrize(("lang", "said"), [("en", "Line 2: "), ("ko", "2번째 줄: ")])
def test_what_the_sandbox_refuses_is_told_where_it_is_run_by_hand(
    tutor: Tutor, tmp_path: Path, lang: str, said: str
) -> None:
    file = tmp_path / "server.py"
    file.write_text("import socket\ntry: socket.socket()\nexcept OSError: print('no')\n")
    ended = tutor("sandbox", "run", str(file), "--lang", lang)
    assert ended.out.endswith("no\n")
    assert said in ended.err
    assert "socketpair" in ended.err


def test_nothing_that_steers_or_hides_leaves_the_sandbox_raw(tutor: Tutor, tmp_path: Path) -> None:
    file = tmp_path / "hostile.py"
    file.write_text(f"print({HOSTILE!a})\nraise ValueError({HOSTILE!a})\n")
    told = tutor("sandbox", "run", str(file))
    assert "\\x9b6n \\x9d0;title\\x9c \\u202e\\u2066" in told.out
    assert "\\x9b6n" in told.err
    as_json = tutor("sandbox", "run", str(file), "--json")
    for text in (told.out, told.err, as_json.out, as_json.err):
        assert visible.block(text) == text
    events = [json.loads(line) for line in as_json.out.splitlines()]
    assert next(event["text"] for event in events if event["event"] == "line") == HOSTILE


def test_a_file_is_drawn_and_told_in_a_language(tutor: Tutor, tmp_path: Path) -> None:
    file, picture = tmp_path / "x.py", tmp_path / "x.svg"
    file.write_bytes("# coding: euc-kr\r\nprint('안녕')\r\n".encode("euc-kr"))
    ended = tutor("sandbox", "run", str(file), "--lang", "ko", "--picture", str(picture))
    assert (ended.status, "초  안녕" in ended.out, "CPU 시간" in ended.err) == (0, True, True)
    assert "메인 스레드" in picture.read_text("utf-8")


def test_a_file_runs_on_another_python(tutor: Tutor, tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text("import sys\nprint(sys.executable)\n")
    other = tmp_path / "python"
    other.symlink_to(sys.executable)
    ended = tutor("sandbox", "run", str(file), "--python", str(other))
    assert (ended.status, str(other) in ended.out) == (0, True)


def test_the_verdict_about_waiting_is_told_of_any_file(tutor: Tutor, tmp_path: Path) -> None:
    """Three naps overlap; the work after them, which holds the loop, is no waiting."""
    file = tmp_path / "naps.py"
    file.write_text(
        "import asyncio\n"
        "async def nap(): await asyncio.sleep(0.2)\n"
        "async def main():\n"
        "    await asyncio.gather(nap(), nap(), nap())\n"
        "    sum(i * i for i in range(4_000_000))\n"
        "asyncio.run(main())\n"
    )
    ended = tutor("sandbox", "run", str(file))
    assert re.search(r"0\.6\d s of waiting took 0\.[2-5]\d s", ended.err), ended.err
    assert tells_what_was_saved(ended.err)
    assert "Its code worked for" in ended.err


def test_a_loop_that_waits_for_its_timers_alone_waits(tutor: Tutor, tmp_path: Path) -> None:
    file = tmp_path / "timers.py"
    file.write_text(
        "import asyncio\n"
        "loop = asyncio.new_event_loop()\n"
        "loop.call_later(0.3, loop.stop)\n"
        "loop.run_forever()\n"
        "loop.close()\n"
    )
    assert "s of waiting passed one after the other" in tutor("sandbox", "run", str(file)).err


def test_the_limits_of_a_file_can_be_given(tutor: Tutor, tmp_path: Path) -> None:
    file = tmp_path / "forever.py"
    file.write_text("import time\nprint('on')\ntime.sleep(600)\n")
    ended = tutor("sandbox", "run", str(file), "--wall-seconds", "0.5", "--json")
    last = json.loads(ended.out.splitlines()[-1])
    assert (ended.status, last["outcome"], last["limit"]) == (1, "timeout", "wall_seconds")
    ended = tutor("sandbox", "run", str(file), "--wall-seconds", "-1")
    assert ended.status == 2
    assert "--wall-seconds" in ended.err


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"#" * (2**20 + 1)])
def test_a_file_that_is_no_program_is_refused(tutor: Tutor, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.py"
    file.write_bytes(content)
    ended = tutor("sandbox", "run", str(file))
    assert ended.status == 2
    assert "Traceback" not in ended.err


def test_a_reader_that_goes_early_is_no_error() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"{' '.join(TUTOR)} lessons list | head -1"],
        capture_output=True,
        text=True,
        check=True,
        env=clean_environment(),
    )
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_settings_can_be_printed(tutor: Tutor) -> None:
    assert tutor("settings").out == example()


def test_the_invitation_comes_from_the_token(tutor: Tutor) -> None:
    ended = tutor("invite", env={"TUTOR_DISCORD_TOKEN": TOKEN})
    assert ended.status == 0
    assert f"client_id={APPLICATION}&" in ended.out
    assert TOKEN not in ended.out
    assert tutor("invite", "--application", "123456789012345678").status == 0
    for wrong in ({}, {"TUTOR_DISCORD_TOKEN": "nonsense"}):
        ended = tutor("invite", env=wrong)
        assert ended.status == 2
        assert "TUTOR_DISCORD_TOKEN" in ended.err


@pytest.mark.parametrize("token", ["", "x", "é.b.c", "....", "MTIz.a.b", "=.a"])
def test_what_is_no_token_names_no_application(token: str) -> None:
    assert not is_snowflake(application_of(token))


def test_doctor_says_what_it_found(tutor: Tutor) -> None:
    ended = tutor("doctor", "--json", env={"TUTOR_WEB_PORT": "0", "TUTOR_DISCORD_TOKEN": TOKEN})
    report = json.loads(ended.out)
    checks = {check["name"]: check for check in report["checks"]}
    assert {"settings", "discord token", "lessons", "fonts", "playground", "clock", "rights"} <= (
        checks.keys()
    )
    assert any(name.startswith("sandbox: ") for name in checks)
    assert APPLICATION in checks["discord token"]["found"]
    assert TOKEN not in ended.out + ended.err
    assert ended.status == int(not report["ok"])
    for check in checks.values():
        assert check["status"] == "ok" or check["remedy"]


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"TUTOR_DISCORD_TOKEN": "Bot abc"}, "Reset Token"),
        ({"TUTOR_DISCORD_TOKEN": "abc.def.ghi"}, "client secret"),
        ({"TUTOR_LESSONS": "/nonexistent"}, "Set TUTOR_LESSONS"),
        ({"TUTOR_SANDBOX": "lax"}, "strict"),
    ],
)
def test_doctor_says_what_to_do(tutor: Tutor, env: dict[str, str], said: str) -> None:
    ended = tutor("doctor", env=env)
    assert ended.status == 1
    assert "FAILED" in ended.out
    assert said in ended.out
    assert "Bot abc" not in ended.out
    assert "Traceback" not in ended.err


def test_health_without_a_server(tutor: Tutor) -> None:
    assert tutor("health", env={"TUTOR_WEB_PORT": "9"}).status == 1
    assert tutor("health", env={"TUTOR_WEB_ENABLED": "false"}).status == 0


def test_a_new_lesson_passes_its_check(tutor: Tutor, tmp_path: Path) -> None:
    made = tutor("lessons", "new", "my_lesson", "--title-ko", "내 강의", "--folder", str(tmp_path))
    assert made.status == 0, made.err
    file = tmp_path / "my_lesson.yaml"
    assert yaml.safe_load(file.read_text())["title"]["ko"] == "내 강의"
    again = tutor("lessons", "new", "my_lesson", "--folder", str(tmp_path))
    assert again.status == 2
    assert "exists already" in again.err
    checked = tutor("lessons", "check", str(file))
    assert checked.status == 0, checked.out + checked.err
    assert "0 not as expected" in checked.out
    report = json.loads(tutor("lessons", "check", str(file), "--repeat", "2", "--json").out)
    assert report["ok"]
    assert report["scenarios"][0]["runs"] == 4
    recorded = tutor("lessons", "record", str(file), "--times", "3")
    while "record it once more" in recorded.out:  # as it says where each run was held up
        recorded = tutor("lessons", "record", str(file), "--times", "3")
    assert recorded.status == 0
    assert "expect:" in recorded.out
    assert re.search(r"about: 0\.[4-9]", recorded.out), recorded.out
    seen = tutor("lessons", "preview", str(file), "--lang", "ko")
    assert seen.status == 0, seen.err
    assert "내 강의" in seen.out
    assert "0.4초" in seen.out


@pytest.mark.parametrize("id_", ["../x", "Tasks", "gather lesson", "tasks"])
def test_an_id_that_cannot_be_is_refused(tutor: Tutor, tmp_path: Path, id_: str) -> None:
    ended = tutor("lessons", "new", id_, "--folder", str(tmp_path))
    assert ended.status == 2
    assert list(tmp_path.iterdir()) == []


def test_a_lesson_that_deviates_fails_its_check(tutor: Tutor, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    text = lesson_text("wrong", order=5)
    file.write_text(
        text.replace(
            "- A <<starts>>\n        - B <<starts>>", "- B <<starts>>\n        - A <<starts>>"
        )
    )
    ended = tutor("lessons", "check", str(file), "--lang", "en")
    assert ended.status == 1
    assert "came too" in ended.out


def test_a_lesson_that_is_broken_fails_its_check(tutor: Tutor, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(lesson_text("broken", order=5).replace("summary:", "sumary:", 1))
    ended = tutor("lessons", "check", "--no-run", str(file))
    assert ended.status == 1
    assert "broken.yaml:" in ended.out
    assert "summary" in ended.out
    report = json.loads(tutor("lessons", "check", "--no-run", "--json", str(file)).out)
    assert report["problems"][0]["line"] > 0
    assert tutor("lessons", "check", str(tmp_path / "nothing")).status == 2


def test_the_courses_files_pass_their_check(tutor: Tutor) -> None:
    ended = tutor("lessons", "check", "--no-run")
    assert ended.status == 0, ended.out


def test_the_schema_is_printed_and_written(tutor: Tutor, tmp_path: Path) -> None:
    printed = tutor("lessons", "schema")
    assert json.loads(printed.out)["$schema"].endswith("draft-07/schema#")
    written = tutor("lessons", "schema", "--write", env={"TUTOR_LESSONS": str(tmp_path)})
    assert written.status == 0
    assert (tmp_path / "lesson.schema.json").read_text() == printed.out


def test_a_folder_that_cannot_be_written_is_named(tutor: Tutor, tmp_path: Path) -> None:
    ended = tutor("lessons", "new", "x", "--folder", str(tmp_path / "missing"))
    assert ended.status == 2
    assert "cannot be written" in ended.err
    if os.geteuid() != 0:  # root may write anywhere
        tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
        assert tutor("lessons", "new", "x", "--folder", str(tmp_path)).status == 2
