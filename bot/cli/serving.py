"""The verbs `serve` and `health`."""

import asyncio
import json
import os
import signal
import urllib.error
import urllib.request
from functools import partial

import click
import structlog

from bot.foundation import read_settings
from bot.observe.service_manager import tell_service_manager

_PATIENCE = 4.0


@click.command()
def serve() -> int:
    """Serve Discord and the playground, as the settings say, until SIGTERM.

    SIGTERM takes no new runs and lets those in flight finish within TUTOR_SHUTDOWN_SECONDS; a
    second one ends at once. SIGHUP reads the lessons again; changed files are noticed anyway.
    """
    signal.signal(signal.SIGHUP, lambda *_: None)  # else one that comes too early ends it silently
    settings = read_settings(quiet=False)
    from bot.serving import Server  # noqa: PLC0415 - brings in Discord and the web: a second of imports

    # A collector reads JSON only, and what is said is worth keeping as well.
    log = structlog.get_logger("bot.serving")
    say = log.info if settings.log_format == "json" else click.echo
    notify = partial(tell_service_manager, address=os.environ.get("NOTIFY_SOCKET", ""))
    return asyncio.run(Server(settings, say=say, notify=notify).serve())


@click.command()
def health() -> int:
    """Ask a served bot whether it is well; for container health checks.

    The exit status is 1 where the playground does not answer, or where another platform, such as
    Discord, has failed for good; it is named with what to do. One that connects again by itself
    is no failure.
    """
    settings = read_settings()
    if not settings.web_enabled:
        click.echo("the playground is off, so there is nothing to ask")
        return 0
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - addresses to replace, not to bind
    host = everywhere.get(settings.web_address, settings.web_address)
    url = f"http://{host}:{settings.web_port}/healthz"
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE) as response:
            down = json.load(response).get("down", {})
    except (urllib.error.URLError, OSError, ValueError) as error:
        click.echo(f"no answer from {url}: {error}", err=True)
        return 1
    for platform, problem in down.items():
        click.echo(f"{platform} is down: {problem}", err=True)
    if not down:
        click.echo("alive")
    return int(bool(down))
