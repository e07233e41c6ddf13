"""What `tutor doctor` looks at. Each check says what it found and what to do about it."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bot.cli.doctor_check import CheckStatus, DoctorCheck
from bot.cli.doctor_workers import look_at_workers
from bot.errors import SandboxError, SettingsError
from bot.foundation import open_runner
from bot.runner.host.room import read_room
from bot.runner.host.sizing import runs_that_fit, too_many
from bot.runner.model import Line, Outcome, RunRequest, collect
from bot.settings import UNREACHABLE_IN_CONTAINER, Settings
from bot.settings.values import application_of

_LEAST_YEAR = 2025


def all_checks(settings: Settings) -> list[DoctorCheck]:
    """Look at everything that serving needs. It blocks."""
    return [
        DoctorCheck("python", "ok", sys.version.split()[0]),
        DoctorCheck("settings", "ok", "all can be used"),
        *_token(settings),
        *_lessons(settings),
        *_fonts(),
        *_port(settings),
        *_proxies(settings),
        *_documents(settings),
        *_runs_at_once(settings),
        *_clock(),
        *_writing(),
        *asyncio.run(look_at_workers(settings)),
        *asyncio.run(_sandbox(settings)),
    ]


def _token(settings: Settings) -> Iterator[DoctorCheck]:
    """Tell whose token it is. Its shape was looked at as it was read."""
    if settings.discord_token is None:
        yield DoctorCheck("discord token", "ok", "not set, so Discord is off")
        return
    application = application_of(settings.discord_token.get_secret_value())
    yield DoctorCheck("discord token", "ok", f"has a token's shape, for application {application}")


def _lessons(settings: Settings) -> Iterator[DoctorCheck]:
    from bot.lessons.files.load import load_folders  # noqa: PLC0415 - so that a broken install is still told of the rest

    loaded = load_folders(settings.lesson_folders)
    remedy = "`tutor lessons check` tells more."
    for error in loaded.errors:
        yield DoctorCheck("lessons", "warning", str(error), remedy)
    scenarios = sum(len(lesson.scenarios) for lesson in loaded.lessons)
    if loaded.lessons:
        yield DoctorCheck("lessons", "ok", f"{len(loaded.lessons)}, with {scenarios} scenarios")
    else:
        folders = ", ".join(map(str, settings.lesson_folders))
        yield DoctorCheck("lessons", "failed", f"none in {folders}", "Set TUTOR_LESSONS.")


def _fonts() -> Iterator[DoctorCheck]:
    """Draw a Korean word as the pictures do."""
    try:
        from bot.timeline.drawing.png import png  # noqa: PLC0415 - slow to import
        from bot.timeline.layout import lay_out  # noqa: PLC0415 - as above
        from bot.tutor.words.captions import captions  # noqa: PLC0415 - as above

        size = len(png([lay_out([], title="한글", captions=captions("ko"))], captions("ko")))
    except (OSError, ImportError) as error:
        remedy = "Install the package again: the pictures' font comes with it."
        yield DoctorCheck("fonts", "failed", f"{type(error).__name__}: {error}", remedy)
    else:
        yield DoctorCheck("fonts", "ok", f"a Korean picture of {size:,} bytes was drawn")


def _port(settings: Settings) -> Iterator[DoctorCheck]:
    if not settings.web_enabled:
        yield DoctorCheck("playground", "ok", "off, because TUTOR_WEB_ENABLED is false")
        return
    where = f"{settings.web_address}, port {settings.web_port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.web_address, settings.web_port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        remedy = "Set TUTOR_WEB_PORT or TUTOR_WEB_HOST, or stop what uses it (the bot itself?)."
        yield DoctorCheck("playground", "warning", f"{where}: {error.strerror or error}", remedy)
    else:
        yield DoctorCheck("playground", "ok", f"{where} is free")
    yield from _reachable(settings)


def _reachable(settings: Settings) -> Iterator[DoctorCheck]:
    """Look at who reaches the playground."""
    if settings.unreachable_in_container:
        found, _, remedy = UNREACHABLE_IN_CONTAINER.partition(". ")
        yield DoctorCheck("playground", "warning", found, remedy)
    elif settings.in_container:
        found = "listens on all addresses of this container; who reaches it, its `ports` say"
        yield DoctorCheck("playground", "ok", found)
    elif not settings.on_loopback:
        remedy = "Put a reverse proxy with TLS in front if others can reach it."
        yield DoctorCheck(
            "playground", "warning", f"{settings.web_address} is not loopback", remedy
        )


def _proxies(settings: Settings) -> Iterator[DoctorCheck]:
    """Look at whether visitors can be told apart behind a proxy."""
    everybody = [str(network) for network in settings.web_proxies if network.prefixlen == 0]
    if everybody:
        found = f"{everybody[0]} believes everybody's X-Forwarded-For, so limits hold nobody"
        remedy = "Set TUTOR_WEB_PROXIES to the proxy's own address or network."
        yield DoctorCheck("proxies", "warning", found, remedy)
    elif settings.web_enabled and settings.web_names and not settings.web_proxies:
        named = "TUTOR_WEB_HOSTS" if settings.web_hosts else "TUTOR_WEB_URL"
        found = f"{named} is set, but TUTOR_WEB_PROXIES is not"
        remedy = (
            "Behind a reverse proxy set TUTOR_WEB_PROXIES to its address or network, such as "
            "172.16.0.0/12, or all visitors share one visitor's limits."
        )
        yield DoctorCheck("proxies", "warning", found, remedy)


def _documents(settings: Settings) -> Iterator[DoctorCheck]:
    """Read the operator's own privacy page and terms, as the playground will."""
    if not settings.web_enabled or settings.web_documents is None:
        return
    from bot.platforms.web.documents import load_documents  # noqa: PLC0415 - brings in the web

    try:
        load_documents(settings.web_documents, settings.operator)
    except SettingsError as error:
        found, _, remedy = str(error).partition(". ")
        yield DoctorCheck("documents", "failed", found, remedy)
    else:
        yield DoctorCheck("documents", "ok", f"those in {settings.web_documents} can be shown")


