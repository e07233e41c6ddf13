"""The settings, read from the environment and a `.env` file. Only `app` and `cli` may look."""

import difflib
import os
import textwrap
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import (
    BeforeValidator,
    Field,
    IPvAnyNetwork,
    PrivateAttr,
    SecretStr,
    StringConstraints,
    ValidationError,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import SettingsError
from bot.lessons.model import Locale
from bot.runner.model import Limits

PREFIX = "TUTOR_"
ENV_FILE = Path(".env")
_LONGEST_SHOWN = 60


def _listed(value: Any) -> Any:
    """Split a list that is written with commas."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


Listed = BeforeValidator(_listed)
_MIB = 2**20


def _shipped_course() -> Path:
    """Return where the course's lessons lie; in a checkout, the folder beside the package."""
    return (Path(__file__).parent / "lessons" / "course").resolve()


class Settings(BaseSettings):
    """Everything an operator can set. Each field is the variable `TUTOR_` + its name."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    _shipped: Path = PrivateAttr(default_factory=_shipped_course)

    discord_token: Annotated[
        SecretStr | None, Field(description="The Discord bot's token. Unset: no Discord.")
    ] = None
    discord_server: Annotated[
        int | None,
        Field(
            gt=0,
            description="Register the commands in this one server only, where they appear at once "
            "(its id). Unset: everywhere.",
        ),
    ] = None
    discord_shards: Annotated[
        int,
        Field(
            ge=0,
            le=10_000,
            description="Connections to Discord's gateway. 0: as many as Discord recommends.",
        ),
    ] = 0
    discord_sync: Annotated[
        bool, Field(description="Register commands with Discord when they changed.")
    ] = True
    learner_requests_per_minute: Annotated[
        int, Field(ge=1, le=10_000, description="Requests one learner may make a minute.")
    ] = 20
    server_requests_per_minute: Annotated[
        int, Field(ge=1, le=100_000, description="Requests one Discord server may make a minute.")
    ] = 240

    web_enabled: Annotated[bool, Field(description="Serve the playground, a web page.")] = True
    web_host: Annotated[
        str,
        StringConstraints(min_length=1, max_length=255),
        Field(description="The address that the playground listens on. Loopback unless told."),
    ] = "127.0.0.1"
    web_port: Annotated[
        int, Field(ge=0, le=65_535, description="The playground's port. 0: any free one.")
    ] = 8080
    web_hosts: Annotated[
        tuple[str, ...],
        NoDecode,
        Listed,
        Field(
            description="Host names, besides loopback, under which browsers may call, with commas."
        ),
    ] = ()
    web_proxies: Annotated[
        tuple[IPvAnyNetwork, ...],
        NoDecode,
        Listed,
        Field(
            description="Networks of reverse proxies whose X-Forwarded-For is believed, with "
            "commas, as in 10.0.0.0/8."
        ),
    ] = ()

    locale: Annotated[
        Locale | None,
        Field(description="The terminal's language. Unset: as LC_ALL or LANG says."),
    ] = None
    lessons: Annotated[
        Path | None,
        Field(description="The folder of the course. Unset: the one that comes with the tutor."),
    ] = None
    extra_lessons: Annotated[
        tuple[Path, ...],
        NoDecode,
        Listed,
        Field(
            description="Further lesson folders, with commas. A lesson replaces an earlier one of "
            "the same id."
        ),
    ] = ()

    sandbox: Annotated[
        Literal["strict", "best-effort"],
        Field(
            description="strict: run nothing on a host that cannot confine it. best-effort: run "
            "all the same, and warn each time."
        ),
    ] = "strict"
    sandbox_cgroup: Annotated[
        Path | None,
        Field(
            description="A control group (v2) delegated to the bot's user, to cap all runs "
            "together. Unset: the bot alone holds their sum to the room there is."
        ),
    ] = None
    wall_seconds: Annotated[
        float, Field(gt=0, le=600, description="The longest a run may take, in seconds.")
    ] = 15.0
    cpu_seconds: Annotated[
        int, Field(gt=0, le=600, description="Processor time of a run, in seconds.")
    ] = 5
    memory_mib: Annotated[
        int, Field(ge=64, le=2**20, description="Address space of a run, in MiB.")
    ] = 512
    threads: Annotated[int, Field(ge=1, le=4096, description="Threads of a run at once.")] = 64
    output_kib: Annotated[
        int, Field(ge=1, le=2**20, description="What a run may print, in KiB.")
    ] = 256
    output_lines: Annotated[
        int, Field(ge=1, le=10_000_000, description="Lines that a run may print.")
    ] = 2_000
    events: Annotated[int, Field(ge=1, le=100_000_000, description="Recorded events of a run.")] = (
        20_000
    )
    runs_at_once: Annotated[
        int, Field(ge=1, le=10_000, description="Runs at once; further ones wait.")
    ] = 200
    runs_waiting: Annotated[
        int, Field(ge=0, le=100_000, description="Runs that may wait; further ones are refused.")
    ] = 300
    recycle_after: Annotated[
        int, Field(ge=1, description="Runs after which the sandbox's server is replaced.")
    ] = 1_000

    shutdown_seconds: Annotated[
        float,
        Field(ge=0, le=600, description="How long runs under way may go on after SIGTERM."),
    ] = 20.0
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="What is logged.")
    ] = "info"
    log_format: Annotated[
        Literal["console", "json"], Field(description="console: for people. json: for collectors.")
    ] = "console"

    @property
    def limits(self) -> Limits:
        """What one run may use."""
        return Limits(
            wall_seconds=self.wall_seconds,
            cpu_seconds=self.cpu_seconds,
            memory_bytes=self.memory_mib * _MIB,
            threads=self.threads,
            output_bytes=self.output_kib * 2**10,
            output_lines=self.output_lines,
            events=self.events,
        )

    @property
    def lesson_folders(self) -> tuple[Path, ...]:
        """Where lessons lie; later folders override by id."""
        return (self.lessons or self._shipped, *self.extra_lessons)

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of trusted reverse proxies."""
        return tuple(ip_network(str(network)) for network in self.web_proxies)


def load_settings(env_file: Path = ENV_FILE) -> Settings:
    """Read the settings from the environment and, below it, from `env_file` if there is one.

    :raises SettingsError: naming each variable that cannot be used, what was found (never a
        secret's value) and what is accepted
    """
    written = _written(env_file)
    problems = [_unknown(name) for name in sorted(written) if name not in variables()]
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        problems += [_problem(detail, written) for detail in error.errors()]
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def variables() -> dict[str, str]:
    """Return each variable's name with its field's."""
    return {PREFIX + name.upper(): name for name in Settings.model_fields}


def example() -> str:
    """Return the text of `.env.example`: every setting with its meaning and its default."""
    lines = [
        "# Settings of the tutor. Copy this file to .env and uncomment what you want to change.",
        "# `tutor doctor` checks the result. The environment goes before this file.",
    ]
    for variable, name in variables().items():
        field = Settings.model_fields[name]
        default = field.default
        shown = ",".join(map(str, default)) if isinstance(default, tuple) else default
        shown = str(shown).lower() if isinstance(shown, bool) else shown
        lines += ["", *textwrap.wrap(f"# {field.description}", 90, subsequent_indent="# ")]
        lines.append(f"#{variable}={'' if shown is None else shown}")
    return "\n".join(lines) + "\n"


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
    named = {**from_file, **os.environ}
    return {
        name.upper(): value or ""
        for name, value in named.items()
        if name.upper().startswith(PREFIX)
    }


def _unknown(name: str) -> str:
    """Say that there is no such setting; a misspelt one must not be silently without effect."""
    near = difflib.get_close_matches(name, variables(), n=1)
    return f"{name} is no setting." + (f" Did you mean {near[0]}?" if near else " Remove it.")


def _problem(detail: Any, written: dict[str, str]) -> str:
    """Say what is wrong with one variable."""
    name = str(detail["loc"][0])
    variable = PREFIX + name.upper()
    accepted = detail["msg"].removeprefix("Input should be ").removeprefix("a valid ")
    shown = "a secret value"
    if "token" not in name:
        found = written.get(variable, "")
        shown = repr(found if len(found) <= _LONGEST_SHOWN else found[:_LONGEST_SHOWN] + "…")
    return f"{variable} is {shown}, which cannot be used. Accepted: {accepted}."
