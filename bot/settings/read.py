"""Reading the settings: the environment goes before the file, a secret may lie in its own file."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError

from bot.errors import SettingsError
from bot.settings.model import PREFIX, Settings, is_secret
from bot.settings.words import elsewhere, found_twice, problem, secret_problem, unknown

ENV_FILE = Path(".env")
_FILE = "_FILE"
_LARGEST_SECRET = 64 * 1024


def load_settings(env_file: Path = ENV_FILE) -> Settings:
    """Read the settings from the environment and, below it, from `env_file` if there is one.

    A secret may also lie in a file of its own, which `TUTOR_..._FILE` names.

    :raises SettingsError: naming each variable that cannot be used, what was found (never a
        secret's value) and what to write instead
    """
    written = _written(env_file)
    problems = [unknown(name, variables()) for name in sorted(written) if name not in variables()]
    secrets, more = _secrets(written)
    problems += more
    try:
        settings = Settings(_env_file=env_file, **secrets)
    except ValidationError as error:
        problems += [problem(detail, written) for detail in error.errors()]
    else:
        if settings.web_enabled and settings.web_url is not None:
            problems += filter(None, [elsewhere(settings.web_url, settings.web_root)])
    if problems:
        raise SettingsError("\n".join(dict.fromkeys(problems)))
    return settings


def variables() -> dict[str, str]:
    """Return each variable's name with its field's; secrets have a second one, for a file."""
    found = {}
    for name in Settings.model_fields:
        variable = PREFIX + name.upper()
        found[variable] = name
        if name in _secret_fields():
            found[variable + _FILE] = name
    return found


def _secret_fields() -> frozenset[str]:
    """Return the fields that hold secrets."""
    fields = Settings.model_fields.items()
    return frozenset(name for name, field in fields if is_secret(field))


def _secrets(written: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Read the secrets that lie in files of their own; return them, and what is wrong."""
    found: dict[str, Any] = {}
    problems = []
    for name in sorted(_secret_fields()):
        variable = PREFIX + name.upper()
        path = written.get(variable + _FILE, "")
        if not path:
            continue
        if written.get(variable):
            problems.append(found_twice(variable))
            continue
        try:
            with Path(path).open("rb") as file:
                value = file.read(_LARGEST_SECRET).decode("utf-8").strip()
        except (OSError, ValueError) as error:
            problems.append(secret_problem(variable + _FILE, path, error))
            continue
        if value:
            found[name] = SecretStr(value)
        else:
            problems.append(secret_problem(variable + _FILE, path, None))
    return found, problems


def _written(env_file: Path) -> dict[str, str]:
    """Return our variables as they are written, the environment's before the file's.

    :raises SettingsError: if the file is there but cannot be read
    """
    try:
        from_file = dotenv_values(env_file, encoding="utf-8") if env_file.is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        why = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise SettingsError(
            f"{env_file}: the settings file cannot be read: {why}. Mend it, or remove it."
        ) from None
    named = {**from_file, **{name: value for name, value in os.environ.items() if value}}
    return {
        name.upper(): value or ""
        for name, value in named.items()
        if name.upper().startswith(PREFIX)
    }
