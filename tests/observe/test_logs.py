import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.observe.logs import set_up_logging

# Made up; shaped as https://discord.com/developers/docs/reference#authentication shows.
TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("bot").setLevel(logging.NOTSET)
    structlog.reset_defaults()


def logged(style: str, *, level: str = "info", secrets: tuple[str, ...] = ()) -> io.StringIO:
    stream = io.StringIO()
    assert style in {"console", "json"}
    set_up_logging(level=level, style=style, secrets=secrets, stream=stream)  # type: ignore[arg-type]  # asserted above
    return stream


def test_both_libraries_log_the_same_way() -> None:
    stream = logged("json")
    structlog.get_logger("bot.x").warning("one thing", number=1)
    logging.getLogger("bot.y").warning("another %s", "thing")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert (first["event"], first["number"], first["logger"]) == ("one thing", 1, "bot.x")
    assert (second["event"], second["logger"]) == ("another thing", "bot.y")
    assert first["level"] == second["level"] == "warning"
    assert first["timestamp"].endswith("Z")


def test_lines_for_people_are_plain_where_nobody_watches() -> None:
    stream = logged("console")
    structlog.get_logger("bot.x").info("안녕", cause="no reason")
    assert "안녕" in stream.getvalue()
    assert "cause='no reason'" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_levels_hold_for_us_and_libraries_are_quieter() -> None:
    stream = logged("json", level="info")
    structlog.get_logger("bot.x").info("ours")
    structlog.get_logger("bot.x").debug("too much")
    logging.getLogger("somebody.else").info("theirs")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["ours"]


@pytest.mark.parametrize("style", ["console", "json"])
def test_secrets_never_appear(style: str) -> None:
    stream = logged(style, secrets=("hunter2", ""))
    log = structlog.get_logger("bot.x")
    log.error("with hunter2", cause=f"and {TOKEN}")
    logging.getLogger("discord").error("Authorization: Bot %s", TOKEN)
    try:
        int(f"hunter2 and {TOKEN}")
    except ValueError:
        log.exception("failed")
    text = stream.getvalue()
    assert "hunter2" not in text
    assert TOKEN not in text
    assert text.count("[secret]") >= 5
    assert "Traceback" in text
