"""The chat's editor for own code, in a real terminal: keys in, what a person sees out."""

from pathlib import Path

import pytest

from tests.e2e.test_author import terminal

ESCAPE, CTRL_C, CTRL_D = "\x1b", "\x03", "\x04"


@pytest.mark.parametrize(
    ("locale", "typed", "shown"),
    [("en", "/try\r", "Esc, then Enter: run it"), ("ko", "/코드\r", "Esc 다음 Enter: 실행")],
)
def test_code_is_written_in_the_editor_and_run(
    tmp_path: Path, locale: str, typed: str, shown: str
) -> None:
    with terminal("chat", "--lang", locale, env={}, cwd=tmp_path) as person:
        person.wait_for("asyncio")
        person.type(typed)
        person.wait_for(shown)
        person.type("import asyncio\r")
        person.type("print('한글', 6 * 7)\r")
        person.type(f"{ESCAPE}\r")
        person.wait_for("한글 42")
        person.wait_for("Python 3.")
        person.type("1\r")  # Why this order?
        person.wait_for({"en": "back to the start", "ko": "거슬러 올라가면"}[locale])
        person.type(CTRL_D)
        person.process.wait(60)
        assert person.process.returncode == 0


def test_the_editor_begins_with_a_scenarios_code_and_is_left_with_ctrl_c(tmp_path: Path) -> None:
    with terminal("chat", "--lang", "en", env={}, cwd=tmp_path) as person:
        person.wait_for("asyncio")
        person.type("/try gather\r")
        person.wait_for("async_task_2 resumed")
        person.wait_for("Esc, then Enter")
        person.type(CTRL_C)
        person.wait_for("Stopped.")
        person.type("/try\r")
        person.wait_for("Esc, then Enter")
        person.type(f"{ESCAPE}\r")
        person.wait_for("There is no code to run.")
        person.type("/quit\r")
        person.process.wait(60)
        assert person.process.returncode == 0
