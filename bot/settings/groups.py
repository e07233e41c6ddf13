"""The settings, by what they are about; `Settings` joins the groups.

What stands below a setting is what operators read of it (`bot.settings.example`).
"""

from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings

from bot.settings.addresses import (
    Blocked,
    HostNames,
    ListenAddress,
    Networks,
    Origins,
    RootPath,
    SiteAddress,
    WebAddress,
)
from bot.settings.values import DiscordToken, Folder, ServerId, Snowflakes, SpokenLanguage
from bot.settings.worker_values import NatsUrl, Nkey, ShardIds, WorkerName


class DiscordSettings(BaseSettings):
    """How it is on Discord."""

    discord_token: DiscordToken | None = None
    """The Discord bot's token. Unset: no Discord."""
    discord_server: ServerId | None = None
    """Register the commands in this one server only, where they appear at once (its id). Unset:
    everywhere."""
    discord_shards: Annotated[int, Field(ge=0, le=10_000)] = 0
    """Connections to Discord's gateway. 0: as many as Discord recommends."""
    discord_shard_ids: ShardIds = ()
    """Which of them this process has, as in 0-3 or 0,2; with several processes,
    TUTOR_DISCORD_SHARDS counts all. Unset: all of them."""
    discord_servers: Snowflakes = ()
    """Answer in these Discord servers only (their ids, with commas). Unset: in all. Direct
    messages are always answered."""
    discord_channels: Snowflakes = ()
    """Answer in these channels of servers only, and in their threads (their ids, with commas).
    Unset: in all."""
    discord_locale: SpokenLanguage | None = None
    """The language on Discord where nobody chose one. Unset: the Community server's, else the
    asker's."""
    discord_private: bool = False
    """Show answers in servers to their askers alone, unless they ask for a public one."""
    feedback_url: WebAddress | None = None
    """The page under “Report a mistake”. Unset: no such button."""
    discord_sync: bool = True
    """Register commands with Discord when they changed."""


class LearnerSettings(BaseSettings):
    """How much learners may ask, and who may not."""

    learner_requests_per_minute: Annotated[int, Field(ge=1, le=10_000)] = 20
    """Requests one learner may make a minute."""
    server_requests_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 240
    """Requests one Discord server may make a minute."""
    blocked_learners: Blocked = ()
    """Who gets no answer, with commas: ids of Discord users, and addresses or networks of
    visitors of the playground, as in 123456789012345678,203.0.113.0/24."""


class WebSettings(BaseSettings):
    """Where the playground is, and what it says of itself."""

    web_enabled: bool = True
    """Serve the playground, a web page."""
    web_host: ListenAddress | None = None
    """The address that the playground listens on. Unset: 127.0.0.1, so that only this machine
    reaches it; in the container all addresses of the container, of which compose.yaml publishes
    127.0.0.1."""
    web_port: Annotated[int, Field(ge=0, le=65_535)] = 8080
    """The playground's port. 0: any free one."""
    web_hosts: HostNames = ()
    """Host names under which browsers may call, with commas, besides loopback and the one in
    TUTOR_WEB_URL."""
    web_root: RootPath = ""
    """The path under which the playground is served, such as /tutor; proxies pass it on
    unchanged. /healthz, /readyz and /metrics stay at the root. Unset: the host is the
    playground's alone."""
    web_url: SiteAddress | None = None
    """The playground's public address, for links from chats, such as https://learn.example.org.
    Unset: no links."""
    web_proxies: Networks = ()
    """Networks of reverse proxies whose X-Forwarded-For is believed, with commas, as in
    10.0.0.0/8."""
    web_embed: Origins = ()
    """Sites that may show the playground's /embed pages inside theirs, with commas, such as
    https://moodle.example.org,https://*.school.example. Unset: none."""
    web_documents: Folder | None = None
    """A folder with a privacy page and terms of your own: privacy.en.md, privacy.ko.md,
    terms.en.md, terms.ko.md. Unset: those that come with the tutor."""
    operator: Annotated[str, Field(max_length=500)] = ""
    """Who runs this bot and how to reach them, for the privacy page and terms, such as: Jane Doe,
    Example School, jane@example.org. Unset: they say that it is not named."""


class RunSettings(BaseSettings):
    """What runs may use, and how they are confined."""

    sandbox: Literal["strict", "best-effort"] = "strict"
    """strict: run nothing on a host that cannot confine it. best-effort: run all the same, and
    warn each time."""
    sandbox_cgroup: Folder | None = None
    """A control group (v2) delegated to the bot's user, to cap all runs together, and each in one
    of its own. Unset: the bot alone holds their sum to the room there is."""
    wall_seconds: Annotated[float, Field(ge=0.1, le=600, allow_inf_nan=False)] = 15.0
    """The longest a run may take, in seconds."""
    cpu_seconds: Annotated[int, Field(gt=0, le=600)] = 5
    """Processor time of a run, in seconds."""
    memory_mib: Annotated[int, Field(ge=64, le=2**20)] = 512
    """Address space of a run, in MiB."""
    threads: Annotated[int, Field(ge=1, le=4096)] = 64
    """Threads of a run at once."""
    output_kib: Annotated[int, Field(ge=1, le=2**20)] = 256
    """What a run may print, in KiB."""
    output_lines: Annotated[int, Field(ge=1, le=10_000_000)] = 2_000
    """Lines that a run may print."""
    events: Annotated[int, Field(ge=1, le=100_000_000)] = 20_000
    """Recorded events of a run."""
    runs_at_once: Annotated[int, Field(ge=1, le=10_000)] = 200
    """Runs at once; further ones wait."""
    runs_waiting: Annotated[int, Field(ge=0, le=100_000)] = 300
    """Runs that may wait; further ones are refused."""
    own_code: Literal["off", "private", "on"] = "private"
    """Code that learners write themselves. off: it is not run. private: only who asked sees the
    answer. on: they may share it."""
    recycle_after: Annotated[int, Field(ge=1)] = 1_000
    """Runs after which the sandbox's server is replaced."""


class WorkerSettings(BaseSettings):
    """Runs on other machines."""

    nats_url: NatsUrl | None = None
    """Where NATS is, as in nats://127.0.0.1:4222, or tls://nats.internal:4222 beyond this
    machine: runs are then made by `tutor worker` on any machine. Unset: here."""
    nats_nkey: Nkey | None = None
    """The seed of our NKEY at NATS. Unset: NATS asks for none."""
    nats_ca: Folder | None = None
    """The file with the certificate of the authority that signed NATS's. Unset: the system's
    authorities."""
    worker_name: WorkerName | None = None
    """What a worker is called; NATS's permissions name it. Unset: as the host."""
