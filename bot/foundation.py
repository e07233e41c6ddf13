"""What every verb stands on: the settings, logging as they say, and the sandbox.

It knows no lessons and no tutor, so that what needs neither starts without them. The whole bot is
made in `bot.app`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.languages import languages
from bot.observe.logs import set_up_logging
from bot.runner.host.local import LocalRunner
from bot.runner.host.server_process import ServerProcess
from bot.settings import Settings, load_settings


def read_settings(*, quiet: bool = True) -> Settings:
    """Read the settings and the languages, and set up logging as they say.

    :param quiet: log warnings and worse only, unless the operator set a level
    :raises SettingsError: if a setting cannot be used
    :raises LanguageError: if a language's file cannot be used
    """
    languages()
    settings = load_settings()
    level = settings.log_level
    if quiet and "log_level" not in settings.model_fields_set:
        level = "warning"
    held = (settings.discord_token, settings.nats_nkey)
    secrets = [secret.get_secret_value() for secret in held if secret]
    set_up_logging(level=level, style=settings.log_format, secrets=secrets)
    return settings


@asynccontextmanager
async def open_runner(
    settings: Settings,
    *,
    python: Path | None = None,
    strict: bool | None = None,
    begun: ServerProcess | None = None,
) -> AsyncIterator[LocalRunner]:
    """Give a sandbox, and free it in the end. It starts with the first run.

    :param python: the Python that runs scenarios; by default the tutor's own
    :param strict: refuse to run what cannot be confined; by default as the settings say
    :param begun: the process of its server, where that was started ahead with the same Python
    """
    as_set = settings.sandbox == "strict"
    runner = _runner(settings, python, begun, strict=as_set if strict is None else strict)
    try:
        yield runner
    finally:
        await runner.close()


def _runner(
    settings: Settings, python: Path | None, begun: ServerProcess | None, *, strict: bool
) -> LocalRunner:
    return LocalRunner(
        strict=strict,
        python=python and python.absolute(),  # not resolved: a link names its virtual environment
        recycle_after=settings.recycle_after,
        cgroup=settings.sandbox_cgroup,
        begun=begun,
    )
