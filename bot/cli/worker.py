"""The verb `worker`."""

import asyncio
import os
import signal

import click
import structlog

from bot.collector import spaced_full_collections
from bot.errors import SettingsError
from bot.foundation import open_runner, read_settings
from bot.settings import Settings


@click.command()
def worker() -> int:
    """Make runs for fronts on other machines, over NATS, until SIGTERM.

    It needs TUTOR_NATS_URL, and takes TUTOR_RUNS_AT_ONCE runs at once. SIGTERM takes no new runs
    and lets those under way finish within TUTOR_SHUTDOWN_SECONDS; a second one ends at once.
    """
    settings = read_settings(quiet=False)
    if settings.discord_token is not None:
        raise SettingsError(
            "A worker runs strangers' code, so it must hold no platform's secret. Take "
            "TUTOR_DISCORD_TOKEN out of its environment and of the .env where it is started."
        )
    return asyncio.run(_work(settings))


async def _work(settings: Settings) -> int:
    from bot.remote import open_worker  # noqa: PLC0415 - NATS's client takes half a second

    log = structlog.get_logger("bot.runner.remote")
    say = log.info if settings.log_format == "json" else click.echo
    stop = asyncio.Event()
    with_loop = asyncio.get_running_loop().add_signal_handler

    def end() -> None:
        if stop.is_set():
            os._exit(1)  # asked twice: at once, whatever is under way
        stop.set()

    async with (
        open_runner(settings) as runner,
        open_worker(settings, runner) as working,
        spaced_full_collections(),
    ):
        for number in (signal.SIGTERM, signal.SIGINT):
            with_loop(number, end)
        say(f"worker: {working.id} takes {settings.runs_at_once} runs at once")
        say("Stop with Ctrl-C or SIGTERM.")
        await stop.wait()
        if running := working.running:
            runs = "1 run" if running == 1 else f"{running} runs"
            say(f"Stopping: {runs} may go on for up to {settings.shutdown_seconds:g} s.")
        await working.drain(settings.shutdown_seconds)
    say("Stopped.")
    return 0
