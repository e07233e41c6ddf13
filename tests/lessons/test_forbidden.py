import pytest

from bot.lessons.forbidden import line_of_use


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("import time\ntime.sleep(1)", 2),
        ("import time as t\n\nt.sleep(1)", 3),
        ("from time import sleep\nsleep(1)", 1),
        ("from time import sleep as nap\nnap(1)", 1),
        ("import asyncio\nasyncio.sleep(1)", None),
        ("sleep = print\nsleep(1)", None),
        ("# time.sleep(1)\n'time.sleep'", None),
        ("not python at all", None),
    ],
)
def test_a_name_is_found_however_it_was_imported(code: str, line: int | None) -> None:
    assert line_of_use(code, "time.sleep") == line


def test_a_module_is_found_where_it_is_imported() -> None:
    assert line_of_use("import os\nimport concurrent.futures", "concurrent") == 2
    assert line_of_use("from threading import Thread", "threading") == 1
    assert line_of_use("import threadingx", "threading") is None