def _runs_at_once(settings: Settings) -> Iterator[DoctorCheck]:
    """Hold the runs at once against the container's memory and processes, or the host's."""
    room = read_room(group=settings.sandbox_cgroup)
    found, _, remedy = too_many(settings.runs_at_once, room).partition(". ")
    if found:
        yield DoctorCheck("runs at once", "warning", found, remedy)
    else:
        fit = f"{settings.runs_at_once} fit; there is room for {runs_that_fit(room)}"
        yield DoctorCheck("runs at once", "ok", fit)


def _clock() -> Iterator[DoctorCheck]:
    """Look at the clock that measures, and at the one that dates logs."""
    resolution = time.get_clock_info("perf_counter").resolution
    year = time.gmtime().tm_year
    if year < _LEAST_YEAR:
        yield DoctorCheck("clock", "failed", f"the year is {year}", "Set the clock, best by NTP.")
    elif resolution > 0.001:  # noqa: PLR2004 - a millisecond is what we show
        yield DoctorCheck("clock", "warning", f"it only counts steps of {resolution} s")
    else:
        yield DoctorCheck("clock", "ok", f"counts steps of {resolution:g} s")


def _writing() -> Iterator[DoctorCheck]:
    """Nothing is ever written but what one asks for: say so where it would be possible."""
    if os.geteuid() == 0:
        remedy = "Run it as a user of its own, as the container does (user 65532)."
        yield DoctorCheck("rights", "warning", "the bot runs as root", remedy)
        return
    open_to_us = [path for path in (Path("/etc"), Path("/usr")) if os.access(path, os.W_OK)]
    if open_to_us:
        found = f"this user may write to {', '.join(map(str, open_to_us))}"
        yield DoctorCheck("rights", "warning", found, "Run it as an unprivileged user.")
    else:
        yield DoctorCheck("rights", "ok", "an unprivileged user; the bot writes no files")


async def _sandbox(settings: Settings) -> list[DoctorCheck]:
    """Start the sandbox, see what it enforces, and run a line in it."""
    strict = settings.sandbox == "strict"
    try:
        async with open_runner(settings, strict=False) as runner:
            await runner.start()
            checks = [
                DoctorCheck(
                    f"sandbox: {layer.name}",
                    _status(layer.status, required=layer.required, strict=strict),
                    layer.why if layer.status == "enforced" else f"{layer.status}: {layer.why}",
                    layer.remedy,
                )
                for layer in runner.layers
            ]
            result = await collect(runner.run(RunRequest("print('안녕')", "doctor")))
    except SandboxError as error:
        return [DoctorCheck("sandbox", "failed", str(error))]
    said = [event.text for event in result.events if isinstance(event, Line)]
    finished = result.finished
    if finished.outcome is Outcome.OK and said == ["안녕"]:
        found = f"a scenario ran, in {finished.elapsed * 1000:.1f} ms"
        checks.append(DoctorCheck("sandbox: a run", "ok", found))
    else:
        found = f"a one-line scenario ended in {finished.outcome}: {finished.detail}"
        checks.append(
            DoctorCheck("sandbox: a run", "failed", found, "Report this, with this output.")
        )
    return checks


def _status(status: str, *, required: bool, strict: bool) -> CheckStatus:
    if status == "enforced" or not required:
        return "ok"
    return "failed" if strict else "warning"
