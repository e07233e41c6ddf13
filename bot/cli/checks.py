"""What `tutor doctor` looks at. Each check says what it found and what to do about it."""

import asyncio
import os
import re
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.app import open_runner
from bot.cli.operators import application_of, is_snowflake
from bot.errors import SandboxError
from bot.runner.model import Line, Outcome, RunRequest, collect
from bot.settings import Settings

Status = Literal["ok", "warning", "failed"]

_TOKEN_PARTS = 3
_LEAST_YEAR = 2025
_WORTH_CHECKING = re.compile(r"^[A-Za-z0-9_.-]+$")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    status: Status
    found: str
    remedy: str = ""
    """What to do; "" where nothing needs doing."""


def all_checks(settings: Settings) -> list[Check]:
    """Look at everything that serving needs. It blocks."""
    return [
        Check("python", "ok", sys.version.split()[0]),
        Check("settings", "ok", "all can be used"),
        *_token(settings),
        *_lessons(settings),
        *_fonts(),
        *_port(settings),
        *_clock(),
        *_writing(),
        *asyncio.run(_sandbox(settings)),
    ]


def _token(settings: Settings) -> Iterator[Check]:
    """Look at the token's shape; whether Discord takes it, only Discord knows."""
    if settings.discord_token is None:
        yield Check("discord token", "ok", "not set, so Discord is off")
        return
    token = settings.discord_token.get_secret_value()
    parts = token.split(".")
    application = application_of(token)
    if not _WORTH_CHECKING.match(token) or len(parts) != _TOKEN_PARTS:
        remedy = (
            "Copy it from https://discord.com/developers (your application, Bot, Reset Token), "
            "without quotes, blanks or the word Bot."
        )
        found = f"it has {len(parts)} parts between dots, or characters that no token has"
        yield Check("discord token", "failed", found, remedy)
    elif not is_snowflake(application):
        remedy = "Take the bot's token, not the client secret or the public key."
        yield Check("discord token", "failed", "its first part names no application", remedy)
    else:
        found = f"has a token's shape, for application {application}"
        yield Check("discord token", "ok", found)


def _lessons(settings: Settings) -> Iterator[Check]:
    from bot.lessons.load import load_folders  # noqa: PLC0415 - so that a broken install is still told of the rest

    loaded = load_folders(settings.lesson_folders)
    remedy = "`tutor lessons check` tells more."
    for error in loaded.errors:
        yield Check("lessons", "warning", str(error), remedy)
    scenarios = sum(len(lesson.scenarios) for lesson in loaded.lessons)
    if loaded.lessons:
        yield Check("lessons", "ok", f"{len(loaded.lessons)}, with {scenarios} scenarios")
    else:
        folders = ", ".join(map(str, settings.lesson_folders))
        yield Check("lessons", "failed", f"none in {folders}", "Set TUTOR_LESSONS.")


def _fonts() -> Iterator[Check]:
    """Draw a Korean word as the pictures do."""
    try:
        from bot.timeline.draw import png  # noqa: PLC0415 - slow to import
        from bot.timeline.layout import lay_out  # noqa: PLC0415 - as above
        from bot.tutor.words.captions import captions  # noqa: PLC0415 - as above

        size = len(png([lay_out([], title="한글", captions=captions("ko"))], captions("ko")))
    except (OSError, ImportError) as error:
        remedy = "Install the package again: the pictures' font comes with it."
        yield Check("fonts", "failed", f"{type(error).__name__}: {error}", remedy)
    else:
        yield Check("fonts", "ok", f"a Korean picture of {size:,} bytes was drawn")


def _port(settings: Settings) -> Iterator[Check]:
    if not settings.web_enabled:
        yield Check("playground", "ok", "off, because TUTOR_WEB_ENABLED is false")
        return
    where = f"{settings.web_host}, port {settings.web_port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.web_host, settings.web_port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        remedy = "Set TUTOR_WEB_PORT or TUTOR_WEB_HOST, or stop what uses it (the bot itself?)."
        yield Check("playground", "warning", f"{where}: {error.strerror or error}", remedy)
    else:
        yield Check("playground", "ok", f"{where} is free")
    if settings.web_host not in {"127.0.0.1", "::1", "localhost"}:
        remedy = "Put a reverse proxy with TLS in front if others can reach it."
        yield Check("playground", "warning", f"{settings.web_host} is not loopback", remedy)


def _clock() -> Iterator[Check]:
    """Look at the clock that measures, and at the one that dates logs."""
    resolution = time.get_clock_info("perf_counter").resolution
    year = time.gmtime().tm_year
    if year < _LEAST_YEAR:
        yield Check("clock", "failed", f"the year is {year}", "Set the clock, best by NTP.")
    elif resolution > 0.001:  # noqa: PLR2004 - a millisecond is what we show
        yield Check("clock", "warning", f"it only counts steps of {resolution} s")
    else:
        yield Check("clock", "ok", f"counts steps of {resolution:g} s")


def _writing() -> Iterator[Check]:
    """Nothing is ever written but what one asks for: say so where it would be possible."""
    if os.geteuid() == 0:
        remedy = "Run it as a user of its own, as the container does (user 65532)."
        yield Check("rights", "warning", "the bot runs as root", remedy)
        return
    open_to_us = [path for path in (Path("/etc"), Path("/usr")) if os.access(path, os.W_OK)]
    if open_to_us:
        found = f"this user may write to {', '.join(map(str, open_to_us))}"
        yield Check("rights", "warning", found, "Run it as an unprivileged user.")
    else:
        yield Check("rights", "ok", "an unprivileged user; the bot writes no files")


async def _sandbox(settings: Settings) -> list[Check]:
    """Start the sandbox, see what it enforces, and run a line in it."""
    strict = settings.sandbox == "strict"
    try:
        async with open_runner(settings, strict=False) as runner:
            await runner.start()
            checks = [
                Check(
                    f"sandbox: {layer.name}",
                    _status(layer.status, required=layer.required, strict=strict),
                    layer.why if layer.status == "enforced" else f"{layer.status}: {layer.why}",
                    layer.remedy,
                )
                for layer in runner.layers
            ]
            result = await collect(runner.run(RunRequest("print('안녕')", "doctor")))
    except SandboxError as error:
        return [Check("sandbox", "failed", str(error))]
    said = [event.text for event in result.events if isinstance(event, Line)]
    finished = result.finished
    if finished.outcome is Outcome.OK and said == ["안녕"]:
        found = f"a scenario ran, in {finished.elapsed * 1000:.1f} ms"
        checks.append(Check("sandbox: a run", "ok", found))
    else:
        found = f"a one-line scenario ended in {finished.outcome}: {finished.detail}"
        checks.append(Check("sandbox: a run", "failed", found, "Report this, with this output."))
    return checks


def _status(status: str, *, required: bool, strict: bool) -> Status:
    if status == "enforced" or not required:
        return "ok"
    return "failed" if strict else "warning"
