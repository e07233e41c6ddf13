import io
import json
import logging
import re
import warnings
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.observe.logs import set_up_logging
from bot.observe.redaction import GONE, Pseudonyms, Redaction

# Made up; shaped as https://discord.com/developers/docs/reference#authentication shows.
TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"
INTERACTION = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OmFiY2RlZmdoaWprbG1ub3A"
WEBHOOK = "https://discord.com/api/v10/webhooks/123/some-token/messages/@original"

Style = Literal["console", "json"]
STYLES: tuple[Style, ...] = ("console", "json")


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("bot").setLevel(logging.NOTSET)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def logged(style: Style, *, level: str = "info", secrets: tuple[str, ...] = ()) -> io.StringIO:
    stream = io.StringIO()
    set_up_logging(level=level, style=style, secrets=secrets, stream=stream)
    return stream


def test_both_libraries_and_warnings_are_logged_the_same_way() -> None:
    stream = logged("json")
    structlog.get_logger("bot.x").warning("one thing", number=1)
    logging.getLogger("bot.y").warning("another %s", "thing")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)  # catch_warnings has put its own in its place
        logging.captureWarnings(capture=True)
        warnings.warn("a third", UserWarning, stacklevel=1)
    first, second, third = map(json.loads, stream.getvalue().splitlines())
    assert (first["event"], first["number"], first["logger"]) == ("one thing", 1, "bot.x")
    assert (second["event"], second["logger"]) == ("another thing", "bot.y")
    assert "a third" in third["event"]
    assert {it["level"] for it in (first, second, third)} == {"warning"}
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


@pytest.mark.parametrize("style", STYLES)
def test_secrets_never_appear(style: Style) -> None:
    stream = logged(style, secrets=("hunter2", ""))
    log = structlog.get_logger("bot.x")
    log.error("with hunter2", cause=f"and {TOKEN}")
    log.error("deep", headers={"Authorization": [f"Bot {TOKEN}", b"hunter2"]}, hunter2=1)
    log.error("an object", cause=ValueError("hunter2"))
    logging.getLogger("discord.http").error("We are rate limited. PATCH %s", WEBHOOK)
    logging.getLogger("aiohttp.server").error("Bearer %s", "x" * 24)
    logging.getLogger("asyncio").error("callback failed", exc_info=ValueError(TOKEN))
    try:
        int(f"hunter2 and {TOKEN}")
    except ValueError:
        log.exception("failed")
        logging.getLogger("discord.client").exception("failed: %s", INTERACTION)
    text = stream.getvalue()
    for secret in ("hunter2", TOKEN, "some-token", "x" * 24, INTERACTION):
        assert secret not in text
    assert text.count(GONE) >= 12
    assert text.count("Traceback") == 2


@pytest.mark.parametrize("style", STYLES)
def test_what_is_bound_to_a_context_is_cleaned_too(style: Style) -> None:
    stream = logged(style, secrets=("hunter2",))
    structlog.contextvars.bind_contextvars(reference="a1b2c3d4", cause=f"hunter2 {TOKEN}")
    logging.getLogger("discord").warning("theirs")
    structlog.get_logger("bot").warning("ours")
    assert stream.getvalue().count("a1b2c3d4") == 2
    assert "hunter2" not in stream.getvalue()
    assert TOKEN not in stream.getvalue()


@given(before=st.text(max_size=30), after=st.text(max_size=30), deep=st.integers(0, 3))
def test_a_token_is_found_in_whatever_stands_around_it(before: str, after: str, deep: int) -> None:
    value: object = f"{before}{TOKEN}{after}"
    for _ in range(deep):
        value = [{"key": value}]
    assert TOKEN not in repr(Redaction(())(None, "", {"event": "it", "value": value}))


def test_what_is_no_secret_stays() -> None:
    event = {
        "event": "run ended",
        "scenario": "create_task",
        "elapsed": 3.004,
        "problem": "/app/lib/python3.13/site-packages/a_very_long_file_name_indeed.yaml:1:2",
        "at": "2026-01-02T03:04:05.678901Z",
        "page": "https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task",
        "none": None,
        "_record": object(),
    }
    assert Redaction(("hunter2",))(None, "", dict(event)) == event


@pytest.mark.parametrize("style", STYLES)
def test_a_learner_is_a_hash_that_ends_with_the_process(style: Style) -> None:
    streams = []
    for _ in range(2):
        streams.append(logged(style))
        for learner in ("discord:1234", "discord:1234", "discord:5678"):
            structlog.get_logger("bot.x").info("asked", learner=learner)
        assert "discord:" not in streams[-1].getvalue()
    hashes = [re.findall(r"learner\W+([0-9a-f]{8})\b", it.getvalue()) for it in streams]
    (one, same, other), (after_restart, *_) = hashes
    assert one == same
    assert len({one, other, after_restart}) == 3


def test_a_hash_is_short_and_takes_any_name() -> None:
    hashed = Pseudonyms()(None, "", {"event": "it", "learner": "\ud800"})["learner"]
    assert len(hashed) == 8
    assert int(hashed, 16) >= 0


def test_nothing_in_a_line_for_people_can_drive_a_terminal_or_forge_a_line() -> None:
    stream = logged("console")
    logging.getLogger("bot.x").warning("%s", "\x1b[2J gone\n2026 [info] all is well \x9b")
    structlog.get_logger("bot.x").warning("it", cause="\x1b]0;title\x07")
    assert len(stream.getvalue().splitlines()) == 2
    assert "\x1b" not in stream.getvalue()
    assert "\x9b" not in stream.getvalue()
    assert "␛" in stream.getvalue()
