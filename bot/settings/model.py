"""Every setting there is: those of the groups, and those that belong to none."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import Field, PrivateAttr, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.runner.model import Limits
from bot.settings.groups import (
    DiscordSettings,
    LearnerSettings,
    RunSettings,
    WebSettings,
    WorkerSettings,
)
from bot.settings.values import Folder, Folders, SpokenLanguage

PREFIX = "TUTOR_"
UNREACHABLE_IN_CONTAINER = (
    "it listens on this container's own loopback, so nobody outside reaches it. Remove "
    "TUTOR_WEB_HOST, unless the container shares the host's network."
)
_MIB = 2**20


def _shipped_course() -> Path:
    """Return where the course's lessons lie; in a checkout, the folder beside the package."""
    return (Path(__file__).parents[1] / "lessons" / "course").resolve()


class Settings(WorkerSettings, RunSettings, WebSettings, LearnerSettings, DiscordSettings):
    """Everything an operator can set. Each field is the variable `TUTOR_` + its name."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True)

    in_container: Annotated[bool, Field(exclude=True)] = False
    """Set by the image itself, and nothing to set by hand."""
    _shipped: Path = PrivateAttr(default_factory=_shipped_course)

    locale: SpokenLanguage | None = None
    """The terminal's language. Unset: as LC_ALL or LANG says."""
    lessons: Folder | None = None
    """The folder of the course. Unset: the one that comes with the tutor."""
    extra_lessons: Folders = ()
    """Further lesson folders, with commas. A lesson replaces an earlier one of the same id."""
    shutdown_seconds: Annotated[float, Field(ge=0, le=600, allow_inf_nan=False)] = 20.0
    """How long runs under way may go on after SIGTERM."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """What is logged."""
    log_format: Literal["console", "json"] = "console"
    """console: for people. json: for collectors."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the name is pydantic's
        init_settings: PydanticBaseSettingsSource,
        *_others: PydanticBaseSettingsSource,
        **_named: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what `read` has read, so that each variable is read once, and by one rule."""
        return (init_settings,)

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
    def web_names(self) -> tuple[str, ...]:
        """The names, besides loopback, under which browsers may call."""
        public = urlsplit(self.web_url or "").hostname
        return self.web_hosts if public is None else (*self.web_hosts, public)

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
    def blocked_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
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
