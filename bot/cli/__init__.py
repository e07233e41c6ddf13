"""The command line: `tutor chat|run|try|explain|predict|exercise|lessons|sandbox|serve|…`."""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from bot.cli.lazy_group import LazyGroup
from bot.errors import TutorError

_COMMANDS = {
    "chat": "bot.cli.chatting:chat",
    "run": "bot.cli.running:run",
    "compare": "bot.cli.running:compare",
    "try": "bot.cli.trying:try_",
    "why": "bot.cli.ask:why",
    "explain": "bot.cli.ask:explain",
    "predict": "bot.cli.ask:predict",
    "exercise": "bot.cli.exercise:exercise",
    "lessons": "bot.cli.lessons:lessons",
    "sandbox": "bot.cli.sandbox:sandbox",
    "serve": "bot.cli.serving:serve",
    "worker": "bot.cli.worker:worker",
    "nats-keys": "bot.cli.nats_keys:nats_keys",
    "health": "bot.cli.serving:health",
    "doctor": "bot.cli.doctor:doctor",
    "invite": "bot.cli.operators:invite",
    "settings": "bot.cli.operators:settings",
}
"""Where each verb lives, in the order in which one meets them."""

_ABOUT = {
    "chat": "Chat with the tutor: /run gather, /explain coroutine, /help.",
    "run": "Run a scenario: tutor run gather.",
    "compare": "Run two to five scenarios at the same time: tutor compare sync gather.",
    "try": "Run your own asyncio code, and see what it did and why: tutor try FILE.",
    "why": "Run a scenario and tell why each line came when it did: tutor why gather.",
    "explain": "Explain a concept: tutor explain coroutine.",
    "predict": "Predict a scenario, then see it run.",
    "exercise": "Do an exercise, graded by its real run: tutor exercise NAME.",
    "lessons": "List, check, start, record, preview and translate lessons.",
    "sandbox": "Run files in the sandbox that scenarios run in.",
    "serve": "Serve Discord and the playground, as the settings say, until SIGTERM.",
    "worker": "Make runs for fronts on other machines, over NATS, until SIGTERM.",
    "nats-keys": "Make a key for each role, and NATS's configuration for them.",
    "health": "Ask a served bot whether it is well; for container health checks.",
    "doctor": "Look at everything that serving needs, and say what to do about what is missing.",
    "invite": "Print the link that adds the bot to a Discord server.",
    "settings": "Print every setting with its meaning and its default: tutor settings > .env.",
}
"""What the list of verbs says of each, as its own help begins: so no verb has to be imported."""


_SANDBOX_FIRST = frozenset({"try"})
"""Verbs whose time is that of a run: its sandbox comes up while they are imported."""


def _begin(context: click.Context, verb: str, arguments: list[str]) -> None:
    if verb in _SANDBOX_FIRST:
        from bot.cli.ahead import begin_sandbox  # noqa: PLC0415 - of use to these verbs alone

        begin_sandbox(context, arguments)


@click.group(
    cls=LazyGroup,
    elsewhere=_COMMANDS,
    about=_ABOUT,
    begin=_begin,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="asyncio-tutor", prog_name="tutor")
def tutor() -> None:
    """Learn Python's asyncio by running it.

    Settings come from the environment and from a file named .env: `tutor settings` lists them.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit with its status.

    0: all is well. 1: a scenario, a check or a chat command did not end well. 2: it could not
    be done at all; stderr says why. 130: interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # whatever stands in for it in a test may have no encoding
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # as above
    sys.exit(_status(arguments))


def _status(arguments: Sequence[str] | None) -> int:
    try:
        status = tutor.main(arguments, prog_name="tutor", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # The reader closed our output. Nothing may be written when Python exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - nobody gets a traceback who did not ask for one
        return _failed(error)
    return status if isinstance(status, int) else 0


def _failed(error: Exception) -> int:
    """Say what went wrong; return 2 for what the person at the other end can mend, else 1."""
    if isinstance(error, click.ClickException):
        error.show()
        return 2
    if isinstance(error, TutorError):
        click.echo(f"tutor: {error}", err=True)
        return 2
    import structlog  # noqa: PLC0415 - slow to import, and of no use to most commands

    structlog.get_logger("bot.cli").debug("unexpected error", exc_info=error)
    sentence = f"{type(error).__name__}: {error}. This should not happen; please report it."
    hint = "With TUTOR_LOG_LEVEL=debug the log tells where it happened."
    click.echo(f"tutor: {sentence}\n{hint}", err=True)
    return 1
