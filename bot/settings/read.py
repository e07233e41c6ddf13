"""Reading the settings: the environment goes before the file, a secret may lie in its own file."""

import os
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import SecretStr, ValidationError

from bot.errors import SettingsError
from bot.settings.model import PREFIX, Settings, is_secret
from bot.settings.words import found_twice, masked, no_setting, problem, secret_problem, unknown

ENV_FILE = Path(".env")
_FILE = "_FILE"
_LARGEST_SECRET = 64 * 1024


def load_settings(env_file: Path = ENV_FILE) -> Settings:
    """Read the settings from the environment and, below it, from `env_file` if there is one.

    A secret may also lie in a file of its own, which `TUTOR_..._FILE` names.

    :raises SettingsError: naming each variable that cannot be used, what was found (never a
        secret's value) and what to write instead
    """
    written, problems = _written(env_file)
    known = variables()
    problems += [unknown(name, known) for name in sorted(written) if name not in known]
    values: dict[str, Any] = {
        field: written[name]
        for name, field in known.items()
        if written.get(name) and name == PREFIX + field.upper()
    }
    secrets, more = _secrets(written)
    problems += more
    try:
        settings = Settings(**{**secrets, **values})
    except ValidationError as error:
        problems += [problem(detail, written) for detail in error.errors()]
    else:
        problems += contradictions(settings)
    if problems:
        raise SettingsError(masked("\n".join(dict.fromkeys(problems))))
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
            found[name] = SecretStr(_secret(path))
        except (OSError, ValueError, SettingsError) as error:
            problems.append(secret_problem(variable, path, error))
    return found, problems


def _secret(path: str) -> str:
    """Read a secret's file.

    :raises OSError: if it cannot be read
    :raises ValueError: if it holds no text, or nothing can have its name
    :raises SettingsError: saying in words that it does not hold one secret alone
    """
    with Path(path).open("rb") as file:
        value = file.read(_LARGEST_SECRET + 1)
    if len(value) > _LARGEST_SECRET:
        raise SettingsError("it is larger than any secret")
    text = value.decode("utf-8-sig").strip()
    if not text:
        raise SettingsError("it is empty")
    if len(text.splitlines()) > 1:
        raise SettingsError("it has more than one line")
    return text


def _written(env_file: Path) -> tuple[dict[str, str], list[str]]:
    """Return our variables as they are written, the environment's before the file's.

    Blanks around a value are not meant: Docker, for one, hands on the CR of a file from Windows.
    Beside them come lines of the file that are no settings, told in words.

    :raises SettingsError: if the file is there but cannot be read
    """
    try:
        text = env_file.read_text("utf-8-sig") if env_file.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        why = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise SettingsError(
            f"{env_file}: the settings file cannot be read: {why}. Mend it, or remove it."
        ) from None
    lines = [
        no_setting(env_file, line.original.line, line.key)
        for line in parse_stream(StringIO(text))
        if line.error or (line.value is None and (line.key or "").upper().startswith(PREFIX))
    ]
    from_file = {} if lines else dotenv_values(stream=StringIO(text))
    named = {**from_file, **{name: value for name, value in os.environ.items() if value}}
    return {
        name.upper(): (value or "").strip().removeprefix("\ufeff")
        for name, value in named.items()
        if name.upper().startswith(PREFIX)
    }, lines


def contradictions(settings: Settings) -> Iterator[str]:
    """Yield what does not go together, each with what to write instead."""
    if settings.web_enabled and settings.web_url is not None:
        yield from _elsewhere(settings.web_url, settings.web_root)
    yield from _shards(settings)
    server, servers = settings.discord_server, settings.discord_servers
    if server is not None and servers and server not in servers:
        yield (
            f"TUTOR_DISCORD_SERVER is {server}, where the bot does not answer, as "
            "TUTOR_DISCORD_SERVERS does not name it. Write it there, too, or remove one of them."
        )


def _elsewhere(url: str, root: str) -> Iterator[str]:
    """Tell of links that would lead past the playground: proxies pass a path on unchanged."""
    found = urlsplit(url)
    if found.path == root:
        return
    if not root:
        yield (
            f"TUTOR_WEB_URL is {url}, which has a path, but the playground is served at "
            f"the root. Write TUTOR_WEB_ROOT={found.path} as well."
        )
    else:
        yield (
            f"TUTOR_WEB_URL is {url}, but the playground is served under {root} "
            f"(TUTOR_WEB_ROOT). Write TUTOR_WEB_URL={found.scheme}://{found.netloc}{root}."
        )


def _shards(settings: Settings) -> Iterator[str]:
    """Tell of a shard of this process that is none of all there are."""
    count, ids = settings.discord_shards, settings.discord_shard_ids
    if ids and max(ids) >= count:
        yield (
            f"TUTOR_DISCORD_SHARD_IDS names shard {max(ids)}, but there are {count}. Write the "
            f"number of all processes' shards together, the same for each, such as "
            f"TUTOR_DISCORD_SHARDS={max(ids) + 1}; ids are counted from 0."
        )
