"""Every setting there is, with its meaning, its bounds and its default."""

from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import Field, PrivateAttr, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.lessons.model import Locale
from bot.runner.model import Limits
from bot.settings.values import (
    Blocked,
    DiscordToken,
    Folder,
    Folders,
    HostNames,
    ListenAddress,
    Network,
    Networks,
    ServerId,
    Snowflakes,
    WebAddress,
)

PREFIX = "TUTOR_"
UNREACHABLE_IN_CONTAINER = (
    "it listens on this container's own loopback, so nobody outside reaches it. Remove "
    "TUTOR_WEB_HOST, unless the container shares the host's network."
)
_MIB = 2**20


def _shipped_course() -> Path:
    """Return where the course's lessons lie; in a checkout, the folder beside the package."""
    return (Path(__file__).parents[1] / "lessons" / "course").resolve()


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

    in_container: Annotated[
        bool,
        Field(
            exclude=True,
            description="Set by the image itself, and nothing to set by hand.",
        ),
    ] = False
    _shipped: Path = PrivateAttr(default_factory=_shipped_course)

    discord_token: Annotated[
        DiscordToken | None, Field(description="The Discord bot's token. Unset: no Discord.")
    ] = None
    discord_server: Annotated[
        ServerId | None,
        Field(
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
    discord_servers: Annotated[
        Snowflakes,
        NoDecode,
        Field(
            description="Answer in these Discord servers only (their ids, with commas). Unset: in "
            "all. Direct messages are always answered."
        ),
    ] = ()
    discord_channels: Annotated[
        Snowflakes,
        NoDecode,
        Field(
            description="Answer in these channels of servers only, and in their threads (their "
            "ids, with commas). Unset: in all."
        ),
    ] = ()
    discord_locale: Annotated[
        Locale | None,
        Field(
            description="The language on Discord where nobody chose one. Unset: the Community "
            "server's, else the asker's."
        ),
    ] = None
    discord_private: Annotated[
        bool,
        Field(
            description="Show answers in servers to their askers alone, unless they ask for a "
            "public one."
        ),
    ] = False
    feedback_url: Annotated[
        WebAddress | None,
        Field(description="The page under “Report a mistake”. Unset: no such button."),
    ] = None
    discord_sync: Annotated[
        bool, Field(description="Register commands with Discord when they changed.")
    ] = True
    learner_requests_per_minute: Annotated[
        int, Field(ge=1, le=10_000, description="Requests one learner may make a minute.")
    ] = 20
    server_requests_per_minute: Annotated[
        int, Field(ge=1, le=100_000, description="Requests one Discord server may make a minute.")
    ] = 240
    blocked_learners: Annotated[
        Blocked,
        NoDecode,
        Field(
            description="Who gets no answer, with commas: ids of Discord users, and addresses or "
            "networks of visitors of the playground, as in 123456789012345678,203.0.113.0/24."
        ),
    ] = ()

    web_enabled: Annotated[bool, Field(description="Serve the playground, a web page.")] = True
    web_host: Annotated[
        ListenAddress | None,
        Field(
            description="The address that the playground listens on. Unset: 127.0.0.1, so that "
            "only this machine reaches it; in the container all addresses of the container, of "
            "which compose.yaml publishes 127.0.0.1."
        ),
    ] = None
    web_port: Annotated[
        int, Field(ge=0, le=65_535, description="The playground's port. 0: any free one.")
    ] = 8080
    web_hosts: Annotated[
        HostNames,
        NoDecode,
        Field(
            description="Host names, besides loopback, under which browsers may call, with commas."
        ),
    ] = ()
    web_proxies: Annotated[
        Networks,
        NoDecode,
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
        Folder | None,
        Field(description="The folder of the course. Unset: the one that comes with the tutor."),
    ] = None
    extra_lessons: Annotated[
        Folders,
        NoDecode,
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
        Folder | None,
        Field(
            description="A control group (v2) delegated to the bot's user, to cap all runs "
            "together, and each in one of its own. Unset: the bot alone holds their sum to the "
            "room there is."
        ),
    ] = None
    wall_seconds: Annotated[
        float,
        Field(
            gt=0, le=600, allow_inf_nan=False, description="The longest a run may take, in seconds."
        ),
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
    own_code: Annotated[
        Literal["off", "private", "on"],
        Field(
            description="Code that learners write themselves. off: it is not run. private: only "
            "who asked sees the answer. on: they may share it."
        ),
    ] = "private"
    recycle_after: Annotated[
        int, Field(ge=1, description="Runs after which the sandbox's server is replaced.")
    ] = 1_000

    shutdown_seconds: Annotated[
        float,
        Field(
            ge=0,
            le=600,
            allow_inf_nan=False,
            description="How long runs under way may go on after SIGTERM.",
        ),
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
    def web_address(self) -> str:
        """The address to listen on."""
        return self.web_host or ("0.0.0.0" if self.in_container else "127.0.0.1")  # noqa: S104 - the container's own, which compose.yaml publishes on loopback

    @property
    def on_loopback(self) -> bool:
        """Whether the playground listens where only this machine, or this container, reaches it."""
        return self.web_address in {"127.0.0.1", "::1", "localhost"}

    @property
    def unreachable_in_container(self) -> bool:
        """Whether it listens where only this container's own programs reach it."""
        return self.in_container and self.on_loopback

    @property
    def blocked_users(self) -> frozenset[int]:
        """The Discord users who get no answer."""
        return frozenset(it for it in self.blocked_learners if isinstance(it, int))

    @property
    def blocked_networks(self) -> tuple[Network, ...]:
        """The networks whose visitors get no answer."""
        return tuple(it for it in self.blocked_learners if not isinstance(it, int))


def kind_of(field: FieldInfo) -> Any:
    """Return a setting's type without None and what is noted beside it."""
    kind: Any = field.annotation
    if get_origin(kind) in {Union, UnionType}:
        kind = next(it for it in get_args(kind) if it is not NoneType)
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def is_secret(field: FieldInfo) -> bool:
    """Tell whether a setting's value must not be shown."""
    return kind_of(field) is SecretStr
